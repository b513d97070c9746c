"""The type of every pair: from the schemas where they say it, from the cells where they do not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from greenai.definition.types import FieldType
from greenai.fields.types import common_type
from greenai.inference.model import Pair
from greenai.inference.names import NamePair
from greenai.inference.notations import Notation, as_seen, notations
from greenai.inference.samples import Samples
from greenai.inference.types import STRING, Choice, Column, choose


def decide_types(
    a: Samples, b: Samples, found: Sequence[NamePair], *, notation: bool
) -> tuple[tuple[Pair, ...], tuple[str, ...]]:
    """Pairs with their types, in order, and notes. Cells are read only where the schemas do not decide.

    `notation` recognises dates, numbers and nulls in other notations and proposes steps for them.
    """
    own = [(a.own_type(pair.column_a), b.own_type(pair.column_b)) for pair in found]
    unsure = [pair for pair, types in zip(found, own, strict=True) if _must_look(*types)]
    seen_a = look(a, (pair.column_a for pair in unsure), notation)
    seen_b = look(b, (pair.column_b for pair in unsure), notation)
    pairs: list[Pair] = []
    notes: list[str] = []
    for pair, types in zip(found, own, strict=True):
        if _must_look(*types):
            decided, told = _cells_decide(pair, types, seen_a.get(pair.column_a), seen_b.get(pair.column_b))
            pairs.append(decided)
            notes += told
        else:
            pairs.append(_schemas_decide(pair, *types))
    return tuple(pairs), tuple(notes)


def _must_look(own_a: FieldType | None, own_b: FieldType | None) -> bool:
    """Whether the cells decide: two texts without type, or text against another type."""
    if own_a is None or own_b is None:
        return STRING not in (own_a, own_b)
    return own_a != own_b and STRING in (own_a, own_b)


def look(side: Samples, columns: Iterable[str], notation: bool) -> dict[str, Notation]:
    """How the text columns among `columns` are written, from the sample."""
    texts = [name for name in dict.fromkeys(columns) if side.own_type(name) in (None, STRING)]
    profiles = side.profiles(texts) if texts else {}
    if notation:
        return notations(side, profiles)
    return {name: as_seen(profile) for name, profile in profiles.items()}


def _schemas_decide(pair: NamePair, own_a: FieldType | None, own_b: FieldType | None) -> Pair:
    conflict = None
    if own_a is None or own_b is None:
        chosen = STRING
    elif own_a == own_b:
        chosen = own_a
    else:
        chosen = common_type(own_a, own_b)
        # Integer and decimal, date and timestamp meet without loss; what else differs is told.
        if chosen == STRING or chosen.kind == "float":
            conflict = f"a is {own_a}, b is {own_b}: compared as {chosen}"
    return Pair(pair.column_a, pair.column_a, pair.column_b, chosen, conflict, pair.how)


def _cells_decide(
    pair: NamePair,
    own: tuple[FieldType | None, FieldType | None],
    left: Notation | None,
    right: Notation | None,
) -> tuple[Pair, list[str]]:
    """The pair with its type and the steps this needs, and notes."""
    choice = _choice(own, left, right)
    if choice.type == STRING:
        # Parsing may help where the cells as they are say nothing, never the other way round.
        left, right = (n.unread() if n else None for n in (left, right))
        choice = _choice(own, left, right)
    notes = [f"{pair.column_a}: {choice.note}"] if choice.note else []
    read = choice.type != STRING
    for side, notation in (("a", left), ("b", right)):
        if notation and notation.ambiguous and not read:
            notes.append(
                f"{pair.column_a}: dates of side {side} may be {' or '.join(notation.ambiguous)}; "
                "compared as string until a parse_date step says which"
            )
    decided = Pair(
        name=pair.column_a,
        column_a=pair.column_a,
        column_b=pair.column_b,
        type=choice.type,
        conflict=choice.conflict,
        how=pair.how,
        steps_a=left.steps if left and read else (),
        steps_b=right.steps if right and read else (),
    )
    return decided, notes


def _choice(
    own: tuple[FieldType | None, FieldType | None], left: Notation | None, right: Notation | None
) -> Choice:
    return choose(Column(own[0], left.read if left else None), Column(own[1], right.read if right else None))
