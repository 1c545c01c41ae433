"""Judge committed reference runs anew, by the rules of today: the claims that test accuracies alone decide.

No rule: `make judge` calls it. The runs are those of results/reference/<experiment>/runs.csv; claims that need batches
or data maps are left out, because those are not kept there. Several experiments are judged as one: strategies, seeds
and protocols of the same data that were run apart.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from reference import CHAIN, REFERENCE, of_chain
from snakemake.utils import update_config

from cartography_al.analysis.full_data import no_ceiling
from cartography_al.claims.evidence import Evidence
from cartography_al.claims.judge import judge_claims
from cartography_al.claims.rule import was_judged
from cartography_al.errors import CartographyError, DataError
from cartography_al.files import write_text
from cartography_al.naming import in_order, strategy_title
from cartography_al.pipeline.plan import Plan
from cartography_al.pipeline.reference import allowed_difference
from cartography_al.significance.aso import pooled_scores
from cartography_al.significance.readings import read_three_ways
from cartography_al.tables.claims import claims_table
from cartography_al.tables.formats import to_csv, to_markdown

NAME = "claims_of_accuracies"
DECIDES = (
    *("run.datasets", "run.seed_set", "run.iterations", "run.query_size", "datasets", "embedding", "representations"),
    *("main_classifier", "binary_classifier", "optimizer", "acquisition"),
)
"""What of the configuration must be the same in experiments that are judged as one."""
UNITED = (("run", "strategies"), ("analysis", "compared_strategies"), ("analysis", "claim_protocols"))
"""What of it is laid together."""
FULL_DATA = [*CHAIN[:3], "seed"]
SCORES = ["test_accuracy", "macro_f1"]


def read_reference(experiment: str) -> tuple[dict[str, Any], pd.DataFrame]:
    """Return the configuration of a committed reference run, with the keys of today that it lacks, and its runs.csv.

    Raises: DataError for a reference run that is not there.
    """
    folder = REFERENCE / experiment
    if not (folder / "runs.csv").is_file():
        raise DataError(f"{folder}/runs.csv: no such file; {REFERENCE} has the experiments that are there")
    config, own_config = (
        yaml.safe_load(path.read_text("utf-8")) for path in (Path("config.yaml"), folder / "config.yaml")
    )
    update_config(config, own_config)
    return config, _with_representation(pd.read_csv(folder / "runs.csv"), config)


def judge(experiments: Sequence[str]) -> Path:
    """Write claims_of_accuracies.csv and .md of reference runs, and return the latter's path.

    They go into the tables of the experiment, of the first one where several are judged as one.
    Raises: DataError for a reference run that is not there, for runs that no such claim is about, and for experiments
    that are not of the same data and settings, or disagree about a chain that both have, or about full data by more
    than another machine explains.
    """
    config, runs, full_data, notes = read_together(experiments)
    plan = Plan(config)
    texts = provenance(experiments[0])["texts"]
    significance = {key: config["analysis"]["significance"][key] for key in ("alpha", "bootstrap_iterations", "seed")}
    judged = []
    for case in plan.judged:
        own, full = (of_chain(frame, case._asdict()) for frame in (runs, full_data))
        if own.empty:
            continue
        own, left_out = with_all_seeds(own)
        if left_out:
            notes.append(f"{case.protocol}: left out, because they have fewer seeds: {', '.join(left_out)}.")
        compared = [name for name in plan.compared if name in set(own["strategy"])]
        evidence = Evidence(
            **plan.claim_settings(case),
            runs=own,
            full_data=full,
            no_ceiling=no_ceiling(own, full) if "test_rows" in full else None,  # which the older runs do not have
            significance=read_three_ways(pooled_scores(own, compared), **significance),
            description={"splits": texts[case.dataset]["splits"]},
        )
        judged.append(judge_claims(evidence))
    if not judged:
        what = ", ".join(experiments)
        raise DataError(f"{what}: no runs about a data set of the paper, which alone has claims to judge")
    claims = pd.concat(judged)
    table = claims_table(claims[claims["value"].map(was_judged)].reset_index(drop=True))
    first = "Judged from the test accuracies alone; claims that need batches or data maps are left out."
    if len(experiments) > 1:
        first += f" The runs are those of {', '.join(experiments)}."
    table = replace(table, name=NAME, notes=[first, *notes, *table.notes])
    folder = REFERENCE / experiments[0] / "tables"
    write_text(folder / f"{NAME}.csv", to_csv(table))
    write_text(folder / f"{NAME}.md", to_markdown(table))
    return folder / f"{NAME}.md"


def read_together(experiments: Sequence[str]) -> tuple[dict[str, Any], pd.DataFrame, pd.DataFrame, list[str]]:
    """Return one configuration, runs and trainings on full data of experiments that were run apart, and notes.

    Raises: as `judge`.
    """
    configs, runs = map(list, zip(*map(read_reference, experiments), strict=True))
    full_data = {
        name: _with_representation(pd.read_csv(REFERENCE / name / "full_data.csv"), config)
        for name, config in zip(experiments, configs, strict=True)
    }
    config = configs[0]
    for name, other in zip(experiments, configs, strict=True):
        if differing := differing_settings(other, config):
            raise DataError(f"{name}: not of the same {', '.join(differing)} as {experiments[0]}; judge it by itself")
    for section, key in UNITED:  # strategies in the order of readers, protocols by the alphabet
        config[section][key] = in_order(name for one in configs for name in one[section][key])
    return config, _united(runs, [*CHAIN, "iteration"]), *_united_full_data(full_data)


def with_all_seeds(runs: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the runs of strategies that have every seed, as paired seeds need, and the titles of the others."""
    seeds = runs.groupby("strategy")["seed"].nunique()
    fewer = seeds.index[seeds < runs["seed"].nunique()]
    return runs[~runs["strategy"].isin(fewer)], [strategy_title(name) for name in in_order(fewer)]


def provenance(experiment: str) -> Any:
    """Return what provenance.json of a committed reference run says."""
    return json.loads((REFERENCE / experiment / "provenance.json").read_text("utf-8"))


def differing_settings(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the keys of DECIDES of which two configurations have different values."""

    def value(config: Mapping[str, Any], key: str) -> Any:
        section, _, name = key.partition(".")
        return config[section][name] if name else config[section]

    return [key for key in DECIDES if value(one, key) != value(other, key)]


def _with_representation(frame: pd.DataFrame, config: dict[str, Any]) -> pd.DataFrame:
    """Add the representation to a frame of a time when an experiment had one only."""
    return frame if "representation" in frame else frame.assign(representation=next(iter(Plan(config).representations)))


def _united(frames: Sequence[pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """Return all rows, those once that several have; which must not differ in their scores."""
    rows = pd.concat(frames, ignore_index=True).drop_duplicates([*keys, *SCORES], ignore_index=True)
    twice = rows[rows.duplicated(keys)]
    if len(twice):
        named = ", ".join(f"{key} {value}" for key, value in twice.iloc[0][keys].items())
        raise DataError(f"two of the experiments disagree about the accuracy of {named}; judge them by themselves")
    return rows


def _united_full_data(frames: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, list[str]]:
    """Return all trainings on full data, the first experiment's where several have one, and notes on those that differ.

    frames: of each experiment.
    Raises: DataError for what differs on one machine, or by more than `make verify` allows on another one.
    """
    rows = pd.concat([frame.assign(experiment=name) for name, frame in frames.items()], ignore_index=True)
    united, notes = rows.drop_duplicates(FULL_DATA, ignore_index=True), []
    machines = {name: provenance(name)["machine"] for name in frames}
    for name, frame in frames.items():
        both = united.merge(frame, on=FULL_DATA, suffixes=("", "_here"))
        other = both[both[SCORES].ne(both[[f"{score}_here" for score in SCORES]].set_axis(SCORES, axis=1)).any(axis=1)]
        if other.empty:
            continue
        first = other["experiment"].iloc[0]
        difference = (both["test_accuracy"] - both["test_accuracy_here"]).abs()
        allowed = allowed_difference(both.assign(iteration=both.groupby(CHAIN[:3]).ngroup()))
        if machines[first] == machines[name] or difference.max() > allowed:
            raise DataError(f"{name} and {first} disagree about the accuracy of full data; judge them by themselves")
        here, there = (machines[one]["processor"] for one in (name, first))
        notes.append(
            f"{name} was computed on {here}, {first} on {there}: the last digits of a training differ. So do "
            f"{(difference > 0).sum()} of the {len(both)} accuracies of full data that both have, by "
            f"{difference.max():.4f} at most ({allowed:.4f} are allowed); those of {first} count."
        )
    return united, notes


def on_experiments(description: str | None, work: Callable[[list[str]], Path]) -> None:
    """Call the work with the experiments of the command line, and print the path that it returns or its error."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("experiments", nargs="+", help="names of experiments, as in results/reference/<experiment>/")
    try:
        print(work(parser.parse_args().experiments))
    except CartographyError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    on_experiments(__doc__, judge)
