"""Say in a few lines what came out of a run."""

from case_glue import cases
from glue import job, read_json

from cartography_al.analysis.overview import overview
from cartography_al.files import write_text

with job(snakemake):
    lines, warnings = [], []
    for case in cases(snakemake):
        runs, full_data = case.of_strategies("runs", snakemake.params.strategies), case.frame("full_data")
        found = read_json(case.paths["features"])["splits"]["train"]["warnings"]
        said = overview(case.subject.heading, case.description, runs, full_data, found)
        lines += said[0]
        warnings += said[1]
    lines.append(f"Figures: {snakemake.params.results}/figures/; tables: {snakemake.params.results}/tables/")
    lines += [f"WARNING: {warning}" for warning in warnings]
    write_text(snakemake.output[0], "".join(f"{line}\n" for line in lines))
