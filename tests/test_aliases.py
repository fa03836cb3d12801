"""Former addresses lead on: by a page that stands there, by our server, by nginx and by Caddy."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from actors import Author, BlogFolder, Clock, Reader, free_port, visit, wait_until
from addresses.aliases import check_aliases, read_aliases
from addresses.maps import for_caddy, for_nginx
from pelican.contents import Article, Page

from pingback_server.domain.errors import BuildFailed

HELLO = "/2026/11/20/hello/"
ABOUT = "/about/"
# What is asked for, and where it leads; the posts of `moved_blog` say so.
MOVES = {
    "/old/hello/": HELLO,
    "/old/hello": HELLO,
    "/old/hello/index.html": HELLO,
    "/2019/hello.html": HELLO,
    "/blog.php": HELLO,
    "/caf%C3%A9/": HELLO,
    "/two%20words/": HELLO,
    "/2026/11/20/HELLO/": HELLO,
    "/?p=7": HELLO,
    "/who/": ABOUT,
}


@pytest.fixture(scope="module")
def moved_folder(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built blog whose post `hello` and whose page have moved more than once."""
    blog = BlogFolder(shutil.copytree(built_blog, tmp_path_factory.mktemp("moved") / "blog"))
    aliases = "/old/hello/, /2019/hello.html, /blog.php, /café/, /two%20words/, /2026/11/20/HELLO/"
    blog.write_post("hello", "Hello", "The first words.", Aliases=aliases, Number="7")
    about = blog.folder / "content" / "pages" / "about.md"
    about.write_text("Aliases: /who/\n" + about.read_text("utf-8"), "utf-8")
    blog.build()
    return blog.folder


@pytest.fixture
def moved_blog(moved_folder: Path) -> Iterator[BlogFolder]:
    with BlogFolder(moved_folder) as blog:
        yield blog


@pytest.fixture
def visitor(moved_blog: BlogFolder, clock: Clock) -> Reader:
    return visit(moved_blog, clock)


def article(tmp_path: Path, aliases: object) -> Any:
    """A post with these aliases, in the second line of its file."""
    source = tmp_path / "post.md"
    source.write_text(f"Title: A post\nAliases: {aliases}\n", "utf-8")
    return Article("", {"title": "A post", "aliases": aliases}, source_path=str(source))


# Our server


@pytest.mark.parametrize(("asked", "leads_to"), MOVES.items())
def test_our_server_leads_from_a_former_address_to_today_s(
    visitor: Reader, asked: str, leads_to: str
) -> None:
    answer = visitor.opens(asked)

    assert (answer.status_code, answer.location) == (301, leads_to)


def test_a_query_stays_behind(visitor: Reader) -> None:
    assert visitor.opens("/old/hello/?utm_source=feed&p=3").location == HELLO


def test_asking_for_the_head_alone_leads_on_as_well(visitor: Reader) -> None:
    answer = visitor.asks("HEAD", "/old/hello/")

    assert (answer.status_code, answer.location) == (301, HELLO)


def test_an_address_of_today_is_served_and_not_led_on(visitor: Reader) -> None:
    assert visitor.opens(HELLO).status_code == 200
    assert visitor.opens(ABOUT).status_code == 200


def test_below_the_path_of_the_blog_former_addresses_lead_on_too(
    blog: BlogFolder, clock: Clock
) -> None:
    blog.configure('SITEURL = "http://localhost:8000/blog"')
    blog.write_post("hello", "Hello", "The first words.", Aliases="/old/")
    blog.build()

    assert visit(blog, clock).opens("/blog/old/").location == f"/blog{HELLO}"
    assert f'"/blog/old/" "/blog{HELLO}";' in maps(blog)["nginx"]
    assert f'content="0; url=/blog{HELLO}"' in (blog.output / "old/index.html").read_text("utf-8")


# The page at a former address, for servers that know of nothing


@pytest.mark.parametrize("file", ["old/hello/index.html", "2019/hello.html", "café/index.html"])
def test_a_page_stands_at_a_former_address_and_leads_on(moved_blog: BlogFolder, file: str) -> None:
    page = (moved_blog.output / file).read_text("utf-8")

    assert f'<meta http-equiv="refresh" content="0; url={HELLO}">' in page
    assert f'<link rel="canonical" href="http://localhost:8000{HELLO}">' in page
    assert f'<a href="{HELLO}">Hello</a>' in page
    assert '<meta name="robots" content="noindex">' in page


def test_no_page_stands_where_it_would_be_taken_for_a_file_of_another_kind(
    moved_blog: BlogFolder,
) -> None:
    assert not (moved_blog.output / "blog.php").exists()


def test_the_page_goes_with_the_alias(blog: BlogFolder, reader: Reader) -> None:
    blog.write_post("hello", "Hello", "The first words.", Aliases="/old/")
    blog.build()
    blog.write_post("hello", "Hello", "The first words.")

    removed = blog.build().removed

    assert removed == ("old/index.html",)
    assert reader.opens("/old/").status_code == 404
    assert "/old/" not in maps(blog)["nginx"] + maps(blog)["caddy"]


# What is no former address


@pytest.mark.parametrize(
    ("said", "entry"),
    [
        ("old/hello/", "old/hello/"),
        ("/old/, https://example.org/hello/", "https://example.org/hello/"),
        ("/?p=12", "/?p=12"),
        ("/old/#part", "/old/#part"),
        ("/a//b/", "/a//b/"),
        ("//example.org/", "//example.org/"),
        ("/a/../b/", "/a/../b/"),
        ("/a%2F..%2Fb/", "/a%2F..%2Fb/"),
        ("/..", "/.."),
        ("/%2e%2e/a/", "/%2e%2e/a/"),
        ("/a/.%2E", "/a/.%2E"),
        ("/%2Fa/", "/%2Fa/"),
        ("/..%5Ca/", "/..%5Ca/"),
        ("/one /two/", "/one /two/"),
        ('/a"b/', '/a"b/'),
        ("/a{b}/", "/a{b}/"),
        ("/a\\b/", "/a\\b/"),
        ("/a%0Ab/", "/a%0Ab/"),
    ],
)
def test_what_is_no_path_is_refused_with_its_line(tmp_path: Path, said: str, entry: str) -> None:
    post = article(tmp_path, said)

    with pytest.raises(BuildFailed) as refusal:
        read_aliases(post)

    assert (refusal.value.file, refusal.value.line) == (post.source_path, 2)
    assert refusal.value.message == (
        f"Aliases: each has to be a path such as /2019/old-name/ without ? or #, not {entry!r}"
    )


@pytest.mark.parametrize("said", ["/-/comments", "/-/", "/healthz", "/readyz/"])
def test_an_address_of_the_service_is_refused(tmp_path: Path, said: str) -> None:
    with pytest.raises(BuildFailed, match="is an address of the service"):
        read_aliases(article(tmp_path, said))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("/a/, /b/", ("/a/", "/b/")),
        ("/a/,/b/,", ("/a/", "/b/")),
        (["/a/,", "/b/"], ("/a/", "/b/")),
        ("/a/, /a, /a/index.html", ("/a/",)),
        ("/caf%C3%A9/", ("/café/",)),
        ("", ()),
    ],
)
def test_aliases_are_read_however_they_are_listed(
    tmp_path: Path, said: object, read: tuple[str, ...]
) -> None:
    post = article(tmp_path, said)

    read_aliases(post)

    assert post.aliases == read


def test_an_address_that_two_posts_claim_is_refused_with_both(tmp_path: Path) -> None:
    posts = [article(tmp_path, "/a/"), article(tmp_path, "/b/, /a")]
    for post in posts:
        read_aliases(post)

    with pytest.raises(BuildFailed, match=r"post\.md:2: Aliases: .*post\.md has /a too"):
        check_aliases(posts)


def test_pages_have_former_addresses_and_none_is_needed(tmp_path: Path) -> None:
    source = tmp_path / "page.md"
    source.write_text("Title: A page\n", "utf-8")
    page: Any = Page("", {"title": "A page"}, source_path=str(source))

    read_aliases(page)

    assert page.aliases == ()


def test_aliases_that_are_addresses_of_today_are_refused_all_at_once(
    blog: BlogFolder, author: Author
) -> None:
    taken = ["/archives/", "/feeds/all.atom.xml", "/theme/css/style.css", "/404.html/old/", "/"]
    blog.write_post("hello", "Hello", "The first words.", Aliases=", ".join([HELLO, *taken]))
    before = blog.pages()

    said = author.runs("build")

    place = "content/hello.md:5: Aliases:"
    assert f"{place} {HELLO} is its own address today; take it out" in said.err
    assert [alias for alias in taken if f"{place} at {alias} stands something" in said.err] == taken
    assert (said.code, blog.pages()) == (1, before)


def test_wherever_a_former_address_leads_its_page_lies_in_the_output_folder(
    blog: BlogFolder,
) -> None:
    blog.configure('DIRECT_TEMPLATES = ["archives", "404"]')
    blog.write_post("hello", "Hello", "Words.", Aliases="/, /.../a/, /%252e%252e/b/, /~/c.html")

    written = blog.build().written

    pages = ["index.html", ".../a/index.html", "%2e%2e/b/index.html", "~/c.html"]
    assert [page for page in pages if page in written] == pages
    assert f"url={HELLO}" in (blog.output / "index.html").read_text("utf-8")


# nginx and Caddy


def maps(blog: BlogFolder) -> dict[str, str]:
    """What the build left for each web server."""
    folder = blog.settings.data
    return {name: (folder / f"redirects.{name}").read_text("utf-8") for name in ("nginx", "caddy")}


def test_the_map_for_nginx_has_a_line_for_each_spelling() -> None:
    lines = for_nginx({"/old": "/new/", "/a.html": "/b$c/"}, "", {"/new"}).splitlines()

    assert lines[1:] == ['"/a.html" "/b%24c/";', '"/old" "/new/";', '"/old/" "/new/";']


def test_where_nginx_would_take_an_address_for_another_it_is_told_to_look_closely() -> None:
    lines = for_nginx({"/New": "/new/"}, "/blog", {"/new"}).splitlines()

    assert lines[1:] == ['"~^/blog/New/?$" "/blog/new/";']


def test_the_map_for_caddy_is_a_map_even_when_nothing_has_moved() -> None:
    assert for_caddy({}, "").splitlines()[1:] == ['default ""']
    assert for_caddy({"/old": "/new/"}, "").splitlines()[2:] == [
        '"/old" "/new/"',
        '"/old/" "/new/"',
    ]


def test_a_build_elsewhere_leaves_the_maps_of_the_blog_alone(
    blog: BlogFolder, tmp_path: Path
) -> None:
    before = maps(blog)
    blog.write_post("hello", "Hello", "The first words.", Aliases="/old/")

    subprocess.run(
        [
            sys.executable,
            "-m",
            "pelican",
            "-s",
            "pelicanconf.py",
            "-o",
            str(tmp_path / "elsewhere"),
        ],
        cwd=blog.folder,
        env={**blog.environment},
        check=True,
        capture_output=True,
    )

    assert maps(blog) == before


@pytest.fixture
def numbered_blog(blog: BlogFolder) -> BlogFolder:
    """A blog whose posts' addresses are numbers."""
    blog.configure('PERMALINKS = "/?p=N"')
    blog.write_post("hello", "Hello", "The first words.", Number="7")
    blog.write_post("bonjour", "Bonjour", "Les premiers mots.", Lang="fr", Number="8")
    [welcome] = (blog.folder / "content").glob("*-welcome.md")
    welcome.write_text("Number: 1\n" + welcome.read_text("utf-8"), "utf-8")
    blog.build()
    return blog


def example(server: str) -> str:
    """What docs/deploy.md has an operator write for that web server."""
    page = (Path(__file__).parent.parent / "docs" / "deploy.md").read_text("utf-8")
    block = page.split(f"\n{server}:\n\n")[1].split("\n\n")[0]
    return "".join(f"{line[4:]}\n" for line in block.splitlines())


def numbered(server: str) -> str:
    """What docs/deploy.md adds to that for posts whose addresses are numbers."""
    page = (Path(__file__).parent.parent / "docs" / "deploy.md").read_text("utf-8")
    return page.split(f"\nIn {server}, below")[1].split("\n\n")[1]


def configuration(server: str, folder: Path, place: Path, port: int) -> str:
    """That example for the blog in `folder`, on this port of this machine alone."""
    is_numbered = "/?p=N" in (folder / "pelicanconf.py").read_text("utf-8")
    also = numbered(server) + "\n" if is_numbered else ""
    text = example(server).replace("/srv/blog", str(folder))
    if server == "Caddy":
        text = text.replace("blog.example.org {", f"http://127.0.0.1:{port} {{")
        text = text.replace("    @service", f"{also}    @service", 1)
        return f"{{\n    admin off\n    auto_https off\n}}\n{text}"
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port}")
    text = text.replace("    error_page", f"{also}    error_page")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    folders = "".join(f"{kind}_temp_path {place}/{kind}; " for kind in kinds)
    head = f"pid {place}/pid; daemon off; master_process off; events {{}}\n"
    return f"{head}http {{ access_log off; {folders}\n{text}}}\n"


Asked = Callable[[str], tuple[int, str]]


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.soak) for name in ("nginx", "Caddy")])
def in_front(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[Path], Asked]]:
    """Starts a real web server on a blog's files; gives what asks it for the status and place."""
    server = request.param
    program = shutil.which(server.lower(), path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip(f"{server} is not installed")
    port, running = free_port(), []

    def ask(path: str) -> tuple[int, str]:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            location = urlsplit(answer.headers.get("Location", ""))
            query = f"?{location.query}" if location.query else ""
            return answer.status, f"{location.path}{query}"

    def start(folder: Path) -> Asked:
        file, log = tmp_path / "configuration", tmp_path / "log"
        file.write_text(configuration(server, folder, tmp_path, port), "utf-8")
        options = {
            "nginx": ["-p", str(tmp_path), "-e", "stderr", "-c", str(file)],
            "Caddy": ["run", "--config", str(file), "--adapter", "caddyfile"],
        }
        with log.open("wb") as written:
            running.append(
                subprocess.Popen(
                    [program, *options[server]], stderr=written, env={"HOME": str(tmp_path)}
                )
            )
        wait_until(lambda: _listens(port), 20, log.read_text)
        return ask

    yield start
    for process in running:
        process.terminate()
        process.wait(20)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def test_a_web_server_in_front_leads_from_former_addresses_to_today_s(
    in_front: Callable[[Path], Asked], moved_blog: BlogFolder
) -> None:
    asked = in_front(moved_blog.folder)

    answers = {path: asked(path) for path in (*MOVES, "/old/hello/?utm_source=feed")}

    del answers["/old/hello/index.html"]  # the page that stands there leads on
    assert {status for status, _ in answers.values()} == {301}
    assert {path: place for path, (_, place) in answers.items()} == {
        **{path: place for path, place in MOVES.items() if path in answers},
        "/old/hello/?utm_source=feed": HELLO,
    }


def test_a_web_server_in_front_serves_what_has_not_moved(
    in_front: Callable[[Path], Asked], moved_blog: BlogFolder
) -> None:
    asked = in_front(moved_blog.folder)

    statuses = [asked(path)[0] for path in ("/", HELLO, ABOUT, "/?p=hello", "/nowhere/")]

    assert statuses == [200, 200, 200, 200, 404]


def test_a_web_server_in_front_finds_posts_by_their_numbers(
    in_front: Callable[[Path], Asked], numbered_blog: BlogFolder
) -> None:
    asked = in_front(numbered_blog.folder)

    answers = [asked(path) for path in ("/?p=7", "/fr/?p=8", "/?p=8", "/?p=9", "/about/?p=7", "/")]

    assert answers == [(200, ""), (200, ""), (301, "/fr/?p=8"), (404, ""), (200, ""), (200, "")]
