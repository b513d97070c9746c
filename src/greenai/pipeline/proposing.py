"""A maker proposes: what is meant is looked at, frozen with a digest, and waits for a checker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.proposals import Eyes, Part, Person, Preview, Proposal, Selection, Sum, Wish
from greenai.domain.reasons import UNKNOWN
from greenai.errors import ConflictError, ForbiddenError, GreenaiError, UsageError
from greenai.pipeline.selecting import MOST, about
from greenai.store import actors, proposals, rules
from greenai.store.proposals import About, named
from greenai.store.texts import plain

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]

POSSIBLE: Final = {
    "value": ("take_a", "take_b", "take_value", "exclude"),
    "only_a": ("take_a", "exclude"),
    "only_b": ("take_b", "exclude"),
    "duplicate_a": ("take_a", "exclude"),
    "duplicate_b": ("take_b", "exclude"),
    "check": ("exclude",),
}
"""What can be done about breaks of each kind."""
LONGEST: Final = 10_000
"""Characters of a comment or a value."""


def preview(connection: Connection, recon_id: int, selection: Selection, wish: Wish) -> Preview:
    """What a proposal would be about, how many must approve it, and why it cannot be made so."""
    chosen = about(connection, recon_id, selection)
    parts, taken = proposals.parts(connection, recon_id, chosen)
    sums = proposals.sums(connection, recon_id, chosen)
    eyes, why = eyes_for(connection, recon_id, sums, wish)
    problem = None
    try:
        insist_fitting(connection, wish, parts)
    except GreenaiError as error:
        problem = f"{error.message}: {error.remedy}" if error.remedy else error.message
    return Preview(
        breaks=sum(one.breaks for one in parts),
        records=proposals.records(connection, recon_id, chosen),
        taken=taken,
        parts=tuple(parts),
        sums=tuple(sums),
        eyes=eyes,
        eyes_why=why,
        problem=problem,
    )


def propose(
    connection: Connection, recon_id: int, maker: Person, selection: Selection, wish: Wish
) -> Proposal:
    """Propose something about the breaks of a selection; they are in no other open proposal then.

    The list is frozen: each break with its version and its latest decision, under a SHA-256. To be
    committed by the caller. Raises UsageError for what cannot be proposed so, NotFoundError and
    ConflictError for breaks that are gone or taken; then nothing may be committed.
    """
    return made(connection, recon_id, maker, selection, about(connection, recon_id, selection), wish)


def resubmit(
    connection: Connection,
    proposal_id: int,
    maker: Person,
    wish: Wish,
    *,
    version: int,
    recon_id: int | None = None,
) -> Proposal:
    """The maker of a returned proposal corrects it: another one, about its breaks that are as they were.

    What changed meanwhile, or is another proposal's by now, falls out of the returned one and is listed
    there. Raises ConflictError, ForbiddenError for anybody but the maker, UsageError.
    """
    old = proposals.seen(connection, proposal_id, recon_id, version)
    if old.maker_id != maker.actor_id:
        raise ForbiddenError("only its maker corrects a proposal", remedy="propose something of your own")
    if old.state != "returned" or old.kind == "undo":
        raise ConflictError(
            f"proposal {proposal_id} is {old.state}: only a returned one is corrected",
            remedy="make another proposal" if old.kind != "undo" else "ask for the undo again",
        )
    left = [row[0] for row in proposals.ask(connection, "of_list", proposal=proposal_id)]
    selection = Selection(proposal=proposal_id)
    made_ = made(connection, old.recon_id, maker, selection, named(left), wish, corrects=proposal_id)
    proposals.ask(connection, "drop_changed", proposal=proposal_id, by=made_.proposal_id)
    proposals.enter(connection, old, "corrected")
    proposals.happened(connection, proposal_id, "corrected", maker, f"by proposal {made_.proposal_id}")
    return made_


def made(
    connection: Connection,
    recon_id: int,
    maker: Person,
    selection: Selection,
    chosen: About,
    wish: Wish,
    *,
    corrects: int | None = None,
) -> Proposal:
    """A proposal about the breaks of a condition, its list frozen."""
    actors.person(connection, maker.name)
    insist_sayable(wish)
    if wish.reason is not None:
        rules.reason_known(connection, wish.reason)
    number = proposals.new(connection, recon_id, maker, wish.kind, selection, wish, corrects=corrects)
    items, records, digest = proposals.freeze(connection, recon_id, number, chosen)
    insist_something(items, selection)
    parts = proposals.parts_of_list(connection, number)
    insist_fitting(connection, wish, parts)
    eyes, why = eyes_for(connection, recon_id, proposals.sums_of_list(connection, number), wish)
    close_list(connection, number, items, records, digest, eyes, why)
    proposals.happened(connection, number, "proposed", maker, wish.comment)
    actors.audit(
        connection,
        maker.name,
        "propose",
        {
            "proposal": number,
            "kind": wish.kind,
            "reason": wish.reason,
            "resolution": wish.resolution,
            "value": wish.value,
            "comment": wish.comment,
            "corrects": corrects,
            "eyes": eyes,
        },
        recon_id=recon_id,
        evidence={"selection": selection.as_dict(), "items": items, "records": records, "sha256": digest},
    )
    return proposals.one(connection, number)


def close_list(
    connection: Connection, number: int, items: int, records: int, digest: str, eyes: int, why: str | None
) -> None:
    """The list is complete: nothing of the proposal changes from now on."""
    proposals.ask(
        connection,
        "close_list",
        proposal=number,
        items=items,
        records=records,
        digest=digest,
        eyes=eyes,
        why=why,
    )


def insist_something(items: int, selection: Selection) -> None:
    """Raise ConflictError for an empty list or one that lost named breaks, UsageError for one too long."""
    if selection.breaks is not None and items < len(set(selection.breaks)):
        raise ConflictError(
            "somebody else proposed something about these breaks just now", remedy="look at the list again"
        )
    if not items:
        raise ConflictError(
            "nothing that waits is selected", remedy="look at the list again: others may have proposed it"
        )
    if items > MOST:
        raise UsageError(
            f"{items:,} breaks are more than one proposal holds", remedy=f"narrow it to {MOST:,} at most"
        )


def insist_sayable(wish: Wish) -> None:
    """Raise UsageError for words that do not fit together, whatever they are about."""
    for name, text in (("comment", wish.comment), ("value", wish.value)):
        if text is not None and len(text) > LONGEST:
            raise UsageError(f"a {name} has at most {LONGEST:,} characters", column=name, remedy="shorten it")
    if wish.comment is not None and not wish.comment.strip():
        raise UsageError("a comment says something", column="comment", remedy="leave it out, or say why")
    if wish.kind == "override":
        if wish.reason is None and wish.resolution is None:
            raise UsageError("an override names a reason, a resolution, or both", column="reason")
        if (wish.value is None) is (wish.resolution == "take_value"):
            raise UsageError(
                "a value and the resolution take_value belong together",
                column="value",
                remedy="give both, or neither",
            )
        if wish.reason == UNKNOWN:
            raise UsageError("an override says why records differ", column="reason", remedy="name a reason")
    elif (wish.reason, wish.resolution, wish.value) != (None, None, None):
        raise UsageError(
            f"{wish.kind} takes no reason, resolution or value", remedy="propose an override", column="kind"
        )
    if wish.kind in ("reject", "request_information") and wish.comment is None:
        raise UsageError(f"{wish.kind}: say why", column="comment", remedy="write a comment")


def insist_fitting(connection: Connection, wish: Wish, parts: Sequence[Part]) -> None:
    """Raise UsageError for what cannot be done about some of the breaks."""
    insist_sayable(wish)
    if wish.kind == "accept" and (unknown := sum(one.breaks for one in parts if one.reason == UNKNOWN)):
        raise UsageError(
            f"nothing explains {unknown:,} of these breaks: there is no reason to accept",
            column="kind",
            remedy="override them with a reason, or leave them out",
        )
    if wish.kind != "override":
        return
    for one in parts:
        if wish.resolution is not None and wish.resolution not in POSSIBLE[one.kind]:
            raise UsageError(
                f"{one.breaks:,} of these breaks are of kind {one.kind}, which is not resolved so",
                column="resolution",
                value=wish.resolution,
                remedy=f"one of {', '.join(POSSIBLE[one.kind])}; or leave them out",
            )
    if wish.resolution == "take_value" and len({one.field for one in parts}) > 1:
        raise UsageError(
            "one value for several fields", column="value", remedy="propose about the breaks of one field"
        )
    if wish.reason is not None and wish.comment is None:
        (functional,) = rules.reason_known(connection, wish.reason)
        if other := [one for one in parts if one.reason == UNKNOWN or one.functional is not functional]:
            raise UsageError(
                f"{other[0].reason} becomes {wish.reason}: why is it that here?",
                column="comment",
                remedy="say so in a comment",
            )


def eyes_for(
    connection: Connection, recon_id: int, sums: Sequence[Sum], wish: Wish
) -> tuple[Eyes, str | None]:
    """How many eyes must see a proposal, and why they are six: an amount above its limit, or a new reason."""
    if wish.kind == "request_information":
        return 4, None
    if above := above_limit(connection, recon_id, sums):
        return 6, above
    if wish.reason is not None and not proposals.reason_used(connection, recon_id, plain(wish.reason)):
        return 6, f"{wish.reason} was never used in this recon"
    return 4, None


def above_limit(connection: Connection, recon_id: int, sums: Sequence[Sum]) -> str | None:
    """Which amount is above its limit, in words."""
    limits = {currency: (limit, eyes) for currency, limit, eyes in proposals.limits(connection, recon_id)}
    for one in sums:
        limit = limits.get(one.currency) or limits.get(None)
        if limit is not None and limit[1] == 6 and one.absolute is not None and one.absolute > limit[0]:
            money = f"{one.absolute:f}" + (f" {one.currency}" if one.currency else "")
            return f"{money} is above the limit of {limit[0]:f}"
    return None
