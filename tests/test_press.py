"""The press: whole builds are published, faulty ones refused with file and line, one at a time."""

from __future__ import annotations

import fcntl
import os
import select
import shutil
import time
from pathlib import Path

import pytest

from tests.press_site import Site, files, identities


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A blog that was published once; copied for each test, since building takes its time."""
    site = Site.written_in(tmp_path_factory.mktemp("built"))
    assert site.build().code == 0
    return site.folder


@pytest.fixture
def blog(built, tmp_path) -> Site:
    """A published blog."""
    shutil.copytree(built, tmp_path / "blog")
    return Site(tmp_path / "blog")


def test_a_published_blog_is_what_pelican_alone_would_write(blog):
    assert blog.live() == blog.stock()
    assert sorted(blog.live()) == [
        "about/index.html",
        "feed.xml",
        "index.html",
        "one/index.html",
        "static/picture.png",
        "two/index.html",
    ]


def test_the_report_tells_what_was_written_and_removed(blog):
    blog.post("three")
    blog.remove("content/two.md")

    report = blog.build().report

    assert report == {
        "ok": True,
        "written": ["three/index.html", "feed.xml", "index.html"],
        "removed": ["two/index.html"],
        "unchanged": 3,
        "warnings": [],
        "error": None,
    }


def compiled(blog: Site) -> dict[Path, float]:
    """The compiled templates that are kept, and when each was made."""
    return {path: path.stat().st_mtime for path in blog.folder.glob("cache/templates-*/*")}


def test_templates_are_compiled_once(blog):
    blog.build()
    before = compiled(blog)
    blog.write("theme/templates/page.html", "{{ page.title }}, another page\n")

    blog.build()

    after = compiled(blog)
    assert before.keys() == after.keys()
    assert len([path for path in before if after[path] != before[path]]) == 1
    assert "another page" in blog.live()["about/index.html"].decode()


@pytest.mark.parametrize("rest", [0, 4, 40, 200])
def test_a_compiled_template_that_was_cut_off_is_made_anew(blog, rest):
    for path in compiled(blog):
        path.write_bytes(path.read_bytes()[:rest])
    blog.post("three")

    assert blog.build().code == 0
    assert blog.live() == blog.stock()


def configure(blog: Site, line: str) -> None:
    with (blog.folder / "pelicanconf.py").open("a") as settings:
        settings.write(f"{line}\n")


def test_templates_are_compiled_anew_by_other_settings(blog):
    before = compiled(blog)
    blog.write("cache/templates-of-mine/page.html", "Mine.")
    blog.write("cache/templates-0123456789abcdef/page.html", "Mine.")
    blog.write("theme/templates/page.html", "<% if true %>{{ page.title }}<% endif %>")
    blog.build()
    signs = "'block_start_string': '<%', 'block_end_string': '%>'"
    configure(blog, f"JINJA_ENVIRONMENT = {{{signs}}}")
    for name in ("base", "article", "index"):
        template = blog.folder / "theme" / "templates" / f"{name}.html"
        template.write_text(template.read_text().replace("{%", "<%").replace("%}", "%>"))

    assert blog.build().code == 0

    assert blog.live()["about/index.html"] == b"About"
    assert compiled(blog)
    assert set(compiled(blog)) & set(before) == set()
    assert len(list(blog.folder.glob("cache/*/page.html"))) == 2, "Jinja wrote none of these"


def test_what_an_own_filter_makes_of_a_constant_is_never_kept(blog):
    blog.write("theme/templates/page.html", "{{ 'loud' | shout }}")

    for sign in ("!", "?"):
        configure(blog, f"JINJA_FILTERS = {{'shout': lambda word, sign={sign!r}: word + sign}}")
        assert blog.build().code == 0
        assert blog.live()["about/index.html"] == f"loud{sign}".encode()


_SHOUTING = """\
from pelican import signals

def shout(word):
    return word + {sign!r}

def register():
    signals.generator_init.connect(add, weak=False)

def add(generator):
    generator.env.{kind}["shout"] = shout
"""


@pytest.mark.parametrize(
    ("kind", "written"), [("filters", "'loud' | shout"), ("tests", "'loud' is shout")]
)
def test_nor_what_a_filter_or_test_of_a_plugin_makes_of_it(blog, kind, written):
    blog.write("theme/templates/page.html", f"{{{{ {written} }}}}")
    configure(blog, 'PLUGINS = ["shouting"]')

    for sign in ("!", "??"):
        blog.write("shouting.py", _SHOUTING.format(kind=kind, sign=sign))
        assert blog.build().code == 0
        assert blog.live()["about/index.html"] == f"loud{sign}".encode()


def test_nor_what_pelican_says_of_the_plugins_that_are_enabled(blog):
    blog.write("theme/templates/page.html", "{{ 'shouting' is plugin_enabled }}")
    blog.write("shouting.py", _SHOUTING.format(kind="globals", sign="!"))

    for plugins, said in ((["shouting"], b"True"), ([], b"False")):
        configure(blog, f"PLUGINS = {plugins}")
        assert blog.build().code == 0
        assert blog.live()["about/index.html"] == said


def test_without_room_for_compiled_templates_a_blog_is_built_all_the_same(blog):
    [folder] = {path.parent for path in compiled(blog)}
    shutil.rmtree(folder)
    folder.write_text("no folder")
    blog.post("three")

    assert blog.build().report["written"][0] == "three/index.html"


def test_another_output_folder_gets_a_build_of_its_own(blog, tmp_path):
    before = identities(blog.output)

    assert blog.build("-o", str(tmp_path / "other")).code == 0

    assert files(tmp_path / "other") == blog.live()
    assert identities(blog.output) == before


def test_one_press_publishes_again_and_again_as_autoreload_has_it(blog):
    with blog.warm() as press:
        blog.post("three")
        assert press.run() == "published"
        blog.write("content/three.md", "Title: Three\nDate: soon\n\nWords.\n")
        refused = "refused content/three.md:2: Date: 'soon' is not a valid date"
        assert [press.run(), press.run()] == [refused, refused]
        blog.post("three", "Better words.")
        assert press.run() == "published"

    assert blog.live() == blog.stock()


def test_autoreload_tells_a_fault_once_and_publishes_when_it_is_mended(blog):
    watcher = blog.start("-r", "-q")
    try:
        blog.write("content/bad.md", "Title: Bad\nDate: soon\n\nWords.\n")
        assert watcher.stderr.readline().strip() == BAD_DATE
        told_again, _, _ = select.select([watcher.stderr], [], [], 0.7)
        assert not told_again
        deadline = time.monotonic() + 30
        while "bad/index.html" not in blog.live():
            assert time.monotonic() < deadline
            blog.post("bad")
            time.sleep(0.3)
    finally:
        watcher.kill()
        watcher.communicate(timeout=60)


# Two at once


def test_builders_at_the_same_time_all_succeed_and_leave_a_fresh_build(blog):
    for number in range(3):
        blog.post("one", f"Words {number}.")
        builders = [blog.start(), blog.start()]
        for builder in builders:
            builder.communicate(timeout=60)
        assert [builder.returncode for builder in builders] == [0, 0]
        assert blog.live() == blog.stock()
    assert blog.leftovers() == []


def test_pelican_by_hand_waits_for_the_lock_on_the_output_folder(blog):
    before = identities(blog.output)
    blog.post("three")
    lock = os.open(blog.output, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)

    builder = blog.start()
    said = builder.stderr.readline()

    assert said == f"Another build is writing {blog.output}; waiting for its end.\n"
    assert builder.poll() is None
    assert identities(blog.output) == before
    os.close(lock)
    builder.communicate(timeout=60)
    assert builder.returncode == 0
    assert "three/index.html" in blog.live()


def test_a_builder_that_waited_takes_the_folder_that_is_there_then(blog, tmp_path):
    lock = os.open(blog.output, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    builder = blog.start()
    builder.stderr.readline()

    blog.output.rename(tmp_path / "moved")
    blog.output.mkdir()
    second_lock = os.open(blog.output, os.O_RDONLY)
    fcntl.flock(second_lock, fcntl.LOCK_EX)
    os.close(lock)

    assert "waiting" in builder.stderr.readline()
    os.close(second_lock)
    builder.communicate(timeout=60)
    assert blog.live() == files(tmp_path / "moved")


# Refused builds

BAD_DATE = "content/bad.md:2: Date: 'soon' is not a valid date"


def assert_refused(blog: Site, said: str, *options: str) -> None:
    """The build ends with exit code 1 and one line `said`, and the site is untouched."""
    before = identities(blog.output)

    build = blog.build(*options)

    assert build.code == 1
    assert said in build.errors.splitlines()
    assert not build.report["ok"]
    assert identities(blog.output) == before
    assert blog.leftovers() == []


@pytest.mark.parametrize(
    "options", [(), ("-q",), ("--fatal", "errors"), ("-q", "--fatal", "errors")]
)
def test_a_broken_post_is_refused_whatever_the_options(blog, options):
    blog.write("content/bad.md", "Title: Bad\nDate: soon\n\nWords.\n")

    assert_refused(blog, BAD_DATE, *options)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("Date: 2026-01-02\n\nWords.\n", "content/bad.md:1: Title is missing"),
        ("Title: Bad\n\nWords.\n", "content/bad.md:1: Date is missing"),
        (
            b"Title: Bad\nDate: 2026-01-02\n\nCaf\xe9.\n",
            "content/bad.md:4: byte 0xe9 is not UTF-8 text",
        ),
        (
            "Title: Bad\nDate: 2026-01-02\nTimezone: Mars/Base\n\nWords.\n",
            "content/bad.md:3: No time zone found with key Mars/Base",
        ),
    ],
    ids=["no title", "no date", "no text", "no such time zone"],
)
def test_a_post_at_fault_is_named_with_its_line(blog, source, said):
    blog.write("content/bad.md", source)

    assert_refused(blog, said, "-q")


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("Status: almost", "Unknown status 'almost'"),
        ("Template: nosuch", "unable to load nosuch"),
        ("Slug: one", '/output/one/index.html" as Pelican has already written'),
        ("Save_as: ../../out.html", "'../../out.html' would be written outside output path"),
    ],
)
def test_a_field_that_cannot_be_followed_is_named_with_its_line(blog, field, said):
    blog.write("content/a.md", f"Title: A\nDate: 2026-01-02\n{field}\n\nWords.\n")
    # Of two posts with one address, Pelican blames the one that it meets last.
    blog.write("content/one.md", "Title: One\nDate: 2026-01-02\nSlug: one\n\nWords.\n")

    error = blog.build("-q").report["error"]

    assert said in error["message"]
    assert error["line"] == 3


def test_a_field_is_not_looked_for_in_the_text(blog):
    for name in ("a", "b"):
        head = "Title: Same\nDate: 2026-01-02\n"
        blog.write(f"content/{name}.md", f"{head}\nWords.\n\n    slug: something\n")

    error = blog.build("-q").report["error"]

    assert "as Pelican has already written" in error["message"]
    assert error["line"] == 1


def test_a_dead_link_is_named_in_the_post_in_which_it_is_dead(blog):
    blog.post("en/target")
    blog.post("en/e1", "A [link]({filename}target.md).")
    blog.post("fr/f1", "{filename}target.txt\n\nUn [lien](|filename|target.md).")
    blog.write("content/fr/f2.md", "Title: F\nDate: 2026-01-02\n\n[x]({filename}a&b.md)\n")

    warnings = blog.build("-q").report["warnings"]

    assert {warning for warning in warnings if "Unable" in warning} == {
        "content/fr/f1.md:6: Unable to find 'target.md', skipping url replacement.",
        "content/fr/f2.md:4: Unable to find 'a&amp;b.md', skipping url replacement.",
    }


@pytest.mark.parametrize(
    ("template", "said"),
    [
        (b"<p>\n{{ nosuch.name }}", "2: 'nosuch' is undefined (while writing one/index.html)"),
        (b"<p>\n\n{% if %}", "3: Expected an expression, got 'end of statement block'"),
        (
            b'\n{% include "nosuch.html" %}',
            "2: there is no template nosuch.html (while writing one/index.html)",
        ),
        (b"<p>\nCaf\xe9", "2: byte 0xe9 is not UTF-8 text"),
    ],
    ids=["undefined", "syntax", "missing", "no text"],
)
def test_a_template_at_fault_is_named_with_its_line(blog, template, said):
    blog.remove("content/two.md")
    blog.write("theme/templates/article.html", template)

    assert_refused(blog, f"theme/templates/article.html:{said}", "-q")


@pytest.mark.parametrize("options", [("-q",), ("--fatal", "errors")])
def test_all_faults_are_told_and_the_first_by_name_is_the_error(blog, options):
    blog.write("content/worse.md", "Title: Worse\nDate: late\n\nWords.\n")
    blog.write("content/bad.md", "Title: Bad\nDate: soon\n\nWords.\n")

    build = blog.build(*options)

    worse = "content/worse.md:2: Date: 'late' is not a valid date"
    assert [line for line in build.errors.splitlines() if "valid" in line] == [BAD_DATE, worse]
    assert build.report["error"] == {
        "message": "Date: 'soon' is not a valid date",
        "file": "content/bad.md",
        "line": 2,
        "also": [
            {
                "message": "Date: 'late' is not a valid date",
                "file": "content/worse.md",
                "line": 2,
                "also": [],
            }
        ],
    }


def test_a_plugin_that_does_not_load_is_refused(blog):
    said = "Cannot load plugin `nosuch`"

    assert_refused(blog, said, "-q", "-e", 'PLUGINS=["nosuch"]')


def test_an_error_that_a_plugin_only_logs_is_refused(blog):
    blog.write(
        "witness.py",
        "import logging\nfrom pelican import signals\n"
        "def complain(pelican): logging.getLogger('witness').error('the moon is full')\n"
        "def register(): signals.finalized.connect(complain)\n",
    )

    assert_refused(blog, "the moon is full", "-q")


def test_a_mistake_in_a_plugin_is_named_with_its_line(blog):
    blog.write(
        "witness.py",
        "from pelican import signals\n"
        "def stumble(pelican):\n    return {}['nosuch']\n"
        "def register(): signals.finalized.connect(stumble)\n",
    )

    assert_refused(blog, "witness.py:3: KeyError: 'nosuch'")


def test_a_plugin_that_cannot_be_registered_is_named_with_its_line_and_the_cause(blog):
    blog.write("witness.py", "def register():\n    return 1 / 0\n")

    said = "Cannot register plugin `witness`: ZeroDivisionError: division by zero"
    assert_refused(blog, f"witness.py:2: {said}", "-q")


def test_a_mistake_of_a_plugin_at_a_post_is_named_with_its_own_line(blog):
    blog.write(
        "witness.py",
        "import json\nfrom pelican import signals\n"
        "def stumble(content):\n    json.loads(content)\n"
        "def register(): signals.content_object_init.connect(stumble)\n",
    )

    said = "TypeError: the JSON object must be str, bytes or bytearray, not Article"
    assert_refused(blog, f"witness.py:4: {said} (while reading content/one.md)", "-q")


def test_what_a_plugin_refuses_of_a_post_is_said_of_the_post(blog):
    blog.write(
        "witness.py",
        "from pelican import signals\n"
        "def refuse(content): raise ValueError('too short')\n"
        "def register(): signals.content_object_init.connect(refuse)\n",
    )

    assert_refused(blog, "content/one.md: too short", "-q")


def test_a_plugin_may_refuse_in_its_own_words(blog):
    blog.write(
        "witness.py",
        "from pelican import signals\nfrom press import BuildError\n"
        "def refuse(pelican): raise BuildError('DEPTH is odd', file='pelicanconf.py', line=7)\n"
        "def register(): signals.initialized.connect(refuse)\n",
    )

    assert_refused(blog, "pelicanconf.py:7: DEPTH is odd")


def test_a_page_for_which_there_is_no_room_is_refused(blog):
    blog.post("long", "Words. " * 20_000)

    build = blog.build("-q", largest_file=50_000)

    said = "File too large (while writing feed.xml)"
    assert build.report["error"]["message"] == said
    assert "long/index.html" not in blog.live()
    assert blog.leftovers() == []


def test_a_picture_that_pelican_fails_to_copy_with_a_mere_warning_is_refused(blog):
    before = identities(blog.output)
    blog.write("content/static/large.png", "x" * 100_000)

    build = blog.build("-q", largest_file=50_000)

    assert build.code == 1
    assert "large.png" in build.report["error"]["message"]
    assert identities(blog.output) == before


def test_a_build_that_is_killed_leaves_no_report(blog):
    assert blog.build().report["ok"]
    blog.write("witness.py", "import os\ndef register(): os.kill(os.getpid(), 9)\n")

    assert blog.build().report == {}


# What plugins may rely on


def test_what_receivers_of_pelicans_signals_write_is_published(blog):
    blog.write(
        "witness.py",
        "from pathlib import Path\nfrom pelican import signals\n"
        "def write(pelican):\n"
        "    Path(pelican.output_path, 'by-path.txt').write_text('1')\n"
        "    Path(pelican.settings['OUTPUT_PATH'], 'by-setting.txt').write_text('2')\n"
        "def register(): signals.finalized.connect(write)\n",
    )

    assert blog.build().report["written"] == ["by-path.txt", "by-setting.txt"]

    assert blog.live()["by-path.txt"] == b"1"
    assert blog.live()["by-setting.txt"] == b"2"


def test_published_is_sent_when_the_new_is_live_and_the_old_not_yet_removed(blog):
    blog.write(
        "witness.py",
        "import blinker, os\n"
        "def note(press):\n"
        "    names = sorted(os.listdir(press.settings['OUTPUT_PATH']))\n"
        "    open('seen', 'w').write(' '.join(names))\n"
        "def register(): blinker.signal('permalien-published').connect(note)\n",
    )
    blog.post("three")
    blog.remove("content/two.md")

    assert blog.build().code == 0

    seen = (blog.folder / "seen").read_text().split()
    assert {"two", "three"} <= set(seen)
    assert "two/index.html" not in blog.live()


def test_a_receiver_of_published_that_fails_fails_the_build_and_nothing_is_removed(blog):
    blog.write(
        "witness.py",
        "import blinker\n"
        "def fail(press): raise ValueError('no room for the list of posts')\n"
        "def register(): blinker.signal('permalien-published').connect(fail)\n",
    )
    blog.remove("content/two.md")

    build = blog.build()

    assert build.code == 1
    assert "no room for the list of posts" in build.report["error"]["message"]
    assert "two/index.html" in blog.live()


def test_waiting_for_nothing_takes_no_time_after_a_killed_holder(blog):
    holder = blog.start()
    time.sleep(0.4)
    holder.kill()
    holder.communicate(timeout=60)

    build = blog.build()

    assert build.code == 0
    assert "waiting" not in build.errors
