"""What the blog remembers: every SQL statement of the program stands in here.

A comment comes in by `store` (the one face), waits its turn in `writing`, and is written by
`arrivals` together with its job (`outbox`) and, if it is public at once, its dirty page (`pages`);
`comments` finds it, `search` with `conditions` finds what somebody looks for, `choosing` with
`fingerprints` what of it is decided on if it is as it was shown, `decisions` moves it, `snapshot`
reads what is public for a build. What the
rules need: `rulings`, `browsers`, `confirmed`, `likenesses` with `clusters`, `learning`, `tallies`.
Below them:
`schema` (the tables), `migrating` and `migrations/` (how they came to be), `engine` (connections,
and what the engines differ in) with `postgresql`, `bare` (the driver alone, for speed), `filelock`
(one writer at a time, each in turn), `failures` (what goes wrong).
"""

from .actions import Decider
from .arrivals import Added
from .avatars import Due
from .confirming import Seen
from .decisions import Decided
from .engine import missing_file, sqlite_url
from .likenesses import Weighed
from .outbox import Job
from .pages import Dirty
from .personal import Erased, Person, host_named
from .pings import Pings
from .receiving import Door, Taken
from .revisions import Revision, Wording
from .search import Asked, Page, Place, Row
from .snapshot import ReadOnlyStore
from .store import Store, Waiting
from .undoing import Undone
from .verifying import Verification

__all__ = [
    "Added",
    "Asked",
    "Decided",
    "Decider",
    "Dirty",
    "Door",
    "Due",
    "Erased",
    "Job",
    "Page",
    "Person",
    "Pings",
    "Place",
    "ReadOnlyStore",
    "Revision",
    "Row",
    "Seen",
    "Store",
    "Taken",
    "Undone",
    "Verification",
    "Waiting",
    "Weighed",
    "Wording",
    "host_named",
    "missing_file",
    "sqlite_url",
]
