"""Regular expressions of a definition: the syntax of RE2, which runs in linear time.

The engine speaks RE2 (https://github.com/google/re2/wiki/Syntax). To find mistakes before any data is
read, a pattern is rewritten from RE2's notation into Python's and compiled there; what RE2 does not
have (look-around, backreferences, possessive and atomic groups, conditions) is refused by name.
"""

from __future__ import annotations

import re
import warnings

MAX_REPEAT = 1000
_KEPT_ESCAPES = frozenset("AbBdDsSwWafnrtv0")
_KEPT_IN_CLASS = frozenset("dDsSwWafnrtv0")
_UNICODE_CLASS = re.compile(r"\\[pP](\{\^?[A-Za-z_]+\}|[A-Z])")
_HEX = re.compile(r"\\x(?:([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\})")
_REPEAT = re.compile(r"\{(\d+)(?:,(\d*))?\}")
_POSIX = re.compile(r"\[:\^?(\w+):\]")
_POSIX_NAMES = frozenset(
    {
        "alnum",
        "alpha",
        "ascii",
        "blank",
        "cntrl",
        "digit",
        "graph",
        "lower",
        "print",
        "punct",
        "space",
        "upper",
        "word",
        "xdigit",
    }
)
_FLAGS = re.compile(r"\(\?[imsU]*(?:-[imsU]+)?([):])")
_NAMED = re.compile(r"\(\?P<([A-Za-z_]\w*)>", re.ASCII)
_CATEGORY = re.compile(r"C[cfos]?|L[lmotu]?|M[cen]?|N[dlo]?|P[cdefios]?|S[ckmo]?|Z[lps]?")
_REFUSED = (
    ("(?=", "look-ahead"),
    ("(?!", "look-ahead"),
    ("(?<=", "look-behind"),
    ("(?<!", "look-behind"),
    ("(?P=", "a backreference"),
    ("(?P>", "recursion"),
    ("(?R", "recursion"),
    ("(?(", "a condition"),
    ("(?>", "an atomic group"),
    ("(?#", "a comment"),
    ("(?|", "a branch reset"),
)


def check_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern as Python's, for its groups. Raises ValueError saying what RE2 does not have."""
    rewritten = _Rewriter(pattern).run()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.compile(rewritten)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"is not a regular expression: {getattr(error, 'msg', error)}") from None


def check_replacement(text: str, groups: int) -> None:
    """A replacement may hold ``\\0`` to ``\\9`` for groups that exist, and ``\\\\``. Raises ValueError."""
    for match in re.finditer(r"\\(.?)", text, re.DOTALL):
        after = match[1]
        if after == "\\":
            continue
        if not (after.isascii() and after.isdigit()):
            raise ValueError(
                f"`\\{after}` is not a group: write \\1 to \\9, \\0 for all, or \\\\ for a backslash"
            )
        if int(after) > groups:
            raise ValueError(f"`\\{after}` names a group that the pattern does not have (it has {groups})")


class _Rewriter:
    """One pass over an RE2 pattern, writing the same pattern in Python's notation."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.out: list[str] = []

    def run(self) -> str:
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            if char == "\\":
                self._escape()
            elif char == "[":
                self._character_class()
            elif self.pattern.startswith("(?", self.at):
                self._group()
            elif char in "*+?" or (char == "{" and _REPEAT.match(self.pattern, self.at)):
                self._repeat()
            else:
                self._put("\\{" if char == "{" else char, 1)
        return "".join(self.out)

    def _put(self, text: str, length: int) -> None:
        self.out.append(text)
        self.at += length

    def _escape(self, *, in_class: bool = False) -> None:
        after = self.pattern[self.at + 1 : self.at + 2]
        if not after:
            raise ValueError("ends with a single backslash; write \\\\ for a backslash")
        if after in "123456789":
            raise ValueError(f"uses a backreference (\\{after}), which RE2 does not have")
        if match := _UNICODE_CLASS.match(self.pattern, self.at):
            name = match[1].strip("{}^")
            if len(name) <= 2 and not _CATEGORY.fullmatch(name):
                raise ValueError(f"uses {match[0]}, and Unicode has no category {name}")
            self._put("\\w", len(match[0]))
        elif match := _HEX.match(self.pattern, self.at):
            code = int(match[1] or match[2], 16)
            if code > 0x10FFFF:
                raise ValueError(f"{match[0]} is beyond the last character of Unicode")
            self._put(re.escape(chr(code)), len(match[0]))
        elif after in "zCQ" and not in_class:
            self._escape_of_re2(after)
        elif after.isalnum() and after not in (_KEPT_IN_CLASS if in_class else _KEPT_ESCAPES):
            hint = "; write \\z for the end of the text" if after == "Z" else ""
            where = " in brackets" if in_class and after in _KEPT_ESCAPES else ""
            raise ValueError(f"uses \\{after}{where}, which RE2 does not have{hint}")
        else:
            self._put(self.pattern[self.at : self.at + 2], 2)

    def _escape_of_re2(self, letter: str) -> None:
        if letter == "Q":
            end = self.pattern.find("\\E", self.at)
            end = len(self.pattern) if end < 0 else end
            self._put(re.escape(self.pattern[self.at + 2 : end]), end + 2 - self.at)
        else:
            self._put("\\Z" if letter == "z" else ".", 2)

    def _character_class(self) -> None:
        start = self.at
        self._put("[", 1)
        if self.pattern.startswith("^", self.at):
            self._put("^", 1)
        if self.pattern.startswith("]", self.at):
            self._put("\\]", 1)
        while self.at < len(self.pattern):
            char = self.pattern[self.at]
            if char == "]":
                self._put("]", 1)
                return
            if char == "\\":
                self._escape(in_class=True)
                if self.out[-1][-1] in "dDsSwW" and re.match(r"-[^]]", self.pattern[self.at :]):
                    self._put("\\-", 1)  # after a class of characters RE2 takes - for itself
            elif match := _POSIX.match(self.pattern, self.at):
                if match[1] not in _POSIX_NAMES:
                    raise ValueError(f"uses {match[0]}, which is not a class of characters")
                self._put("a-z", len(match[0]))
            else:
                self._put("\\" + char if char in "[&~|" else char, 1)
        raise ValueError(f"has a [ at position {start + 1} that is never closed")

    def _group(self) -> None:
        for opening, name in _REFUSED:
            if self.pattern.startswith(opening, self.at):
                raise ValueError(f"uses {name} `{opening}…)`, which RE2 does not have")
        if match := _NAMED.match(self.pattern, self.at):
            self._put(f"(?P<{match[1]}>", len(match[0]))
        elif match := _FLAGS.match(self.pattern, self.at):
            self._put("(?:" if match[1] == ":" else "", len(match[0]))
        elif self.pattern.startswith("(?<", self.at):
            raise ValueError("names a group by (?<name>…); write (?P<name>…)")
        else:
            raise ValueError(f"has a group `{self.pattern[self.at : self.at + 4]}…` that RE2 does not know")

    def _repeat(self) -> None:
        match = _REPEAT.match(self.pattern, self.at)
        text = match[0] if match else self.pattern[self.at]
        if match and any(number and int(number) > MAX_REPEAT for number in match.groups()):
            raise ValueError(f"repeats {text}; RE2 repeats at most {MAX_REPEAT} times")
        self._put(text, len(text))
        if self.pattern.startswith("?", self.at):
            self._put("?", 1)
        following = self.pattern[self.at : self.at + 1]
        if following and following in "*+?":
            raise ValueError(f"uses `{text}{following}`, which RE2 does not have")
