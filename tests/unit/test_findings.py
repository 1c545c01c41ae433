"""What the README says of the claims is what the committed reference runs found."""

import re
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
DATASETS = {"TREC": ("trec", "trec_local"), "AG News": ("agnews", "agnews_local")}
VERDICTS = ("holds", "does not hold", "cannot be decided")


def test_the_readme_counts_the_verdicts_of_the_reference_runs() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    header, *rows = (
        line.strip("| ").split(" | ") for line in re.findall(r"^\| (?:Claims|holds|does|can).*", readme, re.M)
    )
    assert [row[0] for row in rows] == list(VERDICTS)
    for column, (title, protocol) in enumerate((name.split(", ") for name in header[1:]), start=1):
        dataset, experiment = DATASETS[title]
        claims = pd.read_csv(ROOT / f"results/reference/{experiment}/tables/claims.csv")
        own = claims[(claims["dataset"] == dataset) & (claims["protocol"] == protocol.replace(" ", "_"))]
        counts = own["verdict"].value_counts()
        assert [int(row[column]) for row in rows] == [counts.get(verdict, 0) for verdict in VERDICTS]
