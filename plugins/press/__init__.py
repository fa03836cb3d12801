"""The press: Pelican builds into a folder of its own, and only a whole, faultless build goes live.

`PELICAN_CLASS = "press.Press"` in a blog's settings is all it takes; a `pelican` run by hand then
goes the same way as the service's. It knows Pelican and nothing of Permalien. The map, in the order
of a build:

- `build`     `Press`, a Pelican whose `run` is the steps below in their order
- `lock`      one build per output folder; whoever comes second waits
- `workshop`  the folder beside the output: where Pelican writes, and the list of what is ours
- `hearing`   every error that Pelican logs meanwhile, however quiet it was told to be
- `refusal`   whatever Pelican raises or logs as an error ends the build
- `diagnosis` what went wrong, and in which line of which file (`sources` reads those files)
- `plan`      what is new, changed, unchanged and gone, and in which order it goes live
- `carry`     each file written beside, synced and renamed in the live folder
- `report`    how it ended, for people on stderr and for programs in a file
- `errors`    `BuildError`, the one thing that a build can end with
"""

from .build import Press, published
from .errors import BuildError

__all__ = ["BuildError", "Press", "published"]
