"""The two places of settings: what stands there by default, what is refused, who comes first."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path

import pytest
from actors import ENVIRONMENT, Author, BlogFolder, run_permalien

from pingback_server.domain.blog_settings import check_choices, check_names
from pingback_server.domain.errors import BadSetting, BuildFailed, NoBlog
from pingback_server.domain.networks import is_loopback
from pingback_server.domain.senders import read_networks
from pingback_server.domain.settings import DiscussionSettings, read_discussion_settings
from pingback_server.domain.tokens import form_token
from pingback_server.manifest import PublishedBlog
from pingback_server.server_settings import (
    ServerSettings,
    find_blog,
    read_secrets,
    read_server_settings,
    setting_names,
)

SECRET, OLDER = "s" * 32, "o" * 32
LOOPBACK = IPv4Network("127.0.0.0/8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a blog."""
    (tmp_path / "pelicanconf.py").touch()
    return tmp_path


# DISCUSSION


def test_a_blog_that_says_nothing_takes_comments_for_ever() -> None:
    assert read_discussion_settings({}) == DiscussionSettings(
        comments=True,
        close_after_days=0,
        grace_minutes=30,
        pings=True,
        close_pings_after_days=None,
        self_pings=True,
        trackbacks=False,
        list_pings_apart=False,
        thread_depth=5,
        comments_per_page=0,
        first_shown_page="first",
        order="oldest",
        avatars="none",
        reports=True,
        comment_length=10_000,
    )


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("comments", False),
        ("close_after_days", 0),
        ("close_after_days", 36_500),
        ("pings", False),
        ("close_pings_after_days", None),
        ("close_pings_after_days", 0),
        ("close_pings_after_days", 36_500),
        ("self_pings", False),
        ("list_pings_apart", True),
        ("grace_minutes", 0),
        ("grace_minutes", 1440),
        ("thread_depth", 1),
        ("thread_depth", 10),
        ("trackbacks", True),
        ("comments_per_page", 0),
        ("comments_per_page", 1000),
        ("first_shown_page", "last"),
        ("order", "newest"),
        ("avatars", "identicon"),
        ("reports", False),
        ("comment_length", 100),
        ("comment_length", 50_000),
    ],
)
def test_the_author_s_choice_is_taken(key: str, value: object) -> None:
    assert getattr(read_discussion_settings({key: value}), key) == value


@pytest.mark.parametrize(
    ("key", "value", "rule"),
    [
        ("comments", 1, "has to be True or False, not 1"),
        ("comments", "yes", "has to be True or False, not 'yes'"),
        ("close_after_days", -1, "has to be a whole number from 0 to 36500, not -1"),
        ("close_after_days", 36_501, "from 0 to 36500, not 36501"),
        ("close_after_days", 1.5, "whole number"),
        ("close_after_days", "90", "whole number from 0 to 36500, not '90'"),
        ("close_after_days", True, "whole number"),
        ("close_after_days", None, "whole number"),
        ("pings", "open", "has to be True or False, not 'open'"),
        ("close_pings_after_days", -1, "from 0 to 36500, or None, not -1"),
        ("close_pings_after_days", 36_501, "from 0 to 36500, or None"),
        ("close_pings_after_days", False, "has to be a whole number"),
        ("self_pings", None, "has to be True or False"),
        ("list_pings_apart", 0, "has to be True or False"),
        ("grace_minutes", 1441, "from 0 to 1440"),
        ("thread_depth", 0, "from 1 to 10"),
        ("thread_depth", 11, "from 1 to 10"),
        ("trackbacks", "yes", "has to be True or False"),
        ("comments_per_page", -1, "from 0 to 1000"),
        ("first_shown_page", "newest", "has to be one of 'first', 'last', not 'newest'"),
        ("order", None, "has to be one of 'oldest', 'newest', not None"),
        ("reports", "no", "has to be True or False"),
        ("avatars", True, "has to be one of 'none', 'identicon', 'gravatar', not True"),
        ("comment_length", 99, "from 100 to 50000"),
        ("comment_length", 50_001, "from 100 to 50000"),
    ],
)
def test_a_choice_that_cannot_be_is_refused_by_its_key(key: str, value: object, rule: str) -> None:
    with pytest.raises(BadSetting) as refusal:
        read_discussion_settings({key: value})

    assert str(refusal.value).startswith(f"pelicanconf.py: DISCUSSION[{key!r}] ")
    assert rule in str(refusal.value)


def test_choices_that_are_no_keys_with_values_are_refused() -> None:
    with pytest.raises(BadSetting, match=r"DISCUSSION has to be keys with values.* not 'closed'"):
        read_discussion_settings("closed")


def test_a_key_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadSetting, match=r"'treads_depth'\] .* \(did you mean 'thread_depth'\?\)"):
        read_discussion_settings({"treads_depth": 3})


def test_a_key_like_no_other_is_refused_with_all_that_are_known() -> None:
    with pytest.raises(BadSetting, match="known: comments, close_after_days, grace_minutes"):
        read_discussion_settings({"X": 3})


def test_everything_wrong_is_said_at_once() -> None:
    with pytest.raises(BadSetting) as refusal:
        read_discussion_settings({"thread_depth": 0, "comments": "no", "depth": 1})

    assert str(refusal.value).count("DISCUSSION[") == 3


# Other settings of the blog


def test_the_legal_notice_is_the_page_that_the_author_names(blog: BlogFolder) -> None:
    blog.configure('LEGAL_PAGE = "about"')

    blog.build()

    site = PublishedBlog(blog.settings.manifest_path)().blog
    assert site.legal is not None
    assert site.legal.path == "/about/"
    assert site.legal not in site.menu


def test_a_legal_notice_that_is_nowhere_fails_the_build(blog: BlogFolder) -> None:
    blog.configure('LEGAL_PAGE = "notice"')

    with pytest.raises(BuildFailed, match="LEGAL_PAGE: no page has the slug 'notice'"):
        blog.build()


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ('SITEURL = "http://localhost:8000/d%C3%A9j%C3%A0"', "path of SITEURL has to do without"),
        ('SITEURL = "http://localhost:8000/déjà"', "path of SITEURL has to do without"),
        ('SITEURL = "blog.example"', "SITEURL has to be .* such as https://blog.example.org"),
        ('TIMEZONE = "Europe/Pariis"', "TIMEZONE has to be a name such as Europe/Paris"),
        ('OUTPUT_PATH = "."', "OUTPUT_PATH is .*content would be public"),
        ('PATH, OUTPUT_PATH = "/usr/share/doc", "."', "OUTPUT_PATH is .*var would be public"),
        ('OUTPUT_PATH = "content/live"', "OUTPUT_PATH is .* among your sources"),
        ("PLUGINS = []", r"^pelicanconf.py: PLUGINS leaves out .* by PLUGINS \+= \["),
        ('THEME_TEMPLATES_OVERRIDES = ["nowhere"]', "^pelicanconf.py: .* nowhere, which is no "),
        (
            'THEME_TEMPLATES_OVERRIDES = "look"',
            "^pelicanconf.py: THEME_TEMPLATES_OVERRIDES has to be a list, as in .* not 'look'$",
        ),
        ("DISCUSION = {}", r"DISCUSION is not a setting \(did you mean DISCUSSION\?\)"),
        ('DEFAULT_LANG = "de"', "DEFAULT_LANG has to be 'en' or 'fr', not 'de'"),
        ('THEME = "nowhere"', "^pelicanconf.py: Could not find the theme nowhere$"),
        ("1 / 0", "^pelicanconf.py:[0-9]+: ZeroDivisionError: division by zero$"),
    ],
)
def test_what_no_blog_can_be_built_with_is_told_by_its_name(
    blog: BlogFolder, setting: str, words: str
) -> None:
    blog.configure(setting)

    with pytest.raises(BuildFailed, match=words):
        blog.build()

    assert not (blog.folder / "index.html").exists()
    assert not (blog.folder / "content" / "live").exists()


@pytest.mark.parametrize("var", [".", "..", "content", "content/data"])
def test_a_folder_of_the_data_among_the_author_s_own_files_is_refused(
    blog: BlogFolder, var: str
) -> None:
    idea = blog.folder / "drafts" / "idea.md"
    idea.parent.mkdir()
    idea.write_text("An idea.")

    with pytest.raises((BuildFailed, BadSetting), match=r"PERMALIEN_VAR is .* the data alone"):
        blog.build(PERMALIEN_VAR=var)

    assert idea.read_text() == "An idea."
    assert not (blog.folder / "content" / "secret").exists()


def test_a_page_that_is_a_template_alone_has_its_place_by_a_setting_of_its_own(
    blog: BlogFolder,
) -> None:
    (blog.folder / "look").mkdir()
    (blog.folder / "look" / "pages.html").write_text("All pages.", "utf-8")
    blog.configure('THEME_TEMPLATES_OVERRIDES = ["look"]')
    blog.configure('DIRECT_TEMPLATES, PAGES_SAVE_AS = ["index", "pages"], "pages/index.html"')

    blog.build()

    assert (blog.output / "pages" / "index.html").read_text("utf-8") == "All pages."


def test_an_instant_of_a_build_that_is_none_is_told_by_its_name(blog: BlogFolder) -> None:
    with pytest.raises(BuildFailed, match=r"^SOURCE_DATE_EPOCH has to be seconds .* not 'abc'$"):
        blog.build(SOURCE_DATE_EPOCH="abc")


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("DEFAULT_LANG", "de", "has to be 'en' or 'fr', not 'de'"),
        ("DEFAULT_LANG", None, "has to be 'en' or 'fr', not None"),
        ("FEED_MAX_ITEMS", "10", "has to be a whole number from 1 on, not '10'"),
        ("FEED_MAX_ITEMS", 0, "has to be a whole number from 1 on, not 0"),
        ("FEED_MAX_ITEMS", True, "has to be a whole number"),
        ("SOCIAL", {"Mastodon": "https://social.example"}, "has to be a list of names and addr"),
        ("SOCIAL", 5, "has to be a list of names and addresses"),
        ("SOCIAL", [("Mastodon", None)], "has to be a list of names and addresses"),
        ("MENUITEMS", ["x"], r"has to be a list .*/archives/.*, not \['x'\]"),
        ("MENUITEMS", "Archives", "has to be a list of names and addresses"),
    ],
)
def test_a_choice_with_which_no_blog_can_be_built_is_refused_by_its_name(
    name: str, value: object, rule: str
) -> None:
    with pytest.raises(BadSetting, match=f"^pelicanconf.py: {name} {rule}"):
        check_choices({"DEFAULT_LANG": "en", "FEED_MAX_ITEMS": 100, name: value}, {"en", "fr"})


@pytest.mark.parametrize(
    "given",
    [
        {"DEFAULT_LANG": "fr-ca", "FEED_MAX_ITEMS": None},
        {"DEFAULT_LANG": "en", "FEED_MAX_ITEMS": 1, "SOCIAL": (["A", "b"],), "MENUITEMS": None},
    ],
)
def test_choices_that_a_blog_can_be_built_with_are_taken(given: dict[str, object]) -> None:
    check_choices(given, {"en", "fr"})


def test_names_that_are_nearly_those_of_settings_are_refused_and_others_are_the_author_s() -> None:
    known = {"DISCUSSION", "PERMALINKS", "PICTURES", "CATEGORY_FEED_ATOM"}
    own = {"AUTHOR_BIO", "AUTHORS", "TAGS_URL", "LINKS", "CATEGORY_FEED_ATOM_URL"}

    with pytest.raises(BadSetting) as refusal:
        check_names({"DISCUSION", "PERMALINK", "SITESUBTITEL", "SOCIAL", *own, *known}, known)

    assert str(refusal.value) == (
        "pelicanconf.py: DISCUSION is not a setting (did you mean DISCUSSION?); "
        "PERMALINK is not a setting (did you mean PERMALINKS?); "
        "SITESUBTITEL is not a setting (did you mean SITESUBTITLE?)"
    )


def test_an_address_of_a_new_blog_with_a_port_that_is_none_is_refused_by_serve(
    blog: BlogFolder, author: Author
) -> None:
    shutil.rmtree(blog.settings.data)
    blog.configure('SITEURL = "http://localhost:80800"')

    said = author.runs("serve")

    assert said.code == 1
    assert said.err.startswith("permalien: pelicanconf.py: SITEURL has to be the blog's public")


# PERMALIEN_*


def test_without_any_setting_everything_lies_in_the_blog_s_var(folder: Path) -> None:
    settings = read_server_settings(folder, {})

    assert settings == ServerSettings(
        blog=folder,
        var="var",
        database_url="",
        secret="",
        old_secrets="",
        host="127.0.0.1",
        port=0,
        web_processes=1,
        threads=16,
        build_seconds=600,
        allow_networks=(),
        preview=False,
    )
    assert settings.data == folder / "var"
    assert settings.manifest_path == folder / "var" / "posts.json"
    assert settings.store_url == f"sqlite:///{folder}/var/permalien.db"


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("VAR", "data", "var", "data"),
        ("DATABASE_URL", "sqlite:////tmp/x.db", "database_url", "sqlite:////tmp/x.db"),
        ("SECRET", f" {SECRET} ", "secret", SECRET),
        ("OLD_SECRETS", f"{OLDER},{SECRET}", "old_secrets", f"{OLDER},{SECRET}"),
        ("HOST", "::1", "host", "::1"),
        ("PORT", "8080", "port", 8080),
        ("WEB_PROCESSES", "2", "web_processes", 2),
        ("THREADS", "64", "threads", 64),
        ("BUILD_SECONDS", "60", "build_seconds", 60),
        ("TRUSTED_PROXIES", "::1, 10.1.2.3/8", "trusted_proxies", read_networks("::1,10.0.0.0/8")),
        ("ALLOW_NETWORKS", "127.0.0.0/8", "allow_networks", (LOOPBACK,)),
        ("ALLOW_NETWORKS", "10.1.2.3", "allow_networks", (IPv4Network("10.1.2.3"),)),
        ("ALLOW_NETWORKS", "127.0.0.0/8, ::1", "allow_networks", (LOOPBACK, IPv6Network("::1"))),
    ],
)
def test_each_setting_is_read_from_the_environment_and_from_the_file(
    folder: Path, name: str, value: str, field: str, expected: object
) -> None:
    given = read_server_settings(folder, {f"PERMALIEN_{name}": value})
    (folder / "permalien.env").write_text(f"PERMALIEN_{name}={value}\n")
    filed = read_server_settings(folder, {})

    assert getattr(given, field) == getattr(filed, field) == expected


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("PORT", "65536", "has to be a whole number from 0 to 65535"),
        ("PORT", "http", "has to be a whole number from 0 to 65535"),
        ("PORT", "-1", "has to be a whole number"),
        ("PORT", "８０", "has to be a whole number"),
        ("WEB_PROCESSES", "0", "from 1 to 32"),
        ("WEB_PROCESSES", "33", "from 1 to 32"),
        ("THREADS", "65", "from 1 to 64"),
        ("BUILD_SECONDS", "0", "from 1 to 86400"),
        ("TRUSTED_PROXIES", "localhost", "has to be networks separated by commas.*localhost"),
        ("ALLOW_NETWORKS", "localhost", "has to be networks separated by commas.*localhost"),
        ("ALLOW_NETWORKS", "10.1.2.3/8", "'10.1.2.3/8' lies inside of a network: say 10.0.0.0/8"),
        ("ALLOW_NETWORKS", "::1, fd12::1/16", "'fd12::1/16' lies inside .*: say fd12::/16"),
        ("HOST", " ", "must not be empty"),
        ("VAR", " ", "must not be empty"),
    ],
)
def test_a_value_that_cannot_be_is_refused_by_its_name(
    folder: Path, name: str, value: str, rule: str
) -> None:
    with pytest.raises(BadSetting, match=f"PERMALIEN_{name} .*{rule}"):
        read_server_settings(folder, {f"PERMALIEN_{name}": value})


def test_a_variable_that_is_empty_is_as_good_as_none(folder: Path) -> None:
    (folder / "permalien.env").write_text("PERMALIEN_VAR=\n")

    settings = read_server_settings(folder, {"PERMALIEN_PORT": "", "PERMALIEN_DATABASE_URL": ""})

    assert settings == read_server_settings(folder / ".", {})


def test_a_database_named_without_a_slash_in_front_lies_in_the_blog(folder: Path) -> None:
    given = {"PERMALIEN_DATABASE_URL": "sqlite:///data/blog.db"}

    settings = read_server_settings(folder, given)

    assert settings.store_url == f"sqlite:///{folder.resolve()}/data/blog.db"


@pytest.mark.parametrize("name", ["PERMALIEN_BLOG", "PERMALIEN_ENV_FILE"])
def test_what_has_to_be_known_before_the_file_cannot_stand_in_it(folder: Path, name: str) -> None:
    (folder / "permalien.env").write_text(f"\n{name}=/elsewhere\n")

    with pytest.raises(BadSetting, match=rf"permalien.env:2: {name} is read before this file"):
        read_server_settings(folder, {})


def test_only_a_pair_of_quotes_is_taken_off(folder: Path) -> None:
    (folder / "permalien.env").write_text("PERMALIEN_HOST='::1'\nPERMALIEN_VAR=it's\n")

    settings = read_server_settings(folder, {})

    assert (settings.host, settings.var) == ("::1", "it's")


@pytest.mark.parametrize("place", ["environment", "file"])
def test_a_name_that_is_none_is_refused_with_the_nearest(folder: Path, place: str) -> None:
    wrong = {"PERMALIEN_PROT": "1"}
    if place == "file":
        (folder / "permalien.env").write_text("PERMALIEN_PROT=1\n")

    with pytest.raises(BadSetting, match=r"PERMALIEN_PROT .* \(did you mean PERMALIEN_PORT\?\)"):
        read_server_settings(folder, wrong if place == "environment" else {})


def test_every_wrong_setting_of_the_server_is_named_at_once(folder: Path) -> None:
    with pytest.raises(BadSetting, match=r"PERMALIEN_X .*; PERMALIEN_PORT .*; PERMALIEN_THREADS"):
        read_server_settings(
            folder, {"PERMALIEN_X": "1", "PERMALIEN_PORT": "x", "PERMALIEN_THREADS": "x"}
        )


def test_other_programs_variables_are_none_of_our_business(folder: Path) -> None:
    assert read_server_settings(folder, {"HOME": "/", "PORT": "x"}).port == 0


def test_every_setting_has_a_sentence() -> None:
    assert setting_names()
    assert all(sentence.endswith(".") for sentence in setting_names().values())


def test_a_preview_keeps_a_list_of_posts_of_its_own(folder: Path) -> None:
    settings = read_server_settings(folder, {"PERMALIEN_PREVIEW": "1"})

    assert settings.manifest_path == folder / "var" / "preview" / "posts.json"
    assert settings.store_url == read_server_settings(folder, {}).store_url


@pytest.mark.parametrize(
    ("host", "is_ours_alone"),
    [
        *((host, True) for host in ("localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]")),
        *((host, False) for host in ("0.0.0.0", "::", "192.168.1.2", "localhost.example", "")),
    ],
)
def test_only_this_machine_is_loopback(host: str, is_ours_alone: bool) -> None:
    assert is_loopback(host) is is_ours_alone


# The env file


def test_the_env_file_may_have_comments_blank_lines_and_quotes(folder: Path) -> None:
    (folder / "permalien.env").write_text(
        "# the server\n\n  PERMALIEN_PORT = 8080\nPERMALIEN_HOST='::1'\nPERMALIEN_VAR=\"a=b\"\n"
    )

    settings = read_server_settings(folder, {})

    assert (settings.port, settings.host, settings.var) == (8080, "::1", "a=b")


def test_the_environment_comes_before_the_file(folder: Path) -> None:
    (folder / "permalien.env").write_text("PERMALIEN_PORT=1\nPERMALIEN_THREADS=3\n")

    settings = read_server_settings(folder, {"PERMALIEN_PORT": "2"})

    assert (settings.port, settings.threads) == (2, 3)


def test_another_env_file_can_be_named(folder: Path) -> None:
    (folder / "permalien.env").write_text("PERMALIEN_PORT=1\n")
    (folder / "other").write_text("PERMALIEN_THREADS=3\n")

    settings = read_server_settings(folder, {"PERMALIEN_ENV_FILE": str(folder / "other")})

    assert (settings.port, settings.threads) == (0, 3)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PERMALIEN_PORT 8080\n", "other:1: expected NAME=value, not 'PERMALIEN_PORT 8080'"),
        (b"\nexport PERMALIEN_PORT=1\n", "export PERMALIEN_PORT is not a setting"),
        (b"PERMALIEN_HOST=\xff\n", "PERMALIEN_ENV_FILE cannot be read"),
        (None, "PERMALIEN_ENV_FILE cannot be read"),
    ],
)
def test_an_env_file_that_cannot_be_read_is_refused(
    folder: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        (folder / "other").write_bytes(content)

    with pytest.raises(BadSetting) as refusal:
        read_server_settings(folder, {"PERMALIEN_ENV_FILE": str(folder / "other")})

    assert words in str(refusal.value)


def test_a_folder_in_the_place_of_the_env_file_is_refused(folder: Path) -> None:
    (folder / "permalien.env").mkdir()

    with pytest.raises(BadSetting, match="PERMALIEN_ENV_FILE cannot be read"):
        read_server_settings(folder, {})


# Secrets


def test_a_secret_can_lie_in_a_file_of_its_own(folder: Path) -> None:
    (folder / "key").write_text(f"{SECRET}\n")
    (folder / "old").write_text(f"{OLDER}\n")

    settings = read_server_settings(
        folder,
        {
            "PERMALIEN_SECRET_FILE": str(folder / "key"),
            "PERMALIEN_OLD_SECRETS_FILE": str(folder / "old"),
        },
    )

    assert read_secrets(settings) == (SECRET, OLDER)


def test_a_secret_of_the_environment_comes_before_the_file_that_the_env_file_names(
    folder: Path,
) -> None:
    (folder / "key").write_text(OLDER)
    (folder / "permalien.env").write_text(f"PERMALIEN_SECRET_FILE={folder / 'key'}\n")

    assert read_server_settings(folder, {"PERMALIEN_SECRET": SECRET}).secret == SECRET


def test_a_file_named_from_the_current_folder_is_the_same_for_the_build(
    blog: BlogFolder, tmp_path: Path
) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "blog.env").write_text("PERMALIEN_SECRET_FILE=secret.txt\n")
    (tmp_path / "etc" / "secret.txt").write_text(SECRET)
    environment = {**blog.environment, "PERMALIEN_ENV_FILE": "etc/blog.env"}

    said = run_permalien("build", cwd=tmp_path, env=environment)

    assert (said.code, said.err) == (0, "")
    assert form_token([SECRET], "hello") in blog.page("hello")


def test_a_secret_given_twice_in_one_place_is_refused(folder: Path) -> None:
    (folder / "key").write_text(OLDER)

    with pytest.raises(BadSetting, match="PERMALIEN_SECRET and PERMALIEN_SECRET_FILE"):
        read_server_settings(
            folder,
            {"PERMALIEN_SECRET": SECRET, "PERMALIEN_SECRET_FILE": str(folder / "key")},
        )


def test_a_secret_s_file_that_is_not_there_is_named(folder: Path) -> None:
    with pytest.raises(BadSetting, match=r"PERMALIEN_SECRET_FILE cannot be read: .*nowhere"):
        read_server_settings(folder, {"PERMALIEN_SECRET_FILE": str(folder / "nowhere")})


@pytest.mark.parametrize(
    "given",
    [
        {"PERMALIEN_SECRET": "s" * 31},
        {"PERMALIEN_SECRET": SECRET, "PERMALIEN_OLD_SECRETS": f"{OLDER}, short"},
    ],
)
def test_a_short_secret_is_refused_and_not_shown(folder: Path, given: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match="at least 32 characters") as refusal:
        read_secrets(read_server_settings(folder, given))

    assert "sss" not in str(refusal.value)


def test_old_secrets_follow_the_one_that_signs(folder: Path) -> None:
    given = {"PERMALIEN_SECRET": SECRET, "PERMALIEN_OLD_SECRETS": f"{OLDER}, {'p' * 32},"}

    assert read_secrets(read_server_settings(folder, given)) == (SECRET, OLDER, "p" * 32)


def test_a_secret_is_made_once_and_for_its_owner_alone(folder: Path) -> None:
    settings = read_server_settings(folder, {})

    made = read_secrets(settings)

    kept = settings.data / "secret"
    assert read_secrets(settings) == made
    assert len(made[0]) >= 43
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert list(settings.data.iterdir()) == [kept]


def test_two_blogs_have_two_secrets(tmp_path: Path) -> None:
    assert read_secrets(ServerSettings(tmp_path / "a")) != read_secrets(
        ServerSettings(tmp_path / "b")
    )


def test_processes_that_start_together_agree_on_one_secret(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; "
        "from pingback_server.server_settings import ServerSettings, read_secrets; "
        "sys.stdin.readline(); print(read_secrets(ServerSettings(Path(sys.argv[1])))[0])"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            env=ENVIRONMENT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]

    for process in started:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = {process.communicate(timeout=60)[0] for process in started}

    assert said == {(folder / "var" / "secret").read_text()}


def test_a_kept_secret_that_was_spoilt_is_named_by_its_file(folder: Path) -> None:
    (folder / "var").mkdir()
    (folder / "var" / "secret").touch()

    with pytest.raises(BadSetting, match="var/secret"):
        read_secrets(read_server_settings(folder, {}))


# Which blog


def test_the_blog_is_the_nearest_folder_with_a_pelicanconf(folder: Path) -> None:
    below = folder / "content" / "pages"
    below.mkdir(parents=True)

    assert find_blog(below, {}) == folder
    assert find_blog(folder, {}) == folder


def test_a_blog_inside_of_a_blog_is_the_nearer(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "pelicanconf.py").touch()

    assert find_blog(folder / "inner", {}) == folder / "inner"


def test_a_named_blog_comes_before_the_one_that_one_is_in(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "pelicanconf.py").touch()

    assert find_blog(folder, {"PERMALIEN_BLOG": str(other)}) == other


def test_a_named_folder_that_is_no_blog_is_refused(folder: Path) -> None:
    with pytest.raises(NoBlog, match=r"nowhere is no blog: it has no pelicanconf\.py"):
        find_blog(folder, {"PERMALIEN_BLOG": str(folder / "nowhere")})


def test_outside_of_any_blog_it_is_the_checkout_that_the_program_runs_from(
    tmp_path: Path,
) -> None:
    assert find_blog(tmp_path, {}) == Path(__file__).resolve().parent.parent
