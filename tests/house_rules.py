"""The rules of the house as tables: storeys, doors, what is pure, what templates may trust.

tests/house_inspector.py reports each line that breaks one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

PACKAGE = "pingback_server"
PLUGINS = (
    "press",
    "discussion",
    "addresses",
    "drafts",
    "neighbours",
    "shelves",
    "tables",
    "tasks",
    "callouts",
    "feeds",
    "crawlers",
    "linked_data",
    "pictures",
    "embeds",
    "front_matter",
    "excerpts",
    "inspection",
)

# The storeys, from the ground up. A module may import from every storey below its own.
STOREYS = {
    "domain": ("domain",),
    "edges": (
        "store",
        "credentials",
        "contents",
        "manifest",
        "server_settings",
        "blog_folder",
        "pelican_settings",
        "languages",
        "unpublished",
        "processes",
        "fetch",
        "mail",
        "protocols",
    ),
    "deeds": ("deeds",),
    "skins": ("web", "cli", "__main__", *PLUGINS),
}
# The only ways on one storey: (from, to).
PASSAGES = {
    *((edge, "store") for edge in STOREYS["edges"]),
    ("__main__", "cli"),
    ("cli", "web"),  # `permalien serve` starts the web role
}
# Rooms that know nothing of the rest of the house.
STRANGERS = ("press",)

PURE_LIBRARIES = {"idna", "itsdangerous", "markdown_it", "markupsafe", "mdurl", "nh3"}
# What of the standard library and the built-ins reads or changes the world.
WORLD = (
    *("os", "io", "sys", "time", "random", "secrets", "logging", "threading", "signal", "ctypes"),
    *("shutil", "tempfile", "glob", "fileinput", "fcntl", "select", "selectors", "asyncio"),
    *("pathlib.Path", "importlib", "subprocess", "multiprocessing", "socket", "sqlite3"),
    *("datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today"),
    *("datetime.date.today", "open", "input", "print", "urllib.request", "http", "smtplib"),
)
FILE_METHODS = {"read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "touch"}


@dataclass(frozen=True, slots=True)
class Door:
    """A danger: the names that mean it, and the modules that alone may use them."""

    danger: str
    names: tuple[str, ...]
    modules: tuple[str, ...]


DOORS = (
    Door(
        "SQL",
        ("sqlalchemy", "alembic", "sqlite3", "psycopg"),
        (f"{PACKAGE}.store",),
    ),
    Door(
        "a socket",
        (
            *("socket", "socketserver", "ssl", "asyncio", "http.client", "http.server", "ftplib"),
            *("urllib.request", "urllib3", "requests", "httpx", "smtplib", "xmlrpc", "wsgiref"),
        ),
        # web.server listens and is called; fetch and mail alone call others.
        (f"{PACKAGE}.fetch", f"{PACKAGE}.mail", f"{PACKAGE}.web.server"),
    ),
    Door(
        "a child process",
        (
            *("subprocess", "multiprocessing", "pty", "os.fork", "os.forkpty", "os.system"),
            *("os.popen", "os.posix_spawn", "os.posix_spawnp", "concurrent.futures.process"),
            "concurrent.futures.ProcessPoolExecutor",
            *(f"os.exec{ending}" for ending in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
            *(f"os.spawn{ending}" for ending in ("l", "le", "lp", "lpe", "v", "ve", "vp", "vpe")),
        ),
        (f"{PACKAGE}.processes",),
    ),
    Door("Flask", ("flask", "werkzeug", "waitress"), (f"{PACKAGE}.web",)),
    Door("Pelican", ("pelican",), PLUGINS),
    Door("an import that cannot be read", ("importlib.import_module", "runpy", "__import__"), ()),
    Door("code from text", ("eval", "exec"), ()),
)
# (module, name) that a door does not stop: `permalien serve` opens the listening socket through
# web.server and hands it to the web processes that it starts, but can call nobody with it.
EXCEPTIONS = {
    (f"{PACKAGE}.cli.running", "socket"),
    (f"{PACKAGE}.cli.running", "socket.socket"),
}
MARKUP_DOOR = f"{PACKAGE}.domain.markup"

LONGEST_MODULE = 300
EMPTY_NAMES = {"util", "utils", "helper", "helpers", "misc", "manager", "common"}
SAFE = re.compile(r"\|\s*safe\b")
RENDERED_BY_PELICAN = re.compile(r"\b\w+\.(content|summary)\s*\|\s*safe\b")
NO_ESCAPE = re.compile(r"autoescape\s+false")
