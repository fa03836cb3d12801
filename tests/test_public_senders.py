"""Senders that others wrote and published reach our receiver, and what they sent is verified."""

from __future__ import annotations

import subprocess
import venv
from collections.abc import Iterator
from pathlib import Path

import pytest
from actors import BlogFolder, Serving, free_port, wait_until
from ping_actors import Neighbour

from pingback_server.domain.pings import PingState

pytestmark = [pytest.mark.soak, pytest.mark.timeout(1200)]

# Each sends, by the package that it is named after, that page argv[1] links to post argv[2].
SENDERS = {
    "ronkyuu": (
        ["ronkyuu==0.9", "html5lib"],
        "from ronkyuu import sendWebmention\n"
        "print(sendWebmention(source, target, test_urls=False).status_code)",
        "webmention",
    ),
    "webmentions": (
        ["webmentions==0.2.0"],
        "from webmentions.handlers._outgoing import OutgoingWebmentionsProcessor\n"
        "class Nothing:\n"
        "    def __getattr__(self, name):\n"
        "        return lambda *_, **more: []\n"
        "sender = OutgoingWebmentionsProcessor(\n"
        "    Nothing(), ssrf_protection=False, exclude_local_targets=False)\n"
        "sender.process_outgoing_webmentions(source)",
        "webmention",
    ),
    "linkbacks, by Webmention": (
        ["pelican-plugin-linkbacks==1.0.6", "pelican", "beautifulsoup4", "requests"],
        "from pelican.plugins.linkbacks.linkbacks import WebmentionNotifier\n"
        "sender = WebmentionNotifier(source, target)\n"
        "sender.discover_server_uri()\nprint(sender.send())",
        "webmention",
    ),
    "linkbacks, by Pingback": (
        ["pelican-plugin-linkbacks==1.0.6", "pelican", "beautifulsoup4", "requests"],
        "from pelican.plugins.linkbacks.linkbacks import PingbackNotifier\n"
        "sender = PingbackNotifier(source, target)\n"
        "sender.discover_server_uri()\nprint(sender.send())",
        "pingback",
    ),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A blog that may call this machine."""
    port = free_port()
    blog = BlogFolder.init(tmp_path_factory.mktemp("pinged-by-others") / "blog")
    blog.configure(f'SITEURL = "http://127.0.0.1:{port}"')
    blog.configure('DISCUSSION = {"close_after_days": 0}')
    blog.write_post("mill", "The mill", "It turns.")
    blog.build()
    blog.environment["PERMALIEN_ALLOW_NETWORKS"] = "127.0.0.0/8"
    with blog:
        serving = Serving(blog, (), {"PERMALIEN_PORT": str(port)})
        try:
            yield serving.until_ready(180)
        finally:
            serving.stop()


@pytest.fixture(scope="module")
def foreign_python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python that has the senders, and nothing of ours."""
    folder = tmp_path_factory.mktemp("senders") / "venv"
    venv.create(folder, with_pip=True)
    wanted = sorted({package for packages, _, _ in SENDERS.values() for package in packages})
    python = folder / "bin" / "python"
    got = subprocess.run(
        [python, "-m", "pip", "install", "-q", *wanted], capture_output=True, text=True, timeout=600
    )
    if got.returncode:
        pytest.skip(f"the senders cannot be had: {got.stderr.strip()[-200:]}")
    return python


@pytest.mark.parametrize("name", SENDERS)
def test_what_it_sends_is_verified(
    name: str, served: Serving, foreign_python: Path, neighbour: Neighbour
) -> None:
    _, code, kind = SENDERS[name]
    target = served.url + served.blog.address("mill")
    source = neighbour.writes("/notes", f'<p>See <a href="{target}">the mill</a>.</p>', title=name)
    head = "import sys\nsource, target = sys.argv[1:]\n"

    said = subprocess.run(
        [foreign_python, "-c", head + code, source, target],
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert said.returncode == 0, said.stderr[-2000:]

    def verified() -> dict[str, str]:
        pings = served.blog.store.pings.listed([PingState.VERIFIED])
        return {ping.source: ping.kind for ping in pings}

    wait_until(lambda: source in verified(), 120, lambda: said.stdout + served.said())
    assert verified()[source] == kind
