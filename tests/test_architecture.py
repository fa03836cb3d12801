"""The house stands as docs/architecture.md draws it; each rule fails on a planted breach."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house_inspector import read_house, safe_filters, violations
from tests.house_rules import PLUGINS

CHECKOUT = Path(__file__).resolve().parent.parent

# (file, what is planted in it, what the inspector has to say of it)
BREACHES = [
    # Storeys
    ("pingback_server/domain/a.py", "from ..store import comments", "downward only"),
    ("pingback_server/domain/a.py", "from pingback_server import manifest", "downward only"),
    ("pingback_server/domain/a.py", "def f():\n    from ..web import app", "downward only"),
    ("pingback_server/store/a.py", "from .. import manifest", "downward only"),
    ("pingback_server/manifest.py", "from . import languages", "downward only"),
    ("pingback_server/manifest.py", "from .deeds import moderate", "downward only"),
    ("pingback_server/deeds/a.py", "import pingback_server.web.app", "downward only"),
    ("pingback_server/deeds/a.py", "from . import moderate", "downward only"),
    ("pingback_server/deeds/a.py", "from .moderate import approve", "downward only"),
    ("pingback_server/web/a.py", "from ..cli import main", "downward only"),
    ("pingback_server/web/a.py", "import discussion", "downward only"),
    ("plugins/discussion/a.py", "import press", "downward only"),
    ("plugins/discussion/a.py", "from pingback_server.web import app", "downward only"),
    ("plugins/press/a.py", "from pingback_server.domain import errors", "knows nothing"),
    ("plugins/press/a.py", "import pingback_server", "knows nothing"),
    ("plugins/press/a.py", "import discussion", "knows nothing"),
    ("pingback_server/attic.py", "import json", "stands on no storey"),
    # The domain is pure
    ("pingback_server/domain/a.py", "import jinja2", "no pure library"),
    ("pingback_server/domain/a.py", "import os", "no clock, file"),
    ("pingback_server/domain/a.py", "import time", "no clock, file"),
    ("pingback_server/domain/a.py", "from pathlib import Path", "no clock, file"),
    ("pingback_server/domain/a.py", "x = open('a')", "no clock, file"),
    ("pingback_server/domain/a.py", "def f(file):\n    file.read_text()", "no clock, file"),
    (
        "pingback_server/domain/a.py",
        "from datetime import UTC, datetime as d\nx = d.now(UTC)",
        "no clock, file",
    ),
    (
        "pingback_server/domain/a.py",
        "import datetime\nx = datetime.date.today()",
        "no clock, file",
    ),
    # Doors
    ("pingback_server/deeds/a.py", "from sqlalchemy import text", "SQL is not for"),
    ("pingback_server/cli/a.py", "import sqlite3", "SQL is not for"),
    ("plugins/discussion/a.py", "import alembic.command", "SQL is not for"),
    ("pingback_server/deeds/a.py", "import socket", "a socket is not for"),
    ("pingback_server/web/a.py", "from urllib import request", "a socket is not for"),
    ("pingback_server/deeds/a.py", "import http.client as web", "a socket is not for"),
    ("pingback_server/deeds/a.py", "import smtplib", "a socket is not for"),
    (
        "pingback_server/cli/running.py",
        "import socket\nsocket.create_connection(('a', 80))",
        "a socket is not for",
    ),
    ("plugins/press/a.py", "import subprocess", "a child process is not for"),
    ("pingback_server/cli/a.py", "import os\nos.execv('a', [])", "a child process is not for"),
    ("pingback_server/cli/a.py", "from os import fork", "a child process is not for"),
    ("pingback_server/web/a.py", "import multiprocessing", "a child process is not for"),
    ("pingback_server/cli/a.py", "import flask", "Flask is not for"),
    ("pingback_server/deeds/a.py", "from werkzeug.exceptions import NotFound", "Flask is not for"),
    ("plugins/discussion/a.py", "from flask import render_template", "Flask is not for"),
    ("pingback_server/processes.py", "import pelican", "Pelican is not for"),
    ("pingback_server/web/a.py", "from pelican import signals", "Pelican is not for"),
    ("pingback_server/web/a.py", "import importlib\nimportlib.import_module('a')", "cannot be"),
    ("pingback_server/web/a.py", "x = eval('1')", "code from text is not for"),
    # Text declared safe
    ("pingback_server/web/a.py", "from markupsafe import Markup\nx = Markup('a')", "text safe"),
    ("pingback_server/web/a.py", "from markupsafe import Markup as M\nx = M('a')", "text safe"),
    ("plugins/discussion/a.py", "import markupsafe\nx = markupsafe.Markup('a')", "text safe"),
    ("theme/templates/a.html", "{{ comment.text | safe }}", "|safe on what Pelican did not"),
    ("theme/templates/a.html", "{{ a.content|safe }} {{ b|safe }}", "|safe on what Pelican"),
    ("theme/templates/a.html", "{% autoescape false %}", "autoescape is switched off"),
    ("pingback_server/web/templates/a.html", "{{ x|safe }}", "|safe on what Pelican did not"),
    # Shape
    ("pingback_server/web/a.py", "\n" * 300 + "x = 1", "more than 300"),
    ("pingback_server/web/utils.py", "x = 1", "says nothing"),
    ("plugins/press/helpers.py", "x = 1", "says nothing"),
    ("pingback_server/web/unlisted_room.py", "x = 1", "not on the map"),
    ("pingback_server/__init__.py", '"""First `web.left_long_ago`."""', "which is not there"),
]


@pytest.fixture(scope="module")
def house_copy(tmp_path_factory):
    """A copy of the house in which breaches may be planted, and what is wrong with it already."""
    root = tmp_path_factory.mktemp("house")
    for part in ("pingback_server", "plugins", "theme"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(CHECKOUT / part, root / part, ignore=ignored)
    return root, set(violations(root))


def test_the_house_keeps_all_its_rules():
    assert violations(CHECKOUT) == []


def test_the_inspector_sees_the_whole_house():
    rooms = {module.room.split(".")[0] for module in read_house(CHECKOUT)}

    assert rooms >= {"domain", "store", "deeds", "web", "cli", *PLUGINS}


@pytest.mark.parametrize(("file", "planted", "complaint"), BREACHES)
def test_a_planted_breach_is_reported(house_copy, file, planted, complaint):
    needs_docstring = file.endswith(".py") and not planted.startswith('"""')
    docstring = '"""A planted breach."""\n' if needs_docstring else ""

    reported = reported_when_planted(house_copy, file, f"{docstring}{planted}\n")

    about_this = [line for line in reported if line.startswith(file) or "not on the map" in line]
    assert any(complaint in line for line in about_this)


@pytest.mark.parametrize(
    "planted",
    [
        "from ..domain import errors",
        "from ..store import comments",
        "import os.path",
        "from datetime import UTC, datetime\nx = datetime.now(UTC)",
        "from markupsafe import Markup\ndef f(x: Markup) -> Markup:\n    return x",
    ],
)
def test_what_a_deed_may_do_is_not_reported(house_copy, planted):
    source = f'"""An honest deed."""\n{planted}\n'

    reported = reported_when_planted(house_copy, "pingback_server/deeds/receive.py", source)

    assert reported == set()


def reported_when_planted(house_copy, file, text):
    """What the inspector says of the copy, beyond what it said before, while `file` is `text`."""
    root, before = house_copy
    spot = root / file
    original = spot.read_text(encoding="utf-8") if spot.exists() else None
    spot.parent.mkdir(parents=True, exist_ok=True)
    spot.write_text(text, encoding="utf-8")
    reported = set(violations(root)) - before
    if original is None:
        spot.unlink()
    else:
        spot.write_text(original, encoding="utf-8")
    return reported


def test_templates_say_safe_only_this_often():
    assert safe_filters(CHECKOUT) == {
        "theme/templates/_post.html": 1,
        "theme/templates/article.html": 1,
        "theme/templates/page.html": 1,
    }


def test_the_service_loads_no_pelican():
    names = [m.name for m in read_house(CHECKOUT) if m.name.startswith("pingback_server")]

    assert "pelican" not in modules_loaded_by(importable(names))


def test_the_plugins_load_no_flask():
    names = [m.name for m in read_house(CHECKOUT) if m.name.split(".")[0] in PLUGINS]

    loaded = modules_loaded_by(importable(names))

    assert loaded >= {"pelican", *PLUGINS}
    assert loaded & {"flask", "werkzeug", "waitress"} == set()


def importable(names):
    """Without what runs when it is imported: `__main__`, and the migrations, which Alembic runs."""
    return [
        name
        for name in names
        if not name.endswith("__main__") and ".migrations" not in name and ".scaffold." not in name
    ]


def modules_loaded_by(names):
    """The names in sys.modules of a fresh Python that has imported `names`."""
    program = (
        "import importlib, sys\n"
        "sys.path.append('plugins')\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print(*sys.modules)"
    )
    answer = subprocess.run(
        [sys.executable, "-c", program, *names],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert answer.returncode == 0, answer.stderr
    return set(answer.stdout.split())
