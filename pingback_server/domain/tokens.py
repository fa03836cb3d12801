"""What we sign so that nobody else can make it: a form's post, a receipt, a draft's address.

None that stands in a page carries a time: pages must not change from build to build, and a
receipt's age is its comment's. `secrets` has the newest secret first; older ones are still
believed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from itsdangerous import BadData, Signer, URLSafeSerializer

from .errors import Forged

# 132 bits, in letters that an address may have.
_DRAFT_TOKEN_LENGTH = 22

PREVIEW_LASTS = timedelta(hours=6)
"""How long a preview can be confirmed; then another is shown."""


class Seen(NamedTuple):
    """A preview that came back: good for one comment (`nonce`), `waited` after it was made."""

    nonce: str
    waited: timedelta


class Remembered(NamedTuple):
    """A reader whose browser is remembered: a random token, and what fills in the form."""

    token: str
    author: str
    email: str
    url: str


def form_token(secrets: Sequence[str], post: str) -> str:
    """The token in the comment form of `post`; the same in every build with the same secret."""
    return _serializer(secrets, "comment-form").dumps(post)


def post_of_form(secrets: Sequence[str], token: str) -> str:
    """The post for which a form was made; Forged if we did not make it."""
    return _post_of_form(tuple(secrets), token)


@lru_cache(maxsize=256)
def _post_of_form(secrets: tuple[str, ...], token: str) -> str:
    """All readers of a page send the same token, so what was found genuine is remembered."""
    return str(_read(secrets, "comment-form", token))


def receipt_token(secrets: Sequence[str], comment: int, words: str) -> str:
    """What lets the writer of a comment, and nobody else, see it while it waits.

    It is good for that number with those `words` alone: after a backup was restored, a number may
    be given again.
    """
    return _receipts(tuple(secrets)).sign(f"{comment}.{_digest(words)}").decode()


def comment_of_receipt(secrets: Sequence[str], token: str, words_of: Callable[[int], str]) -> int:
    """The number of the comment for which a receipt was given; Forged if we gave none.

    `words_of` says what stands under a number now.
    """
    try:
        number, _, digest = _receipts(tuple(secrets)).unsign(token).decode().partition(".")
    except BadData as error:
        raise Forged("this was not signed here") from error
    if digest != _digest(words_of(int(number))):
        raise Forged("this is the receipt of another comment")
    return int(number)


def draft_token(secrets: Sequence[str], post: str, word: str = "") -> str:
    """The name under which friends find a post that is not public: nobody can guess it.

    It stays until the newest secret changes, or the `word` that the post's `Preview:` says.
    """
    signer = Signer(secrets[0], salt="draft", digest_method=hashlib.sha256)
    return signer.get_signature(f"{post}\n{word}").decode()[:_DRAFT_TOKEN_LENGTH]


def is_draft_token(name: str) -> bool:
    """Whether `name` has the form of those by which posts are found that are not public."""
    return re.fullmatch(rf"[\w-]{{{_DRAFT_TOKEN_LENGTH}}}", name, re.ASCII) is not None


def preview_token(secrets: Sequence[str], post: str, nonce: str, at: datetime) -> str:
    """What a preview of a comment on `post` carries: made `at`, good for once (`nonce`)."""
    return str(_serializer(secrets, "preview").dumps([post, nonce, at.timestamp()]))


def read_preview(secrets: Sequence[str], token: str, post: str, now: datetime) -> Seen:
    """The preview that was shown; Forged if it was of another post, is no longer good, or none."""
    value = _read(secrets, "preview", token)
    if not isinstance(value, list) or value[0] != post:
        raise Forged("this is the preview of another post")
    seen = Seen(value[1], now - datetime.fromtimestamp(value[2], UTC))
    if not timedelta(0) <= seen.waited < PREVIEW_LASTS:
        raise Forged("this preview was shown too long ago")
    return seen


def remembering_token(secrets: Sequence[str], reader: Remembered) -> str:
    """What a browser keeps of a reader who asked for it; only we can write it."""
    return str(_serializer(secrets, "remembered").dumps(list(reader)))


def read_remembered(secrets: Sequence[str], token: str) -> Remembered:
    """What a browser kept; Forged if we did not write it."""
    value = _read(secrets, "remembered", token)
    if not isinstance(value, list) or len(value) != len(Remembered._fields):
        raise Forged("this is not what a browser keeps")
    return Remembered(*map(str, value))


def browser_of(token: str) -> str:
    """The digest under which the store knows the browser that has the random `token`."""
    return hashlib.sha256(token.encode()).hexdigest()


def digest_of(token: str) -> str:
    """What is kept of the token of a session: who reads the database cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def desk_token(secrets: Sequence[str], session: str) -> str:
    """What a form of the desk carries, so that no other site can send it in this `session`.

    `session` is the digest of the session's own token.
    """
    signer = Signer(secrets[0], salt="desk-form", digest_method=hashlib.sha256)
    return signer.get_signature(session).decode()


def is_desk_token(sent: str, secrets: Sequence[str], session: str) -> bool:
    """Whether a form that carries `sent` was made for this `session`."""
    signer = Signer(list(reversed(secrets)), salt="desk-form", digest_method=hashlib.sha256)
    return sent.isascii() and signer.verify_signature(session, sent)


def _digest(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _read(secrets: Sequence[str], purpose: str, token: str) -> object:
    try:
        value: object = _serializer(secrets, purpose).loads(token)
    except BadData as error:
        raise Forged("this was not signed here") from error
    return value


def _serializer(secrets: Sequence[str], purpose: str) -> URLSafeSerializer:
    return _made(tuple(secrets), purpose)


@lru_cache(maxsize=16)
def _receipts(secrets: tuple[str, ...]) -> Signer:
    return Signer(list(reversed(secrets)), salt="receipt-of-words", digest_method=hashlib.sha256)


@lru_cache(maxsize=16)
def _made(secrets: tuple[str, ...], purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        list(reversed(secrets)), salt=purpose, signer_kwargs={"digest_method": hashlib.sha256}
    )
