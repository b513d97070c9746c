"""The built workstation, served from the package: its files, and one page for all of its addresses."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fastapi import HTTPException
from fastapi.responses import FileResponse
from starlette.staticfiles import StaticFiles

if TYPE_CHECKING:
    from fastapi import FastAPI

FOLDER: Final = "static"
FOR_EVER: Final = "public, max-age=31536000, immutable"
"""Files with a hash in their name never change."""
ASKED_ANEW: Final = "no-cache"


def built() -> Path | None:
    """The folder of the built workstation; None in a checkout in which nobody built it."""
    folder = Path(str(files("greenai.bff").joinpath(FOLDER)))
    return folder if (folder / "index.html").is_file() else None


class Assets(StaticFiles):
    """Files with a hash in their name."""

    def file_response(self, *args: object, **kwargs: object) -> object:  # type: ignore[override]
        """The file, which browsers may keep."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["cache-control"] = FOR_EVER
        return response


def serve_pages(app: FastAPI) -> None:
    """Serve the workstation below ``/``; addresses of the API that there are not stay 404."""
    folder = built()
    if folder is None:
        return
    if (folder / "assets").is_dir():
        app.mount("/assets", Assets(directory=folder / "assets"), name="assets")
    known = {path.name: path for path in folder.iterdir() if path.is_file()}

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> FileResponse:
        """A file of the workstation by name, else its page, which knows its own addresses."""
        if path.startswith(("api/", "assets/")):
            raise HTTPException(404, "there is no such address")
        return FileResponse(known.get(path, folder / "index.html"), headers={"cache-control": ASKED_ANEW})
