"""Uploads in responses."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from greenai.bff.schemas.common import Answer, Moment


class UploadFileShown(Answer):
    """A file of an upload, and how definitions name it."""

    name: str
    bytes: int
    content_hash: str
    location: Annotated[str, Field(examples=["connection://uploads/0f3c5a7e9b1d4f6a8c0e2b4d6f8a0c1e/a.csv"])]


class UploadShown(Answer):
    """An upload with its files: itself, or what its archive held."""

    upload: Annotated[str, Field(examples=["0f3c5a7e9b1d4f6a8c0e2b4d6f8a0c1e"])]
    name: str
    media_type: Annotated[str, Field(description="By its content.")]
    bytes: int
    content_hash: str
    uploaded_by: str
    created_at: Moment
    expires_at: Annotated[Moment, Field(description="Removed then, unless a definition reads it.")]
    files: list[UploadFileShown]


class UploadPage(Answer):
    """Uploads, the last first."""

    items: list[UploadShown]
    next: str | None
