"""The analyses, against sums by hand, brute force over generated runs, and simulation of chance."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal
from scipy.stats import hypergeom

from cartography_al.analysis import (
    batch_statistics,
    exhausted_at,
    final_accuracies,
    learning_curves,
    overlap,
    threshold_accuracies,
)
from cartography_al.errors import DataError, NumericError


def make_runs(accuracies: dict[tuple[str, int], list[float]], seed_set_size: int = 10, k: int = 5) -> pd.DataFrame:
    """A runs frame from the accuracies of each (strategy, seed)."""
    rows = [
        {
            "strategy": strategy,
            "seed": seed,
            "iteration": iteration,
            "labelled": seed_set_size + k * iteration,
            "test_accuracy": accuracy,
            "macro_f1": accuracy - 0.1,
            "binary_cal_accuracy": None,
            "binary_dal_accuracy": None,
            "single_class": False,
        }
        for (strategy, seed), values in accuracies.items()
        for iteration, accuracy in enumerate(values)
    ]
    return pd.DataFrame(rows).astype(
        {
            "strategy": "str",
            "iteration": "int16",
            "labelled": "int32",
            "binary_cal_accuracy": "Float64",
            "binary_dal_accuracy": "Float64",
        }
    )


def test_exhausted_at():
    runs = make_runs({("random", 1): [0.5, 0.5, 0.5], ("cal", 1): [0.5, 0.5, 0.5]})
    assert exhausted_at(runs, train_rows=21) is None
    assert exhausted_at(runs, train_rows=20) == 2
    assert exhausted_at(runs, train_rows=15) == 1


def make_acquisitions(batches: dict[tuple[str, int], list[list[int]]]) -> pd.DataFrame:
    """An acquisitions frame from the batches of each (strategy, seed)."""
    rows = [
        (strategy, seed, iteration, instance_id)
        for (strategy, seed), run in batches.items()
        for iteration, batch in enumerate(run, start=1)
        for instance_id in batch
    ]
    frame = pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "instance_id"])
    return frame.assign(label=0, confidence=0.5, variability=0.1, correctness=0.5)


@pytest.fixture
def runs() -> pd.DataFrame:
    return make_runs(
        {
            ("zeta", 1): [0.1, 0.2, 0.3],
            ("zeta", 2): [0.3, 0.2, 0.5],
            ("cal", 1): [0.4, 0.5, 0.6],
            ("cal", 2): [0.4, 0.7, 0.9],
            ("random", 1): [0.0, 0.0, 0.1],
            ("random", 2): [1.0, 0.0, 0.1],
        }
    )


def test_learning_curves_by_hand(runs):
    curves = learning_curves(runs, train_rows=200)
    assert list(curves) == [
        "strategy",
        "iteration",
        "labelled",
        "fraction",
        "mean",
        "std",
        "min",
        "max",
        "seeds",
    ]
    assert curves["strategy"].tolist() == ["random"] * 3 + ["cal"] * 3 + ["zeta"] * 3  # the readers' order
    assert curves["iteration"].tolist() == [0, 1, 2] * 3
    assert curves["labelled"].tolist() == [10, 15, 20] * 3
    assert_allclose(curves["fraction"], [0.05, 0.075, 0.1] * 3)
    assert_allclose(curves["mean"], [0.5, 0, 0.1, 0.4, 0.6, 0.75, 0.2, 0.2, 0.4])
    half = np.sqrt(0.5)  # standard deviation, ddof 1, of two values at distance 1
    assert_allclose(curves["std"], np.array([1, 0, 0, 0, 0.2, 0.3, 0.2, 0, 0.2]) * half, atol=1e-15)
    assert_allclose(curves["min"], [0, 0, 0.1, 0.4, 0.5, 0.6, 0.1, 0.2, 0.3])
    assert_allclose(curves["max"], [1, 0, 0.1, 0.4, 0.7, 0.9, 0.3, 0.2, 0.5])
    assert (curves["seeds"] == 2).all()


def test_row_order_changes_nothing(runs):
    shuffled = runs.sample(frac=1, random_state=1)
    assert_frame_equal(learning_curves(shuffled, 200), learning_curves(runs, 200))
    assert_frame_equal(final_accuracies(shuffled), final_accuracies(runs))


def test_one_seed_has_no_spread():
    curves = learning_curves(make_runs({("cal", 1): [0.4, 0.5]}), 100)
    assert curves["std"].isna().all()
    assert curves["seeds"].tolist() == [1, 1]
    assert_allclose(curves["mean"], [0.4, 0.5])


def test_final_accuracies(runs):
    final = final_accuracies(runs)
    assert list(final) == ["strategy", "seed", "iteration", "labelled", "test_accuracy", "macro_f1"]
    assert final["strategy"].tolist() == ["random", "random", "cal", "cal", "zeta", "zeta"]
    assert final["seed"].tolist() == [1, 2] * 3
    assert (final["iteration"] == 2).all()
    assert (final["labelled"] == 20).all()
    assert_allclose(final["test_accuracy"], [0.1, 0.1, 0.6, 0.9, 0.3, 0.5])
    assert_allclose(final["macro_f1"], final["test_accuracy"] - 0.1)


def test_incomplete_runs_are_refused(runs):
    with pytest.raises(DataError, match="cal, seed 2, iteration 2 is missing"):
        learning_curves(runs.drop(index=11), 200)
    with pytest.raises(DataError, match="cal, seed 2, iteration 2 occurs twice"):
        final_accuracies(pd.concat([runs, runs.iloc[[11]]]))
    with pytest.raises(DataError, match="no runs"):
        final_accuracies(runs.iloc[:0])
    runs.loc[11, "test_accuracy"] = np.nan
    with pytest.raises(NumericError, match="cal, seed 2, iteration 2: test accuracy is not finite"):
        final_accuracies(runs)


def test_labelled_sets_must_agree(runs):
    runs.loc[4, "labelled"] = 16
    with pytest.raises(DataError, match="zeta, iteration 1"):
        learning_curves(runs, 200)


def test_threshold_accuracies_by_hand():
    runs = make_runs(
        {
            ("cal-threshold-0.8", 1): [0.1, 0.2, 0.3],
            ("cal-threshold-0.8", 2): [0.1, 0.2, 0.4],
            ("cal", 1): [0.4, 0.5, 0.6],
            ("cal", 2): [0.4, 0.7, 0.8],
            ("random", 1): [0.0, 0.0, 0.1],
        }
    )
    cal = runs["strategy"].str.startswith("cal") & (runs["iteration"] < 2)  # nothing is acquired after the last one
    runs.loc[cal, "binary_cal_accuracy"] = 0.9
    single = (runs["strategy"] == "cal-threshold-0.8") & (runs["seed"] == 2) & (runs["iteration"] < 2)
    runs.loc[single, "binary_cal_accuracy"] = None  # no classifier was trained, so there may be no accuracy
    runs.loc[single, "single_class"] = True
    table = threshold_accuracies(runs, [0.8, 0.2], configured_threshold=0.2)
    assert table["threshold"].tolist() == [0.2, 0.8]
    assert table["strategy"].tolist() == ["cal", "cal-threshold-0.8"]
    assert table["configured"].tolist() == [True, False]
    assert_allclose(table["mean"], [0.7, 0.35])
    assert_allclose(table["std"], np.array([0.2, 0.1]) / np.sqrt(2))
    assert_allclose(table["min"], [0.6, 0.3])
    assert_allclose(table["max"], [0.8, 0.4])
    assert table["seeds"].tolist() == [2, 2]
    assert table["classifiers"].tolist() == [4, 4]
    assert table["single_class"].tolist() == [0, 2]
    assert table["single_class_seeds"].tolist() == [0, 1]
    with pytest.raises(DataError, match=r"no runs of cal-threshold-0.6: run cal at the threshold 0.6"):
        threshold_accuracies(runs, [0.2, 0.6], configured_threshold=0.2)


def test_batch_statistics_by_hand():
    frame = make_acquisitions({("cal", 1): [[1, 2], [3, 4]], ("cal", 2): [[1, 2, 5, 6], [3]], ("dal", 1): [[9], [8]]})
    frame["confidence"] = [0.2, 0.4, 0.6, 0.8, 0.0, 0.0, 0.4, 0.4, 1.0, 0.5, 0.5]
    frame["variability"] = frame["confidence"] / 2
    statistics = batch_statistics(frame)
    assert list(statistics) == ["strategy", "iteration", "statistic", "mean", "std", "min", "max", "seeds"]
    assert statistics["strategy"].tolist() == ["dal"] * 6 + ["cal"] * 6
    assert (
        statistics["statistic"].tolist()
        == ["confidence"] * 2
        + ["variability"] * 2
        + ["correctness"] * 2
        + ["confidence"] * 2
        + ["variability"] * 2
        + ["correctness"] * 2
    )
    assert statistics["iteration"].tolist() == [1, 2] * 6
    cal = statistics[statistics["strategy"] == "cal"]
    # Iteration 1: seed 1 has mean 0.3 of two, seed 2 has mean 0.2 of four; their mean is 0.25, not 7/30.
    assert_allclose(cal["mean"], [0.25, 0.85, 0.125, 0.425, 0.5, 0.5])
    assert_allclose(cal["std"], np.array([0.1, 0.3, 0.05, 0.15, 0, 0]) / np.sqrt(2), atol=1e-15)
    assert_allclose(cal["min"], [0.2, 0.7, 0.1, 0.35, 0.5, 0.5])
    assert_allclose(cal["max"], [0.3, 1.0, 0.15, 0.5, 0.5, 0.5])
    assert cal["seeds"].tolist() == [2] * 6
    frame.loc[3, "correctness"] = np.nan
    with pytest.raises(NumericError, match=r"cal, seed 1, iteration 2: .* instance 4"):
        batch_statistics(frame)


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
