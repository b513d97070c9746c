"""What is locked is what is declared, complete, hashed, and says nothing about where it comes from."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "requirements"


def declared(path: Path) -> dict[str, Requirement]:
    """The requirements of an ``.in`` file by name."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    found = [Requirement(line) for line in lines if line and not line.startswith("-r")]
    return {one.name: one for one in found}


def locked(name: str) -> dict[str, tuple[str, list[str]]]:
    """The version and the hashes of every package of a lock file."""
    text = (FOLDER / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.match(r"([A-Za-z0-9._-]+)==(\S+)(?: *;[^-]*)?((?: +--hash=sha256:[0-9a-f]{64})+) *$", line)
        assert match, f"not a locked and hashed package: {line[:80]!r}"
        found[match[1].lower()] = (match[2], re.findall(r"sha256:\w+", match[3]))
    return found


def test_the_declared_requirements_are_those_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {str(one) for one in declared(FOLDER / "runtime.in").values()} == {
        str(Requirement(line)) for line in project["dependencies"]
    }


def test_development_adds_to_what_the_package_needs() -> None:
    assert "-r runtime.in" in (FOLDER / "dev.in").read_text(encoding="utf-8").splitlines()
    runtime, dev = locked("runtime.txt"), locked("dev.txt")
    assert {name: dev.get(name) for name in runtime} == runtime


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_every_declared_package_is_locked_in_a_version_that_fits(name: str) -> None:
    packages = locked(f"{name}.txt")
    for requirement in declared(FOLDER / f"{name}.in").values():
        version, _ = packages[requirement.name.lower()]
        assert requirement.specifier.contains(version, prereleases=True), requirement


@pytest.mark.parametrize("name", ["runtime.in", "runtime.txt", "dev.in", "dev.txt"])
def test_no_address_of_a_registry_is_written_down(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    for trace in (
        "http:",
        "https:",
        "://",
        "--index-url",
        "--extra-index-url",
        "--find-links",
        "--trusted-host",
        " -i ",
        "@ ",
    ):
        assert trace not in text


def test_a_lock_without_hashes_would_be_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "x.txt").write_text("click==8.2.0\n", encoding="utf-8")
    monkeypatch.setattr(f"{__name__}.FOLDER", tmp_path)
    with pytest.raises(AssertionError, match="not a locked and hashed package"):
        locked("x.txt")
