"""A maker proposes what is to become of a cause as a rule; somebody else lets it happen.

Who has breaks of the cause in proposals that wait may not let it pass them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from greenai.domain.proposals import Eyes, Person
from greenai.domain.rule_proposals import RuleProposal, RuleWish
from greenai.errors import ConflictError, ForbiddenError, NotFoundError, UsageError
from greenai.pipeline import approval
from greenai.pipeline.selecting import identity
from greenai.store import actors, proposals, rule_proposals, rules

if TYPE_CHECKING:
    import psycopg

    Connection = psycopg.Connection[Any]


def propose_rule(
    connection: Connection, recon_id: int, recon: str, cause: str, maker: Person, wish: RuleWish
) -> RuleProposal:
    """Propose to accept a cause as a rule, or to suspend, resume or withdraw that rule.

    All that could be refused at its approval is refused now. To be committed by the caller. Raises
    NotFoundError for a cause that the recon never had, ConflictError while another proposal about it waits,
    UsageError for what cannot become of it.
    """
    cause_id = identity(cause, "cause")
    insist_known(connection, cause_id, recon)
    actors.person(connection, maker.name)
    tried(connection, recon, cause_id, maker, wish)
    eyes, why = eyes_for(connection, recon_id, wish)
    number = rule_proposals.new(connection, recon_id, cause_id, maker, wish, eyes, why)
    told(connection, rule_proposals.one(connection, number), maker, "proposed", wish.comment)
    return rule_proposals.one(connection, number)


def approve_rule(
    connection: Connection,
    number: int,
    checker: Person,
    *,
    version: int,
    comment: str | None = None,
    recon_id: int | None = None,
) -> RuleProposal:
    """Somebody else approves it; with the last approval needed the rule changes, from the next run on.

    Raises ForbiddenError for the maker, and for who proposed decisions about breaks that the rule would
    pass; ConflictError for another version or a second approval by the same person.
    """
    wanted = rule_proposals.one(connection, number, recon_id)
    # Recon before proposal: the order in which all take them.
    approval.held(connection, wanted.cause_id, wanted.recon, wanted.change)
    found = rule_proposals.seen(connection, number, recon_id, version)
    if found.maker_id == checker.actor_id:
        raise ForbiddenError(
            "nobody approves what they proposed themselves", remedy="let somebody else look at it"
        )
    if found.change in ("accept", "resume"):
        insist_no_own_breaks(connection, found, checker)
    actors.person(connection, checker.name)
    given = rule_proposals.approvals(connection, number)
    if any(one.checker_id == checker.actor_id for one in given):
        raise ConflictError(f"{checker.name} has approved it already", remedy="another person must too")
    rule_proposals.approve(connection, number, checker, comment)
    last = len(given) + 1 >= found.eyes // 2 - 1
    if last:
        changed(connection, found.recon, found.cause_id, checker, wish_of(found, comment))
    rule_proposals.enter(connection, number, "approved" if last else "proposed", checker, comment)
    told(connection, found, checker, "approved", comment)
    return rule_proposals.one(connection, number)


def return_rule(
    connection: Connection,
    number: int,
    checker: Person,
    *,
    version: int,
    comment: str,
    recon_id: int | None = None,
) -> RuleProposal:
    """Somebody else returns it and says why; it is closed, and another may be proposed."""
    found = rule_proposals.seen(connection, number, recon_id, version)
    if found.maker_id == checker.actor_id:
        raise ForbiddenError("nobody returns what they proposed themselves", remedy="withdraw it")
    if not comment.strip():
        raise UsageError("say what is to be corrected", column="comment", remedy="write a comment")
    actors.person(connection, checker.name)
    rule_proposals.enter(connection, number, "returned", checker, comment)
    told(connection, found, checker, "returned", comment)
    return rule_proposals.one(connection, number)


def withdraw_rule(
    connection: Connection,
    number: int,
    maker: Person,
    *,
    version: int,
    comment: str | None = None,
    recon_id: int | None = None,
) -> RuleProposal:
    """Its maker takes it back before it is approved."""
    found = rule_proposals.seen(connection, number, recon_id, version)
    if found.maker_id != maker.actor_id:
        raise ForbiddenError("only its maker withdraws it", remedy="return it, and say why")
    rule_proposals.enter(connection, number, "withdrawn", maker, comment)
    told(connection, found, maker, "withdrawn", comment)
    return rule_proposals.one(connection, number)


def insist_known(connection: Connection, cause_id: str, recon: str) -> None:
    """Raise NotFoundError for a cause that was never found in the recon."""
    try:
        rules.find(connection, cause_id, recon)
    except UsageError as error:
        raise NotFoundError(error.message, value=cause_id, remedy="see the causes of the recon") from None


def insist_no_own_breaks(connection: Connection, found: RuleProposal, checker: Person) -> None:
    """Raise ForbiddenError for who proposed decisions about breaks of the cause that are not passed."""
    if checker.actor_id in proposals.makers_of(connection, found.recon_id, found.cause_id):
        raise ForbiddenError(
            f"{checker.name} proposed decisions about breaks that this rule would pass",
            remedy="let somebody approve it who did not",
        )


def tried(connection: Connection, recon: str, cause_id: str, maker: Person, wish: RuleWish) -> None:
    """Do what is proposed and take it back: what it would be refused for, it is refused for now."""
    connection.execute("SAVEPOINT greenai_tried")
    changed(connection, recon, cause_id, maker, wish)
    connection.execute("ROLLBACK TO SAVEPOINT greenai_tried")
    connection.execute("RELEASE SAVEPOINT greenai_tried")


def changed(connection: Connection, recon: str, cause_id: str, person: Person, wish: RuleWish) -> None:
    """Let it happen."""
    if wish.change == "accept":
        approval.accept(
            connection,
            cause_id,
            actor=person.name,
            recon=recon,
            reason=wish.reason,
            resolution=wish.resolution,
            max_exceptions=wish.max_exceptions,
            scope_size=wish.scope_size,
            comment=wish.comment,
        )
        return
    if (wish.reason, wish.resolution, wish.max_exceptions, wish.scope_size) != (None, None, None, None):
        raise UsageError(
            f"{wish.change} takes no reason, resolution or range", column="change", remedy="leave them out"
        )
    approval.change(connection, cause_id, wish.change, actor=person.name, recon=recon, comment=wish.comment)


def wish_of(found: RuleProposal, comment: str | None) -> RuleWish:
    """What was proposed, in the words of who lets it happen or else of who proposed it."""
    return RuleWish(
        found.change,
        found.reason,
        found.resolution,
        found.max_exceptions,
        found.scope_size,
        found.comment or comment,
    )


def eyes_for(connection: Connection, recon_id: int, wish: RuleWish) -> tuple[Eyes, str | None]:
    """How many eyes must see it: six where its reason was never used in the recon."""
    if wish.reason is not None and not proposals.reason_used(connection, recon_id, wish.reason):
        return 6, f"{wish.reason} was never used in this recon"
    return 4, None


def told(
    connection: Connection, found: RuleProposal, person: Person, event: str, comment: str | None
) -> None:
    """Note what happened for the audit."""
    actors.audit(
        connection,
        person.name,
        f"rule_proposal_{event}",
        {
            "rule_proposal": found.rule_proposal_id,
            "cause": found.cause_id,
            "change": found.change,
            "maker": found.maker,
            "comment": comment,
        },
        recon_id=found.recon_id,
        evidence={
            "reason": found.reason,
            "resolution": found.resolution,
            "max_exceptions": found.max_exceptions,
            "scope_size": None if found.scope_size is None else list(found.scope_size),
        },
    )
