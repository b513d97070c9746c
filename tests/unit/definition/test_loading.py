"""From YAML to a definition: the contract's example, short forms, exact values, files."""

from __future__ import annotations

import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from greenai.definition.gate import Depends, NotNull, Range, Unique
from greenai.definition.loading import from_data, load, loads
from greenai.definition.model import Compare, Definition, FieldRule, FieldSide
from greenai.definition.steps import (
    Map,
    NullIf,
    ParseDate,
    Prefix,
    Remove,
    Replace,
    Round,
    Scale,
    Strip,
    Upper,
)
from greenai.definition.types import FieldType
from greenai.errors import DefinitionError

Read = Callable[[str], Definition]


def test_the_example_of_the_contract_is_a_definition(contract: str) -> None:
    definition = loads(contract)
    assert definition.fields is not None
    assert definition.fields["trade_id"] == FieldRule(
        type=FieldType("string"),
        a=FieldSide(column="TradeID", normalise=(Strip(), Upper(), Remove(text="-"))),
        b=FieldSide(column="Transaction_ID", normalise=(Strip(), Upper(), Prefix(text="TRD"))),
    )
    assert definition.fields["notional"].type == FieldType("decimal", 18, 2)
    assert definition.fields["notional"].compare == Compare(absolute=Decimal("0.01"))
    assert definition.defaults.null_values == ("", "NULL", "N/A")
    assert definition.gate is not None
    assert definition.gate.checks == (
        NotNull(fields=("trade_id", "notional")),
        Unique(fields=("trade_id",)),
        Range(field="notional", min=Decimal(0)),
        Depends(on=("counterparty_code",), gives=("counterparty_name",)),
    )
    assert definition.store is not None
    assert definition.store.references["counterparty"].key == ("counterparty_code",)


def test_fields_and_key_may_be_left_out(read: Read) -> None:
    definition = read("")
    assert (definition.fields, definition.key, definition.context) == (None, None, ())


def test_a_list_of_fields_is_a_mapping_without_rules_and_begins_with_the_key(read: Read) -> None:
    definition = read("key: id\nfields: [amount, id2]\n")
    assert definition.key == ("id",)
    assert definition.fields == {"id": FieldRule(), "amount": FieldRule(), "id2": FieldRule()}
    assert list(definition.fields) == ["id", "amount", "id2"]
    assert definition == read("key: [id]\nfields: {id: , amount: {}, id2: null}\n")


def test_a_side_may_be_just_its_column_and_a_single_text_a_list(read: Read) -> None:
    short = read("fields:\n  x: {a: X1, b: {column: 2026, normalise: strip}}\ncontext: desk\n")
    long = read("fields:\n  x: {a: {column: X1}, b: {column: '2026', normalise: [strip]}}\ncontext: [desk]\n")
    assert short == long
    assert short.sources.a.location == ("a.csv",)


def test_an_empty_value_is_the_same_as_leaving_the_key_out(read: Read) -> None:
    assert read("description:\ncontext:\ndefaults:\nmax_rejects: ~\nkey: null\n") == read("")


def test_words_that_old_yaml_takes_for_booleans_stay_text(read: Read) -> None:
    definition = read("fields:\n  x: {a: {column: y, normalise: [{map: {Y: YES, NO: Norway, on: off}}]}}\n")
    assert definition.fields is not None
    side = definition.fields["x"].a
    assert side == FieldSide(column="y", normalise=(Map(values={"Y": "YES", "NO": "Norway", "on": "off"}),))


def test_values_of_cells_arrive_as_the_text_that_was_written(read: Read) -> None:
    definition = read(
        "fields:\n  x:\n    a:\n      column: c\n      normalise:\n"
        '        - map: {1: "01", 2: 02, 3: 1.50, true: 1, x: ~}\n'
        "        - null_if: [0, 0.00, NULL, false, 2026-01-31]\n"
        "        - null_if: 0\n"
        "        - prefix: 00\n"
        "defaults: {null_values: [NULL, 0, -, null]}\n"
    )
    assert definition.fields is not None
    assert definition.fields["x"].a is not None
    assert definition.fields["x"].a.normalise == (
        Map(values={"1": "01", "2": "02", "3": "1.50", "true": "1", "x": None}),
        NullIf(values=("0", "0.00", "NULL", "false", "2026-01-31")),
        NullIf(values=("0",)),
        Prefix(text="00"),
    )
    assert definition.defaults.null_values == ("NULL", "0", "-", "null")


def test_numbers_are_exact_and_never_pass_through_a_float() -> None:
    digits = "0.100000000000000000000000000001"
    definition = loads(
        "recon: r\nsources:\n"
        f"  a: {{location: a, control: {{sum_of: x, sum: 12345678901234567890.{'0' * 9}1}}}}\n"
        "  b: {location: b}\n"
        f"fields:\n  x: {{a: {{column: x, normalise: [{{scale: {digits}}}]}},\n"
        f"      compare: {{absolute: {digits}}}}}\n"
        "  y: {compare: {relative: 1e-6}}\n  z: {compare: {seconds: '0.5'}}\n"
    )
    assert definition.fields is not None
    assert definition.fields["x"].compare.absolute == Decimal(digits)
    assert definition.fields["y"].compare.relative == Decimal("0.000001")
    assert definition.fields["z"].compare.seconds == Decimal("0.5")
    assert definition.sources.a.control is not None
    assert str(definition.sources.a.control.sum) == "12345678901234567890.0000000001"
    side = definition.fields["x"].a
    assert side is not None
    assert side.normalise == (Scale(factor=Decimal(digits)),)


def test_steps_have_short_and_long_forms(read: Read) -> None:
    definition = read(
        "fields:\n  x:\n    a:\n      column: c\n      normalise: [{round: 2}, round, {round: {digits: 2}},"
        " {parse_date: '%d/%m/%Y'}, {parse_date: {formats: ['%d/%m/%Y']}}, {strip: },"
        " {replace: {pattern: '^0+', with: ''}}, {map: {values: x}}, {map: {values: {a: b}}}]\n"
    )
    assert definition.fields is not None
    assert definition.fields["x"].a is not None
    day = ParseDate(formats=("%d/%m/%Y",))
    assert definition.fields["x"].a.normalise == (
        Round(digits=2),
        Round(digits=0),
        Round(digits=2),
        day,
        day,
        Strip(),
        Replace(pattern="^0+"),
        Map(values={"values": "x"}),
        Map(values={"a": "b"}),
    )


def test_a_tab_may_be_written_without_double_quotes() -> None:
    definition = loads(
        'recon: r\nsources: {a: {location: a, delimiter: \\t}, b: {location: b, delimiter: "\\t"}}'
    )
    assert definition.sources.a.delimiter == definition.sources.b.delimiter == "\t"


def test_the_same_can_be_given_as_data() -> None:
    side = {"location": "a"}
    definition = from_data({"recon": "r", "sources": {"a": side, "b": side}, "max_rejects": 0, "key": "id"})
    assert definition.key == ("id",)
    with pytest.raises(DefinitionError, match="Did you mean `sources`"):
        from_data({"recon": "r", "source": {"a": side, "b": side}})


def test_a_file_knows_its_folder(tmp_path: Path, contract: str) -> None:
    path = tmp_path / "recon.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + contract.encode())
    loaded = load(path)
    assert loaded.folder == tmp_path
    assert loaded.path == path
    path.write_bytes(contract.encode("utf-16"))
    assert load(path).definition == loaded.definition


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="no such file") as caught:
        load(tmp_path / "none.yaml")
    assert caught.value.remedy
    with pytest.raises(DefinitionError, match="is a folder"):
        load(tmp_path)
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"recon: x\ndescription: caf\xe9\n")
    with pytest.raises(DefinitionError, match="not UTF-8: byte 0xe9") as caught:
        load(path)
    assert caught.value.line == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_says_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.yaml"
    path.write_text("recon: x")
    path.chmod(0)
    with pytest.raises(DefinitionError, match="cannot be read"):
        load(path)
