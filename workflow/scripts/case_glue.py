"""What the scripts of figures and tables share: the data sets of their rule, each with its title and its frames."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import pandas as pd
from glue import read_json

from cartography_al.analysis.runs import exhausted_at
from cartography_al.naming import Subject


@dataclass(frozen=True)
class Case:
    """One data set under one representation and protocol.

    subject: what a reader calls it.   paths: of its files, by the name of the rule's input.
    """

    subject: Subject
    paths: Mapping[str, str]

    def frame(self, name: str) -> pd.DataFrame:
        """The frame that the rule's input of that name holds."""
        return _read_frame(self.paths[name])

    def of_strategies(self, name: str, strategies: Iterable[str]) -> pd.DataFrame:
        """The frame's rows of these strategies."""
        frame = self.frame(name)
        return frame[frame["strategy"].isin(list(strategies))]

    @cached_property
    def description(self) -> dict[str, Any]:
        """The data set's dataset.json."""
        return read_json(self.paths["description"])

    @property
    def train_rows(self) -> int:
        """Instances of the training split."""
        return int(self.description["splits"]["train"]["rows"])

    @property
    def exhausted_at(self) -> int | None:
        """The iteration at which the pool was exhausted; None if it was not."""
        return exhausted_at(self.frame("runs"), self.train_rows)


def cases(snakemake: Any, others: Iterable[str] = ()) -> list[Case]:
    """The cases of a rule whose inputs are named by common.smk's `of_cases` and whose parameters hold the subjects.

    others: names of inputs that are not of single cases.
    """
    paths = {name: files for name, files in snakemake.input.items() if name not in {"code", *others}}
    return [
        Case(Subject(*subject), {name: files[position] for name, files in paths.items()})
        for position, subject in enumerate(snakemake.params.subjects)
    ]


def exhausted_pools(shown: Iterable[Case]) -> dict[Subject, int]:
    """The iteration at which its pool was exhausted, for each case where it was."""
    return {case.subject: iteration for case in shown if (iteration := case.exhausted_at) is not None}


@cache
def _read_frame(path: str) -> pd.DataFrame:
    return pd.read_parquet(path)
