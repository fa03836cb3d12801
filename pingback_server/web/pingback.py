"""Pingback 1.0 over HTTP: a call of `pingback.ping`, an answer in XML-RPC."""

from __future__ import annotations

from flask import Response, request

from ..domain.discussion import Kind
from ..domain.errors import Invalid, PermalienError
from ..domain.pings import Claim
from ..protocols.xmlrpc import LARGEST_CALL, fault, params_of, read_call, success
from .pings import KNOWN, TAKEN, answer_to, body, spoken, take

_PING = "pingback.ping"


def receive_pingback() -> Response:
    """POST /-/pingback: always 200, with one text or a fault (XML-RPC).

    It is answered at once: what reading the source brings stands at the author's desk (§3: a server
    may do it later).
    """
    try:
        call = read_call(body(LARGEST_CALL), request.mimetype_params.get("charset", ""))
        source, target = params_of(call, _PING, 2)
        if not source or not target:
            raise Invalid({"source" if not source else "target": "missing"})
        taken = take(Claim(Kind.PINGBACK, source, target))
    except PermalienError as refusal:
        answer = answer_to(refusal)
        return _answer(fault(answer.fault, answer.words))
    if taken.is_known:
        return _answer(fault(KNOWN.fault, spoken(KNOWN.words)))
    return _answer(success(spoken(TAKEN)))


def _answer(xml: bytes) -> Response:
    return Response(xml, 200, content_type="text/xml; charset=utf-8")
