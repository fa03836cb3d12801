"""The server's settings: PERMALIEN_* in the environment or in an env file, checked at start.

The environment wins over the file. What concerns the blog itself stands in pelicanconf.py alone.
"""

from __future__ import annotations

import os
import secrets as randomness
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from .domain.errors import BadSetting, NoBlog
from .domain.senders import Network, read_exact_networks, read_networks
from .store import sqlite_url

PREFIX = "PERMALIEN_"
# Set by our own processes for one another; not settings.
PREVIEW = PREFIX + "PREVIEW"
_INTERNAL = {"PERMALIEN_BUILD_REPORT", "PERMALIEN_INSPECTION", PREVIEW}
_BEFORE_THE_FILE = {"PERMALIEN_BLOG", "PERMALIEN_ENV_FILE"}
_SHORTEST_SECRET = 32


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        if value.isascii() and value.isdigit() and low <= int(value) <= high:
            return int(value)
        raise ValueError(f"has to be a whole number from {low} to {high}")

    return read


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _networks(read: Callable[[str], tuple[Network, ...]]) -> Callable[[str], Any]:
    def read_all(value: str) -> tuple[Network, ...]:
        try:
            return read(value)
        except ValueError as error:
            raise ValueError(f"has to be networks separated by commas: {error}") from error

    return read_all


def _setting(default: Any, read: Callable[[str], Any], doc: str) -> Any:
    return field(default=default, metadata={"read": read, "doc": doc})


def build_folder_of(data: Path) -> Path:
    """Where in the folder of the data it lies how the last build for readers ended."""
    return data / "builds"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How this machine runs the blog that lies in `blog`; each other field is a PERMALIEN_ name.

    `preview` is said by `permalien serve --watch` to those it starts: the pages are the author's.
    """

    blog: Path
    preview: bool = False
    var: str = _setting(
        "var", _text, "Folder of the data: database, secret, list of posts; relative to the blog."
    )
    database_url: str = _setting(
        "", _text, "Where comments are stored; empty is an SQLite file, `permalien.db`, in VAR."
    )
    secret: str = _setting(
        "",
        _text,
        "What signs forms and receipts; made on first start and kept in VAR if not given.",
    )
    old_secrets: str = _setting(
        "", _text, "Former secrets, separated by commas, that are still believed."
    )
    host: str = _setting("127.0.0.1", _text, "Address to listen on.")
    port: int = _setting(
        0, _whole(0, 65535), "Port to listen on; 0 takes the one in a loopback SITEURL, else 8000."
    )
    web_processes: int = _setting(
        1, _whole(1, 32), "How many web processes `permalien serve` runs on that port."
    )
    threads: int = _setting(16, _whole(1, 64), "How many requests a web process answers at once.")
    trusted_proxies: tuple[Network, ...] = _setting(
        (),
        _networks(read_networks),
        "Networks of your own proxies, separated by commas, whose X-Forwarded-For is believed.",
    )
    build_seconds: int = _setting(
        600, _whole(1, 86400), "A build that takes longer is ended, and tried again later."
    )
    allow_networks: tuple[Network, ...] = _setting(
        (),
        _networks(read_exact_networks),
        "Networks that we may call although they are not public, separated by commas; any port.",
    )

    @property
    def data(self) -> Path:
        """The folder of the data."""
        return (self.blog / self.var).resolve()

    @property
    def manifest_path(self) -> Path:
        """The list of posts that the last build published, or the last one of the preview."""
        return self.preview_folder / "posts.json" if self.preview else self.published_path

    @property
    def published_path(self) -> Path:
        """The list of posts that the last build for readers published."""
        return self.data / "posts.json"

    @property
    def preview_folder(self) -> Path:
        """Where the author's preview lies: its pages, and how its last build ended."""
        return self.data / "preview"

    @property
    def build_folder(self) -> Path:
        """Where it lies how the last build ended."""
        return build_folder_of(self.data)

    @property
    def store_url(self) -> str:
        """The database's address as SQLAlchemy writes it."""
        if not self.database_url:
            return sqlite_url(self.data / "permalien.db")
        path = self.database_url.removeprefix("sqlite:///")
        # A file named without a slash in front lies in the blog, wherever a command is run.
        is_relative = path != self.database_url and not path.startswith(("/", ":"))
        return sqlite_url(self.blog / path) if is_relative and path else self.database_url


def setting_names() -> dict[str, str]:
    """Every environment variable that is read, with its sentence of documentation."""
    names = {
        "PERMALIEN_BLOG": "The blog's folder; the nearest one with a pelicanconf.py if not given.",
        "PERMALIEN_ENV_FILE": "A file of `NAME=value` lines; else `permalien.env` in the blog.",
    }
    for item in _declared():
        names[PREFIX + item.name.upper()] = item.metadata["doc"]
    names["PERMALIEN_DATABASE_URL_FILE"] = "A file that holds PERMALIEN_DATABASE_URL."
    names["PERMALIEN_SECRET_FILE"] = "A file that holds PERMALIEN_SECRET."
    names["PERMALIEN_OLD_SECRETS_FILE"] = "A file that holds PERMALIEN_OLD_SECRETS."
    return names


def read_server_settings(blog: Path, environment: Mapping[str, str]) -> ServerSettings:
    """The settings for `blog`; BadSetting names every variable that is not what it has to be."""
    sources = (_ours(environment), _env_file(blog, environment))
    values: dict[str, Any] = {}
    given = dict.fromkeys(name for source in sources for name in source)
    problems = [_unknown(name) for name in given if name not in setting_names()]
    for item in _declared():
        name = PREFIX + item.name.upper()
        try:
            text = _value(name, sources)
            if text is not None:
                values[item.name] = item.metadata["read"](text)
        except ValueError as error:
            problems.append(f"{name} {error}")
        except OSError as error:
            problems.append(f"{name}_FILE cannot be read: {error}")
    if problems:
        raise BadSetting("; ".join(problems))
    settings = ServerSettings(blog.resolve(), preview=bool(environment.get(PREVIEW)), **values)
    if settings.blog.is_relative_to(settings.data):
        raise BadSetting(
            f"PERMALIEN_VAR is {settings.data}, where your own files lie: name a folder for the "
            "data alone"
        )
    return settings


def find_blog(start: Path, environment: Mapping[str, str]) -> Path:
    """The blog to work on; NoBlog if there is none.

    It is PERMALIEN_BLOG, else the nearest folder with a pelicanconf.py at or above `start`, else
    the checkout from which this program runs.
    """
    if named := environment.get("PERMALIEN_BLOG"):
        return _as_blog(Path(named))
    for folder in (start, *start.parents):
        if (folder / "pelicanconf.py").is_file():
            return folder.resolve()
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pelicanconf.py").is_file():
        return checkout
    raise NoBlog(
        f"no pelicanconf.py in {start} or above it: change to a blog's folder, name one with "
        "--blog, or make one with `permalien init FOLDER`"
    )


def read_secrets(settings: ServerSettings) -> tuple[str, ...]:
    """All secrets, the one that signs first. Makes one and keeps it in VAR if none was given."""
    current = settings.secret or _kept_secret(settings.data / "secret")
    old = [secret.strip() for secret in settings.old_secrets.split(",") if secret.strip()]
    kept_in = "PERMALIEN_SECRET" if settings.secret else str(settings.data / "secret")
    for place, secret in ((kept_in, current), *(("PERMALIEN_OLD_SECRETS", one) for one in old)):
        if len(secret) < _SHORTEST_SECRET:
            raise BadSetting(
                f"{place}: a secret has to have at least {_SHORTEST_SECRET} characters; without "
                "any, one is made"
            )
    return (current, *old)


def _declared() -> list[Any]:
    return [item for item in fields(ServerSettings) if item.metadata]


def _as_blog(folder: Path) -> Path:
    if not (folder / "pelicanconf.py").is_file():
        raise NoBlog(f"{folder} is no blog: it has no pelicanconf.py")
    return folder.resolve()


def _ours(environment: Mapping[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(PREFIX) and name not in _INTERNAL and value
    }


def _env_file(blog: Path, environment: Mapping[str, str]) -> dict[str, str]:
    named = environment.get("PERMALIEN_ENV_FILE")
    path = Path(named) if named else blog / "permalien.env"
    if not named and not path.exists():
        return {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"PERMALIEN_ENV_FILE cannot be read: {path}: {error}") from error
    values = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.strip().partition("=")
        if not equals:
            raise BadSetting(f"{path}:{number}: expected NAME=value, not {line.strip()!r}")
        if name.strip() in _BEFORE_THE_FILE:
            raise BadSetting(f"{path}:{number}: {name.strip()} is read before this file is")
        if given := _unquoted(value.strip()):
            is_file = name.strip().endswith("_FILE")
            values[name.strip()] = str(path.absolute().parent / given) if is_file else given
    return values


def _unquoted(value: str) -> str:
    """`value` without the quotes around it, if it has a pair."""
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


def _value(name: str, sources: Iterable[Mapping[str, str]]) -> str | None:
    """What the first source says that has it, as `name` or in the file that `name_FILE` names."""
    for source in sources:
        if name in source and f"{name}_FILE" in source:
            raise ValueError(f"and {name}_FILE are both given: take one of them away")
        if f"{name}_FILE" in source:
            return Path(source[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
        if name in source:
            return source[name]
    return None


def _unknown(name: str) -> str:
    near = get_close_matches(name, setting_names(), n=1)
    return f"{name} is not a setting" + (f" (did you mean {near[0]}?)" if near else "")


def _kept_secret(path: Path) -> str:
    """The secret in `path`, made now if there is none; two processes at once agree on one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(randomness.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass  # another process was quicker: its secret counts
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8").strip()
