"""The table of the paper's claims, with the verdicts of several protocols side by side. It judges nothing itself."""

from collections.abc import Iterable, Mapping
from typing import Literal

import pandas as pd

from cartography_al.claims.rule import DOES_NOT_HOLD, HOLDS, UNDECIDED
from cartography_al.errors import DataError
from cartography_al.paper import paper_datasets
from cartography_al.tables.table import Block, Cell, Table

_STATEMENT, _PAPER, _FOUND, _VERDICT = 0.21, 0.12, 0.31, 0.15
"""Shares of the line's width in LaTeX, the last two for all protocols together; the rest is numbers and gaps."""


def claims_table(claims: pd.DataFrame) -> Table:
    """What the paper claims and what the runs of each protocol say of it, one block for each data set.

    claims: a frame of claims.complete_claims.   The notes give the rules, and where the runs differ from the paper's.
    Raises: DataError for no claim.
    """
    if claims.empty:
        raise DataError("the table of claims is empty: name a protocol whose claims were judged")
    protocols = list(dict.fromkeys(claims["protocol"]))
    titles = {dataset: title for dataset, title in paper_datasets().items() if dataset in set(claims["dataset"])}
    blocks = []
    for dataset, title in titles.items():
        of_dataset = claims[claims["dataset"] == dataset]
        rows = []
        for _, judged in of_dataset.groupby("claim", sort=False):
            cells = {row.protocol: _cells(row.verdict, row.value, row.uncertainty) for row in judged.itertuples()}
            first = judged.iloc[0]
            ours = [cell for name in protocols for cell in cells[name]]
            rows.append([*map(Cell, first[["claim", "statement", "paper"]]), *ours])
        blocks.append(Block(title, rows))
    notes = [
        "Holds: the whole 95% interval of what decides, in brackets, meets the rule. Does not hold: none of it does. "
        "Cannot be decided: a part of it does, or there is one seed only, or it was not run. ASO's eps_min is a "
        "confidence bound and decides by itself. The intervals are those of single claims, not corrected for their "
        "number.",
        *_counts(claims, titles),
        *_conditions(claims, titles),
        *_rules(claims, titles),
    ]
    widths = [_STATEMENT, _PAPER, *(round(part / len(protocols), 3) for _ in protocols for part in (_FOUND, _VERDICT))]
    return Table(
        "claims",
        "The paper's claims, and what these runs say of them.",
        ["Claim", "Statement", "Paper", *(title for name in protocols for title in (_protocol_title(name), "Verdict"))],
        blocks,
        notes,
        claims,
        dict(enumerate(widths, start=1)),
    )


def _cells(verdict: str, value: str, uncertainty: str) -> tuple[Cell, Cell]:
    emphasis: Literal["", "bold", "italic"] = "bold" if verdict == HOLDS else "italic" if verdict == UNDECIDED else ""
    return Cell(value + ("" if uncertainty == "-" else f" [{uncertainty}]")), Cell(verdict, emphasis)


def _protocol_title(protocol: str) -> str:
    return protocol.replace("_", " ").capitalize()


def _counts(claims: pd.DataFrame, titles: Mapping[str, str]) -> Iterable[str]:
    """How many claims got which verdict."""
    for (dataset, protocol), rows in claims.groupby(["dataset", "protocol"], sort=False):
        holds, fails, undecided = ((rows["verdict"] == name).sum() for name in (HOLDS, DOES_NOT_HOLD, UNDECIDED))
        run = f"{titles[dataset]}, {_protocol_title(protocol).lower()}"
        yield f"{run}: of {len(rows)} claims {holds} hold, {fails} do not hold, and {undecided} cannot be decided."


def _conditions(claims: pd.DataFrame, titles: Mapping[str, str]) -> Iterable[str]:
    """Where the runs differ from the paper's, each condition with the claims that it concerns, if not all."""
    for (dataset, protocol), rows in claims.groupby(["dataset", "protocol"], sort=False):
        judged = [row.claim for row in rows.itertuples() if not row.value.startswith("not run")]
        concerned: dict[str, list[str]] = {}
        for row in rows.itertuples():
            for condition in filter(None, row.conditions.split("; ")):
                concerned.setdefault(condition, []).append(row.claim)
        if concerned:
            listed = "; ".join(
                condition + (f" ({', '.join(names)})" if names != judged else "")
                for condition, names in concerned.items()
            )
            yield f"Unlike the paper, {titles[dataset]}, {_protocol_title(protocol).lower()}: {listed}."


def _rules(claims: pd.DataFrame, titles: Mapping[str, str]) -> Iterable[str]:
    """Each rule, after the claims that it decides; with the data set where that matters."""
    rules = claims.drop_duplicates(["claim", "dataset", "rule"])
    named: dict[str, list[str]] = {}
    for claim in sorted(set(rules["claim"]), key=lambda claim: int(claim.removeprefix("C"))):
        of_claim = rules[rules["claim"] == claim]
        alike = of_claim["rule"].nunique() == 1
        for row in of_claim.itertuples():
            names = named.setdefault(row.rule, [])
            name = claim if alike else f"{claim} ({titles[row.dataset]})"
            if name not in names:
                names.append(name)
    return [f"{', '.join(names)}: {rule}." for rule, names in named.items()]
