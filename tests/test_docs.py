"""The documentation says what the code does, and all of it."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from pingback_server.cli import permalien
from pingback_server.domain.settings import DiscussionSettings
from pingback_server.server_settings import ServerSettings, setting_names
from pingback_server.web import create_app
from pingback_server.web.headers import POLICY, TWO_YEARS, policy_for
from pingback_server.web.service import Service

ROOT = Path(__file__).resolve().parent.parent


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def rows_of(name: str) -> dict[str, list[str]]:
    """The rows of a page's tables, by what stands between back-quotes in their first cell."""
    rows = {}
    for line in text_of(name).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("| `"):
            rows[cells[0].strip("`")] = [cell.strip(" |") for cell in cells[1:]]
    return rows


@pytest.mark.parametrize("item", fields(DiscussionSettings), ids=lambda item: item.name)
def test_every_key_of_discussion_stands_in_the_docs_with_its_default(item) -> None:
    assert rows_of("docs/settings.md")[item.name] == [f"`{item.default!r}`", item.metadata["doc"]]


@pytest.mark.parametrize("name", setting_names())
def test_every_environment_variable_stands_in_the_docs_with_its_sentence(name: str) -> None:
    settings = [item for item in fields(ServerSettings) if item.metadata]
    defaults = {f"PERMALIEN_{item.name.upper()}": item.default for item in settings}
    default = defaults.get(name, "")

    shown = f"`{default}`" if default not in ("", ()) else "–"

    assert rows_of("docs/settings.md")[name] == [shown, setting_names()[name]]


def test_no_environment_variable_stands_in_the_docs_that_is_not_read() -> None:
    said = {name for name in rows_of("docs/settings.md") if name.startswith("PERMALIEN_")}

    assert said == set(setting_names())


@pytest.mark.parametrize("name", permalien.commands)
def test_every_command_stands_in_the_docs_and_has_a_help_text(name: str) -> None:
    said = [row.split() for row in rows_of("docs/commands.md")]

    assert ["permalien", name] in [words[:2] for words in said]
    assert permalien.commands[name].help


def test_no_list_of_commands_breaks_a_sentence_off() -> None:
    groups = [permalien, *(one for one in permalien.commands.values() if hasattr(one, "commands"))]

    lists = [
        group.get_help(click.Context(group, terminal_width=80)).split("Commands:")[1]
        for group in groups
    ]

    assert "  init     Make a new blog in DIR." in lists[0]
    assert not [line for one in lists for line in one.splitlines() if line.endswith("...")]


def test_no_command_stands_in_the_docs_that_does_not_exist() -> None:
    said = {row.split()[1] for row in rows_of("docs/commands.md")}

    assert said == set(permalien.commands)


@pytest.mark.parametrize("name", permalien.commands)
def test_exactly_the_options_of_a_command_stand_in_its_row(name: str) -> None:
    [said] = [row for row in rows_of("docs/commands.md").items() if row[0].split()[1] == name]
    command = permalien.commands[name]
    below = command.commands.values() if isinstance(command, click.Group) else ()
    options = {
        option.opts[0]
        for one in (command, *below)
        for option in one.params
        if isinstance(option, click.Option) and not option.hidden
    }

    assert set(re.findall(r"--[a-z-]+", " ".join([said[0], *said[1]]))) == options


def test_exactly_the_routes_of_the_service_stand_in_the_docs() -> None:
    app = create_app(Service(*[None] * 8))  # type: ignore[arg-type]  # only its routes are read
    routes = {
        f"{method} {re.sub(r'<[a-z]+:', '<', rule.rule)}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }

    assert {row for row in rows_of("docs/architecture.md") if " /" in row} == routes


def test_exactly_the_plugins_stand_in_the_docs() -> None:
    there = {f"{file.parent.name}/" for file in ROOT.glob("plugins/*/__init__.py")}

    rows = rows_of("docs/architecture.md")

    assert {row for row in rows if re.fullmatch(r"\w+/", row)} == there


def test_a_web_server_in_front_sends_the_headers_that_ours_sends() -> None:
    page = text_of("docs/deploy.md")

    assert re.findall(r'Content-Security-Policy "([^"]*)"', page) == [POLICY] * 2
    referrers = re.findall(r"Referrer-Policy ([a-z-]+)", page)
    assert referrers == ["strict-origin-when-cross-origin"] * 2
    assert re.findall(r"Strict-Transport-Security (max-age=[0-9]+)", page) == [TWO_YEARS] * 2


def test_what_an_allowed_host_changes_in_these_headers_stands_beside_them() -> None:
    said = text_of("docs/deploy.md").split("`EMBEDS_ALLOWED", 1)[1]
    named = re.findall(r"`(?:; )?([a-z]+-src[^`]*)`", said)

    sent = policy_for(("www.youtube-nocookie.com",), is_preview=False)

    assert named == [
        "img-src 'self' data:",
        "media-src 'self'",
        "frame-src www.youtube-nocookie.com",
    ]
    for directive in named[:2]:
        assert f"; {directive} www.youtube-nocookie.com;" in sent
    assert sent.endswith(f"; {named[2]}")


@pytest.mark.parametrize("page", ["README.md", *(f"docs/{p.name}" for p in ROOT.glob("docs/*.md"))])
def test_every_link_between_the_pages_leads_somewhere(page: str) -> None:
    prose = re.sub(r"```.*?```|`[^`]*`", "", text_of(page), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", prose)

    assert [link for link in links if not (ROOT / page).parent.joinpath(link).exists()] == []


def test_the_pictures_of_the_readme_are_there_and_light_and_said_in_words() -> None:
    shown = re.findall(r'<img src="([^"]+)" width="[^"]+" alt="([^"]{20,})">', text_of("README.md"))
    there = {f"docs/images/{file.name}": file for file in ROOT.glob("docs/images/*.png")}

    assert {source for source, _ in shown} == set(there)
    assert len(shown) == 4
    assert max(file.stat().st_size for file in there.values()) < 200_000


def test_the_readme_fits_on_one_screen() -> None:
    assert len(text_of("README.md").splitlines()) <= 100
