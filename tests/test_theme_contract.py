"""docs/theme.md names what the templates have; what it shows works in both programs."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from actors import BlogFolder, Clock, Reader, visit
from jinja2 import Environment, meta, nodes

from pingback_server.domain.discussion import Comment, Ping
from pingback_server.domain.errors import BuildFailed
from pingback_server.domain.posts import Blog
from pingback_server.manifest import PublishedBlog
from pingback_server.pelican_settings import THEME_CONTRACT
from pingback_server.web.templates import Theme

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "theme" / "templates"
PAGE = (ROOT / "docs" / "theme.md").read_text("utf-8")
# The pages of the desk are the program's own.
NAMES = sorted(
    name
    for file in TEMPLATES.rglob("*.html")
    if not (name := str(file.relative_to(TEMPLATES))).startswith("desk/")
)


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    return re.split(r"\n##+ ", PAGE.split(f"# {title}\n", 1)[1])[0]


def rows(title: str) -> dict[str, str]:
    """The table of a section: its first cells, each with the rest of its row."""
    lines = [line.strip("|") for line in section(title).splitlines() if line.startswith("| `")]
    return {first.strip(): rest for first, _, rest in (line.partition("|") for line in lines)}


def quoted(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def named(title: str) -> set[str]:
    """The names in the first cells of a section's table."""
    return {name for cell in rows(title) for name in quoted(cell)}


def parsed(template: str) -> nodes.Template:
    return Environment().parse((TEMPLATES / template).read_text("utf-8"))


def names_used(template: str) -> set[str]:
    """What a template takes from its context: neither set in it nor imported, and no setting."""
    tree = parsed(template)
    own = {name.name for name in tree.find_all(nodes.Name) if name.ctx == "store"}
    for imported in tree.find_all(nodes.FromImport):
        own |= {name if isinstance(name, str) else name[1] for name in imported.names}
    used = meta.find_undeclared_variables(tree)
    return {name for name in used - own if not name.isupper()}


def test_the_page_is_about_the_contract_that_stands() -> None:
    assert f"**version {THEME_CONTRACT}**" in PAGE


@pytest.mark.parametrize("template", NAMES)
def test_exactly_the_blocks_of_a_template_stand_in_the_docs(template: str) -> None:
    said = {quoted(first)[0]: quoted(rest) for first, rest in rows("Blocks").items()}

    blocks = [block.name for block in parsed(template).find_all(nodes.Block)]
    assert sorted(said.get(template, [])) == sorted(blocks)


@pytest.mark.parametrize("template", [name for name in NAMES if name.startswith("_")])
def test_exactly_the_macros_of_a_partial_stand_in_the_docs(template: str) -> None:
    said = {quoted(first)[0]: quoted(rest) for first, rest in rows("Macros").items()}

    macros = [
        f"{macro.name}({', '.join(argument.name for argument in macro.args)})"
        for macro in parsed(template).find_all(nodes.Macro)
    ]
    assert said[template] == macros


def test_no_template_stands_in_the_docs_that_is_not_there() -> None:
    assert named("Blocks") | named("Macros") <= set(NAMES)


def test_exactly_the_names_that_templates_use_stand_in_the_docs() -> None:
    worlds = ("In both worlds", "In Pelican's pages, besides Pelican's own settings")
    said = set().union(*map(named, (*worlds, "In the service's pages")))

    # A template may use what it, or the base that it fills, has set.
    used = set().union(*map(names_used, NAMES)) | {
        "lang",
        "canonical",
        "page_title",
        "talk",
        "href",
    }
    assert said == used


def test_the_base_uses_only_what_both_programs_give_it() -> None:
    asked_for = {"output_file"}

    assert names_used("base.html") - asked_for <= named("In both worlds")


def public(kind: type) -> set[str]:
    return {name for name in dir(kind) if not name.startswith("_")}


def test_exactly_what_site_has_stands_in_the_docs() -> None:
    for_programs = {"theme", "output"}

    assert named("`site`") == {item.name for item in fields(Blog)} - for_programs


def test_exactly_what_a_conversation_has_stands_in_the_docs() -> None:
    sys.path.append(str(ROOT / "plugins"))
    from discussion.conversation import Conversation

    assert named("`comments_on(article)`") == public(Conversation)


def test_exactly_what_an_item_has_stands_in_the_docs() -> None:
    assert named("An item of a discussion") == public(Comment) | public(Ping)


def test_every_token_that_the_docs_name_is_one_and_there_is_no_other() -> None:
    style = (ROOT / "theme" / "static" / "css" / "style.css").read_text("utf-8")
    root = style.partition(":root {")[2].partition("}")[0]

    tokens = set(re.findall(r"--[a-z]+", section("Change colours, type and measure")))
    # How wide the margin is follows from the page's width.
    assert tokens == set(re.findall(r"(--[a-z]+):", root)) - {"--margin"}


# A blog with a look of its own, made of the page's own examples


def examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture(scope="module")
def dressed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A built blog with the overrides that docs/theme.md shows."""
    with BlogFolder.init(tmp_path_factory.mktemp("dressed") / "blog") as blog:
        base, article = examples("jinja")
        for name, text in (("look/base.html", base), ("look/article.html", article)):
            write(blog.folder / name, text)
        write(blog.folder / "content" / "look" / "mine.css", examples("css")[0])
        blog.configure(examples("python")[0])
        blog.write_post("hello", "Hello", "The first words.")
        blog.build()
        yield blog


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def test_a_stylesheet_of_the_author_s_own_is_in_every_page(dressed: BlogFolder) -> None:
    pages = {name: page for name, page in dressed.pages().items() if name.endswith(".html")}

    assert len(pages) > 5
    for name, page in pages.items():
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]*)"', page.decode())
        assert sheets == ["/theme/css/style.css", "/look/mine.css"], name
    assert (dressed.output / "look" / "mine.css").read_text("utf-8") == examples("css")[0]


def test_a_block_of_the_author_s_own_stands_beside_the_theme_s(dressed: BlogFolder) -> None:
    page = dressed.page("hello")

    own, theirs = page.index("Written at a kitchen table."), page.index('class="neighbours"')
    assert theirs < own < page.index('id="comments"')
    assert "kitchen" not in (dressed.output / "index.html").read_text("utf-8")


def test_the_service_wears_the_same_look(dressed: BlogFolder) -> None:
    manifest = PublishedBlog(dressed.settings.manifest_path)()

    page = Theme(dressed.folder).render("message.html", manifest, "en", title="Oh", text="")

    assert '<link rel="stylesheet" href="/look/mine.css">' in page
    assert "<h1>Oh</h1>" in page


def test_the_service_sees_a_template_that_is_new_and_one_that_is_gone(dressed: BlogFolder) -> None:
    manifest, theme = PublishedBlog(dressed.settings.manifest_path)(), Theme(dressed.folder)
    own = dressed.folder / "look" / "service" / "message.html"
    seen = []

    for text in (None, "My own words.", None):
        if text:
            write(own, text)
        else:
            own.unlink(missing_ok=True)
        page = theme.render("message.html", manifest, "en", title="Oh", text="")
        seen.append("mine" if page == text else "theirs" if "<h1>Oh</h1>" in page else page)

    assert seen == ["theirs", "mine", "theirs"]


def test_a_plain_pelican_wears_it_too(dressed: BlogFolder, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pelican", "--fatal", "errors", "--output", str(tmp_path)]
    subprocess.run(
        command, cwd=dressed.folder, env=dressed.environment, check=True, capture_output=True
    )

    assert "/look/mine.css" in (tmp_path / "index.html").read_text("utf-8")


# A template of the author's own that fails

PELICANS_ALONE = """\
{% extends "!theme/base.html" %}
{% block header %}
  {{ SITENAME }}
{% endblock %}
"""


def test_a_template_that_the_service_cannot_render_is_refused_with_file_and_line(
    dressed: BlogFolder,
) -> None:
    look = dressed.folder / "look" / "base.html"
    before = look.read_text("utf-8")
    look.write_text(PELICANS_ALONE, "utf-8")

    try:
        with pytest.raises(
            BuildFailed, match=r"look/base\.html:3: 'SITENAME' is undefined"
        ) as said:
            dressed.build()
    finally:
        look.write_text(before, "utf-8")

    assert "while the service makes service/" in str(said.value)


def test_a_template_of_a_form_is_tried_as_well(dressed: BlogFolder) -> None:
    form = dressed.folder / "look" / "service" / "form.html"
    write(
        form,
        '{% extends "!theme/service/form.html" %}\n{% block heading %}{{ nobody }}{% endblock %}',
    )

    try:
        with pytest.raises(BuildFailed, match=r"look/service/form\.html:2: 'nobody' is undefined"):
            dressed.build()
    finally:
        form.unlink()


def test_a_template_of_a_form_has_all_that_the_service_gives_it(dressed: BlogFolder) -> None:
    form = dressed.folder / "look" / "service" / "form.html"
    write(
        form,
        '{% extends "!theme/service/form.html" %}\n'
        "{% block heading %}{{ form.confirm }}{{ form.forget }}{% endblock %}",
    )

    try:
        dressed.build()
    finally:
        form.unlink()


@pytest.fixture(
    params=["{% block", "{% include 'gone.html' %}", PELICANS_ALONE, "{{ 1 + 'one' }}", b"\xff"]
)
def guest(dressed: BlogFolder, request: pytest.FixtureRequest) -> Iterator[Reader]:
    """Whoever reads a blog while its author breaks a template."""
    look = dressed.folder / "look" / "base.html"
    before = look.read_bytes()
    broken = request.param if isinstance(request.param, bytes) else request.param.encode()
    look.write_bytes(broken)
    yield visit(dressed, Clock())
    look.write_bytes(before)


def test_what_was_typed_is_kept_while_a_template_is_broken(guest: Reader) -> None:
    refused = guest.comments(author="", comment="A long thought.")

    assert refused.status_code == 400
    assert "A long thought." in refused.get_data(as_text=True)


def test_a_receipt_is_shown_while_a_template_is_broken(guest: Reader) -> None:
    taken = guest.comments(comment="A short thought.")

    assert taken.status_code == 303
    assert "A short thought." in guest.opens(taken.location).get_data(as_text=True)


def test_what_is_wrong_with_a_template_is_said_once(
    guest: Reader, capfd: pytest.CaptureFixture[str]
) -> None:
    for _ in range(3):
        guest.comments(author="")

    assert capfd.readouterr().err.count("web: ") == 1
