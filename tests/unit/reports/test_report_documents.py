"""Markdown, HTML and JSON: nothing in the data becomes markup, and every document is well formed."""

from __future__ import annotations

import dataclasses
import json as stdlib_json
import re
from decimal import Decimal
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
import report_samples
from hypothesis import given, settings
from hypothesis import strategies as st

from greenai.domain.breaks import Break, Reject
from greenai.domain.report import FieldInfo, GateInfo, Report, SideInfo
from greenai.domain.runs import Stored
from greenai.domain.summary import FieldCounts, RowCounts, Summary, Total
from greenai.reports import html, json, markdown
from greenai.reports.text import visible

VOID = {"meta", "link", "br", "img", "input", "hr"}
ALLOWED = VOID - {"img", "input"} | set(
    re.findall(
        r"\w+",
        """html head title style body header main section footer h1 h2 h3 p b span time dl dt dd div ul li
        table caption thead tbody tr th td bdi mark a figure figcaption
        svg defs pattern rect circle polygon""",
    )
)
ATTACKS = [
    '<script>alert("x")</script>',
    "'\"><img src=x onerror=alert(1)>",
    "</title></style></td></table><svg onload=alert(1)>",
    "javascript:alert(1)",
    "&lt;script&gt;",
    "a\x00b\x1b[2J\u202e\u2028",
]


class Page(HTMLParser):
    """Checks that tags nest, and keeps tags, attributes and texts."""

    def __init__(self, document: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(document)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.texts.append(data)

    def having(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def everywhere(text: str) -> Report:
    """A report that holds one text wherever data can stand."""
    return Report(
        title=text,
        a=SideInfo(text, text + "1"),
        b=SideInfo(text, text + "2"),
        key=(text,),
        fields=(FieldInfo(text, text, text, text), FieldInfo(text + "=", text)),
        summary=Summary(
            rows=RowCounts(a=3, b=3, matched=2, equal=1, different=1, only_a=1, only_b=1, rejected_a=1),
            fields={text: FieldCounts(1, 1), text + "=": FieldCounts(0, 0)},
            breaks=3,
            timings={text: 0.1},
            amount=text,
            totals=(Total(text, Decimal(1), Decimal(2)),),
            decisions={"passed": 1, "review": 1, "rejected": 1},
            records={"passed": 0, "review": 2, "rejected": 1},
        ),
        samples={
            text: (Break((text,), "value", text, text, text + "?", text, text),),
            "only_a": (Break((text,), "only_a", None, None, None, text, text),),
            "check": (Break((text,), "check", text, None, None, text, text, "review", None, text),),
        },
        gate=GateInfo(failed_checks=((text, 1),), stored={text: Stored(inserted=1)}, table=text),
        run=1,
        reasons={text: 3},
        rejects=(Reject("a", text, 1, text, text),),
        notes=(text,),
        definition_fingerprint=text,
        business_date=text,
    )


@pytest.mark.parametrize("attack", ATTACKS)
def test_html_shows_an_attack_and_never_runs_it(attack: str) -> None:
    document = html.render(everywhere(attack))
    page = Page(document)
    assert {tag for tag, _ in page.tags} <= ALLOWED
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    places = {f"#{part.get('id')}" for part in page.having("div")}
    assert {link["href"] for link in page.having("a")} <= places
    assert visible(attack) in "".join(page.texts)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\u2028-\u202e\u2066-\u2069]", document)


@given(st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_any_text_anywhere_keeps_html_well_formed(text: str) -> None:
    page = Page(html.render(everywhere(text)))
    assert {tag for tag, _ in page.tags} <= ALLOWED


@pytest.mark.parametrize("name", ["trades", "nasty", "clean", "empty", "gated", "held"])
def test_html_asks_for_nothing_from_anywhere(name: str) -> None:
    document = html.render(getattr(report_samples, name)())
    page = Page(document)
    assert not {tag for tag, _ in page.tags} & {"script", "img", "iframe", "object", "embed", "base", "form"}
    for tag, attributes in page.tags:
        for attribute in ("src", "href", "xlink:href", "srcset", "action"):
            target = attributes.get(attribute)
            assert target is None or target.startswith("#") or (tag, target) == ("link", "data:,")
    style = document[document.index("<style>") : document.index("</style>")]
    assert "@import" not in style
    assert set(re.findall(r"url\(([^)]*)\)", style)) <= {"#hatch", "#dots"}
    policy = next(meta for meta in page.having("meta") if meta.get("http-equiv"))
    assert str(policy["content"]).startswith("default-src 'none'")


def test_html_is_built_for_everyone() -> None:
    page = Page(html.render(report_samples.trades()))
    assert page.having("html") == [{"lang": "en"}]
    assert len(page.having("h1")) == len(page.having("main")) == len(page.having("header")) == 1
    assert len(page.having("caption")) == len(page.having("table"))
    assert {cell.get("scope") for cell in page.having("th")} == {"row", "col"}
    identifiers = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(identifiers) == len(set(identifiers))
    for part in page.having("section"):
        assert part["aria-labelledby"] in identifiers
    for drawing in page.having("div"):
        assert drawing.get("role") != "img" or drawing["aria-label"]


def test_html_says_what_the_terminal_says() -> None:
    text = "".join(Page(html.render(report_samples.trades())).texts).replace("\xa0", " ")
    for said in (
        "12,431 of 998,112 matched pairs differ (1.25 %)",
        "1,000,000",
        "-72,677,929,500.00",
        "5,319",
        "18,440",
        "SCALE_ERROR",
        "30.72 %",
        "TRD2024001",
        "TRD2040000",
        "88,113",
        "1 column where 16 were expected",
        "compared as string",
        "ledger_ts",
        "1.52 M rows/s",
        "9f2c51d0a7e84b13",
    ):
        assert said in text


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_both_themes_meet_contrast_aa(theme: int) -> None:
    style = html.render(report_samples.clean())
    block = re.findall(r":root \{(.*?)\}", style, re.DOTALL)[theme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    for ground in ("ground", "faint"):
        for ink in ("ink", "dim", "a", "b", "good", "bad"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        for shape in ("equal", "different", "only", "duplicates"):
            assert contrast(colours[shape], colours[ground]) >= 3, (shape, ground)
    assert contrast(colours["mark-ink"], colours["mark"]) >= 4.5


MARKUP = ["a|b", "`code`", "*x* _y_ ~z~", "[l](http://e.test)", "@all #1", "$x$"]


@pytest.mark.parametrize("attack", [*ATTACKS, *MARKUP])
def test_markdown_shows_an_attack_as_text(attack: str) -> None:
    document = markdown.render(everywhere(attack))
    bare = re.sub(r"</?(code|b|sub)>|&emsp;|\*\*", "", document)
    for line in bare.split("\n"):
        text = re.sub(r"&#\d+;", "", line)
        text = text if not text.startswith("#") else text.lstrip("#")
        assert not re.search(r"[<>`*~\[\]@$\\]", text.replace("<0.01", "").replace(">99.99", "")), line
        assert "://" not in text
    columns = [line.count("|") for line in document.split("\n")]
    for before, after in pairwise(columns):
        assert before == after or 0 in (before, after)


def test_a_note_cannot_become_a_list_or_a_heading() -> None:
    notes = ("1. one", "- two", "# three", "+ four", "    five")
    report = dataclasses.replace(report_samples.clean(), notes=notes)
    shown = [line for line in markdown.render(report).split("\n") if line.startswith("- ")]
    assert [line[2] for line in shown] == ["&", "&", "&", "&", "f"]


def parsed(report: Report) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    document: dict[str, Any] = stdlib_json.loads(json.render(report), parse_constant=refuse)
    return document


def test_json_has_the_keys_of_the_summary_at_the_top() -> None:
    report = report_samples.trades()
    document = parsed(report)
    summary = stdlib_json.loads(stdlib_json.dumps(report.summary.as_dict()))
    assert {name: document[name] for name in summary} == summary
    assert document["sides"]["a"] == {"name": "front_office", "location": report.a.location}
    assert document["breaks_sample"][0] == {
        "key": ["TRD2024001"], "field": "notional", "kind": "value", "value_a": "1250.00",
        "value_b": "125000.00", "reason": "SCALE_ERROR",
    }  # fmt: skip
    assert document["notes"] == list(report.notes)
    assert document["rejects_sample"][0]["line"] == 1_204


def test_json_is_valid_whatever_the_data_holds() -> None:
    report = report_samples.nasty()
    causes = ({"confidence": float("nan"), "net": Decimal("1.10"), "list": [float("inf"), {"x": 1}]},)
    summary = dataclasses.replace(report.summary, causes=causes, timings={"compare": float("inf")})
    document = parsed(dataclasses.replace(report, summary=summary))
    assert document["causes"] == [{"confidence": None, "net": "1.10", "list": [None, {"x": 1}]}]
    assert document["timings"] == {"compare": None}
    assert json.render(report).isascii()
    assert any(one["value_b"] == "\ud800" for one in document["breaks_sample"])


def test_values_in_json_are_complete() -> None:
    values = [one["value_a"] for one in parsed(report_samples.nasty())["breaks_sample"]]
    assert report_samples.LONG in values
