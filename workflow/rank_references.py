"""Rank the strategies that several committed reference runs share: data sets and representations that were run apart.

No rule: `make ranks` calls it. It writes results/reference/ranks.csv and ranks.md.
"""

from pathlib import Path

import pandas as pd
from judge_reference import on_experiments, read_reference
from reference import REFERENCE

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

    A case is a data set with a representation under a protocol.
    Raises: DataError for a reference run that is not there, a case that two of them have, and fewer than two
    strategies that all share.
    """
    cases: dict[str, pd.DataFrame] = {}
    samples: dict[str, int] = {}
    for experiment in dict.fromkeys(experiments):
        config, runs = read_reference(experiment)
        plan = Plan(config)
        samples |= pool_samples(runs["strategy"].unique(), config["acquisition"])
        for (protocol, representation, dataset), own in runs.groupby(["protocol", "representation", "dataset"]):
            case = f"{config['datasets'][dataset]['title']} on {plan.representations[representation]}, {protocol}"
            if case in cases:
                raise DataError(f"{experiment}: an earlier one of the runs has {case} as well, which would count twice")
            cases[case] = own
    shared = set.intersection(*(set(own["strategy"]) for own in cases.values()))
    if len(shared) < 2:
        raise DataError(f"strategies that all of the runs have: {', '.join(shared) or 'none'}; ranks take two at least")
    areas = [seed_areas(own[own["strategy"].isin(shared)]) for own in cases.values()]
    notes = [f"The cases: {'; '.join(cases)}.", *pool_sample_notes(samples, shared)]
    table = with_notes(ranks_table(mean_ranks(areas), pairwise_wins(areas)), notes)
    write_text(REFERENCE / "ranks.csv", to_csv(table))
    write_text(REFERENCE / "ranks.md", to_markdown(table))
    return REFERENCE / "ranks.md"


if __name__ == "__main__":
    on_experiments(__doc__, rank)
