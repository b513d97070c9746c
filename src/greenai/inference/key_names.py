"""How much a column's name says that it identifies: ``trade_id`` does, ``price`` does not."""

from __future__ import annotations

import re

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+|[^\W\d_]+")

_IDENTIFIERS = frozenset({"id", "key", "uuid", "guid", "pk", "identifier"})
_STANDARD = frozenset(
    {"isin", "cusip", "sedol", "lei", "figi", "ric", "ticker", "symbol", "iban", "bic", "sku", "ean", "upc"}
    | {"gtin", "isbn", "issn", "icao", "iata", "vin", "imei", "cik", "doi", "orcid", "ssn"}
)
_NUMBERS = frozenset({"code", "number", "no", "num", "nr", "nbr", "ref", "reference", "index", "seq"})
_PARTS = frozenset(
    {"date", "day", "month", "year", "currency", "ccy", "line", "account", "period", "country"}
)
# What a row says about its subject, which a correction may change: poor keys even when unique.
_VALUES = frozenset(
    {"price", "amount", "amt", "rate", "value", "total", "quantity", "qty", "balance", "notional", "name"}
    | {"description", "comment", "comments", "note", "notes", "address", "lat", "lon"}
    | {
        "latitude",
        "longitude",
        "text",
        "title",
        "url",
        "phone",
        "elevation",
        "updated",
        "modified",
        "timestamp",
    }
)


def words(name: str) -> list[str]:
    """The words of a name in lower case: ``TradeID_no2`` is trade, id, no, 2."""
    return [word.lower() for word in _WORDS.findall(name)]


def key_likeness(*names: str) -> float:
    """From -1 (a value) over 0 (says nothing) to 4 (``id``); the mean over the names of both sides."""
    return sum(_likeness(name) for name in names) / len(names)


def _likeness(name: str) -> float:
    parts = words(name)
    if not parts:
        return 0.0
    stem = re.sub(r"[0-9]+$", "", parts[-1]) or parts[-1]
    last = parts[-2] if stem.isdigit() and len(parts) > 1 else stem
    scores = ((_IDENTIFIERS, 3.0), (_STANDARD, 2.5), (_NUMBERS, 2.0), (_PARTS, 1.0), (_VALUES, -1.0))
    for known, score in scores:
        if last in known:
            return score + (1.0 if len(parts) == 1 and score > 2.0 else 0.0)
    if last.endswith(("id", "key")) and len(last) > 3 and last.removesuffix("id") not in ("pa", "val", "gr"):
        return 2.0
    # Words elsewhere in the name help a little: `account number of client`.
    return 0.5 if any(part in _IDENTIFIERS | _STANDARD | _NUMBERS for part in parts) else 0.0
