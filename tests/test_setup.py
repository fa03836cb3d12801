"""`make` sets a checkout up once, from locked and hashed libraries, wherever it lies."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

CHECKOUT = Path(__file__).resolve().parent.parent
LOCK = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
COMMAND = CHECKOUT / ".venv/bin/permalien"
CHECKERS = CHECKOUT / "tests/node"
NOWHERE = "http://127.0.0.1:9"


def declared():
    """Every requirement of pyproject.toml, those of extras and of developers included."""
    groups = (
        PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"].values(),
        PROJECT["dependency-groups"]["dev"],
    )
    return [Requirement(text) for text in dict.fromkeys(itertools.chain(*groups))]


def locked():
    """Each entry of the lock as (requirement, its hashes)."""
    entries = re.split(r"^(?=[a-z0-9])", LOCK, flags=re.MULTILINE)[1:]
    return [
        (Requirement(entry.split("\\")[0]), re.findall(r"--hash=(\S+)", entry)) for entry in entries
    ]


def pins():
    """The version of each locked library that this Python and system take."""
    return {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for requirement, _ in locked()
        if requirement.marker is None or requirement.marker.evaluate()
    }


def wanted_of_npm():
    """The checkers of the pages, each with the one version that is asked for."""
    return json.loads((CHECKERS / "package.json").read_text(encoding="utf-8"))["dependencies"]


def run(*command, **options):
    """Run a command outside any make that runs these tests; its words are in the failure."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    environment = given | options.pop("env", {})
    answer = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        env=environment,
        timeout=options.pop("timeout", 120),
        **options,
    )
    assert answer.returncode == 0, f"{command}\n{answer.stdout}{answer.stderr}"
    return answer.stdout


@pytest.mark.parametrize("requirement", declared(), ids=str)
def test_the_lock_holds_each_dependency_in_a_version_that_fits(requirement):
    assert requirement.specifier.contains(pins()[canonicalize_name(requirement.name)])


def test_each_locked_library_is_one_exact_version_with_hashes():
    for requirement, hashes in locked():
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), requirement


def test_the_lock_names_no_place_of_the_machine_that_made_it():
    entries = "\n".join(line for line in LOCK.splitlines() if not line.lstrip().startswith("#"))

    assert not re.search(r"://|@ |^-|\./|file:", entries, flags=re.MULTILINE)
    assert not re.search(r"://|(^|\s)/", LOCK)


def test_the_lock_of_the_checkers_holds_exact_versions_hashes_and_no_place():
    text = (CHECKERS / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]

    assert packages.pop("")["dependencies"] == wanted_of_npm()
    assert (
        wanted_of_npm().items()
        <= {
            name.removeprefix("node_modules/"): entry["version"] for name, entry in packages.items()
        }.items()
    )
    assert all(re.fullmatch(r"\d[\w.+-]*", entry["version"]) for entry in packages.values())
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert "://" not in text
    assert "resolved" not in text


def test_this_environment_holds_what_the_lock_says():
    for name, version in pins().items():
        if name != "uv":  # where pip has its own index, uv is not asked and not there
            assert metadata.version(name) == version, name


def test_each_locked_library_finds_the_libraries_it_needs():
    overridden = {Requirement(text).name for text in PROJECT["tool"]["uv"]["override-dependencies"]}
    for name in pins().keys() - {"uv"}:
        for text in metadata.requires(name) or []:
            need = Requirement(text)
            if need.name not in overridden and (
                not need.marker or need.marker.evaluate({"extra": ""})
            ):
                assert need.specifier.contains(pins()[canonicalize_name(need.name)]), (name, text)


def test_the_command_works_in_any_folder(tmp_path):
    assert run(COMMAND, "--version", cwd=tmp_path).strip()


def test_the_command_works_through_a_symlink(tmp_path):
    (tmp_path / "other name").symlink_to(COMMAND)

    assert run(tmp_path / "other name", "--version", cwd="/").strip()


def test_the_command_takes_no_module_from_the_folder_it_is_called_in(tmp_path):
    for name in ("click", "pelican", "json"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong module')")

    assert run(COMMAND, "--version", cwd=tmp_path).strip()


def test_each_direct_dependency_has_its_sentence():
    text = (CHECKOUT / "docs/dependencies.md").read_text(encoding="utf-8")
    explained = re.findall(r"^- \*\*([a-z0-9-]+)\*\*: [A-Z].*\.$", text, flags=re.MULTILINE)

    names = [requirement.name for requirement in declared()]
    assert sorted(explained) == sorted([*names, *wanted_of_npm()])


def test_make_alone_lists_what_can_be_done():
    listed = re.findall(r"^  make (\w+) +\S", run("make", cwd=CHECKOUT), flags=re.MULTILINE)

    assert set(listed) >= {"run", "test", "check", "build", "bench", "soak", "lock", "clean"}


def test_every_target_is_listed_but_the_parts_of_others():
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, flags=re.MULTILINE))
    listed = set(re.findall(r"^([a-z]+):.*## ", makefile, flags=re.MULTILINE))
    phony = re.findall(r"^\.PHONY: (.*)", makefile, flags=re.MULTILINE)

    parts = {"setup", "lint", "browser", "checkers", "postgresql", "webservers"}
    assert targets - listed == parts
    assert set(phony[0].split()) == targets


def test_continuous_integration_runs_what_everybody_runs():
    assert os.access(CHECKOUT / ".ci/run", os.X_OK)
    assert (CHECKOUT / ".ci/run").read_text(encoding="utf-8").splitlines()[-1] == "make test"


@pytest.fixture
def small_checkout(tmp_path):
    """The set-up alone, with an empty lock and a program that says where it lies."""
    root = tmp_path / "a checkout"
    (root / "pingback_server").mkdir(parents=True)
    shutil.copytree(CHECKOUT / ".ci", root / ".ci")
    (root / "requirements.lock").touch()
    (root / "pingback_server/__main__.py").write_text("print(__file__)")
    return root


def set_up(root):
    run(root / ".ci/set-up", sys.executable, env={"PIP_INDEX_URL": NOWHERE})
    return (root / ".venv/ready").stat().st_mtime_ns, run(
        root / ".venv/bin/permalien", cwd="/"
    ).strip()


def begins_to_set_up(root):
    """Whether the set-up begins anew; it is not awaited."""
    command = [root / ".ci/set-up", sys.executable]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as begun:
        words = begun.stdout.readline()
        if words:
            os.killpg(begun.pid, signal.SIGKILL)
        return words.startswith(b"Setting up")


def test_a_checkout_is_set_up_once_but_again_when_it_moved_or_its_lock_changed(small_checkout):
    moved = small_checkout.with_name("moved checkout")

    first = set_up(small_checkout)
    second = set_up(small_checkout)
    shutil.copytree(small_checkout, moved, symlinks=True)
    (small_checkout / "requirements.lock").write_text("# another\n")

    assert first[1] == str(small_checkout / "pingback_server/__main__.py")
    assert second == first
    assert begins_to_set_up(moved)
    assert begins_to_set_up(small_checkout)


def test_without_npm_s_registry_the_set_up_goes_on_and_says_what_is_skipped(tmp_path):
    shutil.copy(CHECKOUT / "Makefile", tmp_path)
    shutil.copytree(CHECKERS, tmp_path / "tests/node")
    offline = {"npm_config_registry": NOWHERE, "npm_config_cache": str(tmp_path / "cache")}
    checkers = ["make", "--old-file=setup", "checkers"]

    without = run(*checkers, cwd=tmp_path, env=offline)
    shutil.copy(CHECKERS / "package-lock.json", tmp_path / ".venv/node/ready")
    already = run(*checkers, cwd=tmp_path, env=offline)

    assert without == "npm cannot get axe, Nu and Lighthouse: their tests will be skipped.\n"
    assert already == ""


def found_python(name):
    """The Python called `name`, on PATH or among pyenv's; skips the test if there is none."""
    among_pyenv = Path.home().glob(f".pyenv/versions/{name.removeprefix('python')}.*/bin/python")
    for candidate in (shutil.which(name), *sorted(among_pyenv)):
        works = [str(candidate), "-c", "import ensurepip"]
        if candidate and subprocess.run(works, capture_output=True).returncode == 0:
            return str(candidate)
    pytest.skip(f"no {name} here")


@pytest.fixture
def clone(tmp_path):
    """This checkout without what was made in it, in a folder with spaces in its name."""
    root = tmp_path / "a fresh clone"
    made = (".git", ".venv", "var", "output", "dist", "build", "__pycache__", ".*_cache")
    return shutil.copytree(CHECKOUT, root, ignore=shutil.ignore_patterns(*made))


@pytest.mark.soak
@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "name", ["/usr/bin/python3", "python3.11", "python3.12", "python3.13", "python3.14"]
)
def test_a_fresh_clone_builds_its_blog_and_then_needs_no_network(clone, name):
    python = found_python(name)
    offline = {"HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE, "PIP_INDEX_URL": NOWHERE}

    run("make", "build", f"PY={python}", cwd=clone, timeout=300)
    shutil.rmtree(clone / "output")
    run("make", "build", f"PY={python}", cwd=clone, env=offline)

    assert (clone / "output/index.html").is_file()


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_pip_does_it_where_it_has_an_index_of_its_own(clone):
    run("make", "setup", cwd=clone, env={"PIP_INDEX_URL": "https://pypi.org/simple"}, timeout=600)

    assert not (clone / ".venv/bin/uv").exists()
    assert run(clone / ".venv/bin/permalien", "--version").strip()


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_nothing_is_compiled_twice_though_the_machine_tells_python_to_keep_nothing(clone):
    told = {"PYTHONDONTWRITEBYTECODE": "1"}

    run("make", "setup", cwd=clone, env=told, timeout=300)
    libraries = next((clone / ".venv/lib").glob("python3*/site-packages"))
    assert list((libraries / "sqlalchemy/__pycache__").glob("*.pyc"))

    run("make", "build", cwd=clone, env=told)
    for package in ("pingback_server", "plugins/press"):
        assert list((clone / package / "__pycache__").glob("*.pyc")), package
