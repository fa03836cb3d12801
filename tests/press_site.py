"""A small blog in a temporary folder, built by real Pelicans in processes of their own."""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

PLUGINS = Path(__file__).resolve().parent.parent / "plugins"

_SETTINGS = f"""\
import sys
from pathlib import Path

sys.path.insert(0, {str(PLUGINS)!r})
PELICAN_CLASS = "press.Press"
PATH, THEME, OUTPUT_PATH = "content", "theme", "output"
PLUGIN_PATHS = ["."]
PLUGINS = ["witness"] if Path(__file__).with_name("witness.py").exists() else []
SITENAME, SITEURL, AUTHOR, TIMEZONE = "Blog", "http://localhost:8000", "Ada", "Europe/Paris"
STATIC_PATHS, THEME_STATIC_PATHS = ["static"], []
DIRECT_TEMPLATES = ["index"]
ARTICLE_URL, ARTICLE_SAVE_AS = "{{slug}}/", "{{slug}}/index.html"
PAGE_URL, PAGE_SAVE_AS = "{{slug}}/", "{{slug}}/index.html"
AUTHOR_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = ""
FEED_ALL_ATOM = "feed.xml"
CATEGORY_FEED_ATOM = TRANSLATION_FEED_ATOM = AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = None
"""
_TEMPLATES = {
    "base.html": "<!doctype html>\n<title>{{ SITENAME }}</title>\n{% block body %}{% endblock %}\n",
    "article.html": '{% extends "base.html" %}\n'
    "{% block body %}\n{{ article.content }}{% endblock %}\n",
    "page.html": '{% extends "base.html" %}\n{% block body %}\n{{ page.content }}{% endblock %}\n',
    "index.html": '{% extends "base.html" %}\n{% block body %}{% for article in articles %}\n'
    "{{ article.url }}{% endfor %}{% endblock %}\n",
}
_WARM = """\
import logging
import sys
import pelican
from pelican.log import init

# The hardest case: what was said once is not said again, errors included.
init(logs_dedup_min_level=logging.ERROR)

instance, _ = pelican.get_instance(pelican.parse_arguments(sys.argv[1:]))
for _ in sys.stdin:
    try:
        instance.run()
    except Exception as error:
        print(f"refused {error}", flush=True)
    else:
        print("published", flush=True)
"""

_FORGE = """\
import json, os, resource, sys, traceback
import markdown.extensions.meta, markdown.extensions.extra, markdown.extensions.codehilite
import pelican

def build(folder, options, environment, largest_file):
    os.chdir(folder)
    os.environ.update(environment)
    for descriptor in (1, 2):
        os.dup2(os.open(f"said-{descriptor}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), descriptor)
    if largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    pelican.main(options)

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        code = 0
        try:
            build(**json.loads(line))
        except SystemExit as end:
            code = end.code
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@cache
def _forge() -> subprocess.Popen[str]:
    """A process that has Pelican loaded and forks for each build, since loading takes longest."""
    process = subprocess.Popen(
        [sys.executable, "-c", _FORGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    atexit.register(process.communicate, timeout=60)
    return process


class Site:
    """A blog: what an author writes, and the builds of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.output = folder / "output"
        self.workshop = folder / ".output.press"

    @classmethod
    def written_in(cls, folder: Path) -> Site:
        """A blog of two posts, a page and a picture, not built yet."""
        site = cls(folder)
        site.write("pelicanconf.py", _SETTINGS)
        for name, text in _TEMPLATES.items():
            site.write(f"theme/templates/{name}", text)
        site.post("one")
        site.post("two")
        site.write("content/pages/about.md", "Title: About\n\nMe.\n")
        site.write("content/static/picture.png", "a picture")
        return site

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file of the blog, whatever was there."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)

    def remove(self, path: str) -> None:
        """Delete a file of the blog."""
        (self.folder / path).unlink()

    def post(self, name: str, text: str = "Words.") -> None:
        """Write a post."""
        self.write(f"content/{name}.md", f"Title: {name}\nDate: 2026-01-02\n\n{text}\n")

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start a `pelican` in the blog's folder, as from a shell."""
        return subprocess.Popen(
            [sys.executable, "-m", "pelican", *options],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def build(self, *options: str, largest_file: int = 0) -> Build:
        """Run a `pelican` in the blog's folder to its end, perhaps as on a full disk."""
        report = self.folder / "report.json"
        request = {
            "folder": str(self.folder),
            "options": options,
            "environment": {"PERMALIEN_BUILD_REPORT": str(report)},
            "largest_file": largest_file,
        }
        forge = _forge()
        assert forge.stdin is not None
        assert forge.stdout is not None
        forge.stdin.write(json.dumps(request) + "\n")
        forge.stdin.flush()
        code = int(forge.stdout.readline())
        said = (self.folder / "said-2").read_text()
        return Build(code, said, json.loads(report.read_text()) if report.exists() else None)

    def warm(self) -> WarmPress:
        """Start a process that runs one Press again and again, as `pelican -r` does."""
        return WarmPress(self.folder)

    def live(self) -> dict[str, bytes]:
        """Every file in the output folder."""
        return files(self.output)

    def stock(self) -> dict[str, bytes]:
        """Every file that a Pelican without the press writes into an empty folder."""
        elsewhere = self.folder / "stock"
        build = self.build("-d", "-o", str(elsewhere), "-e", 'PELICAN_CLASS="pelican.Pelican"')
        assert build.code == 0
        return files(elsewhere)

    def leftovers(self) -> list[str]:
        """What lies about that no reader should see and no later build needs."""
        beside = [path.name for path in self.workshop.iterdir() if path.name != "written.json"]
        return beside + [path for path in self.live() if "press" in path]


class Build:
    """How a build ended: exit code, what it said on stderr, and its report."""

    def __init__(self, code: int, errors: str, report: Mapping[str, Any] | None) -> None:
        self.code = code
        self.errors = errors
        self.report = report or {}


class WarmPress:
    """A process with one Press."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _WARM, "-s", "pelicanconf.py"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> WarmPress:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def run(self) -> str:
        """Run the Press once: "published", or "refused" and why."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("run\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            if line.startswith(("published", "refused")):
                return line.strip()
        raise AssertionError("the press died")


def files(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, by its path there."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def identities(folder: Path) -> dict[str, tuple[int, int]]:
    """Which file each path under a folder is, and when it was written."""
    return {
        str(path.relative_to(folder)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }
