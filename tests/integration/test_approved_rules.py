"""Approved rules: a cause accepted once explains the next runs, exactly, and in its range."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import face
import greenai
from greenai.api.results import Run
from greenai.domain.rules import CauseLine
from greenai.errors import StoreError, UsageError
from greenai.store.database import connect

Row = tuple[str, str, str, Decimal]
ROWS = 900
MONEY = "decimal(18,2)"
FIRST, SECOND, THIRD = "2026-01-05", "2026-01-06", "2026-01-07"


@dataclass
class Book:
    """A recon of amounts in three currencies, of which the back office has those in JPY times 100."""

    folder: Path
    url: str
    gate: dict[str, Any] | None = None
    context: Sequence[str] = ("currency", "desk")
    amount: str | None = MONEY
    """The type of the amounts; None: they are not compared. Another one fits the golden table no more."""

    def rows(self, day: int, *, count: int = ROWS) -> list[Row]:
        """The front office's rows: every third is in JPY."""
        return [
            (
                f"T{day}{n:05d}",
                ("JPY", "EUR", "USD")[n % 3],
                ("x", "y")[n % 2],
                Decimal(1000 + 7 * n) + Decimal("0.25"),
            )
            for n in range(count)
        ]

    def run(
        self,
        date: str,
        a: Iterable[Row],
        change: Callable[[Row], Decimal | None] | None = None,
        *,
        causes: bool | None = None,
    ) -> Run:
        """Run a day of which b has what `change` makes of a, None being no record.

        Causes are looked for on the first day, unless told.
        """
        rows = [(row, (change or scaled)(row)) for row in a]
        self.write("a", [row for row, _ in rows])
        self.write("b", [(*row[:3], value) for row, value in rows if value is not None])
        definition = {
            "recon": "book",
            "sources": {"a": {"location": "a.csv"}, "b": {"location": "b.csv"}},
            "key": ["id"],
            "fields": {
                "id": {"type": "string"},
                "currency": {"type": "string"},
                "desk": {"type": "string"},
                "amount": {"compare": {"ignore": True}} if self.amount is None else {"type": self.amount},
            },
            "context": list(self.context),
            **({"store": {"table": "trade"}} if self.amount == MONEY else {}),
            **({"gate": self.gate} if self.gate else {}),
        }
        path = self.folder / "recon.yaml"
        path.write_text(yaml.safe_dump(definition, sort_keys=False), encoding="utf-8")
        search = date == FIRST if causes is None else causes
        with greenai.run(path, business_date=date, store=self.url, causes=search) as done:
            return done

    def write(self, side: str, rows: Iterable[Row]) -> None:
        lines = ["id,currency,desk,amount", *(",".join(map(str, row)) for row in rows)]
        (self.folder / f"{side}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def scale(self) -> CauseLine:
        """The cause that the last run found."""
        (found,) = [one for one in greenai.causes("book", store=self.url) if one.family == "scale"]
        return found

    def accept(self, **given: Any) -> CauseLine:
        return greenai.accept_cause(
            self.scale().cause_id[:8], actor="ann", store=self.url, **{"resolution": "take_a", **given}
        )

    def ask(self, query: str, *given: Any) -> list[tuple[Any, ...]]:
        with connect(self.url) as connection:
            return connection.execute(query.encode(), list(given) or None).fetchall()

    def decided(self, date: str) -> dict[tuple[str, str, str], int]:
        """Breaks of a day by outcome, method and kind of rule."""
        return {
            (outcome, method, rule): n
            for outcome, method, rule, n in self.ask(
                "SELECT outcome, method, split_part(rule, ':', 1), count(*) FROM greenai.recon n,"
                " greenai.decided_at(n.recon_id, %s, 1::bigint << 62) GROUP BY 1, 2, 3",
                date,
            )
        }

    def events(self) -> list[tuple[Any, ...]]:
        return self.ask(
            "SELECT e.event, a.name, e.run_id IS NOT NULL, e.scope_size, e.exceptions"
            " FROM greenai.rule_event e JOIN greenai.actor a USING (actor_id) ORDER BY e.event_id"
        )


def scaled(row: Row) -> Decimal:
    return row[3] * 100 if row[1] == "JPY" else row[3]


def wrong(*places: str) -> Callable[[Row], Decimal]:
    """Like `scaled`, but for records in which b is off by one."""
    return lambda row: row[3] + 1 if row[0] in places else scaled(row)


@pytest.fixture
def book(postgres_url: str, tmp_path: Path) -> Book:
    return Book(tmp_path, postgres_url)


def command(book: Book, *words: str) -> face.Answer:
    return face.greenai("causes", *words, "--store", book.url)


def test_a_cause_accepted_once_passes_the_next_day_with_the_values_it_says(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    assert book.decided(FIRST) == {("review", "cause", "default"): 300}
    line = book.accept(comment="JPY has no cents")
    assert (line.state, line.reason, line.breaks, line.exceptions) == ("accepted", "SCALE_ERROR", 300, 0)
    assert line.rule is not None
    assert (line.rule.range.smallest, line.rule.range.largest) == (100, 900)
    assert line.rule.range.max_exceptions == pytest.approx(1 - 0.01 ** (1 / 300))
    done = book.run(SECOND, book.rows(2))
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 300}
    assert done.report.summary.decisions == {"passed": 300, "review": 0, "rejected": 0}
    (cause,) = done.report.causes
    assert (cause.approved, cause.confidence, cause.cause_id) == (True, 1.0, line.cause_id)
    golden = dict(book.ask("SELECT id, amount FROM golden.trade"))
    assert golden == {row[0]: row[3] for row in book.rows(2)}
    assert done.run_id is not None
    assert greenai.show(done.run_id, store=book.url).passed_by == {"rule": 300}
    assert "passed: 300 by approved rule" in face.greenai("show", done.run_id, "--store", book.url).out
    # The day before was decided without it.
    assert book.decided(FIRST) == {("review", "cause", "default"): 300}
    rules = book.ask(
        "SELECT DISTINCT d.rule, d.resolution, d.confidence FROM greenai.recon n,"
        " greenai.decided_at(n.recon_id, %s, 1::bigint << 62) d",
        SECOND,
    )
    assert rules == [(f"rule:{line.cause_id}", "take_a", 1.0)]


def test_the_resolution_that_was_accepted_says_what_is_stored(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    book.accept(resolution="take_b")
    book.run(SECOND, book.rows(2))
    golden = dict(book.ask("SELECT id, amount FROM golden.trade"))
    assert golden == {row[0]: scaled(row) for row in book.rows(2)}


def test_a_row_in_the_scope_that_the_rule_does_not_explain_waits(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()
    done = book.run(SECOND, book.rows(2), wrong("T200003"))
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 299, ("review", "none", "exception"): 1}
    (cause,) = done.report.causes
    assert (cause.breaks, cause.exceptions) == (299, 1)
    ((rule, explanation),) = book.ask(
        "SELECT d.rule, d.explanation FROM greenai.recon n,"
        " greenai.decided_at(n.recon_id, %s, 1::bigint << 62) d WHERE outcome = 'review'",
        SECOND,
    )
    assert rule == f"exception:{line.cause_id}"
    assert explanation == "it lies in the scope of an approved rule that does not explain it"
    assert ("T200003",) not in book.ask("SELECT id FROM golden.trade")


def test_an_exception_waits_though_a_policy_would_pass_it(postgres_url: str, tmp_path: Path) -> None:
    book = Book(tmp_path, postgres_url, {"reasons": {"UNKNOWN": "pass"}})
    book.run(FIRST, book.rows(1))
    book.accept()
    book.run(SECOND, book.rows(2), wrong("T200003", "T200004"))
    # T200004 is in EUR: the policy is about it.
    assert book.decided(SECOND) == {
        ("passed", "rule", "rule"): 299,
        ("review", "none", "exception"): 1,
        ("passed", "none", "policy"): 1,
    }


def test_a_policy_of_the_definition_comes_before_a_rule(postgres_url: str, tmp_path: Path) -> None:
    book = Book(tmp_path, postgres_url, {"reasons": {"SCALE_ERROR": "reject"}})
    book.run(FIRST, book.rows(1))
    book.accept()
    book.run(SECOND, book.rows(2))
    assert book.decided(SECOND) == {("rejected", "rule", "policy"): 300}


def test_too_many_exceptions_suspend_the_rule_and_nothing_passes_by_it(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()
    bad = [row[0] for row in book.rows(2) if row[1] == "JPY"][:30]
    done = book.run(SECOND, book.rows(2), wrong(*bad))
    assert {outcome for outcome, *_ in book.decided(SECOND)} == {"review"}
    (note,) = [one for one in done.report.notes if "suspended" in one]
    assert "30 exceptions among 300 are 10.00%, approved were at most 1.52%" in note
    assert book.events()[1:] == [("suspended", "gate", True, 300, 30)]
    shown = greenai.cause(line.cause_id, store=book.url)
    assert shown.state == "suspended"
    assert "10.00%" in face.greenai("show", done.run_id, "--store", book.url).out
    # Suspended, it stays so until somebody resumes it.
    book.run(THIRD, book.rows(3), causes=True)
    assert book.decided(THIRD) == {("review", "cause", "default"): 300}
    greenai.change_rule(line.cause_id, "resume", actor="ann", store=book.url)
    book.run(THIRD, book.rows(3))
    assert book.decided(THIRD) == {("passed", "rule", "rule"): 300}


@pytest.mark.parametrize(("mended", "agreeing"), [("x", 150), ("xy", 300)])
def test_agreeing_records_are_exceptions_too(book: Book, mended: str, agreeing: int) -> None:
    book.run(FIRST, book.rows(1))
    book.accept()
    # The back office mended it, here or everywhere: what agrees now contradicts the rule.
    book.run(SECOND, book.rows(2), lambda row: row[3] if row[2] in mended else scaled(row))
    assert book.events()[1:] == [("suspended", "gate", True, 300, agreeing)]


@pytest.mark.parametrize(
    ("context", "type_", "why"),
    [
        (["desk"], MONEY, "there is no column currency to tell its scope"),
        (["currency", "desk"], "string", "cannot be computed for string"),
        (["currency", "desk"], None, "the run does not compare a field amount"),
    ],
)
def test_a_rule_that_fits_the_definition_no_more_is_suspended(
    book: Book, context: list[str], type_: str | None, why: str
) -> None:
    book.run(FIRST, book.rows(1))
    book.accept()
    book.context, book.amount = context, type_
    done = book.run(SECOND, book.rows(2))
    assert any(why in note for note in done.report.notes)
    assert book.events()[1:] == [("suspended", "gate", True, None, None)]
    assert "passed" not in {outcome for outcome, *_ in book.decided(SECOND)}


@pytest.mark.parametrize("count", [90, 4500])
def test_a_scope_of_another_size_suspends_the_rule(book: Book, count: int) -> None:
    book.run(FIRST, book.rows(1))
    book.accept()
    book.run(SECOND, book.rows(2, count=count))
    assert {outcome for outcome, *_ in book.decided(SECOND)} == {"review"}
    assert book.events()[1:] == [("suspended", "gate", True, count // 3, 0)]


def test_an_empty_scope_decides_nothing_and_suspends_nothing(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()
    book.run(SECOND, [row for row in book.rows(2) if row[1] != "JPY"])
    assert greenai.cause(line.cause_id, store=book.url).state == "accepted"


def test_the_range_may_be_told(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    book.accept(max_exceptions=0.5, scope_size=(1, 10_000))
    bad = [row[0] for row in book.rows(2) if row[1] == "JPY"][:30]
    book.run(SECOND, book.rows(2), wrong(*bad))
    assert book.decided(SECOND)["passed", "rule", "rule"] == 270


def test_a_withdrawn_rule_explains_nothing_and_may_be_accepted_again(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()
    greenai.change_rule(line.cause_id, "withdraw", actor="bob", comment="mended", store=book.url)
    book.run(SECOND, book.rows(2), causes=True)
    assert book.decided(SECOND) == {("review", "cause", "default"): 300}
    assert book.accept(scope_size=(10, 20)).state == "accepted"
    assert [event for event, *_ in book.events()] == ["accepted", "withdrawn", "accepted"]


def test_accepting_makes_the_same_files_another_run_and_the_same_again_writes_nothing(book: Book) -> None:
    first = book.run(FIRST, book.rows(1)).run_id
    book.accept()
    second = book.run(FIRST, book.rows(1)).run_id
    assert second != first
    assert book.decided(FIRST) == {("passed", "rule", "rule"): 300}
    assert book.run(FIRST, book.rows(1)).run_id == second
    assert book.ask("SELECT count(*) FROM greenai.run") == [(2,)]


def test_the_same_run_again_after_a_suspension_writes_nothing(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    book.accept()
    small = book.run(SECOND, book.rows(2, count=90)).run_id
    assert book.run(SECOND, book.rows(2, count=90)).run_id == small
    assert [event for event, *_ in book.events()] == ["accepted", "suspended"]


def test_two_who_accept_at_once_make_one_rule(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    cause = book.scale().cause_id
    said: list[Any] = []

    def accept(name: str) -> None:
        try:
            said.append(greenai.accept_cause(cause, actor=name, resolution="take_a", store=book.url).state)
        except UsageError as error:
            said.append(error.message)

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("ann", "bob", "cyd")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("accepted") == 1
    assert sum("is a rule already" in str(one) for one in said) == 2
    assert book.ask("SELECT count(*) FROM greenai.approved_rule") == [(1,)]


def test_causes_are_looked_for_in_what_rules_leave(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    line = book.accept()

    def also_signs(row: Row) -> Decimal:
        return -row[3] if row[1] == "EUR" else scaled(row)

    done = book.run(SECOND, book.rows(2), also_signs, causes=True)
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 300, ("review", "cause", "default"): 300}
    found = {(one.family, one.scope, one.breaks, one.exceptions, one.outside) for one in done.report.causes}
    assert ("sign", "currency = 'EUR'", 300, 0, 300) in found
    assert {one.approved for one in done.report.causes if one.cause_id == line.cause_id} == {True}


def test_another_cause_may_explain_an_exception_but_does_not_pass_it(
    postgres_url: str, tmp_path: Path
) -> None:
    book = Book(tmp_path, postgres_url, {"reasons": {"SIGN_ERROR": "pass"}})
    book.run(FIRST, book.rows(1))
    book.accept(max_exceptions=0.9)

    def some_signs(row: Row) -> Decimal:
        return -row[3] if row[1] == "JPY" and row[2] == "x" else scaled(row)

    book.run(SECOND, book.rows(2), some_signs, causes=True)
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 150, ("review", "cause", "exception"): 150}


def test_a_rule_that_is_withdrawn_while_a_run_goes_on_decides_nothing(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    from greenai.pipeline import running

    book.run(FIRST, book.rows(1))
    line = book.accept()
    compare = running.compared

    def meanwhile(*given: Any, **more: Any) -> Any:
        outcome = compare(*given, **more)
        greenai.change_rule(line.cause_id, "withdraw", actor="bob", store=book.url)
        return outcome

    monkeypatch.setattr(running, "compared", meanwhile)
    with pytest.raises(StoreError, match="while the run went on"):
        book.run(SECOND, book.rows(2))
    assert book.decided(SECOND) == {("review", "cause", "default"): 300}  # what held on the first day
    monkeypatch.undo()
    book.run(SECOND, book.rows(2), causes=True)
    assert book.ask("SELECT DISTINCT method FROM greenai.attribution") == [("cause",)]


def test_a_rule_about_missing_records_excludes_them(book: Book) -> None:
    def of_desk_x(row: Row) -> Decimal | None:
        return row[3] if row[2] == "x" else None

    book.run(FIRST, book.rows(1), of_desk_x)
    (found,) = [one for one in greenai.causes("book", store=book.url) if one.kind == "only_a"]
    assert found.scope == "desk = 'y'"
    with pytest.raises(UsageError, match="not resolved so"):
        greenai.accept_cause(found.cause_id, actor="ann", resolution="take_b", store=book.url)
    greenai.accept_cause(found.cause_id, actor="ann", resolution="exclude", store=book.url)
    book.run(SECOND, book.rows(2), of_desk_x)
    assert book.decided(SECOND) == {("passed", "rule", "rule"): 450}
    assert len(book.ask("SELECT id FROM golden.trade")) == 450


def test_a_person_may_still_decide_otherwise(book: Book) -> None:
    from greenai.pipeline.review import approve

    book.run(FIRST, book.rows(1))
    book.accept()
    done = book.run(SECOND, book.rows(2), wrong("T200003"))
    assert done.run_id is not None
    approve(book.url, done.run_id, key=["T200003"], actor="ann", resolution="take_b")
    golden = dict(book.ask("SELECT id, amount FROM golden.trade"))
    assert golden["T200003"] == book.rows(2)[3][3] + 1
    approve(book.url, done.run_id, key=["T200006"], actor="ann", outcome="rejected")
    assert "rejected" in {outcome for outcome, *_ in book.decided(SECOND)}
    assert book.decided(SECOND)["passed", "rule", "rule"] == 298


def test_what_is_no_rule_is_refused_with_what_to_do(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    cause = book.scale().cause_id
    for given, message in (
        ({"cause_id": "ffff0000"}, "no such cause"),
        ({"cause_id": "xyz"}, "not the identity"),
        ({"actor": "gate"}, "a person decides"),
        ({"resolution": None}, "which side is right"),
        ({"reason": "OWN_REASON"}, "no such reason"),
        ({"reason": "UNKNOWN"}, "says why"),
        ({"max_exceptions": 2.0}, "from 0 to 1"),
        ({"scope_size": (10, 5)}, "size of a scope"),
        ({"recon": "other"}, "in recon other"),
    ):
        asked: dict[str, Any] = {"cause_id": cause, "actor": "ann", "resolution": "take_a", **given}
        with pytest.raises(UsageError, match=message):
            greenai.accept_cause(asked.pop("cause_id"), store=book.url, **asked)
    with pytest.raises(UsageError, match="no rule"):
        greenai.change_rule(cause, "suspend", actor="ann", store=book.url)
    assert book.ask("SELECT count(*) FROM greenai.approved_rule") == [(0,)]


def test_the_command_lists_accepts_shows_and_suspends(book: Book) -> None:
    book.run(FIRST, book.rows(1))
    cause = book.scale().cause_id
    listed = command(book, "list", "book")
    assert listed.code == 0
    assert cause[:8] in listed.out
    assert "proposed" in listed.out
    refused = command(book, "accept", cause[:8])
    assert refused.code == 2
    assert "--resolution" in refused.err
    accepted = command(
        book, "accept", cause[:8], "--resolution", "take_a", "--by", "ann", "--scope-size", "10..400",
        "--max-exceptions", "0.02", "--comment", "agreed",
    )  # fmt: skip
    assert accepted.code == 0
    assert "up to 2.00% exceptions, 10 to 400 records" in accepted.out
    again = command(book, "accept", cause[:8], "--resolution", "take_a")
    assert again.code == 2
    assert "is a rule already" in again.err
    assert command(book, "suspend", cause[:8], "--by", "bob").code == 0
    shown = json.loads(command(book, "show", cause[:8], "--format", "json").out)
    assert shown["state"] == "suspended"
    assert [one["event"] for one in shown["rule"]["events"]] == ["accepted", "suspended"]
    assert command(book, "list", "1", "--format", "json").code == 0
    assert command(book, "list", "nowhere").code == 2
    assert command(book, "accept", cause[:8], "--scope-size", "many").code == 2
    audit = book.ask("SELECT action, details ->> 'cause' FROM greenai.audit_event ORDER BY event_id")
    assert audit == [("rule_accepted", cause), ("rule_suspended", cause)]


def test_what_became_of_a_rule_is_never_changed(book: Book) -> None:
    import psycopg

    book.run(FIRST, book.rows(1))
    book.accept()
    for table in ("rule_event", "approved_rule"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            book.ask(f"DELETE FROM greenai.{table} RETURNING 1")


def test_a_cause_is_told_alike_whether_it_or_another_is_an_approved_rule(book: Book) -> None:
    def change(row: Row) -> Decimal:
        if row[1] != "JPY":
            return row[3]
        return -row[3] if row[2] == "y" and int(row[0][1:]) % 5 == 0 else row[3] * 100

    def told() -> dict[str, tuple[str, int]]:
        return {
            one.expression: (one.explanation, one.exceptions)
            for one in greenai.causes("book", store=book.url)
            if one.run is not None
        }

    rows = book.rows(1)
    book.run(FIRST, rows, change)
    first = told()
    assert len(first) == 2
    assert all("0 unexplained" in sentence for sentence, _ in first.values())
    book.accept()
    book.run(SECOND, rows, change, causes=True)
    assert told() == first
