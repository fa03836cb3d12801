"""The page that says it links to a post of ours: what it is, read from its bytes alone.

`charset` makes text of them, `tree` reads HTML, `document` finds links and what the head says,
`microformats` what the page says of itself to machines, `plain` reads what is no HTML. A page is
read in a process of its own (`processes.confining` starts `__main__`), since it may be hostile.
"""

from .errand import Errand
from .reading import read_page, readings

__all__ = ["Errand", "read_page", "readings"]
