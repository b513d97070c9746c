"""Invented counterparties: legal names of many lengths, a third of them with letters beyond ASCII."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from random import Random

# Accented letters are only those whose UTF-8 bytes, read as Latin-1, stay printable.
_HOUSES = (
    "Ashdown", "Brückner", "Castélan", "Dunmore", "Eskildsen", "Ferrandíz", "Göransson", "Hollis & Pryce",
    "Ivarsen", "Jørnsby", "Kestrel", "Lindqvärn", "Marchetti", "Núñez Prado", "Oakhaven", "Pérignac",
    "Quillfeather", "Rødvik", "Saint-Aurèle", "Tannenhöfer", "Umberleigh", "Valtïn", "Westmarch", "Yûsato",
    "Zelenka", "Whitlock, Dean",
)  # fmt: skip
_TRADES = (
    "Bank", "Capital", "Securities", "Asset Management", "Global Markets", "Clearing Services",
    "Pension Trust", "Reinsurance", "Treasury Holdings International", "Crédit Coopératif",
    "Energy Trading", "Private Wealth Partners",
)  # fmt: skip
_FORMS = ("plc", "AG", "SA", "Ltd", "LLC", "NV", "Oyj", "GmbH & Co")
SIZE = 320


@dataclass(frozen=True, slots=True)
class Counterparties:
    """Parallel tuples: `codes[i]` belongs to `names[i]`, and `garbled[i]` is that name in mojibake."""

    codes: tuple[str, ...]
    names: tuple[str, ...]
    garbled: tuple[str, ...]


def counterparties(chance: Random) -> Counterparties:
    """The counterparties of one world: which exist, and how active each is, moves with the seed."""
    pairs = chance.sample(sorted(product(_HOUSES, _TRADES)), SIZE - 8)
    pairs += [(house, "Nominees") for house in chance.sample(_HOUSES, 8)]
    chance.shuffle(pairs)
    names = tuple(f"{house} {trade} {chance.choice(_FORMS)}" for house, trade in pairs)
    numbers = chance.sample(range(1000, 10_000), SIZE)
    return Counterparties(
        codes=tuple(f"CP{number}" for number in numbers),
        names=names,
        garbled=tuple(name.encode().decode("latin-1") for name in names),
    )
