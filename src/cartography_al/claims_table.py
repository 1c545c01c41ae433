"""The table of the paper's claims, with the verdicts of several protocols side by side. It judges nothing itself."""

from collections.abc import Iterable, Mapping
from typing import Literal

import pandas as pd

from cartography_al.claims import HOLDS, UNDECIDED
from cartography_al.errors import DataError
from cartography_al.paper import paper_datasets
from cartography_al.tables import Block, Cell, Table


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
            cells = {row.protocol: _verdict(row.verdict, row.value, row.uncertainty) for row in judged.itertuples()}
            first = judged.iloc[0]
            rows.append([*map(Cell, first[["claim", "statement", "paper"]]), *(cells[name] for name in protocols)])
        blocks.append(Block(title, rows))
    notes = [
        "Holds (bold): the whole 95% interval of what decides, in brackets, meets the rule. Does not hold: none of it "
        "does. Cannot be decided (italic): a part of it does, or there is one seed only, or it was not run. eps_min is "
        "a confidence bound and decides by itself. The intervals are those of single claims.",
        *_counts(claims, titles),
        *_conditions(claims, titles),
        *_rules(claims, titles),
    ]
    return Table(
        "claims",
        "The paper's claims, and what these runs say of them.",
        ["Claim", "Statement", "Paper", *map(_protocol_title, protocols)],
        blocks,
        notes,
        claims,
        {1: 0.2, 2: 0.16} | dict.fromkeys(range(3, 3 + len(protocols)), round(0.52 / len(protocols), 3)),
    )


def _verdict(verdict: str, value: str, uncertainty: str) -> Cell:
    emphasis: Literal["", "bold", "italic"] = "bold" if verdict == HOLDS else "italic" if verdict == UNDECIDED else ""
    return Cell(f"{verdict}: {value}" + ("" if uncertainty == "-" else f" [{uncertainty}]"), emphasis)


def _protocol_title(protocol: str) -> str:
    return protocol.replace("_", " ").capitalize()


def _counts(claims: pd.DataFrame, titles: Mapping[str, str]) -> Iterable[str]:
    """How many claims got which verdict."""
    for (dataset, protocol), rows in claims.groupby(["dataset", "protocol"], sort=False):
        counts = ", ".join(f"{verdict} {count}" for verdict, count in rows["verdict"].value_counts(sort=False).items())
        yield f"{titles[dataset]}, {_protocol_title(protocol).lower()}: {counts}, of {len(rows)}."


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
    """The rule of each claim, once where it is the same for all data sets."""
    order = sorted(set(claims["claim"]), key=lambda claim: int(claim.removeprefix("C")))
    for claim in order:
        rules = claims.loc[claims["claim"] == claim].drop_duplicates(["dataset", "rule"])
        if rules["rule"].nunique() == 1:
            yield f"{claim}: {rules['rule'].iloc[0]}."
        else:
            yield from (f"{claim}, {titles[row.dataset]}: {row.rule}." for row in rules.itertuples())
