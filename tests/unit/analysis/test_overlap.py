"""analysis.overlap: what it promises, and what it refuses."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import hypergeom

from cartography_al.analysis.overlap import overlap
from cartography_al.errors import DataError
from tests.unit.analysis.support import make_acquisitions


def test_overlap_by_hand():
    # Seed set {0, 5}; pools: 1 2 3 4 6 7 8 9.
    # cal takes 2 3 (positions 1 2), then from 1 4 6 7 8 9 takes 4 9 (positions 1 5).
    # dal takes 3 4 (positions 2 3), then from 1 2 6 7 8 9 takes 2 8 (positions 1 4).
    # Shared: instances 2 3 4; positions 2 (iteration 1), 1 (iteration 2).
    frame = make_acquisitions({("cal", 7): [[3, 2], [4, 9]], ("dal", 7): [[3, 4], [2, 8]]})
    row = overlap(frame, {7: [0, 5]}, train_rows=10).iloc[0]
    assert (row["strategy_a"], row["strategy_b"], row["seeds"], row["acquired"]) == ("dal", "cal", 1, 4)
    assert row["shared_instances"] == 3
    assert row["shared_positions"] == 2
    assert row["shared_instances_chance"] == pytest.approx(4 * 4 / 8)
    assert row["shared_positions_chance"] == pytest.approx(2 * 2 / 8 + 2 * 2 / 6)


def test_chance_of_the_paper():
    """The figure that released-code.md gives for AG News: 3.3 equal positions, where the paper counts 2 to 7."""
    rng = np.random.default_rng(0)
    seeds = [398048, 127003, 259479, 869323, 570852]
    seed_sets = {seed: np.arange(1000) for seed in seeds}
    batches = {
        (strategy, seed): rng.permutation(np.arange(1000, 120_000))[:1500].reshape(30, 50).tolist()
        for strategy in ("random", "cal")
        for seed in seeds
    }
    row = overlap(make_acquisitions(batches), seed_sets, 120_000).iloc[0]
    assert row["acquired"] == 7500
    assert row["shared_positions_chance"] == pytest.approx(150 * 2500 / 119_000, rel=0.01)
    assert row["shared_instances_chance"] == pytest.approx(5 * 1500**2 / 119_000)
    for count in ("shared_instances", "shared_positions"):
        assert row[f"{count}_low"] <= row[count] <= row[f"{count}_high"]


def brute_force(batches, seed_sets, train_rows, a, b):
    """The two counts with plain lists, one instance at a time."""
    instances = positions = 0
    for seed, seed_ids in seed_sets.items():
        runs = {name: batches[(name, seed)] for name in (a, b)}
        instances += len({i for batch in runs[a] for i in batch} & {i for batch in runs[b] for i in batch})
        pools = {name: [i for i in range(train_rows) if i not in seed_ids] for name in (a, b)}
        for iteration in range(len(runs[a])):
            chosen = {name: {pools[name].index(i) for i in runs[name][iteration]} for name in (a, b)}
            positions += len(chosen[a] & chosen[b])
            for name in (a, b):
                pools[name] = [i for i in pools[name] if i not in runs[name][iteration]]
    return instances, positions


@st.composite
def generated_runs(draw):
    train_rows = draw(st.integers(12, 25))
    iterations, k = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    batches, seed_sets = {}, {}
    for seed in draw(st.lists(st.integers(0, 10**6), min_size=1, max_size=3, unique=True)):
        order = draw(st.permutations(range(train_rows)))
        seed_sets[seed] = order[:3]
        for strategy in ("random", "cal", "my_own"):
            chosen = draw(st.permutations(order[3:]))
            batches[(strategy, seed)] = [chosen[k * i : k * (i + 1)] for i in range(iterations)]
    return batches, seed_sets, train_rows


@settings(max_examples=40, deadline=None)
@given(generated_runs())
def test_overlap_equals_brute_force(generated):
    batches, seed_sets, train_rows = generated
    table = overlap(make_acquisitions(batches), seed_sets, train_rows)
    assert list(zip(table["strategy_a"], table["strategy_b"], strict=True)) == [
        ("random", "cal"),
        ("random", "my_own"),
        ("cal", "my_own"),
    ]
    for row in table.itertuples():
        assert (row.shared_instances, row.shared_positions) == brute_force(
            batches, seed_sets, train_rows, row.strategy_a, row.strategy_b
        )


def test_chance_equals_simulation():
    """Uniform runs: the mean count lies within 4 standard errors of its chance, and the range holds 95% or more."""
    rng = np.random.default_rng(12)
    seed_sets, train_rows, repeats = {1: range(4), 2: range(10, 14)}, 40, 300
    counts: dict[str, list[int]] = {"shared_instances": [], "shared_positions": []}
    for _ in range(repeats):
        batches = {}
        for seed, seed_ids in seed_sets.items():
            for strategy in ("random", "cal"):
                drawn = rng.permutation(np.setdiff1d(np.arange(train_rows), list(seed_ids)))[:12]
                batches[(strategy, seed)] = drawn.reshape(2, 6).tolist()
        row = overlap(make_acquisitions(batches), seed_sets, train_rows).iloc[0]
        for name, values in counts.items():
            values.append(row[name])
    for name, values in counts.items():
        assert abs(np.mean(values) - row[f"{name}_chance"]) < 4 * np.std(values) / np.sqrt(repeats)
        inside = np.mean((np.array(values) >= row[f"{name}_low"]) & (np.array(values) <= row[f"{name}_high"]))
        assert inside > 0.92


def test_range_of_one_run_is_hypergeometric():
    chosen = list(range(5, 45))
    frame = make_acquisitions({("cal", 1): [chosen], ("dal", 1): [chosen]})
    row = overlap(frame, {1: range(5)}, 105).iloc[0]
    for count in ("shared_instances", "shared_positions"):
        assert row[count] == 40
        assert row[f"{count}_chance"] == pytest.approx(16)
        assert row[f"{count}_low"] == hypergeom(100, 40, 40).ppf(0.025)
        assert row[f"{count}_high"] == hypergeom(100, 40, 40).ppf(0.975)


def test_an_exhausted_pool_is_shared_altogether():
    frame = make_acquisitions({("cal", 1): [[1, 2], [3, 4]], ("dal", 1): [[4, 3], [2, 1]]})
    row = overlap(frame, {1: [0]}, 5).iloc[0]
    assert [row[f"shared_instances{end}"] for end in ("", "_chance", "_low", "_high")] == [4, 4, 4, 4]


def test_one_strategy_has_no_pair():
    table = overlap(make_acquisitions({("cal", 1): [[1]]}), {1: [0]}, 5)
    assert len(table) == 0
    assert "shared_positions_chance" in table


@pytest.mark.parametrize(
    ("batches", "message"),
    [
        ([[1, 2], [2, 3]], r"cal, seed 1: instance 2 is acquired twice"),
        ([[1, 0], [2, 3]], r"cal, seed 1: instance 0 is acquired twice, or was never in the pool"),
        ([[1, 9], [2, 3]], r"cal, seed 1: instance 9 "),
        ([[1, 1], [2, 3]], r"cal, seed 1: an instance is acquired twice"),
        ([[1, 2], [3]], r"seed 1, iteration 2: batches of different size \(cal 1, dal 2\)"),
        ([[1, 2]], r"seed 1, iteration 2: batches of different size \(cal 0, dal 2\)"),
    ],
)
def test_impossible_acquisitions(batches, message):
    frame = make_acquisitions({("cal", 1): batches, ("dal", 1): [[1, 2], [3, 4]]})
    with pytest.raises(DataError, match=message):
        overlap(frame, {1: [0]}, 9)


def test_missing_seed_set():
    frame = make_acquisitions({("cal", 1): [[1]], ("dal", 1): [[2]]})
    with pytest.raises(DataError, match="seed 1 has acquisitions and no seed set"):
        overlap(frame, {2: [0]}, 5)
