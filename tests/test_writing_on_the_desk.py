"""Posts written on the desk: a file in a plain box, saved only where it is what was opened."""

from __future__ import annotations

import os
import re
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from actors import Author, BlogFolder, Clock, visit
from desk_actors import TOKEN, Buttons, Moderator
from hypothesis import given
from hypothesis import strategies as st
from store_actors import another_writer
from werkzeug.test import encode_multipart

from pingback_server.contents import LONGEST, Contents
from pingback_server.domain.errors import Changed, NoSuchFile
from pingback_server.domain.heads import fields_of, is_draft, without_draft
from pingback_server.domain.people import Role
from pingback_server.processes import last_end, note_end
from pingback_server.store import Store

HELLO = "/-/desk/posts/hello.md"
NEW = "/-/desk/posts/new"


@pytest.fixture
def writer(blog: BlogFolder, clock: Clock) -> Moderator:
    """The owner, at the desk."""
    return Moderator(blog, clock, Role.OWNER)


def file(blog: BlogFolder, name: str = "hello.md") -> Path:
    return blog.folder / "content" / name


def in_the_box(page: str) -> str:
    return unescape(page.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0])


def saves(writer: Moderator, path: str = HELLO, **typed: str):
    """Open a post, type something in the place of its text, and press a button."""
    page = writer.opens(path)
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    return writer.reader.posts(path, data={"form_token": writer.token(), "digest": digest, **typed})


# What the box has, and where it goes


def test_the_box_has_the_whole_file_and_saves_what_is_typed(
    writer: Moderator, blog: BlogFolder
) -> None:
    text = in_the_box(writer.opens(HELLO))
    assert text == file(blog).read_text("utf-8")

    answer = saves(writer, text=text.replace("first words", "second words\r\n"))

    assert (answer.status_code, answer.location) == (303, f"{HELLO}?saved")
    assert "The second words\n.\n" in file(blog).read_text("utf-8")
    assert blog.store.dirty().posts == {"hello"}
    [line] = blog.store.actions.listed(size=1)
    assert (line.by, line.verb, line.subject) == ("ada", "write", "hello.md")


def test_the_list_says_of_each_post_the_day_in_words_the_newest_first(
    writer: Moderator, blog: BlogFolder
) -> None:
    blog.write_post("later", "Later", "Soon.", Date="2026-11-21T23:30:00-05:00", Status="draft")
    blog.write_post("vague", "Vague", "When?", Date="last summer", Status="draft")

    page = writer.opens("/-/desk/posts")

    days = re.findall(r"<span>(?:<time [^>]*>)?([^<]*(?:2026|summer))<", page)
    assert days[-4:] == ["22 November 2026", *["20 November 2026"] * 2, "last summer"]
    assert "2026-11-20 09:30" not in page


@pytest.mark.parametrize("name", ["C# notes.md", "why?.md", "100%25.md", "été.md"])
def test_whatever_its_file_is_called_a_post_that_was_saved_is_shown(
    writer: Moderator, blog: BlogFolder, name: str
) -> None:
    file(blog, name).write_text("Title: Odd\nDate: 2026-11-20\n\nWords.\n")

    answer = saves(writer, f"/-/desk/posts/{quote(name)}", text="Title: Odd\n\nMore words.")

    assert in_the_box(writer.opens(answer.location)) == "Title: Odd\n\nMore words.\n"


def test_what_is_saved_is_public_after_the_next_build(writer: Moderator, blog: BlogFolder) -> None:
    text = in_the_box(writer.opens(HELLO))

    saves(writer, text=text.replace("The first words.", "A correction."))
    blog.build()

    assert "A correction." in blog.page("hello")


def test_a_file_that_was_changed_meanwhile_is_not_overwritten_and_nothing_is_lost(
    writer: Moderator, blog: BlogFolder
) -> None:
    page = writer.opens(HELLO)
    digest = page.partition('name="digest" value="')[2].partition('"')[0]
    there = file(blog).read_text("utf-8") + "\nBy an editor.\n"
    file(blog).write_text(there, "utf-8")
    sent = {"form_token": writer.token(), "digest": digest, "text": "Title: Mine\n\nFrom a phone."}

    answer = writer.reader.posts(HELLO, data=sent)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert in_the_box(page).rstrip("\n") == "Title: Mine\n\nFrom a phone."
    assert "By an editor." in page
    assert file(blog).read_text("utf-8") == there


def test_who_has_seen_both_texts_saves_the_one_in_the_box(
    writer: Moderator, blog: BlogFolder
) -> None:
    sent = {"form_token": writer.token(), "digest": "0" * 64, "text": "Title: Mine\n\nBoth."}
    page = writer.reader.posts(HELLO, data=sent).get_data(as_text=True)
    seen = page.partition('name="digest" value="')[2].partition('"')[0]

    answer = writer.reader.posts(HELLO, data={**sent, "digest": seen})

    assert answer.status_code == 303
    assert file(blog).read_text("utf-8") == "Title: Mine\n\nBoth.\n"


@pytest.mark.parametrize(
    "name",
    [
        "../pelicanconf.py",
        "../outside.md",
        "%2e%2e/outside.md",
        "pages/../../outside.md",
        ".hidden.md",
        ".git/x.md",
        "hello.txt",
        "images",
        "link.md",
        "linked/inside.md",
        "pipe.md",
        "hello.md/x.md",
        "a%00.md",
    ],
)
def test_no_way_leads_out_of_the_folder_of_posts(
    writer: Moderator, blog: BlogFolder, name: str
) -> None:
    outside = blog.folder / "outside.md"
    outside.write_text("Title: Secret\n\nOutside.\n", "utf-8")
    content = blog.folder / "content"
    (content / "link.md").symlink_to(outside)
    (blog.folder / "elsewhere").mkdir()
    (blog.folder / "elsewhere" / "inside.md").write_text("Title: Secret\n\nx\n", "utf-8")
    (content / "linked").symlink_to(blog.folder / "elsewhere")
    os.mkfifo(content / "pipe.md")
    read = writer.reader.opens(f"/-/desk/posts/{name}")
    sent = {"form_token": writer.token(), "digest": "", "text": "Title: Mine\n"}
    written = writer.reader.posts(f"/-/desk/posts/{name}", data=sent)

    assert (read.status_code, written.status_code) == (404, 404)
    assert outside.read_text("utf-8") == "Title: Secret\n\nOutside.\n"


def test_what_is_far_too_long_is_not_written_and_stays_in_the_box(
    writer: Moderator, blog: BlogFolder
) -> None:
    before = file(blog).read_text("utf-8")

    saved = saves(writer, text="x" * (LONGEST + 1))
    begun = writer.reader.posts(
        NEW, data={"form_token": writer.token(), "title": "Long", "text": "x" * LONGEST}
    )

    for answer in (saved, begun):
        page = answer.get_data(as_text=True)
        assert answer.status_code == 413
        assert "A file has at most 500,000 characters." in page
        assert len(in_the_box(page)) >= LONGEST
    assert file(blog).read_text("utf-8") == before


@pytest.mark.parametrize("letter", ["漢", "😀", "\r\n"])
def test_a_post_may_be_as_long_in_every_script(
    writer: Moderator, blog: BlogFolder, letter: str
) -> None:
    text = letter * (LONGEST - 1000)
    sent = {"form_token": writer.token(), "title": "Long", "text": text}

    boundary, body = encode_multipart(sent)
    answer = writer.reader.posts(
        NEW, data=body, content_type=f"multipart/form-data; boundary={boundary}"
    )

    assert answer.status_code == 303
    written = file(blog, "2026-11-22-long.md").read_text("utf-8").partition("\n\n")[2]
    assert written.rstrip("\n") == text.replace("\r\n", "\n").rstrip("\n")


def test_a_database_that_takes_nothing_hides_no_post_that_was_written(
    writer: Moderator, blog: BlogFolder, clock: Clock
) -> None:
    sent = {"title": "Fresh", "text": "All my words.", "do": "publish"}
    with closing(Store.open(blog.settings.store_url, patience=0.1)) as impatient:
        writer.reader = visit(blog, clock, impatient)
        writer.reader._client.set_cookie("desk", f"{TOKEN}-of-ada")
        with another_writer(blog.folder):
            answer = writer.reader.posts(NEW, data={"form_token": writer.token(), **sent})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 503
        assert "Not everything could be saved." in page
        assert in_the_box(page).endswith("All my words.\n")

        address, hidden, _ = next(form for form in Buttons(page).forms if "/posts/" in form[0])
        again = writer.reader.posts(address, data={**dict(hidden), "text": in_the_box(page)})

    assert (again.status_code, again.location) == (303, f"{address}?saved")
    dirty = blog.store.dirty()
    assert dirty is not None
    assert dirty.posts == {"2026-11-22-fresh"}
    assert [line.subject for line in blog.store.actions.listed(size=9)] == ["2026-11-22-fresh.md"]


def test_a_file_that_is_no_utf_8_is_left_alone(writer: Moderator, blog: BlogFolder) -> None:
    file(blog, "old.md").write_bytes("Title: Été\n\nx\n".encode("latin-1"))

    answer = writer.reader.opens("/-/desk/posts/old.md")

    assert answer.status_code == 409
    assert "not written in UTF-8" in answer.get_data(as_text=True)


def test_a_file_that_was_deleted_meanwhile_loses_no_text(
    writer: Moderator, blog: BlogFolder
) -> None:
    writer.opens(HELLO)
    file(blog).unlink()

    sent = {"form_token": writer.token(), "digest": "0" * 64, "text": "All my words."}
    answer = writer.reader.posts(HELLO, data=sent)

    assert answer.status_code == 404
    assert in_the_box(answer.get_data(as_text=True)).strip() == "All my words."


# Drafts


def test_a_draft_is_published_by_its_button(writer: Moderator, blog: BlogFolder) -> None:
    blog.write_post("half", "Half", "A thought.", Status="draft")
    path = "/-/desk/posts/half.md"
    text = in_the_box(writer.opens(path))

    saves(writer, path, text=text)
    assert "Status: draft" in file(blog, "half.md").read_text("utf-8")
    saves(writer, path, text=text, do="publish")

    assert "Status" not in file(blog, "half.md").read_text("utf-8")


def test_a_hidden_post_is_no_draft_since_who_knows_its_address_reads_it(
    writer: Moderator, blog: BlogFolder
) -> None:
    blog.write_post("aside", "Aside", "A thought.", Status="hidden")
    blog.build()

    page = writer.opens("/-/desk/posts/aside.md")

    address = page.partition('<p class="facts">')[2].partition('<a href="')[2].partition('"')[0]
    assert "A thought." in writer.reader.opens(address).get_data(as_text=True)
    assert "Save and publish" in page
    assert "Save the draft" not in page
    assert "aside.md" in writer.opens("/-/desk/posts?is=hidden")
    assert "aside.md" not in writer.opens("/-/desk/posts?is=draft")


def test_a_draft_that_was_built_has_its_address_for_friends(
    writer: Moderator, blog: BlogFolder
) -> None:
    blog.write_post("half", "Half", "A thought.", Status="draft")
    blog.build()

    page = writer.opens("/-/desk/posts/half.md")

    address = page.partition('<a href="/-/drafts/')[2].partition('"')[0]
    assert "A thought." in writer.reader.opens(f"/-/drafts/{address}").get_data(as_text=True)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("Title: A\nStatus: draft\n\nStatus: draft\n", "Title: A\n\nStatus: draft\n"),
        ("---\ntitle: A\ndraft: true\n---\nx\n", "---\ntitle: A\n---\nx\n"),
        ('+++\ntitle = "A"\nstatus = "draft"\n+++\nx\n', '+++\ntitle = "A"\n+++\nx\n'),
        ("---\ntitle: A\ndraft: yes\n---\nx\n", "---\ntitle: A\n---\nx\n"),
        ("---\ndraft: true # not yet\ntitle: A\n---\n", "---\ntitle: A\n---\n"),
        ("---\ntitle: A\npublished: false\n---\n", "---\ntitle: A\n---\n"),
        ("Title: A\nStatus: published\n", "Title: A\nStatus: published\n"),
        ("no head at all", "no head at all"),
    ],
)
def test_a_draft_is_no_draft_any_more_and_all_else_stays(text: str, rest: str) -> None:
    assert without_draft(text) == rest
    assert not is_draft(fields_of(without_draft(text).splitlines()))


@pytest.mark.parametrize(
    ("head", "is_one"),
    [
        ("---\ntitle: A\npublished: No\n---\n", True),
        ("---\ntitle: A\ndraft: on\n---\n", True),
        ("+++\ndraft = true # not yet\n+++\n", True),
        ("---\ntitle: A\npublished: true\n---\n", False),
        ("---\ntitle: 'draft # true'\nstatus: 'draft # no'\n---\n", False),
        # Keys of Hugo and Jekyll mean nothing in a head of Pelican's own.
        ("Title: A\nPublished: false\nDraft: true\n\nx\n", False),
    ],
)
def test_a_draft_is_known_by_what_the_build_goes_by(head: str, is_one: bool) -> None:
    assert is_draft(fields_of(head.splitlines())) is is_one


# New posts


def test_a_new_post_is_begun_as_the_command_begins_it(writer: Moderator, blog: BlogFolder) -> None:
    writer.opens("/-/desk/posts/new")
    sent = {"title": "Été à Nîmes", "category": "travel", "text": "Soleil.\r\nPluie."}

    answer = writer.reader.posts(
        "/-/desk/posts/new", data={"form_token": writer.token(), **sent, "do": "publish"}
    )

    assert answer.location == "/-/desk/posts/2026-11-22-ete-a-nimes.md?saved"
    assert file(blog, "2026-11-22-ete-a-nimes.md").read_text("utf-8") == (
        "Title: Été à Nîmes\nDate: 2026-11-22 12:00\nAuthor: Ada\nCategory: travel\n"
        "Slug: ete-a-nimes\nId: 2026-11-22-ete-a-nimes\n\nSoleil.\nPluie.\n"
    )


def test_a_title_that_is_there_already_leaves_what_was_typed_in_the_form(
    writer: Moderator,
) -> None:
    sent = {"form_token": writer.token(), "title": "Twice", "text": "The second."}
    writer.reader.posts("/-/desk/posts/new", data={**sent, "text": "The first."})

    answer = writer.reader.posts("/-/desk/posts/new", data=sent)

    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert in_the_box(page).strip() == "The second."
    assert 'value="Twice"' in page
    assert (
        Contents(writer.blog.folder / "content")
        .opened("2026-11-22-twice.md")
        .text.endswith("The first.\n")
    )


@pytest.mark.parametrize("title", ["日" * 80, "𠀀" * 60, "été " * 60], ids=["han", "rare", "latin"])
def test_a_title_of_any_script_makes_the_name_of_a_file(
    writer: Moderator, blog: BlogFolder, title: str
) -> None:
    sent = {"form_token": writer.token(), "title": title, "text": "Words."}

    begun = writer.reader.posts(NEW, data=sent)

    assert begun.status_code == 303
    assert f"Title: {title.strip()}\n" in in_the_box(writer.opens(begun.location))


def test_a_file_whose_name_is_as_long_as_a_name_can_be_is_saved(tmp_path: Path) -> None:
    contents = Contents(tmp_path)
    name = "日" * 84 + ".md"
    (tmp_path / name).write_text("one\n")

    saved = contents.write(name, "two", contents.opened(name).digest)

    assert saved.text == "two\n"
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("title", ["a\nStatus: draft", "x\r\nSave_as: ../evil.html"])
def test_a_title_adds_no_line_to_the_head(writer: Moderator, blog: BlogFolder, title: str) -> None:
    sent = {"form_token": writer.token(), "title": title, "category": title, "do": "publish"}

    answer = writer.reader.posts("/-/desk/posts/new", data=sent)

    name = answer.location.removeprefix("/-/desk/posts/").removesuffix("?saved")
    head = fields_of(file(blog, name).read_text("utf-8").splitlines())
    assert set(head) == {"title", "date", "author", "category", "slug", "id"}


# What a build says


def test_a_mistake_is_shown_with_file_and_line_and_the_text_stays(
    writer: Moderator, blog: BlogFolder
) -> None:
    saves(writer, text="Title: Hello\nDate: someday\n\nWords.")
    note_end(blog.settings.build_folder, ("content/hello.md:2: no date: 'someday'",))

    page = writer.opens(f"{HELLO}?saved")

    assert "content/hello.md:2: no date: &#39;someday&#39;" in page
    assert in_the_box(page) == "Title: Hello\nDate: someday\n\nWords.\n"


def test_a_build_of_before_says_nothing_of_what_was_saved_since(
    writer: Moderator, blog: BlogFolder
) -> None:
    note_end(blog.settings.build_folder, ("content/hello.md:2: no date",))
    saves(writer, text="Title: Hello\nDate: 2026-11-20\n\nWords.")

    page = writer.opens(f"{HELLO}?saved")

    assert "no date" not in page
    assert "Saved." in page


def test_a_failed_build_leaves_word_for_the_desk(blog: BlogFolder) -> None:
    blog.write_post("broken", "Broken", "x", Date="someday")

    Author(blog).runs("build")

    [*_, problem] = last_end(blog.settings.build_folder).problems
    assert problem.startswith("content/broken.md:")


# Lists and roles


def test_posts_are_found_by_words_and_by_state(writer: Moderator, blog: BlogFolder) -> None:
    blog.write_post("half", "Été à moitié", "A thought.", Status="draft")

    assert "half.md" in writer.opens("/-/desk/posts?q=ete+moitie")
    assert "hello.md" not in writer.opens("/-/desk/posts?q=ete+moitie")
    assert "half.md" in writer.opens("/-/desk/posts?is=draft")
    page = writer.opens("/-/desk/posts?is=published")
    assert "hello.md" in page
    assert "half.md" not in page


def test_an_author_writes_own_posts_alone(blog: BlogFolder, clock: Clock) -> None:
    blog.write_post("mine", "Mine", "Words.", Author="Zoe")
    zoe = Moderator(blog, clock, Role.AUTHOR, "zoe")

    assert "hello.md" not in zoe.opens("/-/desk/posts")
    assert zoe.reader.opens(HELLO).status_code == 404
    sent = {"form_token": zoe.token(), "digest": "", "text": "x"}
    assert zoe.reader.posts(HELLO, data=sent).status_code == 404
    assert (
        saves(zoe, "/-/desk/posts/mine.md", text="Title: Mine\nAuthor: Zoe\n\nMore.").status_code
        == 303
    )


def test_an_author_whose_name_is_the_blog_s_own_keeps_a_new_draft(
    blog: BlogFolder, clock: Clock
) -> None:
    blog.configure('AUTHOR = "Zoe"')
    blog.build()
    zoe = Moderator(blog, clock, Role.AUTHOR, "zoe")
    sent = {"form_token": zoe.token(), "title": "A draft", "text": "All my words."}

    begun = zoe.reader.posts("/-/desk/posts/new", data=sent)

    assert in_the_box(zoe.opens(begun.location)).endswith("All my words.\n")
    assert "2026-11-22-a-draft.md" in zoe.opens("/-/desk/posts")


def test_a_moderator_writes_nothing(blog: BlogFolder, clock: Clock) -> None:
    ben = Moderator(blog, clock, Role.MODERATOR, "ben")

    assert ben.reader.opens("/-/desk/posts").status_code == 403
    assert "/-/desk/posts" not in ben.opens()


# The files themselves


@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_what_was_written_is_read_again(tmp_path_factory, text: str) -> None:
    contents = Contents(tmp_path_factory.mktemp("content"))

    written = contents.write("a.md", text, "")

    lines = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    assert written.text == (lines if lines.endswith("\n") else lines + "\n")
    assert contents.write("a.md", text, written.digest).digest == written.digest


def test_ends_of_lines_and_the_mark_of_an_editor_are_kept(tmp_path: Path) -> None:
    contents = Contents(tmp_path)
    (tmp_path / "a.md").write_bytes("\ufeffTitle: A\r\n\r\nx\r\n".encode())

    opened = contents.opened("a.md")
    contents.write("a.md", opened.text.replace("x", "y"), opened.digest)

    assert opened.text == "Title: A\n\nx\n"
    assert (tmp_path / "a.md").read_bytes() == "\ufeffTitle: A\r\n\r\ny\r\n".encode()


def test_a_disk_that_takes_no_more_leaves_the_text_in_the_box(
    writer: Moderator, blog: BlogFolder
) -> None:
    before = file(blog).read_bytes()
    (file(blog).parent / ".hello.md.new").mkdir()  # what is written beside it cannot be

    answer = saves(writer, text="All my words.")

    assert answer.status_code == 503
    page = answer.get_data(as_text=True)
    assert in_the_box(page).strip() == "All my words."
    assert "hello.md: Is a directory" in page
    assert file(blog).read_bytes() == before


def test_who_may_read_a_file_stays_as_it_was(tmp_path: Path) -> None:
    contents = Contents(tmp_path)
    digest = contents.write("a.md", "one", "").digest
    (tmp_path / "a.md").chmod(0o640)

    contents.write("a.md", "two", digest)

    assert (tmp_path / "a.md").stat().st_mode & 0o777 == 0o640


def test_what_cannot_be_opened_here_is_not_listed(writer: Moderator, blog: BlogFolder) -> None:
    (blog.folder / "content" / "link.md").symlink_to(file(blog))
    (blog.folder / "content" / "other.markdown").write_text("Title: Other\n\nx\n")

    page = writer.opens("/-/desk/posts")

    assert "link.md" not in page
    assert "other.markdown" not in page


def test_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    contents = Contents(tmp_path)
    digest = contents.write("a.md", "one", "").digest

    contents.write("a.md", "two", digest)
    with pytest.raises(Changed):
        contents.write("a.md", "three", digest)
    with pytest.raises(NoSuchFile):
        contents.write("sub/a.md", "x", "")

    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]
    assert (tmp_path / "a.md").read_text() == "two\n"
