"""How files go live: whole, in order, only if they changed, and nobody else's are touched."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import threading
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


# What is written, and in which order


def test_unchanged_files_are_not_written_again(blog):
    before = identities(blog.output)
    blog.post("one", "Other words.")

    assert blog.build().code == 0

    after = identities(blog.output)
    changed = {path for path in after if after[path] != before[path]}
    assert changed == {"one/index.html", "feed.xml"}


def test_a_file_that_changed_without_growing_is_written_again(blog):
    blog.write("content/static/picture.png", "B picture")

    assert blog.build().report["written"] == ["static/picture.png"]

    assert blog.live()["static/picture.png"] == b"B picture"


def test_a_page_that_was_spoilt_by_hand_is_made_right(blog):
    (blog.output / "one" / "index.html").write_text("graffiti")
    (blog.output / "index.html").unlink()

    assert blog.build().code == 0

    assert blog.live() == blog.stock()


def test_new_posts_come_first_then_pictures_then_lists_then_what_changed(blog):
    blog.post("three")
    blog.write("content/static/new.png", "new")
    blog.write("theme/templates/archives.html", "{% for article in articles %}.{% endfor %}")
    conf = (blog.folder / "pelicanconf.py").read_text()
    blog.write("pelicanconf.py", conf + 'DIRECT_TEMPLATES = ["index", "archives"]\n')

    written = blog.build().report["written"]

    assert written == [
        "three/index.html",
        "static/new.png",
        "archives.html",
        "feed.xml",
        "index.html",
    ]


def test_a_page_is_a_file_of_its_own_even_where_pelican_would_link(blog):
    picture = blog.folder / "content" / "static" / "picture.png"
    live = blog.output / "static" / "picture.png"
    live.unlink()
    live.symlink_to(picture)
    content = "x" * len(str(picture))  # the size of the link itself
    blog.write("content/static/picture.png", content)

    assert blog.build("-e", "STATIC_CREATE_LINKS=true").code == 0

    assert live.read_text() == content
    assert not live.is_symlink()
    assert not live.samefile(picture)


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
def test_new_files_have_the_mode_that_the_umask_asks_for(blog, mask, mode):
    blog.write("witness.py", f"import os\ndef register(): os.umask({mask})\n")
    blog.post("three")

    assert blog.build().code == 0

    assert (blog.output / "three" / "index.html").stat().st_mode & 0o777 == mode


def test_the_output_may_be_a_link_to_the_folder_of_the_web_server(blog, tmp_path):
    blog.output.rename(tmp_path / "htdocs")
    blog.output.symlink_to(tmp_path / "htdocs")
    blog.post("three")
    assert blog.build().code == 0
    assert blog.output.is_symlink()
    assert "three/index.html" in files(tmp_path / "htdocs")

    blog.remove("content/three.md")
    by_its_own_name = blog.build("-o", str(tmp_path / "htdocs"))
    assert by_its_own_name.report["removed"] == ["three/index.html"]


def test_where_nothing_may_be_made_beside_the_output_the_cache_folder_serves(blog):
    shutil.rmtree(blog.workshop)
    blog.write(".output.press", "a file, so there can be no folder")
    blog.post("three")
    assert blog.build().code == 0

    blog.remove("content/three.md")
    assert blog.build().report["removed"] == ["three/index.html"]
    assert len(list(blog.folder.glob("cache/press-*/written.json"))) == 1


def test_files_are_synced_before_they_are_renamed_and_folders_after(blog):
    blog.post("three")
    blog.remove("content/two.md")
    # A profiler sees the calls as they are made.
    blog.write(
        "witness.py",
        "import sys\nfrom pelican import signals\n"
        "def note(frame, event, call):\n"
        "    if event == 'c_call' and call.__name__ in ('fsync', 'replace'):\n"
        "        open('calls', 'a').write(call.__name__ + ' ')\n"
        "def watch(_): sys.setprofile(note)\n"
        "def register(): signals.finalized.connect(watch)\n",
    )

    assert blog.build().report["written"] == ["three/index.html", "feed.xml", "index.html"]

    whole_file, folder = ["fsync", "replace"], ["fsync"]
    assert (blog.folder / "calls").read_text().split() == [
        *(whole_file + folder),  # the list of our files, with the new name
        *(whole_file + folder + folder),  # the new post, in a new folder in the output
        *(whole_file + whole_file + folder),  # feed and front page
        *folder,  # the removal of the old post
        *(whole_file + folder),  # the list without its name
        "replace",  # the report
    ]


# What is removed


def test_a_withdrawn_post_goes_with_its_folder(blog):
    blog.remove("content/two.md")

    assert blog.build().report["removed"] == ["two/index.html"]

    assert not (blog.output / "two").exists()
    assert blog.live() == blog.stock()


def test_files_that_somebody_put_there_stay(blog):
    foreign = {"CNAME": b"example.org", ".git/HEAD": b"ref", "two/notes.txt": b"mine"}
    for path, content in foreign.items():
        blog.write(f"output/{path}", content)
    blog.remove("content/two.md")

    assert blog.build().code == 0

    live = blog.live()
    assert {path: live.get(path) for path in foreign} == foreign
    assert "two/index.html" not in live


def test_clearing_the_output_removes_what_is_not_built_but_retained_and_dotted_names(blog):
    for path in ("CNAME", "old/page.html", ".git/HEAD", "drop/file"):
        blog.write(f"output/{path}", "foreign")
    before = identities(blog.output)

    build = blog.build("-d", "-e", 'OUTPUT_RETENTION=["drop"]')

    assert build.report["removed"] == ["CNAME", "old/page.html"]
    assert identities(blog.output).items() <= before.items()
    assert {".git/HEAD", "drop/file", "index.html"} <= set(blog.live())


def test_an_output_that_holds_the_sources_is_never_cleared(blog):
    blog.post("three")

    assert blog.build("-d", "-o", ".").code == 0

    assert (blog.folder / "content" / "three.md").exists()
    assert (blog.folder / "three" / "index.html").exists()


def test_what_another_pelican_left_stays_and_is_named_and_clearing_removes_it(blog):
    shutil.rmtree(blog.workshop)
    blog.remove("content/two.md")
    blog.write("output/.git/HEAD", "ref")  # which clearing leaves alone, too

    build = blog.build("-q")

    assert "1 files there are not from this build and stay (two/index.html)" in build.errors
    assert "two/index.html" in blog.live()
    assert blog.build("-d").report["removed"] == ["two/index.html"]


def test_a_file_becomes_a_folder_and_a_file_again(blog):
    as_folder, as_file = "content/static/about/in.txt", "content/static/about"
    blog.write(as_file, "file")
    assert blog.build().code == 0

    blog.remove(as_file)
    blog.write(as_folder, "folder")
    assert blog.build().code == 0
    assert blog.live()["static/about/in.txt"] == b"folder"

    shutil.rmtree(blog.folder / as_file)
    blog.write(as_file, "file again")
    assert blog.build().code == 0
    assert blog.live()["static/about"] == b"file again"
    assert blog.live() == blog.stock()


@pytest.mark.parametrize(
    ("foreign", "page"),
    [("static/new", "static/new/in.txt"), ("static/new/in.txt", "static/new")],
    ids=["file", "folder"],
)
def test_somebodys_file_in_the_way_of_a_page_refuses_the_build(blog, foreign, page):
    blog.write(f"output/{foreign}", "mine")
    blog.write(f"content/{page}", "new")
    blog.post("three")
    before = identities(blog.output)

    build = blog.build("-q")

    assert build.code == 1
    where = f"{blog.output}/{foreign}: is not from a build and in the way of {page}"
    assert where in build.errors
    assert identities(blog.output) == before


# Whatever happens

PADDING = "\n".join(["All work and no play."] * 2000)


def test_readers_see_whole_pages_while_the_blog_is_published_over_and_over(blog):
    faults: list[str] = []
    is_over = threading.Event()
    reads = [0]

    def read_on(path: Path) -> None:
        while not is_over.is_set():
            reads[0] += 1
            try:
                text = path.read_text("utf-8")
            except FileNotFoundError:
                faults.append("missing")
                continue
            first, last = text.partition("BEGIN ")[2][:4], text.rpartition("END ")[2][:4]
            if not first or first != last:
                faults.append(f"{len(text)} characters, {first!r} to {last!r}")

    def publish(number: int) -> None:
        blog.post("one", f"BEGIN {number:04}\n\n{PADDING}\n\nEND {number:04}")
        assert press.run() == "published"

    with blog.warm() as press:
        publish(0)
        page = blog.output / "one" / "index.html"
        readers = [threading.Thread(target=read_on, args=(page,)) for _ in range(2)]
        for reader in readers:
            reader.start()
        try:
            for number in range(1, 21):
                publish(number)
        finally:
            is_over.set()
            for reader in readers:
                reader.join()

    assert faults == []
    assert reads[0] > 100


def test_a_disk_that_fills_up_while_carrying_leaves_whole_files_and_the_next_build_goes_on(blog):
    blog.post("a-new-one")
    blog.write("content/static/large.png", "x" * 100_000)
    blog.post("one", "Other words.")
    before = blog.live()
    # From here on no file may grow over 50,000 bytes: the build is whole, the copy will not be.
    blog.write(
        "witness.py",
        "import resource\nfrom pelican import signals\n"
        "def fill(_): resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))\n"
        "def register(): signals.finalized.connect(fill)\n",
    )

    build = blog.build("-q")

    assert build.code == 1
    assert f"{blog.output}/static/large.png: File too large" in build.errors
    assert build.report["written"] == ["a-new-one/index.html"]
    assert {path: blog.live().get(path) for path in before} == before
    assert blog.leftovers() == []
    blog.remove("witness.py")
    assert blog.build().code == 0
    assert blog.live() == blog.stock()


def test_a_post_withdrawn_after_a_build_was_killed_is_not_forgotten(blog):
    blog.write(
        "witness.py",
        "import blinker, os\n"
        "def die(press): os.kill(os.getpid(), 9)\n"
        "def register(): blinker.signal('permalien-published').connect(die)\n",
    )
    blog.post("secret")
    assert blog.build().code == -9
    assert "secret/index.html" in blog.live()

    blog.remove("witness.py")
    blog.remove("content/secret.md")
    assert blog.build().code == 0

    assert "secret/index.html" not in blog.live()
    assert blog.live() == blog.stock()
    assert blog.leftovers() == []


def test_what_a_killed_builder_left_half_written_is_swept_away_even_by_a_refused_build(blog):
    blog.write("output/one/.press-new", "half a pa")
    blog.write(".output.press/building/one/index.html", "half a bu")
    blog.write("content/bad.md", "Title: Bad\nDate: soon\n\nWords.\n")

    assert blog.build("-q").code == 1

    assert blog.leftovers() == []


def has_changed(blog: Site, before: dict[str, tuple[int, int]]) -> bool:
    """Whether any file has come, gone or changed since `before`."""
    try:
        return identities(blog.output) != before
    except FileNotFoundError:
        return True  # one vanished as we looked


def kill_while_carrying(blog: Site, chance: random.Random) -> None:
    """Change everything, and kill the builder when some file of the many has just gone live."""
    mark = chance.randrange(1 << 30)
    for number in range(40):
        if chance.random() < 0.5:
            blog.write(f"content/static/{number % 5}/{number}.txt", f"{mark} " * 20_000)
        else:
            (blog.folder / f"content/static/{number % 5}/{number}.txt").unlink(missing_ok=True)
    before = identities(blog.output)
    builder = subprocess.Popen(
        [sys.executable, "-m", "pelican", "-q"], cwd=blog.folder, stdout=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 30
    while not has_changed(blog, before) and builder.poll() is None:
        assert time.monotonic() < deadline
    time.sleep(chance.random() * 0.03)
    builder.kill()
    builder.wait(timeout=60)


def assert_killed_builds_do_no_harm(blog: Site, *, times: int, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(times):
        old = blog.live()
        kill_while_carrying(blog, chance)
        fresh = blog.stock()
        for path, content in blog.live().items():
            assert path.endswith(".press-new") or content in (old.get(path), fresh.get(path)), path
        assert blog.build("-q").code == 0
        assert blog.live() == fresh
        assert blog.leftovers() == []


def test_a_builder_killed_while_carrying_leaves_whole_files_and_the_next_build_goes_on(blog):
    assert_killed_builds_do_no_harm(blog, times=4, seed=1)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_many_builders_killed_while_carrying_do_no_harm(blog):
    assert_killed_builds_do_no_harm(blog, times=100, seed=int(os.environ.get("SEED", "2")))
