"""Claims about texts that two strategies both acquire: C12a, C12b, C13b, C30."""

import numpy as np
import pandas as pd

from cartography_al.analysis.overlap import overlap
from cartography_al.claims.evidence import Evidence
from cartography_al.claims.rule import BATCHES, Condition, Finding, Rule, below
from cartography_al.naming import in_order, strategy_title
from cartography_al.paper import paper_setting, paper_values

ROOM = 0.05
"""Up to so much of the acquired texts more than chance gives is hardly an overlap."""
_PAIR = ["strategy_a", "strategy_b"]


def _hardly_overlap(evidence: Evidence) -> Finding:
    return _near_chance(_with_cal(_counts(evidence)), evidence)


def _are_complementary(evidence: Evidence) -> Finding:
    counts = _with_cal(_counts(evidence))
    return _near_chance(counts[(counts[_PAIR] == "dal").any(axis=1)], evidence)


def _choose_differently(evidence: Evidence) -> Finding:
    return _near_chance(_counts(evidence), evidence)


def _positions_are_few(evidence: Evidence) -> Finding:
    counts = _with_cal(_counts(evidence))
    totals = counts.groupby(_PAIR, sort=False)[["shared_positions", "shared_positions_chance", "acquired"]].sum()
    limit, of = _overlap_limit(evidence.dataset)
    acquired, chance = int(totals["acquired"].iloc[0]), float(totals["shared_positions_chance"].iloc[0])
    most = int(totals["shared_positions"].max())
    value = f"{_totals(counts, 'shared_positions')} of {acquired:,} (by chance {chance:,.1f})"
    few = most <= limit * acquired / of
    # What uniform draws give, whatever the strategies do, decides nothing about them.
    return Finding(value, [], few, value, decided=few)


def _near_chance(counts: pd.DataFrame, evidence: Evidence) -> Finding:
    """Each pair shares at most ROOM more of its texts than chance gives; the paper's procedure counts positions."""
    conditions: list[Condition] = []
    for pair, rows in counts.groupby(_PAIR, sort=False):
        by_seed = rows.set_index("seed")
        excess = (by_seed["shared_instances"] - by_seed["shared_instances_chance"]) / by_seed["acquired"]
        conditions.append(below(_name(pair), excess, ROOM))
    acquired = int(counts.groupby(_PAIR)["acquired"].sum().iloc[0])
    chance = counts.groupby(_PAIR)["shared_instances_chance"].sum().iloc[0]
    value = f"{_totals(counts, 'shared_instances')} of {acquired:,} (by chance {chance:,.1f})"
    positions = counts.groupby(_PAIR, sort=False)["shared_positions"].sum()
    few = bool(positions.max() <= ROOM * acquired)
    return Finding(value, conditions, few, f"equal positions: {_totals(counts, 'shared_positions')}", style="+.1%")


def _counts(evidence: Evidence) -> pd.DataFrame:
    """The rows of analysis.overlap for each pair of Table 4's strategies and each seed, with a column seed."""
    pairs = paper_values("table4", evidence.dataset)
    strategies = in_order([*pairs["strategy_a"], *pairs["strategy_b"]])
    acquisitions = evidence.acquisitions_of(*strategies)
    seed_sets = {seed: rows["instance_id"] for seed, rows in evidence.needed("seed_sets").groupby("seed")}
    return pd.concat(
        [
            overlap(of_seed, seed_sets, evidence.train_rows).assign(seed=seed)
            for seed, of_seed in acquisitions.groupby("seed")
        ],
        ignore_index=True,
    )


def _with_cal(counts: pd.DataFrame) -> pd.DataFrame:
    return counts[(counts[_PAIR] == "cal").any(axis=1)]


def _totals(counts: pd.DataFrame, column: str) -> str:
    totals = counts.groupby(_PAIR, sort=False)[column].sum()
    return ", ".join(f"{_name(pair)} {total:,}" for pair, total in totals.items())


def _name(pair: object) -> str:
    assert isinstance(pair, tuple)
    return " ∩ ".join(strategy_title(str(name)) for name in pair)


def _overlap_limit(dataset: str) -> tuple[int, int]:
    """The largest count of Table 4 that involves CAL, and the acquisitions that it is of."""
    of_cal = _with_cal(paper_values("table4", dataset))["shared_positions"]
    return int(of_cal.max()), int(np.prod([int(paper_setting(name)) for name in ("seeds", "iterations", "query_size")]))


def _paper_overlap(dataset: str) -> str:
    return "at most {} of {:,}, counted by position".format(*_overlap_limit(dataset))


def _paper_pairs(dataset: str) -> str:
    counts = paper_values("table4", dataset)["shared_positions"]
    return f"{counts.min()} to {counts.max()} of {_overlap_limit(dataset)[1]:,}, counted by position"


def _paper_cal_and_dal(dataset: str) -> str:
    counts = _with_cal(paper_values("table4", dataset))
    own = counts.loc[(counts[_PAIR] == "dal").any(axis=1), "shared_positions"].iloc[0]
    return f"{own} of {_overlap_limit(dataset)[1]:,}, counted by position"


_SHARED = f"in the run with the same seed, of the texts acquired, at most {ROOM:.0%} more than by chance"
_COUNTED = "equal positions in the two shrinking pools (D15) are at most 5% of the texts acquired"

RULES = {
    "C12a": Rule(
        f"each other strategy of Table 4 and CAL share, {_SHARED}", _hardly_overlap, BATCHES, _paper_overlap, _COUNTED
    ),
    "C12b": Rule(
        "as in the paper: the largest count of equal positions (D15) of CAL and another strategy is at most the "
        "paper's, "
        "in proportion; after the first batch two uniform draws from the pools have as many",
        _positions_are_few,
        BATCHES,
        _paper_overlap,
        "the same",
    ),
    "C13b": Rule(f"CAL and DAL share, {_SHARED}", _are_complementary, BATCHES, _paper_cal_and_dal, _COUNTED),
    "C30": Rule(
        f"each two strategies of Table 4 share, {_SHARED}", _choose_differently, BATCHES, _paper_pairs, _COUNTED
    ),
}
