"""What Markdown can do here, as writers know it from GitHub, Hugo, Jekyll and Pelican."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from actors import BlogFolder
from callouts import titled
from excerpts import first_paragraph
from markdown import Markdown

from pingback_server.pelican_settings import MARKDOWN


def made(text: str) -> str:
    """The HTML that Markdown makes of `text`, as Pelican calls it."""
    settings = {**MARKDOWN, "extensions": list(MARKDOWN["extension_configs"])}
    return Markdown(**settings).convert(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("~~gone~~", "<del>gone</del>"),
        ("==marked==", "<mark>marked</mark>"),
        ("a ~10 € b ~20 €", "a ~10 € b ~20 €"),
        ("See https://example.org/a_b_c.", '<a href="https://example.org/a_b_c">'),
        ("«\u00a0https://example.org\u00a0»", '«\u00a0<a href="https://example.org">'),
        ("`https://example.org`", "<code>https://example.org</code>"),
        ("[https://a.example](https://a.example)", '<p><a href="https://a.example">https://a.e'),
        ("See #12, @somebody.", "<p>See #12, @somebody.</p>"),
        (
            "> [!NOTE]\n> Take *care*.",
            '<div class="admonition note">\n<p class="admonition-title">',
        ),
        ("> [!WARNING] Attention\n> x", '<p class="admonition-title">Attention</p>'),
        ("> Said.", "<blockquote>\n<p>Said.</p>\n</blockquote>"),
        ("!!! tip\n    x", '<div class="admonition tip">'),
        ("??? note\n    x", '<details class="note">'),
        ("## Là-haut", '<h2 id="section-la-haut">'),
        ("[TOC]\n\n## One", '<a href="#section-one">One</a>'),
        ("Word\n:   meaning", "<dt>Word</dt>\n<dd>meaning</dd>"),
        ("| a |\n|---|\n| b |", "<table>"),
        ("a[^1]\n\n[^1]: n", '<sup id="fnref:1">'),
        ("WWW\n\n*[WWW]: World Wide Web", '<abbr title="World Wide Web">WWW</abbr>'),
        ("word{: .quiet}\n{: lang=fr}", '<p lang="fr">'),
        ("<div markdown=1>\n*a*\n</div>", "<p><em>a</em></p>"),
        ("- [x] read", '<input type="checkbox" disabled checked'),
    ],
)
def test_the_page_gets(text: str, html: str) -> None:
    assert html in made(text)


def test_code_is_coloured_only_in_a_language_that_it_names() -> None:
    assert '<span class="kn">import</span>' in made("```python\nimport this\n```")
    assert "<code>import this\n</code>" in made("```\nimport this\n```")
    assert "<code>import this\n</code>" in made("    import this")


def test_code_has_a_title_line_numbers_and_marked_lines() -> None:
    html = made('```python title="a.py" linenums="1" hl_lines="2"\nx\ny\n```')

    assert '<span class="filename">a.py</span>' in html
    assert '<span class="linenos">1</span>' in html
    assert '<span class="hll"><span class="linenos">2</span>' in html


def test_code_stands_in_lists_and_admonitions() -> None:
    assert made("- a\n\n    ```python\n    x\n    ```").count('<div class="highlight">') == 1
    assert made("!!! note\n    ```python\n    x\n    ```").count('<div class="highlight">') == 1


def test_nothing_needs_a_style_in_the_text() -> None:
    html = made('```python linenums="1"\nx\n```\n\n> [!NOTE]\n> x\n\n- [ ] y\n\n~~z~~')

    assert " style=" not in html


MORE = """\
First *words*[^1] with a [link]({filename}bonjour.md).

## A heading

- in a list

    <!--more-->

    the rest

[^1]: A note.
"""


@pytest.fixture(scope="module")
def built(built_blog: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BlogFolder]:
    """A blog with a post that has an excerpt and one that has a summary as well."""
    folder = tmp_path_factory.mktemp("markdown") / "blog"
    shutil.copytree(built_blog, folder)
    with BlogFolder(folder) as blog:
        blog.write_post("more", "More", MORE)
        blog.write_post("both", "Both", "Before.\n\n<!-- more -->\n\nAfter.", Summary="In short.")
        blog.build()
        yield blog


def summary_of(blog: BlogFolder, title: str) -> str:
    """What the front page shows of a post."""
    page = (blog.output / "index.html").read_text("utf-8")
    post = next(part for part in page.split("<article")[1:] if f">{title}</a>" in part)
    found = re.search(r'<div class="p-summary"[^>]*>(.*?)</div>', post, re.DOTALL)
    assert found
    return found[1]


def test_what_stands_before_more_is_the_excerpt_whole_elements_links_and_all(
    built: BlogFolder,
) -> None:
    excerpt = summary_of(built, "More")

    address = f"http://localhost:8000{built.address('bonjour')}"
    assert f'<p>First <em>words</em> with a <a href="{address}">link</a>.</p>' in excerpt
    assert excerpt.endswith("<p>in a list</p></li></ul>")
    assert "the rest" not in excerpt


def test_an_excerpt_brings_no_anchor_and_no_note_into_a_list(built: BlogFolder) -> None:
    excerpt = summary_of(built, "More")

    assert "<h2>A heading</h2>" in excerpt
    assert " id=" not in excerpt
    assert "#fn" not in excerpt


def test_the_page_of_the_post_has_all_of_it_and_no_mark(built: BlogFolder) -> None:
    page = built.page("more")

    assert "the rest" in page
    assert '<sup id="fnref:1">' in page
    assert "more-->" not in page


def test_a_summary_that_the_author_wrote_wins(built: BlogFolder) -> None:
    assert "In short." in summary_of(built, "Both")
    assert "more -->" not in built.page("both")


@pytest.mark.parametrize(
    ("language", "text", "title"),
    [
        ("fr", "!!! note\n    x", "Note"),
        ("fr", "!!! warning\n    x", "Avertissement"),
        ("fr", "!!! tip big\n    x", "Astuce"),
        ("fr", "> [!CAUTION]\n> x", "Prudence"),
        ("fr", "> [!tip]-\n> x", "Astuce"),
        ("fr", "??? example\n    x", "Exemple"),
        ("fr", '!!! warning "Gare !"\n    x', "Gare !"),
        ("fr", "!!! recette\n    x", "Recette"),
        ("en", "!!! warning\n    x", "Warning"),
    ],
)
def test_a_callout_without_a_title_is_called_so_in_the_language_of_its_post(
    language: str, text: str, title: str
) -> None:
    shown = titled(made(text), language)

    assert re.findall(r"(?:admonition-title|summary)\W(?:>)?([^<]+)</(?:p|summary)>", shown) == [
        title
    ]


def test_only_a_callouts_own_title_is_translated(blog: BlogFolder) -> None:
    blog.write_post("gare", "Gare", "!!! tip\n    x\n\nTip\n\n<p>Warning</p>", Lang="fr")
    blog.build()

    page = blog.page("gare")

    assert '<p class="admonition-title">Astuce</p>' in page
    assert "<p>Tip</p>" in page
    assert "<p>Warning</p>" in page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[TOC]\n\n## Head\n\n> Said.\n\nThe *first* one.\n\nMore.", "The <em>first</em> one."),
        ("| a |\n|---|\n| b |\n\n- c\n\nAfter all.", "After all."),
    ],
)
def test_without_a_mark_the_excerpt_is_the_first_paragraph(text: str, shown: str) -> None:
    assert first_paragraph(made(text)) == f"<p>{shown}</p>"


def test_a_text_without_paragraphs_has_no_excerpt() -> None:
    assert first_paragraph(made("- one\n- two\n\n> Said.")) == ""
