"""claims.batches: each rule on both sides, and the paper's own batches."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cartography_al.paper import paper_values
from tests.unit.claims.support import FAILS, HOLDS, NOISE, acquisitions, batches, evidence, judged, runs

VARIABILITY: dict[str, Any] = {
    "random": 0.10,
    "least_confidence": 0.15,
    "dal": np.repeat([0.08, 0.07, 0.06], 2),
    "cal": 0.14,
}


def rising(*levels: float) -> np.ndarray:
    return np.repeat(levels, 2)


@pytest.mark.parametrize(
    ("claim", "statistic", "levels", "verdict"),
    [
        ("C14", "variability", VARIABILITY, HOLDS),
        ("C14", "variability", VARIABILITY | {"random": 0.145}, FAILS),
        ("C14", "variability", VARIABILITY | {"least_confidence": 0.09}, FAILS),
        ("C14", "variability", VARIABILITY | {"dal": rising(0.06, 0.07, 0.08)}, FAILS),
        ("C15", "confidence", {"random": 0.7, "dal": 0.8, "cal": 0.5, "least_confidence": 0.4}, HOLDS),
        ("C15", "confidence", {"random": 0.7, "dal": 0.8, "cal": 0.5, "least_confidence": 0.6}, FAILS),
        ("C20", "variability", {"random": 0.1, "cal": 0.12}, HOLDS),
        ("C20", "variability", {"random": 0.1, "cal": 0.08}, FAILS),
        ("C24", "variability", {"random": 0.1, "dal": np.repeat([0.2, 0.0], 3)}, HOLDS),
        ("C24", "variability", {"random": 0.1, "dal": np.repeat([0.0, 0.2], 3)}, FAILS),
        ("C23", "variability", {"cal": 0.1, "least_confidence": rising(0.05, 0.08, 0.12)}, HOLDS),
        ("C23", "variability", {"cal": 0.1, "least_confidence": rising(0.12, 0.12, 0.15)}, FAILS),  # not low early
        ("C23", "variability", {"cal": 0.1, "least_confidence": rising(0.08, 0.06, 0.02)}, FAILS),  # falls further
    ],
)
def test_means_of_batches(claim: str, statistic: str, levels: dict[str, Any], verdict: str) -> None:
    assert judged(claim, batches(statistic, levels))["verdict"] == verdict


@pytest.mark.parametrize(
    ("claim", "statistic"),
    [("C14", "variability"), ("C15", "confidence"), ("C20", "variability")],
)
def test_the_paper_s_own_batches_on_ag_news_meet_the_rules(claim: str, statistic: str) -> None:
    stated = paper_values("figure4", "agnews").query("statistic == @statistic")
    rows = [(row.strategy, seed, row.iteration, row.mean) for row in stated.itertuples() for seed in range(2)]
    columns = dict(zip(("strategy", "seed", "iteration", statistic), zip(*rows, strict=True), strict=True))
    table = runs({name: [0.5, 0.5] for name in set(stated["strategy"])}, "agnews")
    row = judged(claim, evidence("agnews", runs=table, acquisitions=acquisitions(**columns)))
    assert row["verdict"] == HOLDS
    assert row["value"] == row["paper"]


def shares(**of_strategies: tuple[float, float]) -> pd.DataFrame:
    """Six batches of 100 texts of five seeds: the given shares are hard (0.2) and easy (0.8), the rest is at 0.5."""
    rows = []
    for strategy, (hard, easy) in of_strategies.items():
        for seed, noise in enumerate(1000 * NOISE):
            moved = round(noise * (1 + len(strategy) % 3))
            values = np.full(100, 0.5)
            values[: round(100 * hard) + moved] = 0.2
            values[100 - round(100 * easy) + moved :] = 0.8
            rows += [
                acquisitions(correctness=values, confidence=values, strategy=strategy, seed=seed, iteration=iteration)
                for iteration in range(1, 7)
            ]
    return pd.concat(rows)


@pytest.mark.parametrize(
    ("claim", "other", "cal", "verdict"),
    [
        ("C21", "random", (0.1, 0.1), HOLDS),
        ("C21", "random", (0.4, 0.1), FAILS),
        ("C21", "random", (0.1, 0.5), FAILS),
        ("C22", "least_confidence", (0.1, 0.3), HOLDS),
        ("C22", "least_confidence", (0.4, 0.3), FAILS),
        ("C22", "least_confidence", (0.3, 0.0), FAILS),
    ],
)
def test_hard_and_easy_texts(claim: str, other: str, cal: tuple[float, float], verdict: str) -> None:
    table = shares(**{other: (0.25, 0.25)}, cal=cal)
    found = evidence("trec", runs=runs({other: 0.5, "cal": 0.5}, iterations=6), acquisitions=table)
    assert judged(claim, found)["verdict"] == verdict


def high_cor(dal: float, cal: float, early: float = 0.0, value: float = 0.21) -> pd.DataFrame:
    """Six batches of 100: the given shares of the last two are high-cor, the others are not (0.2)."""
    rows = []
    for strategy, share in {"dal": dal, "cal": cal, "random": 0.3}.items():
        for seed in range(2):
            for iteration in range(1, 7):
                high = round(100 * (share if iteration > 4 else early)) + seed
                values = np.where(np.arange(100) < high, value, 0.2)
                rows.append(acquisitions(correctness=values, strategy=strategy, seed=seed, iteration=iteration))
    return pd.concat(rows)


@pytest.mark.parametrize(
    ("given", "verdict"),
    [
        ({"dal": 0.7, "cal": 0.5}, HOLDS),
        ({"dal": 0.3, "cal": 0.2}, FAILS),
        ({"dal": 0.9, "cal": 0.95}, FAILS),
        ({"dal": 0.3, "cal": 0.2, "early": 0.9}, FAILS),
    ],
)
def test_high_cor(given: dict[str, float], verdict: str) -> None:
    table = runs({name: [0.5, 0.5] for name in ("dal", "cal", "random")}, iterations=6)
    assert judged("C16", evidence("trec", runs=table, acquisitions=high_cor(**given)))["paper_verdict"] == verdict


def test_high_cor_is_rounded_where_the_protocol_rounds() -> None:
    """A correctness of 0.27 is above 0.2, and is rounded to 0.2 (D7)."""
    table = runs({name: [0.5, 0.5] for name in ("dal", "cal", "random")}, iterations=6)
    found = evidence("trec", runs=table, acquisitions=high_cor(0.7, 0.5, value=0.27))
    assert judged("C16", found)["value"] == "Random 30.5%, DAL 70.5%, CAL 50.5%"
    rounded = replace(found, correctness_rounding=True)
    assert judged("C16", rounded)["value"] == "Random 0.0%, DAL 0.0%, CAL 0.0%"


def test_too_few_iterations_for_thirds() -> None:
    found = batches("variability", VARIABILITY)
    assert found.acquisitions is not None
    found = replace(found, acquisitions=found.acquisitions.query("iteration < 3"))
    assert judged("C14", found)["value"] == "not run: fewer than three iterations"
