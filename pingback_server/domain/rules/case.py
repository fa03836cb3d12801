"""What the rules look at: a submission with all that is known of it when it arrives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from ..discussion import Kind, Reason, Whence
from ..form import Fields
from ..rulings import Rulings
from ..settings import DiscussionSettings


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many came within the window of the rates, this one included.

    From the same network (0 if that is not known), to the same post, and to the whole blog.
    """

    network: int = 0
    post: int = 0
    blog: int = 0


_AS_SHIPPED = DiscussionSettings()
_NO_RULINGS = Rulings()
_NOWHERE = Whence()
_NOBODY = Crowd()


@dataclass(frozen=True, slots=True)
class Case:
    """A submission before the rules.

    `trap` is what stood in the form's hidden field, None if it was missing. `waited` is how long
    its writer looked at the preview, None if none was shown. `age` is that of the post, None where
    it has no date. `is_late` says that the form came within the grace period, `is_trusted` that
    the browser which sent it has earned it. `earlier` is what the rules said of its former text.
    """

    fields: Fields
    html: str
    trap: str | None = ""
    kind: Kind = Kind.COMMENT
    settings: DiscussionSettings = _AS_SHIPPED
    rulings: Rulings = _NO_RULINGS
    whence: Whence = _NOWHERE
    crowd: Crowd = _NOBODY
    age: timedelta | None = None
    waited: timedelta | None = None
    is_late: bool = False
    is_trusted: bool = False
    earlier: tuple[Reason, ...] = ()
