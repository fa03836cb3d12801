"""The only door to child processes: `building` runs Pelican, `watching` keeps the roles alive.

`inspecting` has it build for `permalien check`;
`playing` says which process plays a role, and when `permalien tick` last did; `reading` asks a
blog for its settings; `previewing` tells how the last build ended, of the preview or of the
live pages; `confining` has a stranger's page read where it can do no harm; `saying` is how a
process that goes on running is heard.
"""

from .building import Build, Order, build_with_pelican
from .confining import Limits, read_source
from .inspecting import Inspected, inspect_with_pelican
from .playing import hold, hold_if_free, is_held, note_tick, ticked_within
from .previewing import Ended, last_end, note_end
from .reading import settings_of
from .saying import give_up_on_a_full_log, say
from .watching import Role, Watch, become_watch, end_with_parent, role_command

__all__ = [
    "Build",
    "Ended",
    "Inspected",
    "Limits",
    "Order",
    "Role",
    "Watch",
    "become_watch",
    "build_with_pelican",
    "end_with_parent",
    "give_up_on_a_full_log",
    "hold",
    "hold_if_free",
    "inspect_with_pelican",
    "is_held",
    "last_end",
    "note_end",
    "note_tick",
    "read_source",
    "role_command",
    "say",
    "settings_of",
    "ticked_within",
]
