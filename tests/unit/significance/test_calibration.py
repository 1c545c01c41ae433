"""significance.calibration: what it promises, and what it refuses."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

from cartography_al.errors import ConfigError, DataError
from cartography_al.seeding import generator
from cartography_al.significance.aso import aso
from cartography_al.significance.calibration import (
    AREA,
    CALL,
    COLUMN_TYPES,
    FINAL,
    INTERVAL,
    POOLED,
    TODAY,
    _share,
    calibrate,
)
from cartography_al.significance.intervals import wilson_interval
from cartography_al.significance.paired import paired_area_differences
from cartography_al.significance.readings import deepsig_call, paper_call

QUICK: dict[str, Any] = {"repetitions": 6, "compared": 3, "bootstrap_iterations": 20}


def simulate(runs: int = 20, between: float = 0.015, within: float = 0.01, iterations: int = 30) -> pd.DataFrame:
    """Runs of one strategy: a rising curve, moved as a whole from run to run, with noise of each iteration."""
    rng = np.random.default_rng(1)
    trend = 0.70 + 0.12 * (1 - np.exp(-np.arange(iterations + 1) / 10))
    accuracy = trend + rng.normal(0, between, (runs, 1)) + rng.normal(0, within, (runs, iterations + 1))
    rows = [
        ("random", 100 + run, point, value) for run, curve in enumerate(accuracy) for point, value in enumerate(curve)
    ]
    return pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "test_accuracy"])


def verdicts(frame: pd.DataFrame, procedure: str, correction: str, verdict: str, seeds: int = 5) -> pd.Series:
    row = frame.set_index(["procedure", "correction", "verdict", "seeds"]).loc[(procedure, correction, verdict, seeds)]
    assert isinstance(row, pd.Series)
    return row


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return calibrate(simulate(), "random", **QUICK)


def test_frame(frame):
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMN_TYPES
    assert len(frame) == 2 * (2 * 3 * 3 + 2 + 1 + 3 + 3)
    assert frame["seeds"].tolist() == [5, 20] * (len(frame) // 2)
    assert list(dict.fromkeys(frame["procedure"])) == [POOLED, FINAL, AREA, INTERVAL, TODAY, CALL]
    assert (frame["curves"] == 20).all()
    paired = frame["procedure"].isin([AREA, INTERVAL])
    assert (frame.loc[~paired, "comparisons"] == 6).all()
    assert (frame.loc[paired, "comparisons"] == 2).all()
    assert_allclose(frame["pair_share"], frame["false_pairs"] / (6 * frame["comparisons"]))
    assert_allclose(frame["table_share"], frame["false_tables"] / 6)
    assert (frame["table_share"] >= frame["pair_share"] - 1e-12).all()
    for what in ("pair", "table"):
        assert (frame[f"{what}_low"] <= frame[f"{what}_share"]).all()
        assert (frame[f"{what}_share"] <= frame[f"{what}_high"]).all()


def test_verdicts_and_levels_are_nested(frame):
    counts = frame.set_index(["procedure", "seeds", "verdict", "correction"])["false_pairs"].unstack("correction")
    aso_counts = counts.drop([AREA, INTERVAL, TODAY, CALL])[["bonferroni", "deepsig", "none"]]  # from strict to lax
    assert (aso_counts.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    by_verdict = aso_counts.stack().unstack("verdict")[["eps_min = 0", "eps_min < 0.2", "eps_min < 0.5"]]
    assert (by_verdict.diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert (counts.loc[AREA, "holm"] <= counts.loc[AREA, "none"]).all()


def test_counts_are_those_of_the_procedures():
    """The first table again, with the procedures as they are used on real strategies."""
    runs = simulate(runs=7, iterations=4)
    found = calibrate(
        runs, "random", seeds_per_group=[9], repetitions=1, compared=4, alpha=0.3, bootstrap_iterations=400, seed=8
    )
    curves = runs.pivot(index="seed", columns="iteration", values="test_accuracy").to_numpy()
    drawn = generator(8, 0, "calibration: random, 9 runs").integers(7, size=(4, 9))
    for procedure, scores in ((POOLED, curves[drawn].reshape(4, -1)), (FINAL, curves[drawn, -1])):
        eps = {
            correction: np.array(
                [aso(scores[a], scores[b], level, 400, 1) for a in range(4) for b in range(4) if a != b]
            )
            for correction, level in (("none", 0.7), ("deepsig", 0.7 + 0.3 / 6), ("bonferroni", 1 - 0.3 / 12))
        }
        for correction, values in eps.items():
            counted = verdicts(found, procedure, correction, "eps_min < 0.5", 9)["false_pairs"]
            # 400 bootstraps know eps_min to 0.05, so only values that near to 0.5 may be counted otherwise.
            assert (values < 0.45).sum() <= counted <= (values < 0.55).sum()
            assert verdicts(found, procedure, correction, "eps_min = 0", 9)["false_pairs"] == (values == 0).sum()
    groups = [
        pd.DataFrame(curves[group]).stack().rename_axis(["seed", "iteration"]).rename("test_accuracy").reset_index()
        for group in drawn
    ]
    differences = paired_area_differences(
        pd.concat([group.assign(strategy=f"group {number}") for number, group in enumerate(groups)]), "group 0"
    )
    assert verdicts(found, AREA, "none", "p < alpha", 9)["false_pairs"] == (differences["p"] < 0.3).sum()
    assert verdicts(found, AREA, "holm", "p < alpha", 9)["false_pairs"] == (differences["p_holm"] < 0.3).sum()
    wide = paired_area_differences(
        pd.concat([group.assign(strategy=f"group {number}") for number, group in enumerate(groups)]), "group 0", 0.7
    )
    outside = ((wide["low"] > 0) | (wide["high"] < 0)).sum()
    assert verdicts(found, INTERVAL, "none", "0 outside", 9)["false_pairs"] == outside
    called = paper_call({str(place): scores.ravel() for place, scores in enumerate(curves[drawn])}, 0.3, 400, 1)
    rounded = called["eps_min"].round(2)
    counted = verdicts(found, CALL, "bonferroni", "eps_min < 0.5", 9)["false_pairs"]
    assert (rounded < 0.45).sum() <= counted <= (rounded < 0.55).sum()
    assert verdicts(found, CALL, "bonferroni", "eps_min = 0", 9)["false_pairs"] == (rounded == 0).sum()
    today = deepsig_call({str(place): scores.ravel() for place, scores in enumerate(curves[drawn])}, 0.3, 400, 1)
    counted = verdicts(found, TODAY, "deepsig", "eps_min < 0.5", 9)["false_pairs"]
    assert (today["eps_min"] < 0.45).sum() <= counted <= (today["eps_min"] < 0.55).sum()


def test_runs_of_several_strategies_are_dealt_within_seeds():
    """Seeds that differ wildly in the same way for all strategies: only pairing sees through it."""
    rng = np.random.default_rng(2)
    level = rng.normal(0.7, 0.1, 30)
    rows = [
        (strategy, seed, iteration, level[seed] + gain + noise)
        for strategy, gain in (("random", 0.0), ("dal", 0.002), ("cal", 0.004))
        for seed in range(30)
        for iteration, noise in enumerate(rng.normal(0, 0.004, 2))
    ]
    runs = pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "test_accuracy"])
    options: dict[str, Any] = {"seeds_per_group": [8], "repetitions": 1500, "compared": 3, "bootstrap_iterations": 2}
    shared = calibrate(runs, ["random", "dal", "cal"], **options)
    assert (shared["strategies"] == "random, dal, cal").all()
    assert (shared["curves"] == 90).all()
    uncorrected = verdicts(shared, AREA, "none", "p < alpha", 8)
    assert uncorrected["pair_low"] < 12 / 256 < uncorrected["pair_high"]  # as exact as without shared seeds
    # Groups that share the seeds' levels differ little, so ASO's ratio is rarely far from 0.5; groups that do not, do.
    alone = calibrate(runs, "random", **options)
    by_design = [verdicts(frame, POOLED, "none", "eps_min < 0.2", 8)["pair_share"] for frame in (shared, alone)]
    assert by_design[0] < by_design[1]
    # The names' order says nothing.
    assert_frame_equal(calibrate(runs, ["cal", "random", "dal"], **options), shared)


def test_each_group_gets_one_run_of_each_drawn_seed():
    """With constant curves, one number for each seed, all groups are equal whatever is dealt: no verdict is left."""
    runs = pd.concat([simulate(runs=5).assign(strategy=name) for name in ("random", "dal", "cal")])
    runs["test_accuracy"] = runs["seed"] / 1000
    frame = calibrate(runs, ["random", "dal", "cal"], **QUICK)
    assert (frame.loc[frame["procedure"] != CALL, "false_pairs"] == 0).all()


def test_processes_and_other_strategies_change_nothing(frame):
    others = simulate(runs=3).assign(strategy="cal", test_accuracy=0.5)
    both = pd.concat([others, simulate()]).sample(frac=1, random_state=0)
    assert_frame_equal(calibrate(both, "random", **QUICK, processes=2), frame)


def test_further_tables_leave_the_first_ones_as_they_are(frame):
    fewer = calibrate(simulate(), "random", **(QUICK | {"repetitions": 4}))
    one_size = calibrate(simulate(), "random", **QUICK, seeds_per_group=[20])
    assert (fewer["false_pairs"] <= frame["false_pairs"]).all()
    assert one_size["false_pairs"].tolist() == frame.loc[frame["seeds"] == 20, "false_pairs"].tolist()
    assert not calibrate(simulate(), "random", **QUICK, seed=1)["false_pairs"].equals(frame["false_pairs"])


def test_equal_runs_give_no_verdict():
    runs = simulate(runs=4, between=0, within=0)
    flat = calibrate(runs.assign(test_accuracy=0.5), "random", **QUICK)
    others = flat["procedure"] != CALL
    assert (flat.loc[others, "false_pairs"] == 0).all()
    # The same rising curve in every run: no order either, pooled or not.
    assert (calibrate(runs, "random", **QUICK).loc[others, "false_tables"] == 0).all()
    # The library of the paper's time takes no distance for dominance of the strategy that comes first.
    assert (verdicts(flat, CALL, "bonferroni", "eps_min = 0")["table_share"]) == 1


def test_few_runs_cannot_give_a_small_p():
    """With 5 runs the smallest p is 2 / 32: whatever the runs, the permutation test is silent at 0.05."""
    frame = calibrate(simulate(), "random", seeds_per_group=[5], repetitions=50, bootstrap_iterations=2)
    assert verdicts(frame, AREA, "none", "p < alpha")["false_pairs"] == 0


def test_the_permutation_test_keeps_its_level():
    options: dict[str, Any] = {"seeds_per_group": [8], "repetitions": 400, "bootstrap_iterations": 2}
    frame = calibrate(simulate(runs=60, iterations=1), "random", **options)
    uncorrected, holm = (verdicts(frame, AREA, correction, "p < alpha", 8) for correction in ("none", "holm"))
    assert uncorrected["pair_low"] < 12 / 256 < uncorrected["pair_high"]  # 12 of 256 p values are under 0.05
    assert holm["table_low"] < 0.05


def test_pooled_scores_take_chance_for_a_difference():
    """Whole curves that lie high or low by chance are 31 scores each to the pooled test, and one to the others."""
    options: dict[str, Any] = {"seeds_per_group": [5], "repetitions": 40, "bootstrap_iterations": 100}
    frame = calibrate(simulate(between=0.03, within=0.003), "random", **options)
    pooled, final = (verdicts(frame, procedure, "bonferroni", "eps_min < 0.5") for procedure in (POOLED, FINAL))
    # Shares, not the ends of their intervals: those hold the choice of the twenty curves, which is most of it.
    assert pooled["table_share"] > 0.95
    assert pooled["pair_share"] > 2 * final["pair_share"]
    assert verdicts(frame, AREA, "holm", "p < alpha")["false_tables"] == 0
    unrelated = calibrate(simulate(between=0, within=0.03), "random", **options)
    assert verdicts(unrelated, POOLED, "bonferroni", "eps_min < 0.5")["pair_share"] < 0.05


def test_interval_of_dependent_comparisons():
    rng = np.random.default_rng(0)
    tables = rng.random(400) < 0.3
    together = _share([np.repeat(tables[:, np.newaxis], 30, axis=1).mean(axis=1)])  # a table's pairs all say the same
    assert_allclose(together[1:], wilson_interval(tables.mean(), 400), atol=1e-9)
    assert_allclose(_share([tables]), together)
    apart = (rng.random((400, 30)) < 0.3).mean(axis=1)  # and here each pair for itself
    low, high = wilson_interval(apart.mean(), 400 * 30)
    assert _share([apart])[2] - _share([apart])[1] == pytest.approx(high - low, rel=0.15)
    assert _share([np.zeros(400)])[1:] == wilson_interval(0, 400)


def test_the_interval_holds_the_choice_of_the_seeds():
    """Of five seeds one decides everything: without it, no table has the verdict."""
    rng = np.random.default_rng(0)
    tables = rng.random(400) < 0.5
    alike = _share([tables, *([tables[:80]] * 5)])
    assert_allclose(alike, _share([tables]), atol=0.02)
    one_decides = _share([tables, np.zeros(80), *([tables[:80]] * 4)])
    assert one_decides[1] == 0
    assert one_decides[2] == 1


def test_replicates_have_each_seed_once():
    """Each seed's runs are dealt, and no seed is drawn twice: groups of runs that are alike stay alike."""
    rows = [
        (strategy, seed, iteration, 0.5 + gain * sign)
        for strategy, gain in (("random", 0.1), ("random-replicate-2", 0.1))
        for seed, sign in ((0, 1), (1, -1), (2, 0))
        for iteration in range(3)
    ]
    runs = pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "test_accuracy"])
    frame = calibrate(runs, ["random", "random-replicate-2"], **(QUICK | {"compared": 2}), resample=False)
    assert set(frame["seeds"]) == {3}  # whatever was asked for
    assert (frame.loc[frame["procedure"] != CALL, "false_pairs"] == 0).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"alpha": 1.0}, "significance level"),
        ({"seeds_per_group": (5, 1)}, "seeds_per_group must be at least 2"),
        ({"seeds_per_group": ()}, "seeds_per_group must be at least 2"),
        ({"repetitions": 0}, "repetitions must be at least 1"),
        ({"compared": 1}, "compared must be at least 2"),
        ({"bootstrap_iterations": 1}, "bootstrap_iterations must be at least 2"),
        ({"processes": 0}, "processes must be at least 1"),
    ],
)
def test_bad_options(options, message):
    with pytest.raises(ConfigError, match=message):
        calibrate(simulate(), "random", **options)


def test_bad_runs():
    with pytest.raises(DataError, match="no runs of the strategy cal"):
        calibrate(simulate(), "cal")
    with pytest.raises(DataError, match="at least 2 seeds, got 1"):
        calibrate(simulate(runs=1), "random")
    with pytest.raises(ConfigError, match="6 groups need the runs of 1, or at least 6, strategies, got 2"):
        calibrate(simulate(), ["random", "cal"])
    with pytest.raises(DataError, match="random, seed 100, iteration 5 is missing"):
        calibrate(simulate().drop(index=5), "random")
