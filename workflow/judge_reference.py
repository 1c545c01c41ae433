"""Judge a committed reference run anew, by the rules of today: the claims that test accuracies alone decide.

No rule: `make judge` calls it. The runs are those of results/reference/<experiment>/runs.csv; claims that need batches
or data maps are left out, because those are not kept there.
"""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from reference import REFERENCE, of_chain
from snakemake.utils import update_config

from cartography_al.claims.evidence import Evidence
from cartography_al.claims.judge import judge_claims
from cartography_al.claims.rule import was_judged
from cartography_al.errors import CartographyError, DataError
from cartography_al.files import write_text
from cartography_al.pipeline.plan import Plan
from cartography_al.significance.aso import pooled_scores
from cartography_al.significance.readings import read_three_ways
from cartography_al.tables.claims import claims_table
from cartography_al.tables.formats import to_csv, to_markdown

NAME = "claims_of_accuracies"


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
    return config, pd.read_csv(folder / "runs.csv")


def judge(experiment: str) -> Path:
    """Write tables/claims_of_accuracies.csv and .md of a reference run, and return the latter's path.

    Raises: DataError for a reference run that is not there, and for one that no such claim is about.
    """
    folder, (config, runs) = REFERENCE / experiment, read_reference(experiment)
    plan, rows = Plan(config), json.loads((folder / "provenance.json").read_text("utf-8"))["texts"]
    full_data = pd.read_csv(folder / "full_data.csv")
    significance = {key: config["analysis"]["significance"][key] for key in ("alpha", "bootstrap_iterations", "seed")}
    judged = []
    for case in plan.judged:
        own, full = (of_chain(frame, case._asdict()) for frame in (runs, full_data))
        if len(own):
            evidence = Evidence(
                **plan.claim_settings(case),
                runs=own,
                full_data=full,
                significance=read_three_ways(pooled_scores(own, plan.compared), **significance),
                description={"splits": rows[case.dataset]["splits"]},
            )
            judged.append(judge_claims(evidence))
    if not judged:
        raise DataError(f"{folder}: its runs are not about a data set of the paper, which alone has claims to judge")
    claims = pd.concat(judged)
    table = claims_table(claims[claims["value"].map(was_judged)].reset_index(drop=True))
    note = "Judged from the test accuracies alone; claims that need batches or data maps are left out."
    table = replace(table, name=NAME, notes=[note, *table.notes])
    write_text(folder / "tables" / f"{NAME}.csv", to_csv(table))
    write_text(folder / "tables" / f"{NAME}.md", to_markdown(table))
    return folder / "tables" / f"{NAME}.md"


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("experiment", help="name of the experiment, as in results/reference/<experiment>/")
    try:
        print(judge(parser.parse_args().experiment))
    except CartographyError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
