"""Pairing columns by their names: what the user said first, then names that mean the same."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from greenai.errors import FieldError, KeyFieldError, UsageError
from greenai.inference.model import How

_IGNORED = re.compile(r"[\s_.\-\u00a0\ufeff]+")


@dataclass(frozen=True, slots=True)
class NamePair:
    """A column of a and a column of b that belong together."""

    column_a: str
    column_b: str
    how: How


@dataclass(frozen=True, slots=True)
class Pairing:
    """Pairs in a's order, what is left on each side, and what a person should know."""

    pairs: tuple[NamePair, ...]
    left_a: tuple[str, ...]
    left_b: tuple[str, ...]
    notes: tuple[str, ...]


def plain(name: str) -> str:
    """A name without case, spaces, underscores, hyphens and dots: ``Trade ID`` is ``tradeid``."""
    return _IGNORED.sub("", name).casefold()


def pair_names(
    columns_a: Sequence[str], columns_b: Sequence[str], mapping: Mapping[str, str] | None = None
) -> Pairing:
    """Pair columns: `mapping` (a to b) first, then equal names, then names equal when `plain`.

    Where several columns of one side are alike when plain, only exactly equal names pair; the rest
    stay unpaired and a note says so. Raises FieldError for a mapped column that does not exist,
    UsageError where two columns are mapped to one.
    """
    given = _given(columns_a, columns_b, mapping or {})
    found = {pair.column_a: pair for pair in given}
    taken = {pair.column_b for pair in given}
    in_b = set(columns_b)
    for name in columns_a:
        if name not in found and name in in_b and name not in taken:
            found[name] = NamePair(name, name, "name")
            taken.add(name)
    alike_a = _by_plain(name for name in columns_a if name not in found)
    alike_b = _by_plain(name for name in columns_b if name not in taken)
    notes = []
    for word, names_a in alike_a.items():
        names_b = alike_b.get(word, [])
        if len(names_a) == 1 and len(names_b) == 1:
            found[names_a[0]] = NamePair(names_a[0], names_b[0], "name")
            taken.add(names_b[0])
        elif names_b:
            notes.append(
                f"columns {_list(names_a)} of side a and {_list(names_b)} of side b have names alike "
                "and stay unpaired: pair them with --map a=b"
            )
    return Pairing(
        pairs=tuple(found[name] for name in columns_a if name in found),
        left_a=tuple(name for name in columns_a if name not in found),
        left_b=tuple(name for name in columns_b if name not in taken),
        notes=tuple(notes),
    )


def resolve_key(names: Sequence[str], pairing: Pairing) -> tuple[str, ...]:
    """The pair names (a's columns) of a key as the user wrote it: either side's name, any case.

    Raises KeyFieldError for a name that no pair has, saying what is near or what to map.
    """
    if not names:
        raise KeyFieldError("the key is empty", remedy="name at least one column with --key")
    resolved = tuple(_key_column(name, pairing) for name in names)
    if len(set(resolved)) < len(resolved):
        raise KeyFieldError(f"the key names a column twice: {_list(list(names))}")
    return resolved


def select(
    pairing: Pairing, *, only: Sequence[str] | None, ignore: Sequence[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """The columns (a's names of pairs) that `only` and `ignore` name, by either side's name.

    Returns (wanted pairs, ignored columns of either side). Raises FieldError for an unknown name,
    UsageError for a column named by both.
    """
    every = {name for pair in pairing.pairs for name in (pair.column_a, pair.column_b)}
    every |= {*pairing.left_a, *pairing.left_b}
    wanted = frozenset(pair.column_a for pair in pairing.pairs)
    if only is not None:
        wanted = frozenset(_pair_named(name, pairing, "--only").column_a for name in only)
    ignored = set()
    for name in ignore:
        matches = {column for column in every if column == name} or {
            column for column in every if plain(column) == plain(name)
        }
        if not matches:
            raise FieldError(
                f"no column {name!r} to ignore on either side", remedy=remedy(name, every), column=name
            )
        ignored |= matches
    # A pair is ignored whole, whichever side's name was given.
    for pair in pairing.pairs:
        if {pair.column_a, pair.column_b} & ignored:
            if only is not None and pair.column_a in wanted:
                raise UsageError(
                    f"column {pair.column_a!r} is to be compared and to be ignored",
                    remedy="take it out of --only or out of --ignore",
                    column=pair.column_a,
                )
            wanted -= {pair.column_a}
            ignored |= {pair.column_a, pair.column_b}
    return wanted, frozenset(ignored)


def did_you_mean(name: str, known: Sequence[str] | set[str]) -> str | None:
    """The known name that is nearest to a mistyped one, or None."""
    by_plain: dict[str, str] = {plain(candidate): candidate for candidate in known}
    near = difflib.get_close_matches(plain(name), list(by_plain), n=1, cutoff=0.6)
    return by_plain[near[0]] if near else None


def _given(columns_a: Sequence[str], columns_b: Sequence[str], mapping: Mapping[str, str]) -> list[NamePair]:
    pairs = [
        NamePair(_column(a, columns_a, "a"), _column(b, columns_b, "b"), "given") for a, b in mapping.items()
    ]
    for side, names in (("a", [p.column_a for p in pairs]), ("b", [p.column_b for p in pairs])):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise UsageError(
                f"column {twice[0]!r} of side {side} is mapped twice", remedy="map each column once"
            )
    return pairs


def _column(name: str, columns: Sequence[str], side: str) -> str:
    if name in columns:
        return name
    alike = [column for column in columns if plain(column) == plain(name)]
    if len(alike) == 1:
        return alike[0]
    if alike:
        raise FieldError(
            f"{name!r} may mean {_list(alike)} on side {side}", remedy="write the name exactly", column=name
        )
    raise FieldError(f"side {side} has no column {name!r}", remedy=remedy(name, columns), column=name)


def _key_column(name: str, pairing: Pairing) -> str:
    try:
        return _pair_named(name, pairing, "--key").column_a
    except FieldError as error:
        for side, other, left in (("a", "b", pairing.left_a), ("b", "a", pairing.left_b)):
            if any(plain(column) == plain(name) for column in left):
                mapped = f"--map {name}=COLUMN_OF_B" if side == "a" else f"--map COLUMN_OF_A={name}"
                raise KeyFieldError(
                    f"key column {name!r} is on side {side} only",
                    remedy=f"say which column of side {other} it pairs with: {mapped}",
                    column=name,
                ) from error
        raise KeyFieldError(
            error.message.replace("no compared column", "no key column"), remedy=error.remedy, column=name
        ) from error


def _pair_named(name: str, pairing: Pairing, option: str) -> NamePair:
    tests = (
        lambda pair: pair.column_a == name,
        lambda pair: pair.column_b == name,
        lambda pair: plain(name) in (plain(pair.column_a), plain(pair.column_b)),
    )
    for test in tests:
        matches = [pair for pair in pairing.pairs if test(pair)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise FieldError(
                f"{option} {name!r} may mean {_list([pair.column_a for pair in matches])}",
                remedy="write the name exactly",
                column=name,
            )
    known = {column for pair in pairing.pairs for column in (pair.column_a, pair.column_b)}
    raise FieldError(
        f"no compared column is called {name!r} ({option})", remedy=remedy(name, known), column=name
    )


def _by_plain(names: Iterable[str]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name in names:
        groups[plain(name)].append(name)
    return groups


def _list(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)


def remedy(name: str, known: Sequence[str] | set[str]) -> str:
    """What to do about a name that is not known: the nearest one, or what there is."""
    near = did_you_mean(name, known)
    if near is not None:
        return f"did you mean {near!r}?"
    shown = sorted(known)
    return "choose from " + _list(shown[:12]) + (f" and {len(shown) - 12} more" if len(shown) > 12 else "")
