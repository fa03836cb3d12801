"""The web server: how its loop waits for a thread, what keeps connections open, what it refuses."""

from __future__ import annotations

import http.client
import socket
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

import pytest
from flask import Flask
from waitress import create_server
from waitress.parser import HTTPRequestParser
from waitress.wasyncore import loop

from pingback_server.web.server import Channel, listen

ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


@pytest.fixture
def channel_and_reader() -> Iterator[tuple[Channel, socket.socket]]:
    """A connection as the server has it, on which a request is being answered, and its far end."""
    channels: dict[int, Channel] = {}
    with listen("127.0.0.1", 0) as listening:
        server = create_server(Flask("blog"), channels, sockets=[listening], threads=1)
        server.channel_class = Channel
        with socket.create_connection(server.socket.getsockname()) as reader:
            server.handle_accept()
            [channel] = server.active_channels.values()
            channel.requests.append(HTTPRequestParser(server.adj))
            reader.settimeout(0.5)
            yield channel, reader
            channel.handle_close()
        server.task_dispatcher.shutdown()
        server.close()


def sending(channel: Channel, meanwhile: Callable[[], object]) -> Thread:
    """A thread that has written its answer and keeps the connection for as long as `meanwhile`."""
    begun = Event()

    def send() -> None:
        with channel.outbuf_lock:
            channel.outbufs[-1].append(ANSWER)
            channel.total_outbufs_len += len(ANSWER)
            begun.set()
            meanwhile()

    thread = Thread(target=send)
    thread.start()
    begun.wait()
    return thread


def test_the_loop_does_not_turn_in_circles_while_a_thread_sends(
    channel_and_reader: tuple[Channel, socket.socket],
) -> None:
    """waitress by itself makes some thousand turns in that time."""
    channel, reader = channel_and_reader
    thread = sending(channel, lambda: time.sleep(0.05))

    turns = 0
    while channel.writable():
        channel.handle_write()
        turns += 1

    thread.join()
    assert reader.recv(100) == ANSWER
    assert turns < 500


def test_a_thread_that_keeps_the_connection_holds_the_loop_up_for_an_instant_only(
    channel_and_reader: tuple[Channel, socket.socket],
) -> None:
    """Then what others wait for comes first, and the answer is sent in a later turn."""
    channel, reader = channel_and_reader
    over = Event()
    thread = sending(channel, over.wait)

    channel.handle_write()

    assert channel.writable()
    over.set()
    thread.join()
    channel.handle_write()
    assert reader.recv(100) == ANSWER


@pytest.fixture
def connection() -> Iterator[http.client.HTTPConnection]:
    """To a server that answers `/N` with the status N."""
    app = Flask("blog")
    app.add_url_rule("/<int:status>", view_func=lambda status: ("", status))
    channels: dict[int, Channel] = {}
    over = Event()

    def turn() -> None:
        while not over.is_set():
            loop(timeout=0.05, use_poll=True, map=channels, count=1)

    with listen("127.0.0.1", 0) as listening:
        server = create_server(app, channels, sockets=[listening], threads=1)
        server.channel_class = Channel
        thread = Thread(target=turn)
        thread.start()
        connection = http.client.HTTPConnection(*server.socket.getsockname(), timeout=10)
        yield connection
        connection.close()
        over.set()
        thread.join()
        server.task_dispatcher.shutdown()
        for channel in list(channels.values()):
            channel.close()


@pytest.mark.parametrize("status", [200, 204, 304])
def test_the_next_request_comes_by_the_same_connection(
    connection: http.client.HTTPConnection, status: int
) -> None:
    for _ in range(2):
        connection.request("GET", f"/{status}")
        answer = connection.getresponse()
        answer.read()

        assert (answer.status, answer.will_close) == (status, False)


def test_a_connection_is_closed_for_who_asks_for_it(
    connection: http.client.HTTPConnection,
) -> None:
    connection.request("GET", "/304", headers={"Connection": "close"})

    assert connection.getresponse().getheader("Connection") == "close"


def said_to(connection: http.client.HTTPConnection, request: str) -> str:
    """All that the server says to what is sent as it is, until it closes the connection."""
    connection.connect()
    line = connection.sock
    assert line is not None
    line.sendall(request.encode())
    return b"".join(iter(lambda: line.recv(9_999), b"")).decode("latin-1")


@pytest.mark.parametrize(
    "head",
    [
        "POST /200 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked",
        "POST /200 HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked",
        "GET /200 HTTP/1.1",
        "GET /200 HTTP/1.1\r\nHost: a\r\nHost: b",
        "GET /200 HTTP/1.1\r\nHost: <a>",
    ],
)
def test_what_two_programs_may_read_differently_is_refused_with_all_that_follows(
    connection: http.client.HTTPConnection, head: str
) -> None:
    smuggled = "0\r\n\r\nGET /204 HTTP/1.1\r\nHost: a\r\n\r\n"

    said = said_to(connection, f"{head}\r\n\r\n{smuggled}")

    assert said[8:13] == " 400 "
    assert said.count("HTTP/1.") == 1


@pytest.mark.parametrize(
    "head",
    [
        "GET /204 HTTP/1.0",
        "GET /204 HTTP/1.1\r\nConnection: close\r\nHost:",
        "GET /204 HTTP/1.1\r\nConnection: close\r\nHost: [2001:db8::1]:8000",
        "GET /204 HTTP/1.1\r\nConnection: close\r\nHost: my_blog.xn--mnchen-3ya.example:80",
    ],
)
def test_every_host_that_there_can_be_is_answered(
    connection: http.client.HTTPConnection, head: str
) -> None:
    assert said_to(connection, f"{head}\r\n\r\n")[8:13] == " 204 "
