"""`python -m` of this package: the watch as a program of its own, as `become_watch` starts it."""

from __future__ import annotations

import json
import sys

from .saying import give_up_on_a_full_log, say
from .watching import Role, Watch

Watch([Role(*told) for told in json.loads(sys.argv[1])], say).run()
say("ended")
give_up_on_a_full_log()
