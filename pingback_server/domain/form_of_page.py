"""What the pages of the service show of the form that they have."""

from __future__ import annotations

from .posts import Manifest


class FormOfPage:
    """Where a form of the service is sent, like the one in the published page.

    `confirm` says that a preview was seen; `forget` is where a remembered browser is forgotten.
    """

    def __init__(
        self, action: str, token: str, blog: Manifest, *, confirm: str = "", forget: str = ""
    ) -> None:
        settings = blog.discussion
        self.action, self.token, self.length = action, token, settings.comment_length
        self.required, self.remember = settings.required, settings.remember_me
        self.confirm, self.forget = confirm, forget
        self.keep_days = settings.keep_addresses_days
        self.asks_gravatar = settings.avatars == "gravatar"
