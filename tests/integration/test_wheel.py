"""The wheel works alone: in an empty environment, with the locked versions, away from the repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def run(*command: object, cwd: Path, codes: tuple[int, ...] = (0,)) -> str:
    """Run a command away from the repository and return what it prints."""
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=env,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=600,
    )
    assert done.returncode in codes, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Installed:
    """A fresh environment with the wheel in it, and a folder to work in."""

    environment: Path
    folder: Path

    def greenai(self, *arguments: object, codes: tuple[int, ...] = (0,)) -> str:
        return run(self.environment / "bin" / "greenai", *arguments, cwd=self.folder, codes=codes)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    environment = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", environment, cwd=environment)
    pip = (environment / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
    run(*pip, "--require-hashes", "-r", ROOT / "requirements" / "runtime.txt", cwd=environment)
    run(*pip, "--no-deps", wheel, cwd=environment)
    run(environment / "bin" / "python", "-m", "pip", "check", cwd=environment)
    return Installed(environment, tmp_path_factory.mktemp("work"))


def test_the_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info/" not in name} == {"greenai"}
    for needed in ("greenai/py.typed", "greenai/reports/style.css", "greenai/cli/main.py"):
        assert needed in names
    sources = {
        path.relative_to(ROOT / "src").as_posix()
        for path in (ROOT / "src" / "greenai").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {name for name in names if name.startswith("greenai/")} == sources
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_installed_command_knows_its_version(installed: Installed, wheel: Path) -> None:
    printed = installed.greenai("--version")
    assert printed == f"greenai, version {wheel.name.split('-')[1]}\n"
    code = "import greenai; print(greenai.__file__)"
    where = run(installed.environment / "bin" / "python", "-c", code, cwd=installed.folder)
    assert Path(where.strip()).is_relative_to(installed.environment)


def test_a_diff_works_there(installed: Installed) -> None:
    (installed.folder / "a.csv").write_text("id,n\n1,2.50\n2,3.50\n", encoding="utf-8")
    (installed.folder / "b.csv").write_text("id,n\n1,2.5\n2,4\n", encoding="utf-8")
    document = json.loads(installed.greenai("diff", "a.csv", "b.csv", "--format", "json", codes=(1,)))
    assert document["rows"]["different"] == 1
    assert (
        "<!doctype html"
        in installed.greenai("diff", "a.csv", "b.csv", "--format", "html", codes=(1,)).lower()
    )
    assert '"$schema"' in installed.greenai("schema")


def test_a_simulated_recon_runs_there_and_is_reported(installed: Installed) -> None:
    installed.greenai("simulate", "trades", "--rows", 2_000, "--seed", 3, "--out", "trades")
    installed.greenai("run", "trades/recon.yaml", "--store", "none", "--out", "result", codes=(1,))
    result = installed.folder / "result"
    summary = json.loads((result / "summary.json").read_text(encoding="utf-8"))
    truth = json.loads((installed.folder / "trades" / "truth.json").read_text(encoding="utf-8"))
    assert summary["rows"] == truth["rows"]
    page = (result / "report.html").read_text(encoding="utf-8")
    assert "<style" in page
    assert "tabular-nums" in page


def test_an_excel_file_is_read_there(installed: Installed) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (("id", "n"), (1, 2.5), (2, 3.5)):
        book.active.append(row)
    book.save(installed.folder / "book.xlsx")
    (installed.folder / "same.csv").write_text("id,n\n1,2.5\n2,3.5\n", encoding="utf-8")
    installed.greenai("diff", "book.xlsx", "same.csv", "--key", "id")
