"""The results of `make bench-attribution` as a Markdown page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]


def line(part: str, one: Record) -> str:
    """One measurement in one line, while it runs."""
    if "skipped" in one:
        return f"{one['name']}: skipped, {one['skipped']}"
    if "failed" in one:
        return f"{one['asked']:,} breaks: failed, {one['failed']}"
    said: dict[str, Callable[[Record], str]] = {
        "planted": world, "baselines": world, "shuffled": chance, "outside": chance,
        "ladder": lambda r: f"{r['rung']}, seed {r['seed']}: {r['exact']:.1%} exact",
        "real": lambda r: f"{r['name']}: {r['causes']} causes, {', '.join(map(str, r['musts'].values()))}",
        "growth": lambda r: f"{r['breaks']:,} breaks: {r['causing']['seconds']:.1f} s",
    }  # fmt: skip
    return said[part](one)


def world(one: Record) -> str:
    """A planted world."""
    return (
        f"{one['approach']}, seed {one['seed']}: {len(one['found'])} of {len(one['families'])} found, "
        f"{len(one['false'])} false, {one['seconds']:.1f} s"
    )


def chance(one: Record) -> str:
    """A world without causes."""
    return f"seed {one['seed']}: {len(one['rules'])} false rules among {one['breaks']:,} differences"


def markdown(document: Record, plot: str) -> str:
    """The whole page; parts that were not measured are left out."""
    parts = ["# Causes: benchmark results", ""]
    parts += ["Written by `make bench-attribution`; see [how to read it](../README.md#causes).", ""]
    if machine := document.get("machine"):
        used = ", ".join(f"{name} {version}" for name, version in document["versions"].items())
        memory = int(machine["memory_bytes"]) / 1e9
        parts += [
            f"- {machine['cores']} cores ({machine['processor']}), {memory:.0f} GB memory,"
            f" {machine['system']}",
            f"- {used}",
            "- other programs ran on the machine meanwhile: processor time tells more than time",
            "",
        ]
    parts += [f"![Causes found, and the cost of breaks]({plot})", ""]
    for name, section in SECTIONS.items():
        if measured := document.get(name):
            parts += [*section(measured), ""]
    return "\n".join(parts).rstrip() + "\n"


def planted_section(worlds: Sequence[Record]) -> list[str]:
    """Fresh worlds at full size, and what was missed of them."""
    rows = worlds[0]["rows"]
    found, planted = (sum(len(one[key]) for one in worlds) for key in ("found", "families"))
    parts = [
        f"## Planted causes, {rows:,} trades",
        "",
        f"{found} of {planted} found ({found / planted:.1%}): one cause of the right family has 90 % of its",
        "breaks at 95 % purity. Covered are breaks of explainable causes; needed are the causes that explain",
        "90 % of them.",
        "",
        "| seed | breaks | found | covered | needed / planted | purity | false rules | wrong reasons | time "
        "| CPU |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    parts += [
        f"| {one['seed']} | {one['breaks']:,} | {len(one['found'])} / {len(one['families'])} "
        f"| {one['covered']:.1%} | {one['needed']} / {one['explainable']} | {one['purity']:.2%} "
        f"| {len(one['false'])} "
        f"| {one['wrong_reasons']} | {one['seconds']:.1f} s | {one['cpu']:.1f} s |"
        for one in worlds
    ]
    missed = [f"- seed {one['seed']}, {name}: {why}" for one in worlds for name, why in one["missed"].items()]
    return [*parts, *(["", "Missed:", "", *missed] if missed else [])]


def baselines_section(worlds: Sequence[Record]) -> list[str]:
    """Every approach over its seeds."""
    parts = [
        f"## Beside the baselines, {worlds[0]['rows']:,} trades",
        "",
        "Located asks for the breaks alone, at the same share and purity, whatever the group is called: a",
        "scope says where, and not what. Of `sliceline` each field has its twelve best slices of up to three",
        "conditions.",
        "",
        "| approach | seeds | found | located | covered | needed | purity | groups | false rules | CPU |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name in dict.fromkeys(one["approach"] for one in worlds):
        own = [one for one in worlds if one["approach"] == name]
        planted = sum(len(one["families"]) for one in own)
        needed = [one["needed"] for one in own]
        parts.append(
            f"| {name} | {len(own)} | {sum(len(one['found']) for one in own)} / {planted} "
            f"| {sum(one['located'] for one in own)} / {planted} | {mean(own, 'covered'):.1%} "
            f"| {'never' if None in needed else round(mean(own, 'needed'))} | {mean(own, 'purity'):.1%} "
            f"| {mean(own, 'groups'):.0f} | {sum(len(one['false']) for one in own)} "
            f"| {mean(own, 'cpu'):.1f} s |"
        )
    return parts


def chance_section(title: str) -> Callable[[Sequence[Record]], list[str]]:
    """Worlds without causes."""

    def section(worlds: Sequence[Record]) -> list[str]:
        rules = [f"- seed {one['seed']}, {rule}" for one in worlds for rule in one["rules"]]
        breaks = sum(one["breaks"] for one in worlds)
        told = f"{len(rules)} false rules in {len(worlds)} seeds, {breaks:,} differences."
        return [f"## {title}", "", told, *(["", *rules] if rules else [])]

    return section


def ladder_section(rungs: Sequence[Record]) -> list[str]:
    """Rules on records that they were not found on."""
    parts = [
        "## Exactness on unseen records",
        "",
        "Of the records in a rule's scope of which it says anything, the share that is exactly so; planted",
        "rules are true on 97 to 100 % of theirs. In another world the causes lie elsewhere: rules do not",
        "travel, and whoever approves one watches its scope. A typing error is no computation: left out.",
        "",
        "| tried on | seed | rules | differences in scope | agreeing, against | explained | exact |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    return parts + [
        f"| {one['rung']} | {one['seed']} | {one['rules']} | {one['inside']:,} | {one['against']:,} "
        f"| {one['explained']:,} of {one['breaks']:,} | {one['exact']:.1%} |"
        for one in rungs
    ]


def real_section(pairs: Sequence[Record]) -> list[str]:
    """Public data: what is found, and whether what must hold does."""
    parts = ["## Real pairs", "", "| pair | differences | explained | causes | of records | CPU |"]
    parts.append("|---|--:|--:|--:|--:|--:|")
    told = []
    for one in pairs:
        if "skipped" in one:
            parts.append(f"| {one['name']} | skipped: {one['skipped']} | | | | |")
            continue
        parts.append(
            f"| {one['name']} | {sum(one['different'].values()):,} | {one['explained']:,} | {one['causes']} "
            f"| {one['record_causes']} | {one['cpu']:.1f} s |"
        )
        told += ["", f"**{one['name']}**", ""]
        told += [
            f"- {'holds' if held else '**does not hold**'}: {must}" for must, held in one["musts"].items()
        ]
        told += [f"- {words}" for words in one["shown"]] or [
            "- no cause, as of single mistakes there is none"
        ]
    return parts + told


def growth_section(sizes: Sequence[Record]) -> list[str]:
    """Time and memory by the number of breaks."""
    parts = [
        "## Time and memory",
        "",
        "Ten fields with two causes each, two threads. Causes is the time after comparing; process is all of",
        "it, from start to exit, and its peak memory. Where there are sixty context columns more, they have",
        "100,000 values each: the search looks at forty values of each at most, and at 400 conditions.",
        "",
        "| breaks | context columns | explained | causes / planted | causes, time | causes, CPU "
        "| CPU a break | process | peak memory |",
        "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for one in sizes:
        if "failed" in one:
            parts.append(f"| {one['asked']:,} | | **failed**: {one['failed']} | | | | | | |")
            continue
        own = one["causing"]
        parts.append(
            f"| {one['breaks']:,} | {one['context']} | {one['explained'] / max(1, one['breaks']):.1%} "
            f"| {one['causes']} / {one['planted']} | {own['seconds']:.1f} s | {own['cpu']:.1f} s "
            f"| {own['cpu'] / max(1, one['breaks']) * 1e6:.0f} µs "
            f"| {one['process']['seconds']:.1f} s | {one['process']['peak_bytes'] / 1e9:.2f} GB |"
        )
    return parts


def mean(records: Sequence[Record], key: str) -> float:
    """The mean of one figure."""
    return sum(float(one[key]) for one in records) / len(records)


SECTIONS: dict[str, Callable[[Sequence[Record]], list[str]]] = {
    "planted": planted_section,
    "baselines": baselines_section,
    "shuffled": chance_section("Shuffled values"),
    "outside": chance_section("Outside the grammar: reversed digits, hashes"),
    "ladder": ladder_section,
    "real": real_section,
    "growth": growth_section,
}
