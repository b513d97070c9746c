"""A naive, independent judge in plain Python: may two texts be called the same thing?

It shares no code and no pattern with the proofs. Where it says no, a proof would be false.
"""

from __future__ import annotations

import contextlib
import unicodedata
from datetime import datetime
from decimal import Decimal, InvalidOperation

QUOTES = {**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"'), **dict.fromkeys("‐‑‒–—―−", "-")}
UNITS = "$€£¥%‰"
DAYS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"]
DAYS += [f"{one}{mark}{two}{mark}%Y" for mark in "-/." for one, two in (("%d", "%m"), ("%m", "%d"))]
DAYS += ["%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%d-%B-%Y", "%d%b%Y", "%d%B%Y", "%d. %B %Y", "%d. %b %Y"]
DAYS += ["%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"]
CLOCKS = ["", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %H:%M%z", " %H:%M:%S%z", " %H:%M:%S.%f%z"]


def alike(a: str, b: str) -> bool:
    """Whether there is any way at all in which both texts say the same, and only one thing."""
    if letters(a) == letters(b) != "":
        return True
    if numbers(a) == numbers(b) and len(numbers(a)) == 1:
        return True
    if moments(a) == moments(b) and len(moments(a)) == 1:
        return True
    return b in repairs(a) or a in repairs(b)


def letters(text: str) -> str:
    """Words without the difference of case, blanks, quotes and composition."""
    typed = "".join(QUOTES.get(c, c) for c in unicodedata.normalize("NFC", text))
    visible = "".join(c for c in typed if c not in "\u200b\u2060\ufeff").replace("\0", " ")
    return " ".join(unicodedata.normalize("NFC", visible.casefold()).split())


def numbers(text: str) -> set[tuple[str, Decimal]]:
    """Every number, with its unit, that somebody could read in a text."""
    written = " ".join(text.replace("−", "-").replace("’", "'").replace("\0", " ").split())
    unit = "".join(c for c in written if c in UNITS)
    if len(unit) > 1 or written[1:-1].strip(" -+()").find(unit or "?") > 0:
        return set()
    written = written.replace(unit, "").strip()
    negative = False
    if written.startswith("(") and written.endswith(")"):
        negative, written = True, written[1:-1].strip()
    elif written.endswith("-") and written[:1] not in ("-", "+"):
        negative, written = True, written[:-1].strip()
    elif written[:1] in ("-", "+"):
        negative, written = written[0] == "-", written[1:].strip()
    readings = set()
    for decimal, groups in ((".", ",' "), (",", ".' ")):
        for group in groups:
            whole, mark, rest = written.partition(decimal)
            parts = whole.split(group)
            if len(parts) > 1 and (len(parts[0]) > 3 or parts[0].startswith("0")):
                continue
            if any(len(part) != 3 for part in parts[1:]):
                continue
            if decimal == "," and mark and not rest:
                continue
            # Only the point is a decimal mark and a group mark at once; the machine's habit decides.
            if decimal == "," and group == "." and len(parts) == 2 and not mark:
                continue
            try:
                value = Decimal("".join(parts) + "." + rest if mark else "".join(parts))
            except InvalidOperation:
                continue
            if value.is_finite():
                readings.add((unit, -value if negative else value))
    return readings


def moments(text: str) -> set[str]:
    """Every moment that somebody could read in a text."""
    written = text.replace("UTC", "Z").replace("\0", " ")
    written = " ".join(written.replace("T", " ").split() if ":" in text else written.split())
    written = written.replace(" Z", "Z").replace(" +", "+")
    head, dot, tail = written.rpartition(".") if ":" in written else ("", "", "")
    if dot:
        digits = tail[: len(tail) - len(tail.lstrip("0123456789"))]
        written = f"{head}.{digits[:6]}{tail[len(digits) :]}" if digits else written
    found = set()
    for day in DAYS:
        for clock in CLOCKS:
            try:
                moment = datetime.strptime(written, day + clock)
            except ValueError:
                continue
            found.add(moment.isoformat())
    return found


def repairs(text: str) -> set[str]:
    """What a text becomes when its characters are read as UTF-8 bytes, if it can be."""
    repaired = set()
    for encoding in ("latin-1", "cp1252"):
        try:
            repaired.add(text.encode(encoding).decode("utf-8"))
        except UnicodeError:
            continue
    with_controls = "".join(chr(c.encode("cp1252")[0]) if c.encode("cp1252", "ignore") else c for c in text)
    with contextlib.suppress(UnicodeError):
        repaired.add(with_controls.encode("latin-1").decode("utf-8"))
    return repaired
