"""The claims: each rule on both sides of its boundary and in between, and what a reader is told beside the verdict."""

import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.judge import COLUMNS, complete_claims, judge_claims
from cartography_al.errors import DataError
from cartography_al.paper import paper_values, text_value
from cartography_al.significance.intervals import Estimate, difference_of_shares, over_seeds, roc_area, share_of
from cartography_al.tables.claims import claims_table
from cartography_al.tables.formats import to_csv, to_latex, to_markdown
from cartography_al.tables.table import Cell

HOLDS, FAILS, OPEN = "holds", "does not hold", "cannot be decided"


SEED_SET, BATCH = {"agnews": 1000, "trec": 500}, 50


TRAIN = {"agnews": 120_000, "trec": 5452}


FIGURE4 = ("random", "least_confidence", "dal", "cal")


def judged(claim: str, evidence: Evidence) -> "pd.Series[Any]":
    frame = judge_claims(evidence)
    return frame.set_index("claim").loc[claim]


def description(train: int, test: int) -> dict[str, Any]:
    return {"splits": {"train": {"rows": train}, "test": {"rows": test}}}


def evidence(dataset: str, **fields: Any) -> Evidence:
    """Evidence under the paper's conditions, as far as these are not in the frames."""
    known: dict[str, Any] = {
        "description": description(TRAIN[dataset], 7600 if dataset == "agnews" else 500),
        "embedding_source": "cc.en.300",
        "correctness_threshold": 0.2,
    }
    return Evidence(dataset, "as_written", **{**known, **fields})


def runs(
    accuracies: Mapping[str, Sequence[float] | np.ndarray], dataset: str = "trec", iterations: int = 30
) -> pd.DataFrame:
    """Runs of each strategy; its accuracies are those of the seeds 0, 1, ..., or float [seeds, iterations + 1]."""
    rows = []
    for strategy, values in accuracies.items():
        curves = np.asarray(values, dtype=np.float64)
        curves = curves if curves.ndim == 2 else np.repeat(curves[:, None], iterations + 1, axis=1)
        rows += [
            (strategy, seed, iteration, SEED_SET[dataset] + BATCH * iteration, accuracy)
            for seed, curve in enumerate(curves)
            for iteration, accuracy in enumerate(curve)
        ]
    return pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "labelled", "test_accuracy"])


def full_data(accuracies: Sequence[float]) -> pd.DataFrame:
    return pd.DataFrame({"seed": range(len(accuracies)), "test_accuracy": accuracies})


def significance(eps: Mapping[tuple[str, str], float]) -> pd.DataFrame:
    frame = pd.DataFrame(
        [(*pair, value) for pair, value in eps.items()], columns=["strategy_a", "strategy_b", "eps_min"]
    )
    return frame.assign(confidence_level=1 - 0.05 / 30)


def acquisitions(**columns: Any) -> pd.DataFrame:
    """Acquired instances with the given columns, and values that stand in no test for the others."""
    others = {"instance_id": 0, "confidence": 0.5, "variability": 0.1, "correctness": 0.5}
    return pd.DataFrame(columns).assign(**{name: value for name, value in others.items() if name not in columns})


def batches(statistic: str, means: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """Batches of two instances, whose mean of the statistic is means[strategy], float [seeds, iterations]."""
    rows = [
        (strategy, seed, position + 1, mean + apart)
        for strategy, of_strategy in means.items()
        for (seed, position), mean in np.ndenumerate(of_strategy)
        for apart in (-0.01, 0.01)
    ]
    columns = ("strategy", "seed", "iteration", statistic)
    return acquisitions(**dict(zip(columns, zip(*rows, strict=True), strict=True)))


class TestEstimates:
    @pytest.mark.parametrize(
        ("interval", "above", "reaches"),
        [
            ((0.1, 0.3), True, True),
            ((0.0, 0.3), None, True),
            ((-0.1, 0.3), None, None),
            ((-0.1, 0.0), False, None),
            ((0.0, 0.0), False, True),
            ((-0.2, -0.1), False, False),
            ((np.nan, np.nan), None, None),
        ],
    )
    def test_a_bound_is_met_where_the_whole_interval_meets_it(
        self, interval: tuple[float, float], above: bool | None, reaches: bool | None
    ) -> None:
        estimate = Estimate(sum(interval) / 2, *interval)
        mirrored = Estimate(-estimate.value, -estimate.high, -estimate.low)
        assert estimate.above(0) is mirrored.below(0) is above
        assert estimate.above(0, or_equal=True) is mirrored.below(0, or_equal=True) is reaches

    def test_over_seeds_is_student_s_interval(self) -> None:
        stats = pytest.importorskip("scipy.stats")
        values = pd.Series([0.10, 0.12, 0.14])
        estimate = over_seeds(values)
        # t(0.975, 2) = 4.30265; 4.30265 * 0.02 / sqrt(3) = 0.04968
        assert estimate == pytest.approx((0.12, 0.12 - 0.049683, 0.12 + 0.049683), abs=1e-6)
        assert estimate[1:] == pytest.approx(tuple(stats.ttest_1samp(values, 0).confidence_interval()))
        assert over_seeds(pd.Series([0.1])) == pytest.approx((0.1, np.nan, np.nan), nan_ok=True)

    @pytest.mark.parametrize(("count", "total"), [(0, 10), (3, 10), (250, 1000), (10, 10)])
    def test_share_of_is_wilson_s_interval(self, count: int, total: int) -> None:
        stats = pytest.importorskip("scipy.stats")
        expected = stats.binomtest(count, total).proportion_ci(method="wilson")
        assert share_of(count, total)[1:] == pytest.approx((expected.low, expected.high))

    def test_difference_of_shares(self) -> None:
        # se = sqrt((0.3 + 0.2 - 0.1**2) / 100) = 0.07
        assert difference_of_shares(0.3, 0.2, 100) == pytest.approx((0.1, 0.1 - 0.137197, 0.1 + 0.137197), abs=1e-6)

    def test_roc_area_and_delong_s_interval(self) -> None:
        generator = np.random.default_rng(0)
        low, rest = generator.normal(0, 1, 30).round(1), generator.normal(1, 1, 50).round(1)
        estimate = roc_area(pd.Series(low), pd.Series(rest))
        wins = (low[:, None] < rest) + 0.5 * (low[:, None] == rest)  # float [30, 50], one for each pair
        assert estimate.value == pytest.approx(wins.mean())
        error = np.sqrt(wins.mean(axis=1).var(ddof=1) / 30 + wins.mean(axis=0).var(ddof=1) / 50)
        assert estimate.high - estimate.value == pytest.approx(1.96 * error, rel=1e-4)
        assert estimate.value - estimate.low == pytest.approx(1.96 * error, rel=1e-4)

    def test_groups_apart_have_the_area_one(self) -> None:
        assert roc_area(pd.Series([0.1, 0.2]), pd.Series([0.3, 0.4])) == (1.0, 1.0, 1.0)
        assert roc_area(pd.Series([0.3, 0.4]), pd.Series([0.1, 0.2])) == (0.0, 0.0, 0.0)


class TestAlmostStochasticOrder:
    def beats(self, **eps: float) -> pd.DataFrame:
        values = {"least_confidence": 0.1, "entropy": 0.2, "bald": 0.3, "cal": 0.4999, "dal": 0.5} | eps
        return significance({(name, "random"): value for name, value in values.items()})

    def of_seeds(self, seeds: int) -> pd.DataFrame:
        return runs({name: [0.5] * seeds for name in (*FIGURE4, "entropy", "bald")})

    @pytest.mark.parametrize(
        ("eps", "verdict"),
        [({}, HOLDS), ({"bald": 0.5}, FAILS), ({"dal": 0.4999}, FAILS), ({"dal": 1.0, "cal": 0.0}, HOLDS)],
    )
    @pytest.mark.parametrize(("claim", "dataset"), [("C1", "agnews"), ("C2", "trec")])
    def test_all_but_dal_beat_random(self, claim: str, dataset: str, eps: dict[str, float], verdict: str) -> None:
        row = judged(claim, evidence(dataset, runs=self.of_seeds(2), significance=self.beats(**eps)))
        assert row["verdict"] == verdict
        assert row["uncertainty"] == "a bound at confidence 0.99833"
        assert row["value"].startswith("LC 0.100, Entropy 0.200, BALD ")

    @pytest.mark.parametrize(
        ("claim", "dataset", "better", "worse"),
        [
            ("C3", "agnews", "cal", "bald"),
            ("C4", "agnews", "cal", "dal"),
            ("C5", "trec", "cal", "dal"),
            ("C6", "agnews", "least_confidence", "random"),
        ],
    )
    @pytest.mark.parametrize(("eps", "verdict", "value"), [(0.0, HOLDS, "0.000"), (1e-9, FAILS, "<0.001")])
    def test_dominance_is_zero(
        self, claim: str, dataset: str, better: str, worse: str, eps: float, verdict: str, value: str
    ) -> None:
        tested = significance({(better, worse): eps, (worse, better): 1 - eps})
        row = judged(claim, evidence(dataset, runs=self.of_seeds(2), significance=tested))
        assert (row["verdict"], row["value"], row["paper"]) == (verdict, value, "0")

    @pytest.mark.parametrize(("lc", "entropy", "verdict"), [(1e-9, 0.9, HOLDS), (0.0, 0.9, FAILS), (0.9, 0.0, FAILS)])
    def test_competitive_is_not_dominated(self, lc: float, entropy: float, verdict: str) -> None:
        eps = {("least_confidence", "cal"): lc, ("entropy", "cal"): entropy}
        eps |= {(b, a): 0.25 for a, b in eps}
        row = judged("C7", evidence("trec", runs=self.of_seeds(2), significance=significance(eps)))
        assert row["verdict"] == verdict
        assert row["value"].endswith(f"; Entropy over CAL {entropy:.3f}, CAL over Entropy 0.250")

    def test_one_seed_decides_nothing(self) -> None:
        row = judged("C2", evidence("trec", runs=self.of_seeds(1), significance=self.beats()))
        assert (row["verdict"], row["uncertainty"]) == (OPEN, "one seed: no interval")
        assert row["value"].startswith("LC 0.100")

    def test_what_was_not_compared(self) -> None:
        without = self.beats().query("strategy_a != 'bald'")
        row = judged("C2", evidence("trec", runs=self.of_seeds(2), significance=without))
        assert (row["verdict"], row["value"]) == (OPEN, "not run: no test of BALD over Random")
        row = judged("C2", evidence("trec", runs=self.of_seeds(2)))
        assert row["value"] == "not run: no significance"


class TestAccuracies:
    @pytest.mark.parametrize(
        ("final", "verdict"),
        [([0.986, 0.986], HOLDS), ([0.984, 0.984], FAILS), ([0.95, 0.999, 1.02], OPEN), ([1.0], OPEN)],
    )
    def test_share_of_full_data(self, final: list[float], verdict: str) -> None:
        found = evidence("agnews", runs=runs({"cal": final}, "agnews"), full_data=full_data([1.0] * len(final)))
        assert judged("C8", found)["verdict"] == verdict

    def test_share_of_full_data_in_numbers(self) -> None:
        found = evidence("agnews", runs=runs({"cal": [0.72, 0.76]}, "agnews"), full_data=full_data([0.8, 0.8]))
        row = judged("C8", found)
        assert row["value"] == "0.925 (0.740 / 0.800) with 2.1% of the training data"
        # shares 0.90 and 0.95: t(0.975, 1) = 12.706; 12.706 * 0.025 = 0.318
        assert row["uncertainty"] == "95% over 2 seeds: 0.607 to 1.243"
        assert row["paper"] == "0.989 (0.811 / 0.820)"
        assert "at least 0.985, which rounds to 99%" in row["rule"]

    @pytest.mark.parametrize(
        ("final", "verdict"),
        [([0.70, 0.72, 0.74], HOLDS), ([0.40, 0.42, 0.44], FAILS), ([0.58, 0.62, 0.66], OPEN), ([0.9], OPEN)],
    )
    def test_more_than_full_data(self, final: list[float], verdict: str) -> None:
        found = evidence("trec", runs=runs({"cal": final}), full_data=full_data([0.6] * len(final)))
        assert judged("C9", found)["verdict"] == verdict

    def test_more_than_full_data_in_numbers(self) -> None:
        found = evidence("trec", runs=runs({"cal": [0.70, 0.72, 0.74]}), full_data=full_data([0.6] * 3))
        row = judged("C9", found)
        assert row["value"] == "+0.120 (0.720 - 0.600)"
        assert row["uncertainty"] == "95% over 3 seeds: +0.070 to +0.170"
        assert row["paper"] == "+0.090 (0.724 - 0.634)"

    def test_pairs_are_of_one_seed(self) -> None:
        """The spread over seeds is the same in both and falls out; a seed without its partner does not count."""
        found = evidence("trec", runs=runs({"cal": [0.5, 0.7, 0.9, 0.0]}), full_data=full_data([0.4, 0.6, 0.8]))
        row = judged("C9", found)
        assert (row["verdict"], row["uncertainty"]) == (HOLDS, "95% over 3 seeds: +0.100 to +0.100")
        nobody = replace(found, full_data=full_data([0.4]).assign(seed=9))
        assert judged("C9", nobody)["value"] == "not run: no seed with both runs and a training on the full data"

    def rising(self, first: int, last: int = 30, seeds: int = 2, spread: float = 0.0) -> pd.DataFrame:
        """Runs that reach 0.6 from iteration `first` on."""
        curve = np.where(np.arange(last + 1) >= first, 0.6, 0.5)
        return runs({"cal": curve + spread * np.arange(seeds)[:, None]})

    @pytest.mark.parametrize(
        ("first", "last", "verdict", "value"),
        [
            (3, 30, HOLDS, "with 11.9%"),
            (7, 30, HOLDS, "with 15.6%"),
            (8, 30, FAILS, "with 16.5%"),
            (99, 30, FAILS, "not with up to 36.7%"),
            (99, 7, FAILS, "not with up to 15.6%"),  # the next iteration would be beyond the bound
            (99, 6, OPEN, "not with up to 14.7%"),
            (3, 6, HOLDS, "with 11.9%"),
            (99, 0, OPEN, "not with up to 9.2%"),
        ],
    )
    def test_labelled_share_that_reaches_full_data(self, first: int, last: int, verdict: str, value: str) -> None:
        found = evidence("trec", runs=self.rising(first, last), full_data=full_data([0.6, 0.6]))
        row = judged("C10", found)
        assert (row["verdict"], row["value"], row["paper"]) == (verdict, value, "with about 14%")
        assert "at most 16% of" in row["rule"]

    def test_labelled_share_within_the_spread_of_the_seeds(self) -> None:
        found = evidence("trec", runs=self.rising(3, spread=0.02), full_data=full_data([0.6, 0.6]))
        row = judged("C10", found)
        # differences 0.00 and 0.02: 0.01 and 12.706 * 0.01 on both sides
        expected = "95% over 2 seeds: -0.117 to +0.137 (largest CAL - full data with up to 16%)"
        assert (row["verdict"], row["value"], row["uncertainty"]) == (OPEN, "with 11.9%", expected)
        one_seed = evidence("trec", runs=self.rising(3, seeds=1), full_data=full_data([0.6]))
        assert judged("C10", one_seed)["verdict"] == OPEN

    def test_a_seed_set_beyond_the_bound(self) -> None:
        found = evidence(
            "trec", runs=self.rising(3), full_data=full_data([0.6, 0.6]), description=description(3000, 500)
        )
        assert judged("C10", found)["value"] == "not run: no iteration with up to 16% of the training data"

    def thresholds(self, **accuracies: list[float]) -> pd.DataFrame:
        names = {"t00": "cal-threshold-0.0", "t02": "cal", "t04": "cal-threshold-0.4", "t06": "cal-threshold-0.6"}
        return runs({names[name]: values for name, values in accuracies.items()})

    @pytest.mark.parametrize(
        ("best", "rival", "verdict"),
        [
            ([0.7, 0.71], [0.6, 0.61], HOLDS),
            ([0.6, 0.61], [0.7, 0.71], FAILS),
            ([0.7, 0.7], [0.7, 0.7], FAILS),
            ([0.7, 0.72], [0.66, 0.71], OPEN),
            ([0.9], [0.1], OPEN),
        ],
    )
    def test_best_threshold(self, best: list[float], rival: list[float], verdict: str) -> None:
        others = [0.3] * len(best)
        table = self.thresholds(t00=others, t02=best, t04=rival, t06=others)
        assert judged("C11", evidence("trec", runs=table))["verdict"] == verdict

    def test_best_threshold_in_numbers(self) -> None:
        table = self.thresholds(t00=[0.3, 0.3], t02=[0.7, 0.72], t04=[0.66, 0.7], t06=[0.5, 0.5])
        row = judged("C11", evidence("trec", runs=table))
        assert row["value"] == "0.300 at 0.0, 0.710 at 0.2, 0.680 at 0.4, 0.500 at 0.6"
        assert row["uncertainty"] == "95% over 2 seeds: -0.097 to +0.157 (at 0.2 - at 0.4)"  # 0.03 -+ 12.706 * 0.01
        assert row["paper"] == "0.676 at 0.0, 0.724 at 0.2, 0.701 at 0.4, 0.706 at 0.6"

    def test_a_threshold_that_was_not_run_could_be_the_best(self) -> None:
        row = judged("C11", evidence("trec", runs=self.thresholds(t02=[0.7, 0.7], t04=[0.6, 0.6])))
        assert (row["verdict"], row["value"]) == (OPEN, "0.700 at 0.2, 0.600 at 0.4; not run: 0.0, 0.6")
        row = judged("C11", evidence("trec", runs=self.thresholds(t02=[0.6, 0.6], t04=[0.7, 0.7])))
        assert row["verdict"] == FAILS
        row = judged("C11", evidence("trec", runs=self.thresholds(t02=[0.6, 0.6])))
        assert row["value"] == "not run: no runs of CAL at 0.2 and at another threshold"

    def test_the_best_threshold_need_not_be_the_configured_one(self) -> None:
        """Where cal uses 0.4, the runs at 0.2 are those of cal-threshold-0.2."""
        table = runs({"cal": [0.6, 0.6], "cal-threshold-0.2": [0.7, 0.7], "cal-threshold-0.0": [0.5, 0.5]})
        row = judged("C11", evidence("trec", runs=table, correctness_threshold=0.4))
        assert row["value"] == "0.500 at 0.0, 0.700 at 0.2, 0.600 at 0.4; not run: 0.6"
        assert row["conditions"] == "2 of 5 seeds"

    @pytest.mark.parametrize(
        ("hybrid", "verdict"),
        [([0.65, 0.67], HOLDS), ([0.75, 0.77], FAILS), ([0.60, 0.75], OPEN), ([0.1], OPEN)],
    )
    @pytest.mark.parametrize("dataset", ["agnews", "trec"])
    def test_hybrid(self, dataset: str, hybrid: list[float], verdict: str) -> None:
        own = [0.70, 0.72][: len(hybrid)]
        found = evidence(dataset, runs=runs({"cal": own, "cal_dal": hybrid}, dataset))
        assert judged("C13", found)["verdict"] == verdict

    def test_hybrid_in_numbers(self) -> None:
        row = judged("C13", evidence("trec", runs=runs({"cal": [0.7, 0.8], "cal_dal": [0.6, 0.71]})))
        assert row["value"] == "-0.095 (0.655 - 0.750)"
        assert row["uncertainty"] == "95% over 2 seeds: -0.159 to -0.031"  # 12.706 * 0.005 = 0.0635
        assert row["paper"] == "-0.029 (0.695 - 0.724)"


class TestAcquiredBatches:
    def sharing(self, counts: Sequence[int], iterations: int = 30) -> Evidence:
        """AG News; LC acquires counts[seed] of the instances that CAL does, the other strategies none."""
        rows = []
        for seed, count in enumerate(counts):
            for offset, strategy in enumerate(FIGURE4):
                ids = 2000 + 10_000 * offset + np.arange(BATCH * iterations)
                if strategy == "least_confidence":
                    ids[:count] = 2000 + 10_000 * FIGURE4.index("cal") + np.arange(count)
                rows.append(
                    acquisitions(
                        instance_id=ids, iteration=1 + np.arange(len(ids)) // BATCH, strategy=strategy, seed=seed
                    )
                )
        seed_sets = pd.DataFrame(
            {"seed": np.repeat(range(len(counts)), 1000), "instance_id": [*range(1000)] * len(counts)}
        )
        table = runs({name: [0.5] * len(counts) for name in FIGURE4}, "agnews", iterations)
        return evidence("agnews", runs=table, acquisitions=pd.concat(rows), seed_sets=seed_sets)

    @pytest.mark.parametrize(
        ("counts", "verdict"),
        [
            ([0, 0, 0, 0, 0], HOLDS),
            ([1, 1, 1, 1, 1], HOLDS),
            ([2, 2, 2, 2, 2], FAILS),
            ([100, 120, 140, 110, 130], FAILS),
            ([2, 1, 1, 2, 1], OPEN),  # 7 in all: on the boundary
            ([0], OPEN),
        ],
    )
    def test_overlap(self, counts: list[int], verdict: str) -> None:
        assert judged("C12", self.sharing(counts))["verdict"] == verdict

    def test_overlap_in_numbers(self) -> None:
        row = judged("C12", self.sharing([100, 100, 100, 130, 130]))
        # by chance 5 * 1500 * 1500 / 119,000 = 94.5
        assert row["value"] == "Random 0, LC 560, DAL 0 of 7,500 (by chance 94.5)"
        assert (
            row["uncertainty"] == "95% over 5 seeds: 6.11% to 8.83% (LC)"
        )  # 112 -+ 2.7764 * 16.432 / sqrt(5), of 1,500
        assert row["paper"] == "at most 7 of 7,500, counted by position"
        assert row["conditions"] == ""

    def test_overlap_of_fewer_acquisitions_is_scaled(self) -> None:
        row = judged("C12", self.sharing([1, 1], iterations=3))
        assert row["verdict"] == FAILS  # 2 of 300
        assert row["value"] == "Random 0, LC 2, DAL 0 of 300 (limit 0.3; by chance 0.4)"
        assert row["conditions"] == "2 of 5 seeds; 3 of 30 iterations"

    def variabilities(self, seeds: int = 2, noise: float = 0.0, **levels: Any) -> Evidence:
        means: dict[str, Any] = {
            "random": 0.10,
            "least_confidence": 0.15,
            "dal": np.repeat([0.08, 0.07, 0.06], 2),
            "cal": 0.14,
        } | levels
        wave = noise * np.array([1, -1])[:seeds, None]
        of_seeds = {name: np.zeros((seeds, 6)) + level + wave * (name == "cal") for name, level in means.items()}
        table = runs({name: [0.5] * seeds for name in means}, "agnews", 6)
        return evidence("agnews", runs=table, acquisitions=batches("variability", of_seeds))

    @pytest.mark.parametrize(
        ("levels", "verdict"),
        [
            ({}, HOLDS),
            ({"random": 0.145}, FAILS),
            ({"least_confidence": 0.09}, FAILS),
            ({"dal": np.repeat([0.06, 0.07, 0.08], 2)}, FAILS),
            ({"dal": np.repeat([0.07, 0.05, 0.07], 2)}, FAILS),
            ({"noise": 0.01}, OPEN),
            ({"noise": 0.01, "least_confidence": 0.09}, FAILS),  # one part that fails refutes
            ({"seeds": 1}, OPEN),
        ],
    )
    def test_variability(self, levels: dict[str, Any], verdict: str) -> None:
        assert judged("C14", self.variabilities(**levels))["verdict"] == verdict

    def test_variability_in_numbers(self) -> None:
        row = judged("C14", self.variabilities(noise=0.01))
        assert row["value"] == "Random 0.100, LC 0.150, DAL 0.070, CAL 0.140; DAL's first third 0.080, last 0.060"
        # 0.14 - 0.10 = 0.04 with 12.706 * 0.01 on both sides
        assert "-0.087 to +0.167 (CAL - Random), -0.057 to +0.197 (CAL - DAL)" in row["uncertainty"]
        assert row["uncertainty"].endswith("+0.020 to +0.020 (DAL's first - last third)")

    def confidences(self, lc: np.ndarray) -> Evidence:
        levels = {"random": 0.7, "dal": 0.8, "cal": 0.5}
        means = {name: np.full(lc.shape, level) for name, level in levels.items()} | {"least_confidence": lc}
        table = runs({name: [0.5] * len(lc) for name in means}, "agnews", lc.shape[1])
        return evidence("agnews", runs=table, acquisitions=batches("confidence", means))

    def test_confidence(self) -> None:
        low_early = np.full((2, 30), 0.9)
        low_early[:, :10] = 0.4
        row = judged("C15", self.confidences(low_early))
        assert (row["verdict"], row["value"]) == (HOLDS, "Random 0.700, LC 0.400, DAL 0.800, CAL 0.500")
        assert row["uncertainty"].endswith("-0.100 to -0.100 (LC - CAL)")
        low_early[:, :10] = 0.6
        assert judged("C15", self.confidences(low_early))["verdict"] == FAILS
        low_early[0, :10] = 0.3
        assert judged("C15", self.confidences(low_early))["verdict"] == OPEN
        assert judged("C15", self.confidences(np.full((1, 30), 0.4)))["verdict"] == OPEN

    @pytest.mark.parametrize(("claim", "statistic"), [("C14", "variability"), ("C15", "confidence")])
    def test_the_paper_s_own_batches_meet_the_rules(self, claim: str, statistic: str) -> None:
        stated = paper_values("figure4", "agnews").query("statistic == @statistic")
        means = {
            name: np.tile(rows.sort_values("iteration")["mean"], (2, 1)) for name, rows in stated.groupby("strategy")
        }
        table = runs({name: [0.5, 0.5] for name in means}, "agnews")
        row = judged(claim, evidence("agnews", runs=table, acquisitions=batches(statistic, means)))
        assert row["verdict"] == HOLDS
        assert row["value"] == row["paper"]

    def correctness(self, dal: float, cal: float, seeds: int = 2, spread: float = 0.0, early: float = 0.0) -> Evidence:
        """Six batches of 100: the given shares of the last two are high-cor (0.21), the others are not (0.2)."""
        rows = []
        for strategy, share in {"dal": dal, "cal": cal, "random": 0.3}.items():
            for seed in range(seeds):
                for iteration in range(1, 7):
                    late = share + (spread * (1, -1)[seed] if strategy == "dal" else 0)
                    high = round(100 * (late if iteration > 4 else early))
                    values = np.where(np.arange(100) < high, 0.21, 0.2)
                    rows.append(acquisitions(correctness=values, strategy=strategy, seed=seed, iteration=iteration))
        table = runs({name: [0.5] * seeds for name in ("dal", "cal", "random")}, iterations=6)
        return evidence("trec", runs=table, acquisitions=pd.concat(rows))

    @pytest.mark.parametrize(
        ("given", "verdict"),
        [
            ({"dal": 0.51, "cal": 0.5}, HOLDS),
            ({"dal": 0.5, "cal": 0.4}, FAILS),
            ({"dal": 0.9, "cal": 0.95}, FAILS),
            ({"dal": 0.3, "cal": 0.2, "early": 1.0}, FAILS),
            ({"dal": 0.7, "cal": 0.1, "spread": 0.1}, OPEN),
            ({"dal": 0.9, "cal": 0.1, "seeds": 1}, OPEN),
        ],
    )
    def test_high_cor(self, given: dict[str, Any], verdict: str) -> None:
        assert judged("C16", self.correctness(**given))["verdict"] == verdict

    def test_high_cor_in_numbers(self) -> None:
        row = judged("C16", self.correctness(0.7, 0.4, spread=0.01))
        assert row["value"] == "Random 30.0%, DAL 70.0%, CAL 40.0%"
        # 12.706 * 0.01 = 12.7 points on both sides
        assert row["uncertainty"] == "95% over 2 seeds: 57.3% to 82.7% (DAL), 17.3% to 42.7% (DAL - CAL)"
        assert row["paper"] == "mean correctness Random 0.636, LC 0.522, DAL 0.597, CAL 0.580"
        above = replace(self.correctness(0.7, 0.4), correctness_threshold=0.21)
        assert judged("C16", above)["value"] == "Random 0.0%, DAL 0.0%, CAL 0.0%"

    def test_too_few_iterations_for_thirds(self) -> None:
        found = self.correctness(0.9, 0.1)
        assert found.acquisitions is not None
        found = replace(found, acquisitions=found.acquisitions.query("iteration < 3"))
        assert judged("C16", found)["value"] == "not run: fewer than three iterations"


def seed_map(low: np.ndarray, rest: np.ndarray) -> pd.DataFrame:
    confidence = np.concatenate([low, rest])
    correctness = np.repeat([0.2, 0.3], [len(low), len(rest)])
    return pd.DataFrame({"confidence": confidence, "variability": confidence[::-1], "correctness": correctness})


def full_map(confidence: Sequence[float], correctness: Sequence[float], times: int) -> pd.DataFrame:
    return pd.DataFrame({"confidence": np.repeat(confidence, times), "correctness": np.repeat(correctness, times)})


class TestDataMaps:
    @pytest.mark.parametrize(
        ("overlapping", "verdict"),
        [(0, HOLDS), (30, OPEN), (150, FAILS)],
    )
    @pytest.mark.parametrize("dataset", ["agnews", "trec"])
    def test_low_cor_is_told_apart(self, dataset: str, overlapping: int, verdict: str) -> None:
        """Of 200 low-cor instances, some lie within the others, which doubles as an area of 1 - overlapping / 400."""
        low = np.linspace(0.0, 0.3, 200)
        rest = np.linspace(0.5, 0.9, 300)
        low[200 - overlapping :] = np.linspace(0.5, 0.9, overlapping)
        row = judged("C17", evidence(dataset, seed_map=seed_map(low, rest)))
        assert row["verdict"] == verdict
        area = float(re.findall(r"confidence (\S+),", row["value"])[0])
        assert area == pytest.approx(1 - overlapping / 400, abs=0.001)
        assert row["value"].startswith("low-cor 40.0% of 500; ")
        assert row["uncertainty"].startswith("95% over instances: ")

    def test_both_areas(self) -> None:
        row = judged("C17", evidence("trec", seed_map=seed_map(np.array([0.1, 0.2]), np.array([0.3, 0.4]))))
        assert row["value"] == "low-cor 50.0% of 4; area of confidence 1.000, of variability 0.000"
        assert (row["verdict"], row["conditions"]) == (HOLDS, "4 of 500 texts in the seed set")

    @pytest.mark.parametrize("low", [[], [0.1]])
    def test_nothing_to_tell_apart(self, low: list[float]) -> None:
        row = judged("C17", evidence("trec", seed_map=seed_map(np.array(low), np.array([0.3, 0.4, 0.5]))))
        assert row["verdict"] == OPEN
        assert row["value"].endswith("too few of one kind to tell apart")

    @pytest.mark.parametrize(
        ("confidence", "times", "verdict", "mode"),
        [
            ([0.82, 0.82, 0.3], 100, HOLDS, 0.82),
            ([0.70, 0.70, 0.3], 100, HOLDS, 0.70),
            ([0.90, 0.90, 0.3], 100, HOLDS, 0.90),
            ([0.66, 0.66, 0.8], 100, FAILS, 0.66),
            ([0.94, 0.94, 0.8], 100, FAILS, 0.94),
            ([0.82, 0.82, 0.3], 4, OPEN, 0.82),
            ([0.82, 0.3], 100, OPEN, 0.30),
        ],
    )
    def test_dense_at_high_confidence(self, confidence: list[float], times: int, verdict: str, mode: float) -> None:
        found = evidence("agnews", full_map=full_map(confidence, [0.9] * len(confidence), times))
        row = judged("C18", found)
        assert (row["verdict"], row["paper"]) == (verdict, "mode about 0.8")
        assert row["value"] == f"mode {mode:.2f}; 0.0% at correctness <= 0.2"

    @pytest.mark.parametrize(
        ("confidence", "correctness", "times", "verdict"),
        [
            ([0.3, 0.3, 0.8], [0.1, 0.2, 0.9], 100, HOLDS),
            ([0.3, 0.3, 0.8], [0.3, 0.3, 0.2], 100, HOLDS),
            ([0.3, 0.3, 0.8], [0.3, 0.3, 0.3], 100, FAILS),
            ([0.8, 0.8, 0.3], [0.1, 0.1, 0.1], 100, FAILS),
            ([0.3, 0.3, 0.3, 0.8], [0.2, 0.9, 0.9, 0.9], 100, OPEN),  # a quarter
            ([0.3, 0.3, 0.8], [0.1, 0.2, 0.9], 1, OPEN),
        ],
    )
    def test_dense_at_low_confidence(
        self, confidence: list[float], correctness: list[float], times: int, verdict: str
    ) -> None:
        row = judged("C18", evidence("trec", full_map=full_map(confidence, correctness, times)))
        assert row["verdict"] == verdict
        assert "0.2 to 0.4, and more than 25% of" in row["rule"]

    def test_dense_in_numbers(self) -> None:
        row = judged("C18", evidence("trec", full_map=full_map([0.3, 0.3, 0.8], [0.1, 0.9, 0.9], 100)))
        # bins hold 2/3 and 1/3: 1/3 -+ 1.96 * sqrt((1 - 1/9) / 300); Wilson for 100 of 300
        expected = "+22.7% to +44.0% (fullest bin inside - outside), 28.2% to 38.8% (low correctness)"
        assert row["uncertainty"] == f"95% over instances: {expected}"
        assert row["value"] == "mode 0.30; 33.3% at correctness <= 0.2"


class TestConditions:
    def test_none_under_the_paper_s_conditions(self) -> None:
        found = evidence("trec", runs=runs({"cal": [0.7] * 5, "cal_dal": [0.6] * 5}))
        assert judged("C13", found)["conditions"] == ""

    def test_every_condition_that_differs(self) -> None:
        table = runs({"cal": [0.7] * 7, "cal_dal": [0.6] * 7}, iterations=10)
        table["labelled"] = 200 + 25 * table["iteration"]
        found = evidence(
            "agnews",
            runs=table,
            description=description(51_591, 7601),
            embedding_source="some/folder/model.bin",
            correctness_threshold=0.4,
        )
        assert judged("C13", found)["conditions"].split("; ") == [
            "vectors: model.bin instead of cc.en.300",
            "51,591 of 120,000 training texts",
            "7,601 test texts instead of 7,600",
            "7 seeds instead of 5",
            "10 of 30 iterations",
            "200 of 1,000 texts in the seed set",
            "25 of 50 texts in a batch",
            "correctness threshold 0.4 instead of 0.2",
        ]

    def test_only_those_that_the_number_depends_on(self) -> None:
        found = evidence(
            "trec",
            runs=runs({"cal": [0.7, 0.7]}),
            full_map=full_map([0.3], [0.1], 9),
            seed_map=seed_map(np.array([0.1, 0.2]), np.full(498, 0.5)),
            description=description(5000, 400),
            embedding_source="corpus",
            correctness_threshold=0.25,
        )
        common = "vectors: corpus instead of cc.en.300; 5,000 of 5,452 training texts"
        assert judged("C18", found)["conditions"] == common
        assert judged("C17", found)["conditions"] == f"{common}; correctness threshold 0.25 instead of 0.2"

    def test_unknown_conditions_are_left_out(self) -> None:
        found = Evidence("trec", "as_written", full_map=full_map([0.3], [0.1], 9))
        assert judged("C18", found)["conditions"] == ""


class TestJudgeClaims:
    @pytest.mark.parametrize(("dataset", "count"), [("agnews", 14), ("trec", 10), ("docstrings", 0)])
    def test_a_data_set_that_was_not_run(self, dataset: str, count: int) -> None:
        frame = judge_claims(Evidence(dataset, "released"))
        assert tuple(frame.columns) == COLUMNS
        assert (frame.dtypes == "str").all()
        assert len(frame) == count
        assert (frame["verdict"] == OPEN).all()
        assert (frame["value"] == "not run").all()
        assert (frame["uncertainty"] == "-").all()
        assert (frame["conditions"] == "").all()
        assert (frame["protocol"] == "released").all()
        assert not (frame[["statement", "paper", "rule"]] == "").any(axis=None)

    def test_a_part_that_was_not_run(self) -> None:
        values = judge_claims(evidence("agnews", runs=runs({"cal": [0.7, 0.7]}, "agnews"))).set_index("claim")["value"]
        assert values["C1"] == "not run: no runs of Random, LC, Entropy, BALD, DAL"
        assert values["C8"] == "not run: no full data"
        assert values["C11"] == "not run: no runs of CAL at 0.2 and at another threshold"
        assert values["C13"] == "not run: no runs of CAL+DAL"
        assert values["C14"] == "not run: no acquisitions"
        assert values["C17"] == "not run: no seed map"
        assert values["C18"] == "not run: no full map"

    def test_damaged_runs_are_an_error(self) -> None:
        table = runs({"cal": [0.7, 0.7], "cal_dal": [0.6, 0.6]})
        with pytest.raises(DataError, match="missing"):
            judge_claims(evidence("trec", runs=table.drop(index=40)))

    def test_boundaries_and_numbers_of_the_paper_come_from_its_values(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def other(dataset: str, name: str) -> float | None:
            changed = {"cal_fraction_of_full_data_accuracy": 0.5, "full_map_confidence_mode": 0.6}
            return changed.get(name, text_value(dataset, name))

        monkeypatch.setattr("cartography_al.claims.rule.text_value", other)
        found = evidence(
            "agnews",
            runs=runs({"cal": [0.6, 0.6]}, "agnews"),
            full_data=full_data([1.0, 1.0]),
            full_map=full_map([0.6], [0.9], 100),
        )
        share, mode = judged("C8", found), judged("C18", found)
        assert (share["verdict"], mode["verdict"], mode["paper"]) == (HOLDS, HOLDS, "mode about 0.6")
        assert "at least 0.495, which rounds to 50%" in share["rule"]
        assert "0.5 to 0.7" in mode["rule"]


class TestCompleteClaims:
    def both(self) -> pd.DataFrame:
        found = evidence("trec", runs=runs({"cal": [0.7, 0.71], "cal_dal": [0.6, 0.61]}), embedding_source="corpus")
        return complete_claims([judge_claims(found)], ["as_written", "released"])

    def test_what_was_not_judged_was_not_run(self) -> None:
        frame = self.both()
        assert len(frame) == 2 * (14 + 10)
        judged_ones = frame[~frame["value"].str.startswith("not run")]
        assert judged_ones[["claim", "dataset", "protocol"]].to_numpy().tolist() == [["C13", "trec", "as_written"]]

    def test_order(self) -> None:
        frame = self.both()
        assert frame["dataset"].drop_duplicates().tolist() == ["agnews", "trec"]
        trec = frame[frame["dataset"] == "trec"]
        assert trec["protocol"].tolist() == ["as_written", "released"] * 10
        assert trec["claim"].drop_duplicates().tolist() == [f"C{n}" for n in (2, 5, 7, 9, 10, 11, 13, 16, 17, 18)]

    def test_table(self) -> None:
        table = claims_table(self.both())
        assert list(table.header) == ["Claim", "Statement", "Paper", "As written", "Verdict", "Released", "Verdict"]
        assert [block.heading for block in table.blocks] == ["AG News", "TREC"]
        assert [len(block.rows) for block in table.blocks] == [14, 10]
        assert {len(row) for block in table.blocks for row in block.rows} == {7}
        row = next(row for row in table.blocks[1].rows if row[0].text == "C13")
        assert row[2].text == "-0.029 (0.695 - 0.724)"
        assert row[3] == Cell("-0.100 (0.605 - 0.705) [95% over 2 seeds: -0.100 to -0.100]")
        assert row[4:] == [Cell("holds", "bold"), Cell("not run"), Cell("cannot be decided", "italic")]
        assert "TREC, as written: of 10 claims 1 hold, 0 do not hold, and 9 cannot be decided." in table.notes
        assert "Unlike the paper, TREC, as written: vectors: corpus instead of cc.en.300; 2 of 5 seeds." in table.notes
        rules = [note.split(":")[0] for note in table.notes if re.match(r"C\d", note)]
        assert rules == ["C1, C2", "C3", "C4, C5", *(f"C{n}" for n in range(6, 18)), "C18 (AG News)", "C18 (TREC)"]
        assert to_csv(table).splitlines()[0] == ",".join(COLUMNS)

    def test_conditions_of_some_claims_name_them(self) -> None:
        found = evidence(
            "trec", runs=runs({"cal": [0.7, 0.7], "cal_dal": [0.6, 0.6]}), full_map=full_map([0.3], [0.1], 9)
        )
        table = claims_table(complete_claims([judge_claims(found)], ["as_written"]))
        assert "Unlike the paper, TREC, as written: 2 of 5 seeds (C13)." in table.notes

    def test_no_claims(self) -> None:
        with pytest.raises(DataError, match="table of claims is empty"):
            claims_table(judge_claims(Evidence("docstrings", "as_written")))

    def test_written_forms(self, tmp_path: Path) -> None:
        table = claims_table(self.both())
        assert "| --- | --- | --- | --- | --- | --- | --- |" in to_markdown(table)
        latex = to_latex(table)
        assert latex.count(r"\begin{longtable}") == latex.count(r"\end{longtable}") == 1
        if shutil.which("pdflatex") is None:
            pytest.skip("pdflatex is not installed")
        packages = r"\usepackage{array,booktabs,longtable}"
        document = rf"\documentclass{{article}}{packages}\begin{{document}}{latex}\end{{document}}"
        (tmp_path / "document.tex").write_text(document, encoding="utf-8")
        command = ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "document.tex"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False)
        assert done.returncode == 0, done.stdout[-2000:]
