"""What one run found, as the claims ask for it. It judges nothing."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.analysis.runs import curve_table
from cartography_al.naming import in_order, strategy_title
from cartography_al.paper import paper_setting, paper_values
from cartography_al.significance.readings import PAPER_CALL


class NotRun(Exception):
    """What a claim needs was not run; the message says what, and nothing where there are no results at all."""


class NotJudged(NotRun):
    """A claim that no run of this project can judge; the message says why."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a run found on one data set under one protocol; None for what it does not have.

    dataset: a key such as "trec".   representation: its title, empty where there is one only.
    runs, acquisitions, seed_sets: as `active_learning.collect` returns them.
    full_data: columns seed, test_accuracy, after training on everything.   significance: from `read_three_ways`, of
    the pooled scores of the paper's Table 2.   full_maps, seed_maps: data maps of the training split and of the seed
    sets, one below the other, with a column seed.
    no_ceiling: as `analysis.full_data.no_ceiling` says why accuracies are not set against full_data; None if they are.
    description: the data set's dataset.json.   embedding_source: "corpus", "cc.en.300" or a file of vectors.
    correctness_threshold: the one that `cal` uses; correctness_rounding (D7): as `high_correctness` takes it.
    margin: the largest difference of mean accuracies that does not matter.
    The methods raise NotRun where what they return was not run.
    """

    dataset: str
    protocol: str
    representation: str = ""
    runs: pd.DataFrame | None = None
    full_data: pd.DataFrame | None = None
    no_ceiling: str | None = None
    acquisitions: pd.DataFrame | None = None
    seed_sets: pd.DataFrame | None = None
    significance: pd.DataFrame | None = None
    full_maps: pd.DataFrame | None = None
    seed_maps: pd.DataFrame | None = None
    description: Mapping[str, Any] | None = None
    embedding_source: str | None = None
    correctness_threshold: float | None = None
    correctness_rounding: bool = False
    margin: float | None = None

    def runs_of(self, *strategies: str) -> pd.DataFrame:
        """The runs of the strategies, each of which has some."""
        return _of_strategies(self.needed("runs"), strategies, "runs")

    def acquisitions_of(self, *strategies: str) -> pd.DataFrame:
        """The acquisitions of the strategies, each of which has some."""
        return _of_strategies(self.needed("acquisitions"), strategies, "acquisitions")

    @cached_property
    def curves(self) -> pd.DataFrame:
        """Test accuracies: index (strategy, seed), columns iteration."""
        return curve_table(self.needed("runs"))

    def curves_of(self, *strategies: str) -> pd.DataFrame:
        """The curves of the strategies, each of which has some."""
        self.runs_of(*strategies)
        return self.curves.loc[list(strategies)]

    def final_accuracies(self, *strategies: str) -> pd.DataFrame:
        """Test accuracy after the last iteration: index seed, one column for each strategy."""
        return self.curves_of(*strategies).iloc[:, -1].unstack("strategy")

    def areas(self, *strategies: str, first: int = 0, last: int | None = None) -> pd.DataFrame:
        """Mean height of the learning curves from one iteration to another: index seed, a column for each strategy."""
        curves = self.curves_of(*strategies).loc[:, first:last]
        if curves.shape[1] < 2:
            raise NotRun("a single iteration, no learning curve")
        heights = np.trapezoid(curves.to_numpy(), axis=1) / (curves.shape[1] - 1)  # as analysis.runs.area_under_curve
        return pd.Series(heights, curves.index).unstack("strategy")

    def batch_means(self, column: str, *strategies: str) -> pd.DataFrame:
        """Mean of a column over each batch: index (seed, iteration), ascending, one column for each strategy."""
        batches = self.acquisitions_of(*strategies).groupby(["seed", "iteration", "strategy"])
        return batches[column].mean().unstack("strategy")

    def eps_min(self, a: str, b: str) -> float:
        """eps_min of strategy a over b by the paper's call, with the two decimals that its authors print."""
        self.runs_of(a, b)
        frame = self.needed("significance")
        own = (frame["reading"] == PAPER_CALL) & (frame["strategy_a"] == a) & (frame["strategy_b"] == b)
        if not own.any():
            raise NotRun(f"no test of {strategy_title(a)} over {strategy_title(b)}")
        return round(float(frame.loc[own, "eps_min"].iloc[0]), 2)

    def dealt(self, strategies: Sequence[str], random: np.random.Generator) -> "Evidence":
        """The same runs, those of each seed dealt anew to the strategies' names: then no strategy differs from another.

        Tests of significance are left out, because they are of the runs as they were.
        """
        frames = {}
        seeds = sorted(self.needed("runs")["seed"].unique())
        names = np.array([random.permutation(strategies) for _ in seeds], dtype=object)
        for field in ("runs", "acquisitions"):
            frame = getattr(self, field)
            if frame is not None:
                own = frame[frame["strategy"].isin(strategies)]
                position = pd.Index(strategies).get_indexer(own["strategy"])
                frames[field] = own.assign(strategy=names[pd.Index(seeds).get_indexer(own["seed"]), position])
        return replace(self, **frames, significance=None)

    @property
    def train_rows(self) -> int:
        """Instances of the training split."""
        return int(self.needed("description")["splits"]["train"]["rows"])

    @property
    def least_difference(self) -> float:
        """The margin."""
        return float(self.needed("margin"))

    @property
    def threshold(self) -> float:
        """The correctness threshold that `cal` uses."""
        return float(self.needed("correctness_threshold"))

    def needed(self, name: str) -> Any:
        """The named field, if it is there."""
        value = getattr(self, name)
        if value is None:
            raise NotRun("" if self.runs is None and self.full_maps is None else f"no {name.replace('_', ' ')}")
        return value

    def differences(self, depends_on: Collection[str]) -> Iterable[str]:
        """Where this run's conditions differ from the paper's, of those that a number depends on.

        depends_on: always word vectors and training texts; "test": test texts; "runs": seeds, iterations, sizes of the
        seed set and of a batch; "threshold": the correctness threshold; "seed_map": size of the seed set mapped.
        """
        paper = paper_values("table1", self.dataset).iloc[0]
        source, stated_source = self.embedding_source, paper_setting("embedding_source")
        if source is not None and source != stated_source:
            yield f"vectors: {PurePath(source).name} instead of {stated_source}"
        if self.description is not None:
            splits = self.description["splits"]
            yield from _amount(splits["train"]["rows"], paper["train_rows"], "training texts")
            if "test" in depends_on:
                yield from _amount(splits["test"]["rows"], paper["test_rows"], "test texts")
        if "runs" in depends_on and self.runs is not None:
            sizes = self.runs.groupby("iteration")["labelled"].max()
            yield from _amount(self.runs["seed"].nunique(), int(paper_setting("seeds")), "seeds")
            yield from _amount(int(sizes.index.max()), int(paper_setting("iterations")), "iterations")
            yield from _amount(int(sizes.iloc[0]), paper["seed_set_size"], "texts in the seed set")
            if len(sizes) > 1:
                yield from _amount(int(sizes.diff().max()), int(paper_setting("query_size")), "texts in a batch")
        if "seed_map" in depends_on and self.seed_maps is not None:
            sizes = self.seed_maps.groupby("seed").size()
            yield from _amount(int(sizes.max()), paper["seed_set_size"], "texts in the seed set")
        threshold, stated = self.correctness_threshold, float(paper_setting("correctness_threshold"))
        if "threshold" in depends_on and threshold is not None and threshold != stated:
            yield f"correctness threshold {threshold:g} instead of {stated:g}"


def _of_strategies(frame: pd.DataFrame, strategies: Collection[str], what: str) -> pd.DataFrame:
    missing = set(strategies).difference(frame["strategy"].unique())
    if missing:
        raise NotRun(f"no {what} of {', '.join(map(strategy_title, in_order(missing)))}")
    return frame[frame["strategy"].isin(strategies)]


def _amount(found: int, stated: int, what: str) -> Iterable[str]:
    if found < stated:
        yield f"{found:,} of {stated:,} {what}"
    elif found > stated:
        yield f"{found:,} {what} instead of {stated:,}"
