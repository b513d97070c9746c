"""strptime formats, time zones, encodings and cron lines."""

from __future__ import annotations

import pytest

from greenai.definition.formats import (
    DIRECTIVES,
    check_cron,
    check_encoding,
    check_strptime,
    check_timezone,
)


@pytest.mark.parametrize("text", ["%d/%m/%Y", "%-d %B %y", "%Y%m%d", "%G-W%V-%u", "%Y%%%j", "%x"])
def test_a_date_format_holds_a_year_and_no_time(text: str) -> None:
    check_strptime(text)


@pytest.mark.parametrize("text", ["%d/%m/%Y %H:%M", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d"])
def test_a_timestamp_format_may_hold_a_time(text: str) -> None:
    check_strptime(text, time=True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("%d/%m", "no year"),
        ("dd/mm/yyyy", "no year"),
        ("%Y-%Q", "`%Q`"),
        ("%Y%", "`%`"),
        ("%-Y", "`%-Y`"),
        ("%Y %H", "parse_timestamp"),
    ],
)
def test_a_wrong_date_format_is_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_strptime(text)


@pytest.mark.parametrize("letter", [one for one in DIRECTIVES if one not in "zZ"])
def test_the_engine_knows_every_directive(letter: str) -> None:
    import duckdb

    with duckdb.connect() as connection:
        moment = f"strftime(TIMESTAMP '2026-01-31 18:05:06', '%{letter}')"
        connection.execute(f"SELECT strptime({moment}, '%{letter}')").fetchall()


@pytest.mark.parametrize("name", ["UTC", "Europe/London", "America/New_York"])
def test_iana_zones_are_known(name: str) -> None:
    check_timezone(name)


@pytest.mark.parametrize("name", ["", "Mars/Phobos", "../etc/passwd", "/etc/localtime", "\0"])
def test_other_zones_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not the name of a time zone"):
        check_timezone(name)


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "latin-1", "cp1252", "utf-16", "shift_jis"])
def test_text_encodings_are_known(name: str) -> None:
    check_encoding(name)


@pytest.mark.parametrize("name", ["utf-9", "hex", "rot13", "", "a\0b", "ä"])
def test_other_encodings_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not a known encoding"):
        check_encoding(name)


@pytest.mark.parametrize("text", ["0 6 * * 1-5", "*/15 8-18/2 1,15 JAN-mar sun", "0 0 29 2 7"])
def test_cron_lines_have_five_fields(text: str) -> None:
    check_cron(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0 6 * *", "five fields"),
        ("60 * * * *", "not a minute"),
        ("* * 0 * *", "not a day of the month"),
        ("* * * foo *", "not a month"),
        ("* * * * 5-1", "not a day of the week"),
        ("*/0 * * * *", "not a minute"),
        ("1,,2 * * * *", "not a minute"),
        ("@daily", "five fields"),
    ],
)
def test_a_wrong_cron_line_names_the_field(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_cron(text)
