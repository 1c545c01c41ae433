"""claims.overlaps: instances against chance, and positions as the paper counts them."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from cartography_al.claims.evidence import Evidence
from tests.unit.claims.support import BATCH, FAILS, FIGURE4, HOLDS, acquisitions, evidence, judged, runs


def sharing(other: str, counts: Sequence[int], iterations: int = 30) -> Evidence:
    """`other` acquires counts[seed] of the texts that CAL does; else the strategies share none."""
    rows = []
    for seed, count in enumerate(counts):
        for offset, strategy in enumerate(FIGURE4):
            ids = 2000 + 10_000 * offset + np.arange(BATCH * iterations)
            if strategy == other:
                ids[:count] = 2000 + 10_000 * FIGURE4.index("cal") + np.arange(count)
            columns = {"instance_id": ids, "iteration": 1 + np.arange(len(ids)) // BATCH}
            rows.append(acquisitions(**columns, strategy=strategy, seed=seed))
    seed_sets = pd.DataFrame({"seed": np.repeat(range(len(counts)), 1000), "instance_id": [*range(1000)] * len(counts)})
    table = runs({name: [0.5] * len(counts) for name in FIGURE4}, "agnews", iterations)
    return evidence("agnews", runs=table, acquisitions=pd.concat(rows), seed_sets=seed_sets)


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [([19, 20, 18, 19, 21], HOLDS), ([60, 70, 65, 75, 80], HOLDS), ([200, 210, 220, 205, 215], FAILS)],
)
def test_overlap_is_compared_with_chance(counts: list[int], verdict: str) -> None:
    found = sharing("least_confidence", counts)
    row = judged("C12a", found)
    assert row["verdict"] == verdict
    # by chance 5 * 1500 * 1500 / 119,000 = 94.5
    assert f"LC ∩ CAL {sum(counts):,}" in row["value"]
    assert row["value"].endswith("of 7,500 (by chance 94.5)")
    assert row["paper"] == "at most 7 of 7,500, counted by position"
    assert judged("C30", found)["verdict"] == verdict
    assert judged("C13b", found)["verdict"] == HOLDS
    assert judged("C13b", sharing("dal", counts))["verdict"] == verdict


def test_equal_positions_are_the_papers_count() -> None:
    same = judged("C12b", sharing("random", [1500] * 5))
    assert same["verdict"] == same["paper_verdict"] == FAILS
    assert "Random ∩ CAL 7,500" in same["value"]
    assert same["uncertainty"] == "-"
