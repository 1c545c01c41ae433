"""What several test modules of this folder make: evidence under the paper's conditions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.judge import COLUMNS, judge_claim
from cartography_al.significance.readings import PAPER_CALL

HOLDS, FAILS, OPEN = "holds", "does not hold", "cannot be decided"
SEED_SET, BATCH = {"agnews": 1000, "trec": 500}, 50
TRAIN = {"agnews": 120_000, "trec": 5452}
FIGURE4 = ("random", "least_confidence", "dal", "cal")
SIX = ("random", "least_confidence", "entropy", "bald", "dal", "cal")
NOISE = np.array([0.001, -0.001, 0.0, 0.0005, -0.0005])
"""Of five seeds: an interval of a mean is half as wide as 0.001."""


def judged(claim: str, evidence: Evidence) -> "pd.Series[Any]":
    return pd.Series(judge_claim(claim, "", evidence), index=list(COLUMNS))


def description(train: int, test: int) -> dict[str, Any]:
    return {"splits": {"train": {"rows": train}, "test": {"rows": test}}}


def evidence(dataset: str, **fields: Any) -> Evidence:
    """Evidence under the paper's conditions, as far as these are not in the frames; the margin is 0.01."""
    known: dict[str, Any] = {
        "description": description(TRAIN[dataset], 7600 if dataset == "agnews" else 500),
        "embedding_source": "cc.en.300",
        "correctness_threshold": 0.2,
        "margin": 0.01,
    }
    return Evidence(dataset, "as_written", **{**known, **fields})


def runs(
    accuracies: Mapping[str, float | Sequence[float] | np.ndarray], dataset: str = "trec", iterations: int = 30
) -> pd.DataFrame:
    """Runs of each strategy. A number is the mean of five seeds; a row is that of the seeds 0, 1, ...; or all curves.

    accuracies: float, [seeds] or [seeds, iterations + 1].
    """
    rows = []
    for strategy, values in accuracies.items():
        curves = np.asarray(values, dtype=np.float64)
        if curves.ndim == 0:
            curves = curves + NOISE * (1 + len(strategy) % 3)  # differences of two strategies vary as well
        curves = curves if curves.ndim == 2 else np.repeat(curves[:, None], iterations + 1, axis=1)
        rows += [
            (strategy, seed, iteration, SEED_SET[dataset] + BATCH * iteration, accuracy)
            for seed, curve in enumerate(curves)
            for iteration, accuracy in enumerate(curve)
        ]
    return pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "labelled", "test_accuracy"])


def full_data(accuracies: Sequence[float]) -> pd.DataFrame:
    return pd.DataFrame({"seed": range(len(accuracies)), "test_accuracy": accuracies})


def significance(eps: Mapping[tuple[str, str], float] = {}, others: float = 0.5) -> pd.DataFrame:
    """As read_three_ways returns it, of all pairs of SIX; another reading, which decides nothing, says the opposite."""
    rows = [
        (reading, a, b, value if reading == PAPER_CALL else 1 - value)
        for a in SIX
        for b in SIX
        if a != b
        for value in [eps.get((a, b), others)]
        for reading in ("another", PAPER_CALL)
    ]
    return pd.DataFrame(rows, columns=["reading", "strategy_a", "strategy_b", "eps_min"])


def acquisitions(**columns: Any) -> pd.DataFrame:
    """Acquired instances with the given columns, and values that stand in no test for the others."""
    others = {"instance_id": 0, "confidence": 0.5, "variability": 0.1, "correctness": 0.5}
    return pd.DataFrame(columns).assign(**{name: value for name, value in others.items() if name not in columns})


def batches(statistic: str, means: Mapping[str, float | Sequence[float] | np.ndarray]) -> Evidence:
    """TREC, five seeds and six batches of two instances, whose mean of the statistic is means[strategy].

    means: float, or [iterations].
    """
    rows = [
        (strategy, seed, position + 1, mean + noise * (1 + len(strategy) % 3) + apart)
        for strategy, of_strategy in means.items()
        for seed, noise in enumerate(NOISE)
        for position, mean in enumerate(np.broadcast_to(np.asarray(of_strategy, dtype=np.float64), 6))
        for apart in (-0.01, 0.01)
    ]
    columns = dict(zip(("strategy", "seed", "iteration", statistic), zip(*rows, strict=True), strict=True))
    table = runs(dict.fromkeys(means, 0.5), iterations=6)
    return evidence("trec", runs=table, acquisitions=acquisitions(**columns))
