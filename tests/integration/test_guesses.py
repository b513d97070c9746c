"""What was guessed from the first rows is held against all of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import greenai
from greenai.errors import FieldError, GreenaiError

Write = Callable[[str, str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def file(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return file


def test_a_late_row_disproves_the_guess_and_rejects_nothing(write: Write) -> None:
    rows = "".join(f"{n},{n}\n" for n in range(25_000))
    a = write("a.csv", "id,v\n" + rows + "T-1,1.5\n")
    b = write("b.csv", "id,v\n" + rows + "T-1,1.50\n")
    with greenai.diff(a, b, key="id") as found:
        assert found.equal
        assert found.summary.rows.equal == 25_001


def test_the_place_of_a_row_does_not_matter(write: Write) -> None:
    rows = [f"{n},{n}" for n in range(21_000)] + ["x,n/a"]
    front = write("a.csv", "\n".join(["id,v", *rows[::-1]]) + "\n")
    back = write("b.csv", "\n".join(["id,v", *rows]) + "\n")
    with greenai.diff(front, back, key="id") as found:
        assert found.equal


def test_a_number_with_an_exponent_does_not_make_its_column_a_float(write: Write) -> None:
    a = write("a.csv", "id,v\n1,9007199254740993\n2,1e5\n")
    b = write("b.csv", "id,v\n1,9007199254740992\n2,100000\n")
    with greenai.diff(a, b, key="id") as found:
        assert found.summary.fields["v"].different == 1


def test_json_tells_an_empty_text_from_null(write: Write) -> None:
    a, b = write("a.json", '[{"id":1,"v":""}]'), write("b.json", '[{"id":1,"v":null}]')
    with greenai.diff(a, b, key="id") as found:
        assert found.summary.rows.different == 1


def test_a_tolerance_belongs_to_a_s_name_where_names_cross() -> None:
    import pyarrow as pa

    a, b = pa.table({"id": [1], "x": [1], "y": [5]}), pa.table({"id": [1], "x": [5], "y": [2]})
    with greenai.diff(a, b, key="id", mapping={"x": "y", "y": "x"}, absolute={"x": 1}) as found:
        assert found.summary.fields["x"].within_tolerance == 1


RECON = "recon: r\nsources:\n  a: {{location: a.csv}}\n  b: {{location: b.csv{}}}\n"


def test_a_field_that_a_group_leaves_out_is_refused(write: Write) -> None:
    write("a.csv", "id,amt,side\n1,5,B\n")
    write("b.csv", "id,amt,side\n1,5,S\n")
    fields = "key: [id]\nfields:\n  id: {type: string}\n  amt: {type: integer}\n  side: {type: string}\n"
    path = write("r.yaml", RECON.format(", group: {amt: sum}") + fields)
    with pytest.raises(GreenaiError, match="side"):
        greenai.run(path)
    ignored = fields.replace("side: {type: string}", "side: {type: string, compare: {ignore: true}}")
    path = write("r.yaml", RECON.format(", group: {amt: sum}") + ignored)
    with greenai.run(path) as found:
        assert found.equal


def test_totals_find_the_currency_as_each_side_spells_it(write: Write) -> None:
    write("a.csv", "id,amt,currency\n1,5,EUR\n2,10,USD\n")
    write("b.csv", "id,amt,Currency\n1,5,EUR\n2,10,USD\n")
    path = write(
        "r.yaml",
        RECON.format("")
        + "key: [id]\nfields:\n  id: {type: string}\n  amt: {type: integer}\n"
        + "context: [currency]\namount: {field: amt, currency: currency}\n",
    )
    with greenai.run(path) as found:
        totals = found.summary.totals
        assert totals is not None
        assert [(t.currency, t.net) for t in totals] == [("EUR", 0), ("USD", 0)]


def test_steps_need_a_type(write: Write) -> None:
    write("a.csv", 'id,amt\n1,"1,234.50"\n')
    write("b.csv", "id,amt\n1,1234.5\n")
    fields = "key: [id]\nfields:\n  id: {type: string}\n"
    fields += "  amt: {a: {column: amt, normalise: [parse_number]}, b: amt}\n"
    with pytest.raises(FieldError, match="type"):
        greenai.run(write("r.yaml", RECON.format("") + fields))


def test_the_key_is_found_among_the_declared_fields_only(write: Write) -> None:
    for name in ("a.csv", "b.csv"):
        write(name, "id,amt,n\n1,2,1\n2,2,2\n")
    fields = "fields:\n  number: {a: n, b: n}\n  amount: {a: amt, b: amt}\n  twin: {a: amt, b: amt}\n"
    with greenai.run(write("r.yaml", RECON.format("") + fields)) as found:
        assert found.key == ("number",)


def test_null_texts_come_beside_the_empty_cell(write: Write) -> None:
    a, b = write("a.csv", "id,v\n1,NA\n2,\n3,7\n"), write("b.csv", "id,v\n1,\n2,NA\n3,7\n")
    with greenai.diff(a, b, key="id", null="NA") as found:
        assert found.equal


def test_a_check_finds_what_a_run_would_refuse(write: Write) -> None:
    from greenai.api import check

    for name in ("a.csv", "b.csv"):
        write(name, "id,amt\n1,2\n")
    path = write("r.yaml", RECON.format(', where: "nope = 1"') + "key: [id]\nfields: [id, amt]\n")
    with pytest.raises(FieldError, match="nope"):
        check(path)


def test_a_late_code_with_leading_zeros_is_no_number(write: Write) -> None:
    rows = "".join(f"{n},{n}\n" for n in range(1, 21_000))
    a = write("a.csv", "id,code\n" + rows + "99999,007\n")
    b = write("b.csv", "id,code\n" + rows + "99999,7\n")
    with greenai.diff(a, b, key="id") as found:
        assert found.summary.fields["code"].different == 1
        assert found.breaks.column("value_a").to_pylist() == ["007"]


def test_a_late_key_with_leading_zeros_is_another_key(write: Write) -> None:
    rows = "".join(f"{n},{n}\n" for n in range(1, 21_000))
    a = write("a.csv", "id,v\n" + rows + "0012,1\n")
    b = write("b.csv", "id,v\n" + rows)
    with greenai.diff(a, b, key="id") as found:
        assert (found.summary.rows.only_a, found.summary.rows.duplicates_a) == (1, 0)
        assert found.only_a.column("id").to_pylist() == ["0012"]


def test_a_key_that_was_found_is_told_with_the_reason(write: Write) -> None:
    a = write("a.csv", "Trade_ID,desk,v\n1,x,10\n2,x,20\n3,y,30\n")
    b = write("b.csv", "tradeid,desk,v\n1,x,10\n2,x,20\n3,y,31\n")
    with greenai.diff(a, b) as found:
        assert found.report.notes == (
            "the key was not given; found: Trade_ID (unique in 3 rows of a and 3 rows of b, "
            "all keys of the smaller side are on the other side)",
        )
    with greenai.diff(a, b, key="tradeid") as found:
        assert found.report.notes == ()


def test_a_definition_without_a_key_tells_the_one_that_was_found(write: Write) -> None:
    write("a.csv", "no,desk,v\n1,x,10\n2,x,20\n")
    write("b.csv", "no,desk,v\n1,x,10\n2,x,21\n")
    sources = "recon: r\nsources: {a: {location: a.csv}, b: {location: b.csv}}\n"
    fields = "fields:\n  deal: {type: string, a: {column: no}, b: {column: no}}\n  v: {type: integer}\n"
    for more, name in (("", "no"), (fields, "deal")):
        with greenai.run(write("recon.yaml", sources + more), store="none") as found:
            assert found.key == (name,)
            assert found.report.notes[0].startswith(f"the key was not given; found: {name} (unique in 2 rows")
