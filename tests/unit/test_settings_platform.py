"""What the environment says about the platform: its Redis, its workspace, ports and logs."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenai.errors import UsageError
from greenai.settings import read_settings

HOME = {"GREENAI_HOME": "/somewhere"}


def test_nothing_said_means_a_redis_of_our_own_a_workspace_at_home_no_port_and_informative_logs() -> None:
    settings = read_settings(HOME)
    assert settings.redis_url is None
    assert settings.workspace == Path("/somewhere/workspace")
    assert settings.metrics_port == 0
    assert settings.log_level == "INFO"


@pytest.mark.parametrize(
    "url",
    ["redis://h:6379/0", "rediss://:secret@h/1", "unix:///run/redis.sock?db=0", "unix://me@/run/r.sock"],
)
def test_every_kind_of_redis_url_is_taken(url: str) -> None:
    assert read_settings({"GREENAI_REDIS_URL": url}).redis_url == url


@pytest.mark.parametrize(
    "url", ["localhost:6379", "redis://", "http://secret@h", "unix://relative", " redis://h"]
)
def test_another_redis_url_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(UsageError, match="GREENAI_REDIS_URL") as caught:
        read_settings({"GREENAI_REDIS_URL": url})
    assert "secret" not in str(caught.value)
    assert "localhost" not in str(caught.value)


def test_a_password_is_not_shown_with_the_settings() -> None:
    settings = read_settings({"GREENAI_REDIS_URL": "redis://:secret@h/1"})
    assert "secret" not in repr(settings)


def test_a_relative_workspace_is_refused() -> None:
    with pytest.raises(UsageError, match="GREENAI_WORKSPACE is not an absolute path"):
        read_settings({"GREENAI_WORKSPACE": "work"})
    assert read_settings({"GREENAI_WORKSPACE": "/work"}).workspace == Path("/work")


@pytest.mark.parametrize("port", ["-1", "65536", "http", "80.0", " 80", "²"])
def test_a_port_that_is_none_is_refused(port: str) -> None:
    with pytest.raises(UsageError, match="GREENAI_METRICS_PORT is not a port"):
        read_settings({"GREENAI_METRICS_PORT": port})


@pytest.mark.parametrize(("given", "meant"), [("debug", "DEBUG"), ("Warning", "WARNING"), ("", "INFO")])
def test_levels_of_logs_may_be_written_small(given: str, meant: str) -> None:
    assert read_settings({"GREENAI_LOG_LEVEL": given}).log_level == meant


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(UsageError, match="GREENAI_LOG_LEVEL is not a level of logs"):
        read_settings({"GREENAI_LOG_LEVEL": "loud"})
