"""Bytes to UTF-8, without losing one."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenai.errors import UsageError
from greenai.sources.bytestreams import Utf8Stream, bad_byte, encoding_of, readable


def recoded(data: bytes, encoding: str, size: int = 3) -> bytes:
    stream = Utf8Stream(io.BytesIO(data), encoding)
    return b"".join(iter(lambda: stream.read(size), b""))


@given(st.text(), st.sampled_from(["utf-16-le", "utf-32-be", "utf-8"]), st.integers(1, 9))
def test_text_survives_whatever_the_block_size(text: str, encoding: str, size: int) -> None:
    assert recoded(text.encode(encoding), encoding, size) == text.encode()


@given(st.binary(max_size=40), st.sampled_from(["cp1252", "shift_jis", "utf-16-le", "ascii"]))
def test_bytes_that_do_not_decode_are_marked_and_readable(data: bytes, encoding: str) -> None:
    raw = recoded(data, encoding)
    try:
        expected = data.decode(encoding)
    except UnicodeDecodeError:
        assert bad_byte(raw, encoding)
    else:
        assert raw.decode("utf-8") == expected
        assert bad_byte(raw, encoding) is None
    readable(raw).encode("utf-8")


def test_the_first_bad_byte_is_named_with_its_place_and_a_hint() -> None:
    why = bad_byte("né ".encode() + b"\xe9", "utf-8")
    assert why is not None
    assert "byte 0xE9 at character 4 is not utf-8" in why
    assert "'é'" in why
    assert bad_byte(recoded(b"ab\x81", "cp1252"), "cp1252") == (
        "byte 0x81 at character 3 is not cp1252; set `encoding:` to the file's encoding"
    )


@pytest.mark.parametrize(
    ("start", "declared", "expected"),
    [
        (b"plain", None, ("utf-8", 0)),
        (b"\xef\xbb\xbfx", None, ("utf-8", 3)),
        (b"\xef\xbb\xbfx", "utf-8-sig", ("utf-8", 3)),
        (b"\xff\xfex\0", None, ("utf-16-le", 2)),
        (b"\xfe\xff\0x", "UTF-16", ("utf-16-be", 2)),
        (b"\xff\xfe\0\0", None, ("utf-32-le", 4)),
        (b"x\0y\0", "utf-16", ("utf-16-le", 0)),
        (b"x\0y\0z\0", None, ("utf-16-le", 0)),
        (b"\0x\0y\0z", None, ("utf-16-be", 0)),
        (b"\xff\xfex", "latin-1", ("iso8859-1", 0)),
    ],
)
def test_the_encoding_follows_from_mark_and_declaration(
    start: bytes, declared: str | None, expected: tuple[str, int]
) -> None:
    assert encoding_of(start, declared, "t.csv") == expected


@pytest.mark.parametrize("name", ["klingon", "base64", "rot13"])
def test_an_encoding_that_is_none_is_an_error(name: str) -> None:
    with pytest.raises(UsageError, match="encoding"):
        encoding_of(b"x", name, "t.csv")
