"""Verification of the audit: everything is computed again, and compared with what was linked and signed.

The file of anchors is read before the database: what is signed meanwhile is not missed there. The database
is read in one snapshot. Only two things are believed: the public keys, and what the anchor says.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from greenai.domain.audit import NOTHING, Finding, Head, Verification, What
from greenai.errors import ConflictError
from greenai.pipeline.anchors import genuine, key_id, places, public_key, read
from greenai.store import audit

if TYPE_CHECKING:
    from pathlib import Path

    import psycopg
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from greenai.settings import Settings
    from greenai.store.audit import Link

    Connection = psycopg.Connection[Any]

VERIFYING: Final = int.from_bytes(b"gv", "big") << 48
"""The lock of a verification: it reads everything."""
MOST: Final = 1_000
"""Findings that are told one by one; of more only how many."""
EMPTY: Final = hashlib.sha256().hexdigest()
"""The digest of no decisions."""
MIXED: Final = 100
"""Altered links among which a change of order is looked for."""


@dataclass(slots=True)
class Book:
    """What is wrong so far, and remarks that are no fault."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    more: int = 0

    def add(self, what: What, message: str, **where: int | None) -> None:
        """Note one thing that is wrong."""
        if len(self.findings) < MOST:
            self.findings.append(Finding(what, message, **where))
        else:
            self.more += 1


def link_hash(position: int, previous: bytes, text: str) -> bytes:
    """The hash of a link, as greenai.link_event computes it."""
    return hashlib.sha256(f"{position} {previous.hex()} {text}".encode()).digest()


def verify(
    connection: Connection,
    anchor: Path,
    keys: Mapping[str, Ed25519PublicKey],
) -> Verification:
    """Compute the whole chain again, and compare it with its heads, with the anchor and with all decisions.

    `keys` are the public keys that may have signed, by their `key_id`. The connection must be outside a
    transaction. Memory does not grow with the audit but by its heads.
    """
    begun = time.perf_counter()
    book = Book()
    outside, unreadable = read(anchor)
    for line in unreadable:
        book.add("unreadable_anchor", f"line {line} of {anchor} is no signed head")
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        inside = [head for _, head in audit.heads(connection)]
        trusted = _trusted(book, outside, keys, "the anchor")
        listed = _trusted(book, inside, keys, "the database")
        at, last, hashes = _chain(connection, book, {head.position for head in (*trusted, *listed)})
        for event_id in audit.unlinked(connection, MOST):
            book.add("unlinked_event", f"event {event_id} is in no chain", event_id=event_id)
        _compare(book, trusted, hashes, at, "the anchor")
        _compare(book, listed, hashes, at, "the database's own list")
        _anchored(book, anchor, outside, inside)
        publications, decisions = _decisions(connection, book)
    if book.more:
        book.notes.append(f"{book.more:,} findings more are not told one by one")
    return Verification(
        events=at,
        heads=len(inside),
        anchors=len(outside),
        publications=publications,
        decisions=decisions,
        position=at,
        hash=last.hex(),
        anchored=max((head.position for head in trusted), default=0),
        findings=tuple(book.findings),
        notes=tuple(book.notes),
        seconds=time.perf_counter() - begun,
    )


def verify_alone(
    connection: Connection,
    settings: Settings,
    *,
    keys: Sequence[Path] = (),
    anchor: Path | None = None,
) -> Verification:
    """`verify` with the keys and the anchor of the settings, where none are given; one at a time.

    Raises ConflictError while another goes on, UsageError for a key or an anchor that cannot be read.
    """
    where = places(settings, connection.info.dbname)
    files = list(keys) or ([where.key] if where.key.exists() else [])
    trusted = {key_id(key): key for key in map(public_key, files)}
    with connection.transaction():
        (alone,) = connection.execute("SELECT pg_try_advisory_lock(%s)", [VERIFYING]).fetchone() or (False,)
    if not alone:
        raise ConflictError("the audit is being verified already", remedy="wait for that to end")
    try:
        return verify(connection, where.anchor if anchor is None else anchor, trusted)
    finally:
        if not connection.closed:
            with connection.transaction():
                connection.execute("SELECT pg_advisory_unlock(%s)", [VERIFYING])


def _trusted(
    book: Book, heads: Sequence[Head], keys: Mapping[str, Ed25519PublicKey], place: str
) -> list[Head]:
    """The heads that one of the keys has signed."""
    found = []
    for head in heads:
        key = keys.get(head.key_id)
        if key is None:
            book.add(
                "unknown_key",
                f"a head in {place} is signed by {head.key_id}, a key that is not trusted here",
                position=head.position,
            )
        elif not genuine(head, key):
            book.add("forged_head", f"a head in {place} has no genuine signature", position=head.position)
        else:
            found.append(head)
    return found


def _chain(connection: Connection, book: Book, wanted: set[int]) -> tuple[int, bytes, dict[int, bytes]]:
    """Go through all links; the last position, its hash, and the hashes at the positions `wanted`."""
    at, last = 0, NOTHING
    hashes: dict[int, bytes] = {}
    altered: list[Link] = []
    for link in audit.chain(connection):
        if link.position != at + 1:
            gone = f"link {at + 1}" if link.position == at + 2 else f"links {at + 1} to {link.position - 1}"
            book.add("removed_link", f"{gone} of the chain is missing", position=at + 1)
        elif link.previous != last:
            book.add(
                "altered_link",
                f"link {link.position} does not continue link {at}: one of them was altered or exchanged",
                position=link.position,
                event_id=link.event_id,
            )
        if link.text is None:
            book.add(
                "removed_event",
                f"event {link.event_id}, link {link.position}, is gone",
                position=link.position,
                event_id=link.event_id,
            )
        elif link_hash(link.position, link.previous, link.text) != link.hash:
            altered.append(link)
        at, last = link.position, link.hash
        if at in wanted:
            hashes[at] = last
    _altered(book, altered)
    return at, last, hashes


def _altered(book: Book, links: Sequence[Link]) -> None:
    """Tell of links that do not fit their events: whether these were exchanged, or altered."""
    few = links[:MIXED]
    for link in links:
        other = next(
            (
                one
                for one in few
                if one is not link
                and one.text is not None
                and link_hash(link.position, link.previous, one.text) == link.hash
            ),
            None,
        )
        if other is not None:
            book.add(
                "reordered_event",
                f"link {link.position} was made for event {other.event_id}, which stands at {other.position}",
                position=link.position,
                event_id=other.event_id,
            )
        else:
            book.add(
                "altered_event",
                f"event {link.event_id}, or its link {link.position}, was altered",
                position=link.position,
                event_id=link.event_id,
            )


def _compare(book: Book, heads: Sequence[Head], hashes: Mapping[int, bytes], at: int, place: str) -> None:
    """Compare signed heads with the chain."""
    for head in heads:
        found = hashes.get(head.position)
        if head.position > at:
            book.add(
                "truncated",
                f"the chain ends at {at}, but {place} has a head at {head.position} of {head.signed_at}",
                position=head.position,
            )
        elif found is None or found.hex() != head.hash:
            book.add(
                "rewritten",
                f"the chain up to {head.position} is not the one "
                f"that {place} has a head of, signed {head.signed_at}",
                position=head.position,
            )


def _anchored(book: Book, anchor: Path, outside: Sequence[Head], inside: Sequence[Head]) -> None:
    """Whether all that the database lists is outside too."""
    if not outside:
        book.notes.append(f"there is no anchor in {anchor}: that the chain's end is missing cannot be told")
        return
    known = {head.signature for head in outside}
    for head in inside:
        if head.signature not in known:
            book.add(
                "unanchored_head",
                f"a head of {head.signed_at} is missing in {anchor}: "
                "somebody removed it there, or made it here",
                position=head.position,
            )


def _decisions(connection: Connection, book: Book) -> tuple[int, int]:
    """Compare all decisions with what was sealed of their publications; how many of both there are."""
    names = audit.recons(connection)
    known = tuple(audit.decision_columns(connection))
    # A release may give decisions a column more: a seal says which it is about.
    wanted: dict[tuple[int, tuple[str, ...]], list[audit.Seal]] = {}
    seals = audit.seals(connection)
    for seal in seals:
        columns = _columns(seal.evidence)
        if seal.recon_id is None or columns is None or not set(columns) <= set(known):
            book.add(
                "altered_decisions",
                f"the seal of publication {seal.publication} cannot be read",
                event_id=seal.event_id,
                publication=seal.publication,
            )
        else:
            wanted.setdefault((seal.recon_id, columns), []).append(seal)
    sealed = {seal.publication for seal in seals}
    found: dict[int, dict[int, tuple[int, str]]] = {}
    for (recon_id, columns), of_recon in sorted(wanted.items()):
        found[recon_id] = audit.digests(connection, recon_id, columns)
        for seal in of_recon:
            _compare_seal(book, seal, found[recon_id].get(seal.publication, (0, EMPTY)), names)
    for recon_id in set(names) - set(found):
        found[recon_id] = audit.digests(connection, recon_id, known)
    unsealed = set(audit.unsealed(connection, MOST)).union(*found.values()) - sealed
    for publication in sorted(unsealed):
        book.add("unsealed_decisions", f"publication {publication} has no seal", publication=publication)
    return len(seals), sum(number for one in found.values() for number, _ in one.values())


def _compare_seal(book: Book, seal: audit.Seal, found: tuple[int, str], names: Mapping[int, str]) -> None:
    then = (seal.evidence.get("decisions"), seal.evidence.get("sha256"))
    if found != then:
        book.add(
            "altered_decisions",
            f"the decisions of publication {seal.publication} of {names.get(seal.recon_id or 0, '?')} "
            f"are not those that were sealed: {then[0]} then, {found[0]} now",
            event_id=seal.event_id,
            publication=seal.publication,
        )


def _columns(evidence: Any) -> tuple[str, ...] | None:
    """The columns that a seal was computed over; None where it does not say them."""
    if not isinstance(evidence, Mapping):
        return None
    named = evidence.get("columns")
    if not isinstance(named, list) or not named or not all(isinstance(one, str) for one in named):
        return None
    return tuple(named)
