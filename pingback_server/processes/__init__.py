"""The only door to child processes: `building` runs Pelican, `watching` keeps the roles alive.

`playing` says which process plays a role, and when `permalien tick` last did.
"""

from .building import Build, build_with_pelican
from .playing import hold, is_held, note_tick, ticked_within
from .watching import Role, Watch, end_with_parent, role_command

__all__ = [
    "Build",
    "Role",
    "Watch",
    "build_with_pelican",
    "end_with_parent",
    "hold",
    "is_held",
    "note_tick",
    "role_command",
    "ticked_within",
]
