"""The table of the paper's claims, with the verdicts of several protocols side by side. It judges nothing itself."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import pandas as pd

from cartography_al.claims.rule import DOES_NOT_HOLD, HOLDS, UNDECIDED, was_judged
from cartography_al.errors import DataError
from cartography_al.paper import paper_datasets, paper_values
from cartography_al.tables.table import Block, Cell, Table

_STATEMENT, _PAPER, _FOUND, _VERDICT = 0.18, 0.1, 0.3, 0.1
"""Shares of the line's width in LaTeX, the last two for all protocols together, the verdict's twice."""


def claims_table(claims: pd.DataFrame) -> Table:
    """What the paper claims and what the runs of each protocol say of it, one block for each data set.

    claims: frames of claims.judge_claims, one below the other.   The notes give the rules, and where the runs differ
    from the paper's.   Raises: DataError for no claim.
    """
    if claims.empty:
        raise DataError("the table of claims is empty: name a protocol whose claims were judged")
    orders = {"dataset": list(paper_datasets()), "claim": list(dict.fromkeys(paper_values("claims")["claim"]))}
    claims = claims.sort_values(
        list(orders), key=lambda column: column.map(orders[column.name].index), kind="stable", ignore_index=True
    )
    protocols = list(dict.fromkeys(claims["protocol"]))
    titles = paper_datasets()
    blocks = []
    for key, of_dataset in claims.groupby(["dataset", "representation"], sort=False):
        rows = []
        for _, judged in of_dataset.groupby("claim", sort=False):
            cells = {row.protocol: _cells(row) for row in judged.itertuples()}
            first = judged.iloc[0]
            ours = [cell for name in protocols for cell in cells.get(name, [Cell("-")] * 3)]
            rows.append([*map(Cell, first[["claim", "statement", "paper"]]), *ours])
        blocks.append(Block(_heading(titles, key), rows))
    notes = [
        "Holds: every 95% interval of what decides, in brackets, meets the rule. Does not hold: no value of one of "
        "them does. Cannot be decided: some do, or there is one seed only, or it was not run. The intervals are those "
        "of single claims, not corrected for their number. By the paper's procedure: the same runs, judged as the "
        "paper judged its own.",
        *_counts(claims, titles),
        *_conditions(claims, titles),
        *_rules(claims, titles),
    ]
    shares = (_FOUND, _VERDICT, _VERDICT)
    widths = [_STATEMENT, _PAPER, *(round(part / len(protocols), 3) for _ in protocols for part in shares)]
    header = [
        name for protocol in protocols for name in (_protocol_title(protocol), "Verdict", "By the paper's procedure")
    ]
    return Table(
        "claims",
        "The paper's claims, and what these runs say of them.",
        ["Claim", "Statement", "Paper", *header],
        blocks,
        notes,
        claims,
        dict(enumerate(widths, start=1)),
    )


def _cells(row: Any) -> list[Cell]:
    """What was found, the calibrated verdict, and that by the paper's procedure with its number."""
    found = row.value + ("" if row.uncertainty == "-" else f" [{row.uncertainty}]")
    own = row.paper_verdict + ("" if row.paper_value == "-" else f": {row.paper_value}")
    if not was_judged(row.value):
        own = "-"
    return [Cell(found), Cell(row.verdict, _emphasis(row.verdict)), Cell(own)]


def _emphasis(verdict: str) -> Literal["", "bold", "italic"]:
    return "bold" if verdict == HOLDS else "italic" if verdict == UNDECIDED else ""


def _heading(titles: Mapping[str, str], key: Sequence[str]) -> str:
    """Title of a data set, and its representation where there are several."""
    dataset, representation = key
    return ", ".join(filter(None, (titles[dataset], representation)))


def _protocol_title(protocol: str) -> str:
    return protocol.replace("_", " ").capitalize()


def _counts(claims: pd.DataFrame, titles: Mapping[str, str]) -> Iterable[str]:
    """How many claims got which verdict."""
    for (*key, protocol), rows in claims.groupby(["dataset", "representation", "protocol"], sort=False):
        holds, fails, undecided = ((rows["verdict"] == name).sum() for name in (HOLDS, DOES_NOT_HOLD, UNDECIDED))
        own = (rows["paper_verdict"] == HOLDS).sum()
        run = f"{_heading(titles, key)}, {_protocol_title(protocol).lower()}"
        yield (
            f"{run}: of {len(rows)} claims {holds} hold, {fails} do not hold, and {undecided} cannot be decided; "
            f"by the paper's procedure {own} hold."
        )


def _conditions(claims: pd.DataFrame, titles: Mapping[str, str]) -> Iterable[str]:
    """Where the runs differ from the paper's, each condition with the claims that it concerns, if not all."""
    for (*key, protocol), rows in claims.groupby(["dataset", "representation", "protocol"], sort=False):
        judged = [row.claim for row in rows.itertuples() if was_judged(row.value)]
        concerned: dict[str, list[str]] = {}
        for row in rows.itertuples():
            for condition in filter(None, row.conditions.split("; ")):
                concerned.setdefault(condition, []).append(row.claim)
        if concerned:
            listed = "; ".join(
                condition + (f" ({', '.join(names)})" if names != judged else "")
                for condition, names in concerned.items()
            )
            yield f"Unlike the paper, {_heading(titles, key)}, {_protocol_title(protocol).lower()}: {listed}."


def _rules(claims: pd.DataFrame, titles: Mapping[str, str]) -> Iterable[str]:
    """Each rule, after the claims that it decides; with the data set where that matters."""
    rules = claims.drop_duplicates(["claim", "dataset", "rule"])
    named: dict[str, list[str]] = {}
    for claim in sorted(set(rules["claim"]), key=list(paper_values("claims")["claim"]).index):
        of_claim = rules[rules["claim"] == claim]
        alike = of_claim["rule"].nunique() == 1
        for row in of_claim.itertuples():
            names = named.setdefault(row.rule, [])
            name = claim if alike else f"{claim} ({titles[row.dataset]})"
            if name not in names:
                names.append(name)
    return [f"{', '.join(names)}: {rule}." for rule, names in named.items()]
