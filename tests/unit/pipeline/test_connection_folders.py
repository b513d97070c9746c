"""Folders that a connection may lead to."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenai.errors import UsageError
from greenai.pipeline.connections import checked_folder


@pytest.mark.parametrize(
    "folder", ["/proc", "/proc/1", "/sys/kernel", "/dev/shm/x", "/etc", "/boot/", "/etc/ssl"]
)
def test_folders_of_the_system_are_refused_with_a_remedy(folder: str) -> None:
    with pytest.raises(UsageError, match="operating system") as refused:
        checked_folder(folder, ())
    assert refused.value.remedy is not None


@pytest.mark.parametrize("folder", ["/srv/feeds", "/etcetera", "/data/etc", "/home/process"])
def test_folders_that_only_sound_like_them_are_taken(folder: str) -> None:
    assert checked_folder(folder, (Path("/var/greenai"),)) == folder


def test_folders_of_greenai_are_refused() -> None:
    with pytest.raises(UsageError, match="greenai itself"):
        checked_folder("/var", (Path("/var/greenai"),))
