"""The wheel is whole: installed elsewhere, without this checkout, it makes and builds a blog."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
# Where the checkout's folders lie in the wheel: catalogues, migrations, scaffold are the package's.
CARRIED = {
    "theme": "pingback_server/theme",
    "plugins": "pingback_server/plugins",
    "pingback_server": "pingback_server",
}


def run(*command, cwd):
    """Run a command as a user would who has never seen the checkout; returns what it prints."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PERMALIEN_", "PYTHON", "VIRTUAL_ENV", "MAKE", "PORT"))
    }
    answer = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        env=environment | {"PIP_CONSTRAINT": os.devnull, "PIP_USER": "0"},
        timeout=300,
    )
    assert answer.returncode == 0, f"{command}\n{answer.stdout}{answer.stderr}"
    return answer.stdout


def files_below(folder):
    """Every file below a folder, by its path there, with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built without the network."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=CHECKOUT)
    (built,) = folder.glob("permalien-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """The programs of an environment that has the wheel, and this one's libraries by a .pth line.

    Python reads no .pth files in a folder that a .pth line adds, so the checkout stays unknown.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(folder, symlinks=True)
    programs = folder / "bin"
    pip = (sys.executable, "-m", "pip", "--python", programs / "python", "install", "-q")
    run(*pip, "--no-deps", "--no-index", wheel, cwd=folder)
    place = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(run(programs / "python", "-c", place, cwd=folder).strip())
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


@pytest.fixture(scope="module")
def blog(installed, tmp_path_factory):
    """A blog that the installed command has made and built."""
    folder = tmp_path_factory.mktemp("author") / "my blog"
    run(installed / "permalien", "init", folder, cwd=folder.parent)
    run(installed / "permalien", "build", cwd=folder)
    return folder


@pytest.mark.parametrize(("source", "target"), CARRIED.items())
def test_the_wheel_carries_every_file_of_the_checkout(wheel, source, target):
    files = [name for name in files_below(CHECKOUT / source) if "__pycache__" not in name]
    carried = set(zipfile.ZipFile(wheel).namelist())

    assert files
    assert {f"{target}/{name}" for name in files} - carried == set()


def test_the_wheel_carries_nothing_else(wheel):
    carried = zipfile.ZipFile(wheel).namelist()

    assert [name for name in carried if "__pycache__" in name or name.endswith(".pyc")] == []
    assert {name.split("/")[0].split("-")[0] for name in carried} == {
        "pingback_server",
        "permalien",
    }


def test_the_wheel_names_its_licence(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_installed_package_knows_nothing_of_the_checkout(installed, tmp_path):
    program = "import pingback_server, sys; print(pingback_server.__file__, *sys.path, sep='\\n')"

    place, *path = run(installed / "python", "-c", program, cwd=tmp_path).splitlines()

    assert Path(place).is_relative_to(installed.parent)
    assert str(CHECKOUT) not in path


def test_init_writes_only_what_is_the_authors(installed, tmp_path):
    run(installed / "permalien", "init", "blog", cwd=tmp_path)

    names = files_below(tmp_path / "blog")
    assert {name.split("/")[0] for name in names} == {"content", "pelicanconf.py", ".gitignore"}


def test_an_installed_blog_is_built_by_its_own_command(blog):
    assert "<h1" in (blog / "output/index.html").read_text(encoding="utf-8")


def test_plain_pelican_builds_the_same_pages(installed, blog):
    built = files_below(blog / "output")

    (blog / "output").rename(blog / "built by permalien")
    run(installed / "python", "-m", "pelican", "--fatal", "errors", cwd=blog)

    assert files_below(blog / "output") == built


def test_an_installed_blog_has_its_store(installed, blog):
    assert json.loads(run(installed / "permalien", "queue", "--json", cwd=blog)) == []


@pytest.mark.soak
@pytest.mark.timeout(900)
def test_pip_installs_the_wheel_with_all_its_libraries(wheel, tmp_path):
    venv.create(tmp_path / "venv", symlinks=True, with_pip=True)
    programs = tmp_path / "venv/bin"

    run(programs / "python", "-m", "pip", "install", "-q", wheel, cwd=tmp_path)
    run(programs / "permalien", "init", "blog", cwd=tmp_path)
    run(programs / "permalien", "build", cwd=tmp_path / "blog")
    run(programs / "pelican", "--fatal", "errors", cwd=tmp_path / "blog")

    assert (tmp_path / "blog/output/index.html").is_file()
