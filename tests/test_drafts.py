"""What is not public yet is in nothing that is; friends see it by an address nobody can guess."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from actors import NOON, Author, BlogFolder, Clock, Reader, run_permalien, visit
from PIL import Image

from pingback_server.domain.tokens import draft_token
from pingback_server.server_settings import read_secrets
from pingback_server.unpublished import private_path

MADE_BY = 0x010F  # EXIF's Make
LATER = "2999-12-01 08:00"
PUBLIC_LINK = "See [the next one]({filename}/secret.md) and ![a cat]({static}/notes/shared.png)."
LINKS = (
    "![a dog]({static}/notes/dog.png) ![a cat]({static}/notes/shared.png) "
    "![a bird]({attach}/notes/bird.png) [hello]({filename}/hello.md)"
)


def write_drafts(blog: BlogFolder) -> None:
    blog.write_post("secret", "A secret", f"Between us. {LINKS}", Status="draft")
    blog.write_post("later", "Later", "Not before its day.", Date=LATER)
    undated = "Title: No day yet\nSlug: undated\nId: undated\nStatus: draft\n\nSome day.\n"
    (blog.folder / "content" / "undated.md").write_text(undated, encoding="utf-8")
    page = "Title: A page\nSlug: a-page\nId: a-page\nStatus: draft\n\nUnder construction.\n"
    (blog.folder / "content" / "pages" / "a-page.md").write_text(page, encoding="utf-8")


def write_pictures(blog: BlogFolder) -> None:
    notes = blog.folder / "content" / "notes"
    notes.mkdir()
    written = Image.Exif()
    written[MADE_BY] = "The camera that saw where I live"
    for name in ("dog", "shared", "bird"):
        Image.new("RGB", (3, 2), "teal").save(notes / f"{name}.png", exif=written)


def address_of(blog: BlogFolder, post: str, word: str = "") -> str:
    return private_path(draft_token(read_secrets(blog.settings), post, word))


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory, built_blog: Path) -> Iterator[BlogFolder]:
    """A blog with two drafts, a draft of a page and a scheduled post, built."""
    folder = tmp_path_factory.mktemp("waiting") / "blog"
    shutil.copytree(built_blog, folder)
    with BlogFolder(folder) as blog:
        write_pictures(blog)
        blog.write_post("hello", "Hello", f"The first words. {PUBLIC_LINK}")
        write_drafts(blog)
        blog.build()
        yield blog


@pytest.fixture
def friend(waiting: BlogFolder) -> Reader:
    """Somebody to whom the author has sent an address."""
    return visit(waiting, lambda: NOON)


def test_no_byte_of_the_output_depends_on_what_is_not_public(waiting: BlogFolder) -> None:
    before = waiting.pages()
    hidden = waiting.folder / "hidden"
    hidden.mkdir()
    drafts = ("undated.md", "later.md", "pages/a-page.md", "notes/dog.png", "notes/bird.png")
    for name in drafts:
        shutil.move(waiting.folder / "content" / name, hidden / Path(name).name)
    waiting.write_post("secret", "Another secret", "Quite other words.", Status="draft")
    try:
        done = waiting.build()
    finally:
        for name in drafts:
            shutil.move(hidden / Path(name).name, waiting.folder / "content" / name)
        write_drafts(waiting)
        waiting.build()

    assert done.written == done.removed == ()
    assert waiting.pages() == before


def test_nothing_public_names_a_draft_or_its_address(waiting: BlogFolder) -> None:
    secrets = [address_of(waiting, post) for post in ("secret", "later", "undated", "a-page")]
    words = ("Between us", "A secret", "Not before its day", "No day yet", "Under construction")

    said = b"\n".join(waiting.pages().values()).decode("utf-8", "replace")

    assert [word for word in (*secrets, *words, "/-/drafts/") if word in said] == []
    assert [name for name in waiting.pages() if "dog" in name or "bird" in name] == []
    assert [name for name in waiting.pages() if name.endswith("shared.png")] != []


def test_build_tells_the_author_the_address_of_each(waiting: BlogFolder) -> None:
    said = run_permalien("build", cwd=waiting.folder, env=waiting.environment, check=True)

    root = "http://localhost:8000"
    assert said.out.splitlines()[:-1] == [
        f"draft: A page  {root}{address_of(waiting, 'a-page')}",
        f"draft: A secret  {root}{address_of(waiting, 'secret')}",
        f"draft: No day yet  {root}{address_of(waiting, 'undated')}",
        f"scheduled: Later, appears {LATER} UTC  {root}{address_of(waiting, 'later')}",
    ]


def test_a_friend_reads_the_draft_at_its_private_address(
    waiting: BlogFolder, friend: Reader
) -> None:
    answer = friend.opens(address_of(waiting, "secret"))

    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Between us." in page
    assert "Draft, not published yet." in page


def test_the_address_without_its_slash_leads_there_whatever_host_is_asked(
    waiting: BlogFolder, friend: Reader
) -> None:
    address = address_of(waiting, "secret")

    answer = friend.opens(address.rstrip("/"), Host="evil.example")

    assert (answer.status_code, answer.headers["Location"]) == (301, address)


@pytest.mark.parametrize(
    ("post", "words"),
    [
        ("later", "Scheduled: it appears on 1 December 2999 at 08:00."),
        ("undated", "Some day."),
        ("a-page", "Under construction."),
    ],
)
def test_scheduled_posts_undated_drafts_and_pages_have_an_address_too(
    waiting: BlogFolder, friend: Reader, post: str, words: str
) -> None:
    assert words in friend.opens(address_of(waiting, post)).get_data(as_text=True)


def test_the_private_page_has_no_form_and_no_feed_and_no_machine_shall_keep_it(
    waiting: BlogFolder, friend: Reader
) -> None:
    answer = friend.opens(address_of(waiting, "secret"))

    page = answer.get_data(as_text=True)
    assert "<form" not in page
    assert "secret/comments.atom.xml" not in page
    assert 'rel="canonical"' not in page
    assert '<meta name="robots" content="noindex">' in page
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "same-origin"


def test_every_picture_of_the_private_page_is_there(waiting: BlogFolder, friend: Reader) -> None:
    page = friend.opens(address_of(waiting, "secret")).get_data(as_text=True)

    pictures = re.findall(r'src="([^"]+\.png)"', page)

    assert len(pictures) == 3
    shown = [Image.open(BytesIO(friend.opens(address).data)) for address in pictures]
    assert [picture.size for picture in shown] == [(3, 2)] * 3
    assert [dict(picture.getexif()) for picture in shown] == [{}] * 3


def test_no_other_address_is_answered(waiting: BlogFolder, friend: Reader) -> None:
    own = address_of(waiting, "secret")

    guesses = (
        *("/-/drafts/", "/-/drafts/secret/", "/-/drafts/links.json/", f"{own}../links.json"),
        *("/-/drafts/secret", "/-/drafts/a%0d%0aSet-Cookie:%20a=b"),
    )

    assert [friend.opens(guess).status_code for guess in guesses] == [404] * 6


def test_another_secret_gives_another_address() -> None:
    token = draft_token(["one secret"], "post")

    assert token != draft_token(["another secret"], "post")
    assert token == draft_token(["one secret", "another secret"], "post")
    assert re.fullmatch(r"[\w-]{22}", token)


def test_the_address_is_gone_when_the_author_takes_another_word(
    blog: BlogFolder, reader: Reader
) -> None:
    blog.write_post("secret", "A secret", "Between us.", Status="draft")
    blog.build()
    assert reader.opens(address_of(blog, "secret")).status_code == 200

    blog.write_post("secret", "A secret", "Between us.", Status="draft", Preview="again")
    blog.build()

    assert reader.opens(address_of(blog, "secret")).status_code == 404
    assert reader.opens(address_of(blog, "secret", "again")).status_code == 200


def test_the_address_leads_to_the_post_once_it_is_public_and_nowhere_once_it_is_deleted(
    blog: BlogFolder, reader: Reader
) -> None:
    draft = blog.write_post("secret", "A secret", "Between us.", Status="draft")
    blog.build()
    address = address_of(blog, "secret")
    blog.write_post("secret", "A secret", "For all.")
    blog.build()

    moved = reader.opens(address)

    assert (moved.status_code, moved.headers["Location"]) == (301, blog.address("secret"))
    draft.unlink()
    blog.build()
    assert reader.opens(address).status_code == 404


def test_what_a_build_did_not_leave_among_the_drafts_stays_there(blog: BlogFolder) -> None:
    idea = blog.settings.data / "drafts" / "ideas" / "one.md"
    idea.parent.mkdir(parents=True)
    idea.write_text("An idea.")
    draft = blog.write_post("secret", "A secret", "Between us.", Status="draft")
    blog.build()
    draft.unlink()

    blog.build()

    assert sorted(idea.parents[1].iterdir()) == [idea.parent, idea.parents[1] / "links.json"]
    assert idea.read_text() == "An idea."


def test_a_build_into_another_folder_leaves_the_friends_what_they_have(
    blog: BlogFolder,
) -> None:
    blog.write_post("secret", "A secret", "Between us.", Status="draft")
    blog.build()
    kept = sorted((blog.settings.data / "drafts").rglob("*"))
    blog.write_post("secret", "A secret", "Between us.")

    command = [sys.executable, "-m", "pelican", "--fatal", "errors", "--output", "elsewhere"]
    subprocess.run(command, cwd=blog.folder, env=blog.environment, check=True, capture_output=True)

    assert sorted((blog.settings.data / "drafts").rglob("*")) == kept


def test_a_preview_is_not_written_where_readers_are(blog: BlogFolder, author: Author) -> None:
    before = blog.pages()
    blog.write_post("secret", "A secret", "Between us.", Status="draft")

    with pytest.raises(Exception, match="it is for `permalien serve --watch`"):
        blog.build(PERMALIEN_PREVIEW="1")

    assert blog.pages() == before
    blog.environment["PERMALIEN_PREVIEW"] = "1"
    assert author.runs("build").code == 0
    assert b"Between us" not in b"".join(blog.pages().values())


def test_the_clock_alone_publishes_what_is_scheduled(
    blog: BlogFolder, reader: Reader, clock: Clock
) -> None:
    blog.write_post("later", "Later", "Its day has come.", Date="2026-11-23 08:00")
    blog.build(SOURCE_DATE_EPOCH=str(int(clock().timestamp())))
    address = address_of(blog, "later")
    assert "Scheduled" in reader.opens(address).get_data(as_text=True)

    clock.passes(days=1)
    blog.build(SOURCE_DATE_EPOCH=str(int(clock().timestamp())))

    assert reader.opens(address).headers["Location"] == blog.address("later")


def test_a_draft_with_a_place_of_its_own_is_not_published(blog: BlogFolder) -> None:
    head = "---\ntitle: Secret\ndraft: true\npermalink: /notes/first/\n---\nUnsaid."
    (blog.folder / "content/first.md").write_text(head, "utf-8")
    blog.write_post("later", "Later", "Unsaid.", Date="2099-01-01", Save_as="later/index.html")
    page = "Title: Half\nStatus: draft\nSave_as: half.html\nUrl: half.html\n\nUnsaid."
    (blog.folder / "content/pages/half.md").write_text(page, "utf-8")

    blog.build()

    assert [path for path, text in blog.pages().items() if b"Unsaid" in text] == []


def test_a_picture_that_only_a_draft_shows_in_the_public_folder_is_told(
    blog: BlogFolder, author: Author
) -> None:
    images = blog.folder / "content" / "images"
    images.mkdir(exist_ok=True)
    for name in ("dog", "cat"):
        Image.new("RGB", (3, 2), "teal").save(images / f"{name}.png")
    blog.write_post("hello", "Hello", "![a cat]({static}/images/cat.png)")
    both = "![a cat]({static}/images/cat.png)\n\n![a dog]({static}/images/dog.png)"
    blog.write_post("secret", "A secret", both, Status="draft")

    warnings = blog.build().warnings
    said = author.runs("check")

    (told,) = [one for one in warnings if "is public already" in one]
    assert told.startswith("content/secret.md:9: images/dog.png is public already")
    assert "content/secret.md:9: images/dog.png is public already" in said.out
    assert (blog.output / "images" / "dog.png").exists()


def test_without_a_public_folder_only_what_public_posts_show_is_published(
    blog: BlogFolder,
) -> None:
    images = blog.folder / "content" / "images"
    images.mkdir(exist_ok=True)
    for name in ("dog", "cat", "bird"):
        Image.new("RGB", (3, 2), "teal").save(images / f"{name}.png")
    blog.write_post("hello", "Hello", "![a cat]({static}/images/cat.png)")
    blog.write_post("secret", "A secret", "![a dog]({static}/images/dog.png)", Status="draft")
    blog.configure("STATIC_PATHS = []")

    warnings = blog.build().warnings

    assert [file.name for file in (blog.output / "images").iterdir()] == ["cat.png"]
    assert warnings == ()
