"""Causes read like sentences, and reasons come from a table."""

from __future__ import annotations

from greenai.attribution.predicates import Between, Equals, OneOf, Predicate
from greenai.attribution.reasons import DEFAULT_REASONS, ReasonRow, reason_of
from greenai.attribution.sentences import Told, cause_sentence, record_sentence, what
from greenai.domain.rules import Measure

JPY = Predicate((Equals("currency", "JPY"), Equals("source_file", "fo_3.csv")))


def test_a_cause_reads_like_a_sentence() -> None:
    told = Told("amount", "scale", "b = a * 100", JPY, 3412, Measure(3412, 0), 0, 0, 41007)
    assert cause_sentence(told) == (
        "All 3,412 values of amount in JPY from fo_3.csv are 100 times larger in b (b = a * 100). "
        "0 exceptions among 3,412; 41,007 other values in JPY agree."
    )


def test_exceptions_and_rivals_are_told() -> None:
    scope = Predicate((Equals("desk", "Rates"),))
    told = Told("fee", "sign", "b = -a", scope, 97, Measure(100, 3), 1, 2, 500, also=["book = 'R1'"])
    assert cause_sentence(told) == (
        "97 of 100 values of fee of desk Rates have the opposite sign in b (b = -a). "
        "3 exceptions among 100 (1 differ otherwise, 2 agree); 500 other values agree. "
        "Equally well: book = 'R1'."
    )


def test_missing_slices_are_told_as_one() -> None:
    assert record_sentence("only_a", JPY, 12, 12) == "All 12 records in JPY from fo_3.csv are missing in b."
    assert record_sentence("only_b", Predicate(), 3, 900) == (
        "3 of 900 records are missing in a; no slice of the context tells which."
    )


def test_sets_ranges_and_nothing_have_words() -> None:
    scope = Predicate((Between("day", 1, 5), OneOf("book", ("A", "B")), Equals("venue", None)))
    assert record_sentence("duplicate_b", scope, 1, 2) == (
        "1 of 2 records of book A or B with day from 1 to 5 without venue are repeated in b."
    )
    assert str(scope.also(Equals("odd name", "o'x"))) == (
        "book in ('A', 'B') and day between 1 and 5 and \"odd name\" = 'o''x' and venue is null"
    )


def test_factors_below_one_are_smaller() -> None:
    assert what("scale", "b = a * 0.001") == "are 1,000 times smaller in b"
    assert what("scale", "b = a / 100") == "are 100 times smaller in b"
    assert what("scale", "b = a * 1.05") == "are in other units in b"
    assert what("truncation", "a = left(b, 20)") == "are cut off in a"


def test_reasons_come_from_the_first_row_that_fits() -> None:
    assert reason_of("scale", ["currency"]) == ("SCALE_ERROR", False)
    assert reason_of("unknown", []) == ("UNKNOWN", None)
    assert reason_of("unknown", ["book"], kind="only_a", whole=True) == ("LATE_ARRIVAL", True)
    assert reason_of("unknown", ["book"], kind="only_a") == ("MISSING_RECORD", False)
    own = (ReasonRow("FX_RATE", "scale", columns=frozenset({"currency"})), *DEFAULT_REASONS)
    assert reason_of("scale", ["currency", "desk"], table=own) == ("FX_RATE", True)
    assert reason_of("scale", ["desk"], table=own) == ("SCALE_ERROR", False)


def test_what_is_empty_and_what_is_a_default_are_told_apart() -> None:
    assert what("null_default", "b is null, a is not") == "are empty in b where a has a value"
    assert what("null_default", "a is null, b is not") == "are empty in a where b has a value"
    assert what("null_default", "b = coalesce(a, 'N/A')") == "have a default in b where a is empty"
    assert what("null_default", "a = coalesce(b, 0)") == "have a default in a where b is empty"
    assert what("null_default", "b = 'N/A' in place of a value") == "have a default in b where a has a value"
