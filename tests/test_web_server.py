"""The loop of the web server does not turn in circles while a thread sends its answer."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from flask import Flask
from waitress import create_server
from waitress.parser import HTTPRequestParser

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


def to_be_sent(channel: Channel) -> None:
    channel.outbufs[-1].append(ANSWER)
    channel.total_outbufs_len += len(ANSWER)


def test_a_loop_that_finds_a_thread_sending_waits_for_it(
    channel_and_reader: tuple[Channel, socket.socket],
) -> None:
    """Whatever the thread has left is sent in the same turn, so there is no second one."""
    channel, reader = channel_and_reader
    begun = Event()

    def send_slowly() -> None:
        with channel.outbuf_lock:
            to_be_sent(channel)
            begun.set()
            time.sleep(0.002)

    thread = Thread(target=send_slowly)
    thread.start()
    begun.wait()
    channel.handle_write()
    thread.join()
    assert not channel.writable()
    assert reader.recv(100) == ANSWER


def test_a_thread_that_keeps_the_connection_holds_the_loop_up_for_an_instant_only(
    channel_and_reader: tuple[Channel, socket.socket],
) -> None:
    """Then what others wait for comes first, and the answer is sent in a later turn."""
    channel, reader = channel_and_reader
    begun, over = Event(), Event()

    def keep() -> None:
        with channel.outbuf_lock:
            to_be_sent(channel)
            begun.set()
            over.wait(10)

    thread = Thread(target=keep)
    thread.start()
    begun.wait()
    channel.handle_write()
    assert channel.writable()
    over.set()
    thread.join()
    channel.handle_write()
    assert reader.recv(100) == ANSWER
