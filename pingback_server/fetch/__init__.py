"""The one door through which Permalien calls other hosts: a bounded GET of a public page.

`fetcher` goes from hop to hop; `gate` says which addresses may be dialled, `resolving` asks DNS,
`connection` dials one and speaks HTTP; `budget` holds the limits, `page` is what comes back.
"""

from .budget import Limits
from .connection import Connect
from .fetcher import BeforeCall, Fetcher
from .page import Page, Validators
from .resolving import Resolve

__all__ = ["BeforeCall", "Connect", "Fetcher", "Limits", "Page", "Resolve", "Validators"]
