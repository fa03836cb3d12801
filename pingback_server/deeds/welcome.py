"""Somebody follows a link that is good once: chooses a name and a password, and is signed in."""

from __future__ import annotations

from datetime import datetime

from ..credentials import Passwords, new_token
from ..domain.discussion import Whence
from ..domain.passwords import check_password
from ..domain.people import SESSION_FOR, Role, read_display_name, read_new_name
from ..domain.tokens import digest_of
from ..store import Store


def welcome(
    link: str,
    password: str,
    *,
    names: tuple[str, str],
    store: Store,
    passwords: Passwords,
    whence: Whence,
    now: datetime,
) -> str:
    """Use the link with this token up and begin a session, whose token is returned.

    `names` are the one to sign in by and the one below posts; they count for an owner who is new.
    Others have those of their invitation: whose name stands below a post decides on it. All other
    sessions of this person are over. LinkSpent, BadName, BadPassword, Busy: then the link is still
    good, if it was.
    """
    holder = store.people.holder_of(digest_of(link), now)
    may_choose = holder.role is Role.OWNER and not holder.has_password
    name = read_new_name(names[0]) if may_choose else holder.name
    display_name = read_display_name(names[1]) if may_choose else holder.display_name
    check_password(password, name, display_name)
    with passwords.turn():
        kept = passwords.hashed(password)
    user = store.people.welcome(digest_of(link), kept, names=(name, display_name), now=now)
    token = new_token()
    store.people.begin_session(
        user,
        digest_of(token),
        now=now,
        expires_at=now + SESSION_FOR,
        network=whence.network,
        browser=whence.browser,
    )
    return token
