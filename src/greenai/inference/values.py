"""Pairing columns by what they hold, where names say nothing (for a proposed definition).

The distinct values of both samples are compared, each weighted by the cells that have it. Few
different values, or short numbers, meet by accident; such columns also need names that resemble.
Where several pairs are as good, none is taken and a note says so.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from greenai.definition.steps import Step
from greenai.inference.decisions import look
from greenai.inference.forms import LEVELS, Held, held, long_forms
from greenai.inference.key_names import words
from greenai.inference.model import Pair
from greenai.inference.names import NamePair, Pairing, plain
from greenai.inference.samples import Samples
from greenai.inference.types import STRING

MOST_COLUMNS = 60
ENOUGH = 0.5
"""Mean share of both sides' cells whose value the other side has too."""
LOOSER = 0.1
"""Gain in that share for which a looser reading of the values is worth its steps."""
ALIKE = 0.5
"""Resemblance of names (0 to 1) that columns need whose values meet by accident."""
TIE = 0.03
MANY = 20
"""Distinct values from which a column of texts is telling; numbers need a mean length, too."""
LONG_NUMBERS = 3.5


@dataclass(frozen=True, slots=True)
class ValuePair:
    """Two columns that hold the same: `overlap` is the share in common, `steps` make values meet."""

    column_a: str
    column_b: str
    overlap: float
    worth: float
    steps: tuple[Step, ...]


def with_values(
    a: Samples, b: Samples, named: Pairing, ignore: Sequence[str]
) -> tuple[Pairing, list[ValuePair]]:
    """A pairing by names, completed by values where names left columns over (at most 60 a side)."""
    ignored = {plain(name) for name in ignore}
    left_a, left_b = (
        [name for name in left if plain(name) not in ignored][:MOST_COLUMNS]
        for left in (named.left_a, named.left_b)
    )
    if not left_a or not left_b:
        return named, []
    found, notes = _assign(_candidates(a, b, left_a, left_b))
    by_a = {pair.column_a: pair for pair in found}
    used_b = {pair.column_b for pair in found}
    pairs = {pair.column_a: pair for pair in named.pairs}
    pairs |= {pair.column_a: NamePair(pair.column_a, pair.column_b, "values") for pair in found}
    completed = Pairing(
        pairs=tuple(pairs[name] for name in a.source.columns if name in pairs),
        left_a=tuple(name for name in named.left_a if name not in by_a),
        left_b=tuple(name for name in named.left_b if name not in used_b),
        notes=(*named.notes, *notes),
    )
    return completed, found


def with_evidence(
    a: Samples, b: Samples, pairs: Sequence[Pair], found: Sequence[ValuePair]
) -> tuple[Pair, ...]:
    """The same pairs; those found by values know their overlap and the steps that make values meet."""
    by_a = {pair.column_a: pair for pair in found}
    return tuple(
        _evident(a, b, pair, by_a[pair.column_a]) if pair.column_a in by_a else pair for pair in pairs
    )


def _evident(a: Samples, b: Samples, pair: Pair, found: ValuePair) -> Pair:
    pair = replace(pair, overlap=round(found.overlap, 2))
    if not found.steps:
        return pair
    # Values that only meet when rewritten are texts; a number needs no rewriting to be text.
    return replace(
        pair,
        type=STRING,
        conflict=None,
        steps_a=found.steps if a.own_type(pair.column_a) in (None, STRING) else (),
        steps_b=found.steps if b.own_type(pair.column_b) in (None, STRING) else (),
    )


def _candidates(
    a: Samples,
    b: Samples,
    left_a: Sequence[str],
    left_b: Sequence[str],
) -> list[ValuePair]:
    engine = a.engine
    forms_a = long_forms(a, left_a, look(a, left_a, True))
    forms_b = long_forms(b, left_b, look(b, left_b, True))
    held_a, held_b = held(a, forms_a), held(b, forms_b)
    right = forms_b.select(
        position_b=forms_b.position, level_b=forms_b.level, form_b=forms_b.form, cells_b=forms_b.cells
    )
    joined = forms_a.join(right, [forms_a.form == right.form_b, forms_a.level == right.level_b])
    shared = engine.rows(
        joined.group_by("position", "position_b", "level").aggregate(
            cells_a=joined.cells.sum(), cells_b=joined.cells_b.sum()
        )
    )
    engine.drop(forms_a)
    engine.drop(forms_b)
    best: dict[tuple[int, int], ValuePair] = {}
    for i, j, level, cells_a, cells_b in sorted(shared, key=lambda row: row[2]):
        # Measured against all cells, so that a level that reads few of them gains nothing by it.
        overlap = float(cells_a / held_a[i, 0].cells + cells_b / held_b[j, 0].cells) / 2
        resemblance = name_resemblance(left_a[i], left_b[j])
        telling = _telling(held_a[i, level]) and _telling(held_b[j, level])
        known = best.get((i, j))
        if overlap < ENOUGH or not (telling or resemblance >= ALIKE):
            continue
        if known is None or overlap > known.overlap + LOOSER:
            worth = 0.7 * overlap + 0.3 * resemblance
            best[i, j] = ValuePair(left_a[i], left_b[j], overlap, worth, LEVELS[level])
    return sorted(best.values(), key=lambda pair: -pair.worth)


def _assign(candidates: Sequence[ValuePair]) -> tuple[list[ValuePair], list[str]]:
    """The best pair first, each column once; a column between equals pairs with none."""
    taken: list[ValuePair] = []
    notes: list[str] = []
    used_a: set[str] = set()
    used_b: set[str] = set()
    for pair in candidates:
        if pair.column_a in used_a or pair.column_b in used_b:
            continue
        rivals = [
            other
            for other in candidates
            if (other.column_a == pair.column_a) != (other.column_b == pair.column_b)
            and other.column_a not in used_a
            and other.column_b not in used_b
            and other.worth > pair.worth - TIE
        ]
        used_a |= {one.column_a for one in (pair, *rivals)} if rivals else {pair.column_a}
        used_b |= {one.column_b for one in (pair, *rivals)} if rivals else {pair.column_b}
        if rivals:
            options = " or ".join(f"{one.column_a!r} with {one.column_b!r}" for one in (pair, *rivals))
            notes.append(f"left unpaired, because their values fit as well: {options}")
        else:
            taken.append(pair)
    return taken, notes


def _telling(column: Held) -> bool:
    """Whether values meet for a reason: many different ones, and numbers long enough."""
    if column.distinct < MANY:
        return False
    return column.numbers < column.distinct / 2 or column.length >= LONG_NUMBERS


def name_resemblance(a: str, b: str) -> float:
    """How much two names resemble, 0 to 1: by letters, or all words of one within the other."""
    words_a, words_b = set(words(a)), set(words(b))
    letters = difflib.SequenceMatcher(None, plain(a), plain(b)).ratio()
    within = 0.8 if words_a and words_b and (words_a <= words_b or words_b <= words_a) else 0.0
    return max(letters, within)
