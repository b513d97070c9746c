"""One virtual environment per peer, from pinned and hashed requirements, so that no two share a version."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).parent
REQUIREMENTS = HERE / "requirements"
ENVIRONMENTS = HERE / ".environments"
# Each peer and the distributions in its environment whose versions matter.
PEERS = {"datacompy": ("datacompy", "polars"), "reladiff": ("reladiff", "duckdb"), "csv-diff": ("csv-diff",)}
# Not a diff tool: what `benchmarks.attribution` holds the scopes of causes against.
PEERS_OF_CAUSES = {"sliceline": ("sliceline", "numpy")}

_VERSIONS = """
import importlib.metadata, json, platform, sys
found = {"python": platform.python_version()}
for name in sys.argv[1:]:
    try:
        found[name] = importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        pass
print(json.dumps(found))
"""


def python_of(peer: str) -> Path:
    """The interpreter of a peer's environment, which is built first where it is missing or stale."""
    folder = ENVIRONMENTS / peer
    interpreter = folder / "bin" / "python"
    requirements = REQUIREMENTS / f"{peer}.txt"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    mark = folder / "requirements.sha256"
    if mark.exists() and mark.read_text() == wanted:
        return interpreter
    print(f"building the environment of {peer} ...", file=sys.stderr, flush=True)
    venv.create(folder, with_pip=True, clear=True)
    install: list[str | Path] = [
        interpreter,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    pinned: list[str | Path] = ["--require-hashes", "--no-deps", "--only-binary=:all:", "-r", requirements]
    if subprocess.run([*install, *pinned], check=False).returncode != 0:
        sys.exit(f"the environment of {peer} could not be built (see above); --no-peers does without")
    mark.write_text(wanted)
    return interpreter


def versions(interpreter: Path, *distributions: str) -> dict[str, str]:
    """The versions of Python and of some distributions in an environment."""
    answer = subprocess.run(
        [interpreter, "-c", _VERSIONS, *distributions], check=True, capture_output=True, text=True
    )
    found: dict[str, str] = json.loads(answer.stdout)
    return found
