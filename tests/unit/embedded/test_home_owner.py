"""Whose home it is that a platform comes up in."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from greenai.embedded import platform
from greenai.embedded.account import check_home
from greenai.errors import UsageError
from greenai.settings import Settings

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="takes another user's place")


@as_root
@pytest.mark.parametrize("start", [lambda given: platform.up(given, [], told=print), None])
def test_root_leaves_nothing_in_the_home_of_another_user(tmp_path: Path, start: object) -> None:
    home = tmp_path / "home"
    home.mkdir()
    ann = pwd.getpwnam("daemon")
    os.chown(home, ann.pw_uid, ann.pw_gid)
    settings = Settings(home=home)
    with pytest.raises(UsageError, match="belongs to daemon") as caught:
        start(settings) if callable(start) else platform.start_detached(settings, [])
    assert "sudo -u daemon greenai up" in (caught.value.remedy or "")
    assert not list(home.iterdir())


def test_a_home_of_one_s_own_and_one_that_is_not_there_yet_are_right(tmp_path: Path) -> None:
    check_home(tmp_path)
    check_home(tmp_path / "not" / "there")
