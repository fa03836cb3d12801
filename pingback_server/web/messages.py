"""Messages to the author over HTTP: the contact page's form arrives, and is never published."""

from __future__ import annotations

from dataclasses import replace

from flask import redirect, request
from flask.typing import ResponseReturnValue

from ..deeds import receive
from ..domain.errors import PermalienError
from ..domain.tokens import receipt_token
from .comments import sent_form
from .pages import show_message_form
from .refusals import answer_refusal
from .service import service
from .whence import sender


def receive_message() -> ResponseReturnValue:
    """POST /-/messages: 303 to the writer's receipt, or the form again with what was typed."""
    here = service()
    form = replace(sent_form(), parent="")
    try:
        received = receive.receive_message(
            form, sender(), blog=here.blog(), secrets=here.secrets, store=here.store, now=here.now()
        )
    except PermalienError as refusal:
        return answer_refusal(refusal, form, show_message_form)
    token = receipt_token(here.secrets, received.added.id, received.words)
    return redirect(f"{request.script_root}/-/receipts/{token}", 303)
