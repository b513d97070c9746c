"""HTML in small pieces: everything that comes from data passes through `escape`."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from greenai.reports.excerpts import Pieces
from greenai.reports.text import visible


class Column(NamedTuple):
    """A column: its heading (HTML) and the class of its cells: ``""``, ``number``, ``value`` …"""

    head: str
    kind: str = ""


def escape(text: str) -> str:
    """Text of any origin as HTML text, safe in attributes too; dangerous characters become visible."""
    return html.escape(visible(text), quote=True)


def value(pieces: Pieces, *, after: int = 0) -> str:
    """A value with its changed characters marked; `after` keeps free the width of so many digits."""
    shown = ""
    for piece in pieces:
        text = html.escape(piece.text, quote=True)
        if piece.kind == "changed":
            shown += f"<mark>{text}</mark>"
        elif piece.kind == "same":
            shown += text
        else:
            shown += f'<span class="remark">{text}</span>'
    style = f' style="padding-right:{after}ch"' if after else ""
    return f"<bdi{style}>{shown}</bdi>"


def table(
    caption: str,
    columns: Sequence[Column],
    lines: Iterable[Sequence[str]],
    *,
    classes: str = "",
    line_classes: Sequence[str] = (),
) -> str:
    """A table in a region that scrolls by itself; the first cell of each line is its heading."""
    heads = "".join(_cell("th", column.kind, column.head, ' scope="col"') for column in columns)
    body = []
    for number, line in enumerate(lines):
        name = line_classes[number] if number < len(line_classes) else ""
        cells = "".join(
            _cell("td" if place else "th", column.kind, cell, "" if place else ' scope="row"')
            for place, (column, cell) in enumerate(zip(columns, line, strict=True))
        )
        body.append(f"<tr{_class(name)}>{cells}</tr>")
    return (
        f'<div class="scroll"><table{_class(classes)}><caption>{caption}</caption>'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n" + "\n".join(body) + "\n</tbody></table></div>"
    )


def section(name: str, heading: str, *parts: str) -> str:
    """A landmark with its heading; nothing when it has no content."""
    content = "\n".join(part for part in parts if part)
    if not content:
        return ""
    return (
        f'<section id="{name}" aria-labelledby="{name}-title">'
        f'<h2 id="{name}-title">{heading}</h2>\n{content}\n</section>'
    )


def _cell(tag: str, kind: str, content: str, attributes: str) -> str:
    return f"<{tag}{attributes}{_class(kind)}>{content}</{tag}>"


def _class(names: str) -> str:
    return f' class="{names}"' if names else ""
