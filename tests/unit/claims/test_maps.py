"""claims.maps: what the maps of all seeds say, and what foresight of hard texts is."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from cartography_al.claims.evidence import Evidence
from tests.unit.claims.support import FAILS, HOLDS, OPEN, evidence, judged


def full_maps(
    confidence: Sequence[float], correctness: Sequence[float] | np.ndarray, times: int = 100, seeds: int = 3
) -> pd.DataFrame:
    """The same map for each seed, but for one text more of each kind in turn."""
    maps = []
    for seed in range(seeds):
        counts = [times + (place == seed) for place in range(len(confidence))]
        columns = {"confidence": np.repeat(confidence, counts), "correctness": np.repeat(correctness, counts)}
        maps.append(pd.DataFrame({**columns, "seed": seed}))
    return pd.concat(maps, ignore_index=True)


@pytest.mark.parametrize(
    ("claim", "dataset", "confidence", "correctness", "verdict"),
    [
        ("C18a", "agnews", [0.82, 0.82, 0.3], [0.9] * 3, HOLDS),
        ("C18a", "agnews", [0.70, 0.70, 0.3], [0.9] * 3, HOLDS),
        ("C18a", "agnews", [0.66, 0.66, 0.8], [0.9] * 3, FAILS),
        ("C18a", "agnews", [0.82, 0.3], [0.9] * 2, OPEN),
        ("C18a", "trec", [0.3, 0.3, 0.8], [0.9] * 3, HOLDS),
        ("C18a", "trec", [0.8, 0.8, 0.3], [0.9] * 3, FAILS),
        ("C18b", "trec", [0.3, 0.8], [0.2, 0.9], HOLDS),
        ("C18b", "trec", [0.3, 0.8], [0.3, 0.2], FAILS),
        ("C18b", "trec", [0.6, 0.8], [0.1, 0.1], FAILS),
        ("C18b", "agnews", [0.7, 0.9, 0.1], [0.8, 1.0, 0.0], HOLDS),
        ("C18b", "agnews", [0.7, 0.6, 0.1], [0.8, 1.0, 0.0], FAILS),
    ],
)
def test_full_maps(claim: str, dataset: str, confidence: list[float], correctness: list[float], verdict: str) -> None:
    assert judged(claim, evidence(dataset, full_maps=full_maps(confidence, correctness)))["verdict"] == verdict


def test_density_at_the_neighbours_of_a_threshold_is_for_each_value_of_correctness() -> None:
    """As many texts at each of the 11 values: rounding makes the levels look denser, and they are not."""
    even = evidence("trec", full_maps=full_maps([0.5] * 11, np.arange(11) / 10, seeds=11))
    row = judged("C28", even)
    assert (row["verdict"], row["paper_verdict"]) == (OPEN, HOLDS)
    for level, values in ((0, 2), (0.2, 1), (0.4, 3)):
        assert f"at {level:g} ({values} of 11 values)" in row["value"]
    dense = full_maps([0.5] * 8, [0.0, 0.0, 0.0, 0.2, 0.4, 0.4, 0.4, 0.4])
    assert judged("C28", evidence("trec", full_maps=dense))["verdict"] == HOLDS


@pytest.mark.parametrize(("correctness", "verdict"), [(0.5, HOLDS), (0.9, FAILS)])
def test_ambiguous_region(correctness: float, verdict: str) -> None:
    table = full_maps([0.5] * 10, [correctness] + [1.0] * 9)
    table["variability"] = np.where(table["correctness"] == correctness, 0.4, 0.1) + np.linspace(0, 0.01, len(table))
    assert judged("C29", evidence("agnews", full_maps=table))["paper_verdict"] == verdict


def foresight(shuffled: bool, seeds: int = 3) -> Evidence:
    """Seed sets of 100 texts of which 20 are hard on the full map; shuffled: the seed set's map knows nothing of it."""
    rng = np.random.default_rng(5)
    correctness = np.repeat([0.1, 0.5, 1.0], [20, 30, 50])
    full = pd.DataFrame({"instance_id": range(100), "confidence": correctness, "correctness": correctness})
    seed_maps = []
    for seed in range(seeds):
        seen = rng.permutation(correctness) if shuffled else correctness
        seed_maps.append(full.assign(confidence=seen + rng.normal(0, 0.1, 100), correctness=seen, seed=seed))
    maps = pd.concat([full.assign(seed=seed) for seed in range(seeds)])
    return evidence("trec", full_maps=maps, seed_maps=pd.concat(seed_maps))


def test_the_seed_sets_map_foretells_the_hard_texts_of_the_full_map() -> None:
    row = judged("C17", foresight(shuffled=False))
    assert row["verdict"] == HOLDS
    assert row["value"].endswith("20.0% of the seed set is hard on the full map")
    # On its own map, low confidence and low correctness go together even in a shuffled one: that decides nothing.
    assert judged("C17", foresight(shuffled=True))["verdict"] == FAILS


def test_easy_and_ambiguous_are_mixed_where_hard_is_told_apart_better() -> None:
    found = foresight(shuffled=False)
    assert found.seed_maps is not None
    mixed, apart = found.seed_maps.copy(), found.seed_maps.copy()
    easier = mixed["instance_id"] >= 20
    rng = np.random.default_rng(1)
    mixed.loc[easier, "confidence"] = rng.normal(0.8, 0.1, easier.sum())
    assert judged("C35", evidence("trec", full_maps=found.full_maps, seed_maps=mixed))["verdict"] == HOLDS
    apart.loc[~easier, "confidence"] = rng.normal(0.8, 0.3, (~easier).sum())
    assert judged("C35", evidence("trec", full_maps=found.full_maps, seed_maps=apart))["paper_verdict"] == FAILS


def test_nothing_to_tell_apart() -> None:
    found = foresight(shuffled=False)
    assert found.full_maps is not None
    easy = found.full_maps.assign(correctness=1.0)
    row = judged("C17", evidence("trec", full_maps=easy, seed_maps=found.seed_maps))
    assert row["value"] == "not run: no seed set with hard texts of the full map"
    assert judged("C17", evidence("trec", full_maps=easy))["value"] == "not run: no seed maps"
    assert judged("C35", evidence("trec", full_maps=easy, seed_maps=found.seed_maps))["value"].startswith("not run")
