"""What a sample suggests: at most sixty transformations, the ones that explain most first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from greenai.attribution.transformations import (
    affine,
    affix,
    business_day_shift,
    case,
    date_format,
    date_shift,
    day_month_swap,
    encoding,
    field_swap,
    lag,
    null_default,
    numeric_format,
    offset,
    padding,
    reference_multiply,
    rounding,
    scale,
    sign,
    time_shift,
    truncation,
    typo,
    value_map,
    whitespace,
)
from greenai.attribution.transformations.base import Mirrored, Proposal, Proposer, Transformation

if TYPE_CHECKING:
    from greenai.attribution.sampling import Sample
    from greenai.definition.types import Kind

MOST: Final = 60
BY_SLICE: Final = 20
"""Of these, how many places are kept for what explains much of a small slice."""
AGAIN: Final = (1.0, 0.25, 0.0625)
"""What a cell is worth that no, one or two better proposals explain already."""

TEXT: Final[tuple[Proposer, ...]] = (
    whitespace.propose, case.propose, padding.propose, affix.propose, null_default.propose,
    numeric_format.propose, date_format.propose, truncation.propose, encoding.propose, value_map.propose,
    field_swap.propose, lag.propose, typo.propose,
)  # fmt: skip
NUMBER: Final[tuple[Proposer, ...]] = (
    sign.propose, scale.propose, rounding.propose, truncation.propose, offset.propose, affine.propose,
    reference_multiply.propose, null_default.propose, numeric_format.propose, value_map.propose,
    field_swap.propose, lag.propose, lag.propose_frozen, typo.propose,
)  # fmt: skip
DAY: Final[tuple[Proposer, ...]] = (
    date_shift.propose, business_day_shift.propose, day_month_swap.propose, date_format.propose,
    null_default.propose, field_swap.propose, lag.propose,
)  # fmt: skip
MOMENT: Final[tuple[Proposer, ...]] = (
    time_shift.propose, date_shift.propose, day_month_swap.propose, truncation.propose, date_format.propose,
    null_default.propose, field_swap.propose, lag.propose,
)  # fmt: skip
PROPOSERS: Final[dict[Kind, tuple[Proposer, ...]]] = {
    "string": TEXT,
    "integer": NUMBER,
    "decimal": NUMBER,
    "float": NUMBER,
    "boolean": (value_map.propose, null_default.propose, field_swap.propose),
    "date": DAY,
    "timestamp": MOMENT,
}
"""Who proposes for fields of a kind, the likelier families first."""
MIRRORED: Final[tuple[Proposer, ...]] = (
    whitespace.propose, case.propose, null_default.propose, numeric_format.propose, date_format.propose,
    rounding.propose, truncation.propose, encoding.propose, reference_multiply.propose, affine.propose,
    value_map.propose, field_swap.propose, lag.propose_frozen,
)  # fmt: skip
"""Whose transformations lose something, so that a from b is another proposal than b from a."""


def propose(sample: Sample, *, most: int = MOST) -> list[Transformation]:
    """At most `most` transformations that the sample suggests, by what they add to those before.

    A part of the places goes to those that explain much of a slice of the context, however small it
    is. The same sample gives the same list.
    """
    proposals = undominated(proposed(sample))
    first = by_gain(proposals, most - min(BY_SLICE, most // 3))
    rest = [one for one in proposals if one not in first]
    first += by_slice(sample, rest, most - len(first))
    return [one.transformation for one in first]


def proposed(sample: Sample) -> Iterator[Proposal]:
    """Everything that is proposed, and where in the sample it seems to hold."""
    proposers = PROPOSERS[sample.type.kind]
    for proposer in proposers:
        yield from proposer(sample)
    for proposer in proposers:
        if proposer in MIRRORED:
            for one in proposer(sample.exchanged):
                yield Proposal(Mirrored(one.transformation), one.places)


def by_gain(proposals: list[Proposal], most: int) -> list[Proposal]:
    """Greedily the proposals that explain most of what those before do not explain."""
    left = [(one, _bits(one.places)) for one in proposals]
    covered = [0] * len(AGAIN)
    chosen: list[Proposal] = []
    while left and len(chosen) < most:
        at = max(range(len(left)), key=lambda n: (_gain(left[n][1], covered), -n))
        one, mask = left.pop(at)
        chosen.append(one)
        for level in range(len(covered) - 1, 0, -1):
            covered[level] |= covered[level - 1] & mask
        covered[0] |= mask
    return chosen


def by_slice(sample: Sample, proposals: list[Proposal], most: int) -> list[Proposal]:
    """The proposals that explain the largest part of any slice, by cells times share."""
    slice_of: dict[int, list[int]] = {}
    sizes = []
    for number, places in enumerate(sample.slices):
        sizes.append(len(places))
        for at in places:
            slice_of.setdefault(at, []).append(number)
    weighed = []
    for order, one in enumerate(proposals):
        counts: dict[int, int] = {}
        for at in one.places:
            for number in slice_of.get(at, ()):
                counts[number] = counts.get(number, 0) + 1
        weight = max((count * count / sizes[number] for number, count in counts.items()), default=0.0)
        weighed.append((-weight, order, one))
    return [one for _, _, one in sorted(weighed, key=lambda w: w[:2])[:most]]


def _gain(mask: int, covered: list[int]) -> float:
    gain, rest = 0.0, mask
    for level, worth in enumerate(AGAIN):
        gain += worth * (rest & ~covered[level]).bit_count()
        rest &= covered[level]
    return gain


def _bits(places: tuple[int, ...]) -> int:
    mask = bytearray(max(places, default=0) // 8 + 1)
    for at in places:
        mask[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(mask, "little")


def undominated(proposals: Iterator[Proposal]) -> list[Proposal]:
    """Each transformation once, those first that explain most, and are simplest where that is equal.

    Left out is what another of the family explains as well, at no greater price.
    """
    found: dict[Transformation, Proposal] = {}
    for one in proposals:
        if one.places:
            found.setdefault(one.transformation, one)
    ranked = sorted(found.values(), key=lambda one: (-len(one.places), _price(one), one.transformation.bits))
    kept: list[tuple[Proposal, int]] = []
    for one in ranked:
        mask = _bits(one.places)
        if not any(_dominates(other, one) and mask & ~covered == 0 for other, covered in kept):
            kept.append((one, mask))
    return [one for one, _ in kept]


def _price(one: Proposal) -> float:
    return one.transformation.bits + one.transformation.residual_bits * len(one.places)


def _dominates(other: Proposal, one: Proposal) -> bool:
    better, worse = other.transformation, one.transformation
    return (
        better.family == worse.family
        and better.bits <= worse.bits
        and better.residual_bits <= worse.residual_bits
    )
