"""The wheel: what `pip install gradstep` puts where, and that it keeps out of its users' way."""

import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("gradstep.py", "engine", "app", "resources", "pyproject.toml", "README.md", "LICENSE", "NOTICE")


def source_files(folder: str, pattern: str) -> set[str]:
    """The files of a folder of the checkout that belong to Gradstep, as paths from its root."""
    found = (file for file in (ROOT / folder).rglob(pattern) if file.is_file() and "__pycache__" not in file.parts)
    return {file.relative_to(ROOT).as_posix() for file in found}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel unpacked in it, as pip would; nothing is fetched to build it."""
    build = tmp_path_factory.mktemp("build")
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, build / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, build / name)
    (build / "app" / "__pycache__").mkdir()
    (build / "app" / "__pycache__" / "old.cpython-311.pyc").write_bytes(b"left by a run")
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--wheel-dir", str(build / "out"), str(build)], check=True, capture_output=True, timeout=120)
    (wheel,) = (build / "out").iterdir()
    unpacked = tmp_path_factory.mktemp("venv") / "lib" / "python3" / "site-packages"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(unpacked)
    return unpacked


def test_only_gradsteps_own_names_are_importable(site: Path) -> None:
    tops = {entry.name for entry in site.iterdir() if entry.suffix != ".dist-info"}
    assert tops == {"gradstep.py", "gradstep_runtime"}


def test_every_file_of_the_program_is_carried_and_nothing_else(site: Path) -> None:
    runtime = site / "gradstep_runtime"
    carried = {file.relative_to(runtime).as_posix() for file in runtime.rglob("*") if file.is_file()}
    assert carried == source_files("engine", "*.py") | source_files("app", "*.py") | source_files("resources", "*")


def test_the_window_finds_its_pictures_where_the_wheel_puts_them(site: Path) -> None:
    runtime = site / "gradstep_runtime"
    program = "from app import assets; print(assets.resources_dir()); print(len(assets.icon_names()))"
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=runtime, capture_output=True, text=True, check=True, timeout=60
    )
    folder, icons = ended.stdout.splitlines()
    assert Path(folder) == runtime / "resources"
    assert int(icons) >= 45


def test_the_installed_command_runs_beside_foreign_modules_of_the_same_names(site: Path, tmp_path: Path) -> None:
    for name in ("engine", "app"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('a foreign module was imported')\n")
    program = (
        f"import sys; sys.path.insert(1, {str(site)!r}); sys.argv = ['gradstep', 'version']\n"
        "import gradstep; sys.exit(gradstep.main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert (ended.returncode, ended.stderr) == (0, "")
    assert version in ended.stdout


def test_a_shipped_script_has_its_lines_and_names_where_packages_are_installed(site: Path, tmp_path: Path) -> None:
    script = site / "gradstep_runtime" / "resources" / "examples" / "hello.py"
    program = (
        f"import sys; sys.path.insert(1, {str(site)!r}); import gradstep\n"
        f"gradstep.main(['record', {str(script)!r}, '-o', 'hello.gradstep'])\n"
        "gradstep.main(['show', 'hello.gradstep'])\n"
        "gradstep.main(['watch', 'hello.gradstep', 'output'])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    first = next(line for line in ended.stdout.splitlines() if line.split()[:2] == ["1", "z1"])
    line = next(i for i, text in enumerate(script.read_text().splitlines(), 1) if "self.hidden_layer(" in text)
    assert first.split()[-1] == f"hello.py:{line}"
    assert "output  [0.85" in ended.stdout


def test_the_constraints_fit_the_ranges_and_pin_what_was_promised() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert (pins["torch"], pins["PySide6-Essentials"], pins["shiboken6"]) == ("2.13.0", "6.11.3", "6.11.3")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    named = {requirement.partition(">")[0].partition(";")[0] for group in groups for requirement in group}
    assert named - set(pins) == set()
