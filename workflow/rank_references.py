"""Rank the strategies of committed reference runs: data sets, and strategies of one data set, that were run apart.

No rule: `make ranks` calls it. It writes results/reference/ranks.csv and ranks.md.
"""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
from judge_reference import differing_settings, on_experiments, provenance, read_reference
from reference import CHAIN, REFERENCE

from cartography_al.analysis.pool_samples import pool_sample_notes, pool_samples
from cartography_al.errors import DataError
from cartography_al.files import write_text
from cartography_al.pipeline.plan import Plan
from cartography_al.significance.paired import seed_areas
from cartography_al.significance.ranks import mean_ranks, pairwise_wins
from cartography_al.tables.formats import to_csv, to_markdown
from cartography_al.tables.ranks import ranks_table
from cartography_al.tables.table import with_notes


def rank(experiments: list[str]) -> Path:
    """Write the mean ranks over all cases of reference runs, and return the path of ranks.md.

    A case is a data set with a representation under a protocol. Where several runs have one, their strategies are
    ranked together; of a strategy that more than one has, the chains of the first are taken.
    Raises: DataError for a reference run that is not there, runs of one case that are not of the same texts,
    settings and seeds or disagree though the machine is the same, and fewer than two strategies that all cases share.
    """
    cases: dict[str, dict[str, pd.DataFrame]] = {}
    configs: dict[str, dict[str, Any]] = {}
    samples: dict[str, int] = {}
    for experiment in dict.fromkeys(experiments):
        config, runs = read_reference(experiment)
        configs[experiment], plan = config, Plan(config)
        samples |= pool_samples(runs["strategy"].unique(), config["acquisition"])
        for (protocol, representation, dataset), own in runs.groupby(["protocol", "representation", "dataset"]):
            case = f"{config['datasets'][dataset]['title']} on {plan.representations[representation]}, {protocol}"
            cases.setdefault(case, {})[experiment] = own
    together, elsewhere = zip(*(_together(case, parts, configs) for case, parts in cases.items()), strict=True)
    shared = set.intersection(*(set(own["strategy"]) for own in together))
    if len(shared) < 2:
        raise DataError(f"strategies that all of the runs have: {', '.join(shared) or 'none'}; ranks take two at least")
    areas = [seed_areas(own[own["strategy"].isin(shared)]) for own in together]
    table = ranks_table(mean_ranks(areas), pairwise_wins(areas))
    notes = [f"The cases: {'; '.join(cases)}.", *chain(*elsewhere), *pool_sample_notes(samples, shared)]
    table = with_notes(table, notes)
    write_text(REFERENCE / "ranks.csv", to_csv(table))
    write_text(REFERENCE / "ranks.md", to_markdown(table))
    return REFERENCE / "ranks.md"


def _together(
    case: str, parts: Mapping[str, pd.DataFrame], configs: Mapping[str, Mapping[str, Any]]
) -> tuple[pd.DataFrame, list[str]]:
    """Return the runs of one case of several experiments, and a note on each that was computed elsewhere."""
    (first, runs), *others = parts.items()
    notes = []
    sources = {name: provenance(name) for name in parts}
    for name, more in others:
        differing = differing_settings(configs[name], configs[first])
        if sources[name]["texts"] != sources[first]["texts"]:
            differing.append("texts")
        if set(more["seed"]) != set(runs["seed"]):
            differing.append("seeds")
        if differing:
            raise DataError(f"{name}: {case}, but not of the same {', '.join(differing)} as {first}; leave out one")
        both = runs.merge(more, on=[*CHAIN, "iteration"], suffixes=("", "_here"))
        if (both["test_accuracy"] != both["test_accuracy_here"]).any():
            here, there = (sources[one]["machine"] for one in (name, first))
            if here == there:
                raise DataError(
                    f"{name} and {first} disagree about {case}, though one machine computed both; leave out one"
                )
            gap = seed_areas(both) - seed_areas(both.assign(test_accuracy=both["test_accuracy_here"]))
            notes.append(
                f"{case}: {name} was computed on {here['processor']}, {first} on {there['processor']}, where the last "
                f"digits of a training differ. Of one strategy with one seed that both have, areas differ by "
                f"{gap.abs().to_numpy().max():.2g} at most; those of {first} count."
            )
        runs = pd.concat([runs, more[~more["strategy"].isin(runs["strategy"])]], ignore_index=True)
    return runs, notes


if __name__ == "__main__":
    on_experiments(__doc__, rank)
