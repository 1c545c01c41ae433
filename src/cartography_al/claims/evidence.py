"""What one run found, as the claims ask for it. It judges nothing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.analysis.runs import curve_table
from cartography_al.naming import in_order, strategy_title
from cartography_al.paper import paper_setting, paper_values
from cartography_al.significance.intervals import Estimate


class NotRun(Exception):
    """What a claim needs was not run; the message says what, and nothing where there are no results at all."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What a run found on one data set under one protocol; None for what it does not have.

    dataset: a key such as "trec".   runs, acquisitions, seed_sets: as `checkpoints.collect` returns them.
    full_data: columns seed, test_accuracy, after training on everything.   significance: from `aso_table`, with the
    pooled scores of the paper's Table 2.   full_map, seed_map: data maps of the training split and of a seed set.
    description: the data set's dataset.json.   embedding_source: "corpus", "cc.en.300" or a file of vectors.
    correctness_threshold: the one that `cal` uses.
    The methods raise NotRun where what they return was not run.
    """

    dataset: str
    protocol: str
    runs: pd.DataFrame | None = None
    full_data: pd.DataFrame | None = None
    acquisitions: pd.DataFrame | None = None
    seed_sets: pd.DataFrame | None = None
    significance: pd.DataFrame | None = None
    full_map: pd.DataFrame | None = None
    seed_map: pd.DataFrame | None = None
    description: Mapping[str, Any] | None = None
    embedding_source: str | None = None
    correctness_threshold: float | None = None

    def runs_of(self, *strategies: str) -> pd.DataFrame:
        """The runs of the strategies, each of which has some."""
        return _of_strategies(self.needed("runs"), strategies, "runs")

    def acquisitions_of(self, *strategies: str) -> pd.DataFrame:
        """The acquisitions of the strategies, each of which has some."""
        return _of_strategies(self.needed("acquisitions"), strategies, "acquisitions")

    def final_accuracies(self, *strategies: str) -> pd.DataFrame:
        """Test accuracy after the last iteration: index seed, one column for each strategy."""
        return curve_table(self.runs_of(*strategies)).iloc[:, -1].unstack("strategy")

    def eps_min(self, a: str, b: str) -> "Estimate":
        """eps_min of strategy a over b. It is a bound, so its interval is the number itself; none for one seed."""
        seeds, frame = self.runs_of(a, b)["seed"].nunique(), self.needed("significance")
        found = frame.loc[(frame["strategy_a"] == a) & (frame["strategy_b"] == b), "eps_min"]
        if found.empty:
            raise NotRun(f"no test of {strategy_title(a)} over {strategy_title(b)}")
        value = float(found.iloc[0])
        return Estimate(value, value, value) if seeds > 1 else Estimate(value, np.nan, np.nan)

    @property
    def train_rows(self) -> int:
        """Instances of the training split."""
        return int(self.needed("description")["splits"]["train"]["rows"])

    @property
    def threshold(self) -> float:
        """The correctness threshold that `cal` uses."""
        return float(self.needed("correctness_threshold"))

    def needed(self, name: str) -> Any:
        """The named field, if it is there."""
        value = getattr(self, name)
        if value is None:
            raise NotRun("" if self.runs is None and self.full_map is None else f"no {name.replace('_', ' ')}")
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
        if "seed_map" in depends_on and self.seed_map is not None:
            yield from _amount(len(self.seed_map), paper["seed_set_size"], "texts in the seed set")
        threshold, stated = self.correctness_threshold, float(paper_setting("correctness_threshold"))
        if "threshold" in depends_on and threshold is not None and threshold != stated:
            yield f"correctness threshold {threshold:g} instead of {stated:g}"


def _of_strategies(frame: pd.DataFrame, strategies: Collection[str], what: str) -> pd.DataFrame:
    missing = set(strategies) - set(frame["strategy"])
    if missing:
        raise NotRun(f"no {what} of {', '.join(map(strategy_title, in_order(missing)))}")
    return frame[frame["strategy"].isin(strategies)]


def _amount(found: int, stated: int, what: str) -> Iterable[str]:
    if found < stated:
        yield f"{found:,} of {stated:,} {what}"
    elif found > stated:
        yield f"{found:,} {what} instead of {stated:,}"
