"""What several test modules of this folder make and compare with."""

import csv
import io
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.naming import Subject
from cartography_al.significance.readings import COLUMN_TYPES, PAPER_CALL, READINGS
from cartography_al.tables.areas import areas_table
from cartography_al.tables.calibration import calibration_table
from cartography_al.tables.formats import to_csv
from cartography_al.tables.labels import labels_table
from cartography_al.tables.table import Block, Cell, Table
from cartography_al.tables.table1 import table1
from cartography_al.tables.table2 import table2
from cartography_al.tables.table2_final import table2_final
from cartography_al.tables.table3 import table3
from cartography_al.tables.table4 import table4

NASTY = "a&b_c%d$e#f{g}h~i^j\\k|l<m>n`o*p[q]r\"s's±t∩u†v\nw"


def description(name: str = "agnews", title: str = "AG News", **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "source": "files: train.csv, test.csv",
        "classes": ["World", "Sports"],
        "splits": {
            "train": {
                "rows": 51591,
                "rows_per_class": {"World": 50000, "Sports": 1591},
                "sha256": "ab" * 32,
                "mean_tokens": 31.123456789,
                "longest": 170,
                "truncated": 2,
            },
            "test": {
                "rows": 7600,
                "rows_per_class": {"World": 3800, "Sports": 3800},
                "sha256": "cd" * 32,
                "mean_tokens": 30.0,
                "longest": 213,
                "truncated": 1,
            },
        },
        "seed_set_size": 1000,
        "max_tokens": 200,
        "batch_size": 64,
    } | more


def significance(names: tuple[str, ...], eps: dict[tuple[str, str], float]) -> pd.DataFrame:
    rows = [
        (a, b, eps.get((a, b), 0.75), 1 - 0.05 / 6, 6, 155, 155) for a in sorted(names) for b in sorted(names) if a != b
    ]
    columns = ["strategy_a", "strategy_b", "eps_min", "confidence_level", "comparisons", "scores_a", "scores_b"]
    return pd.DataFrame(rows, columns=columns)


def readings(names: tuple[str, ...], eps: dict[tuple[str, str], float]) -> pd.DataFrame:
    """As read_three_ways returns it; the pairs that the paper's call fills in are those against the order of names."""
    rows = [
        (name, a, b, eps.get((a, b), 0.75), name != PAPER_CALL or names.index(a) < names.index(b), 0.99, 3, 155, 155)
        for name in READINGS
        for a in names
        for b in names
        if a != b
    ]
    return pd.DataFrame(rows, columns=list(COLUMN_TYPES)).astype(COLUMN_TYPES)


def thresholds() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "threshold": [0.0, 0.2, 0.4],
            "strategy": ["cal-threshold-0.0", "cal", "cal-threshold-0.4"],
            "configured": [False, True, False],
            "mean": [0.78912345, 0.811, 0.5],
            "std": [0.012, 0.0034, np.nan],
            "min": [0.7, 0.8, 0.5],
            "max": [0.8, 0.82, 0.5],
            "seeds": [5, 5, 1],
            "classifiers": [150, 150, 30],
            "single_class": [12, 0, 0],
            "single_class_seeds": [3, 0, 0],
        }
    )


def overlaps() -> pd.DataFrame:
    return pd.DataFrame(
        [("random", "cal", 5, 7500, 1234, 94.5378, 75, 114, 4, 3.15, 0, 7)],
        columns=["strategy_a", "strategy_b", "seeds", "acquired"]
        + [
            f"{count}{end}"
            for count in ("shared_instances", "shared_positions")
            for end in ("", "_chance", "_low", "_high")
        ],
    )


def all_tables(title: str) -> list[Table]:
    return [
        table1([description(title=title, source=title), description("trec", "TREC")]),
        table2(of({title: readings(("random", "cal", title), {}), "B": readings(("random", "dal"), {})}), 0.05, 1000),
        table3(of({title: thresholds()})),
        table4(of({title: overlaps(), "B": overlaps()})),
        table2_final(of({title: significance(("random", "cal"), {})}), 0.05, 1000),
        areas_table(of({title: areas(), "B": areas()})),
        labels_table(of({title: labels(), "B": labels()})),
        calibration_table(
            {(subject, "released", "one_strategy"): calibrations() for subject in of({title: 0, "B": 0})}
        ),
    ]


def read_csv(table: Table) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(table))))


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for block in table.blocks for row in block.rows]


def of_cells(*cells: Cell, heading: str = "") -> Table:
    header = [f"column {number}" for number in range(len(cells))]
    return Table("table9", "Caption.", header, [Block(heading, [cells])], ["Note."], pd.DataFrame())


def areas() -> pd.DataFrame:
    common = {
        "comparison": "strategy - Random",
        "baseline": "random",
        "seeds": 5,
        "baseline_area": 0.75,
        "confidence": 0.95,
        "smallest_p": 0.0625,
    }
    return pd.DataFrame(
        [
            {"strategy": "bald", "area": 0.76, "difference": 0.01, "low": -0.002, "high": 0.022, "p": 0.0625}
            | {"p_holm": 0.125, "p_wilcoxon": 0.0625, "low_texts": -0.005, "high_texts": 0.025, **common},
            {"strategy": "cal", "area": 0.74, "difference": -0.01, "low": np.nan, "high": np.nan, "p": 0.00001}
            | {"p_holm": 1.0, "p_wilcoxon": 1.0, "low_texts": np.nan, "high_texts": np.nan, **common},
        ]
    )


def labels(shares: tuple[float, ...] = (0.95, 0.995)) -> pd.DataFrame:
    rows = [
        (strategy, share, share * 0.8, count, median, reaching, 5)
        for strategy, count, median, reaching in (("cal", 1550.0, 1575.0, 5), ("random", np.nan, np.nan, 2))
        for share in shares
    ]
    columns = ["strategy", "share", "target", "labelled", "median_labelled", "seeds_reaching", "seeds"]
    return pd.DataFrame(rows, columns=columns).astype({"labelled": "Float64", "median_labelled": "Float64"})


def calibrations() -> pd.DataFrame:
    tests = [("ASO", "deepsig", "eps_min < 0.5"), ("ASO", "bonferroni", "eps_min = 0"), ("flips", "holm", "p < alpha")]
    rows = [
        {"strategies": "random", "curves": 20, "procedure": procedure, "correction": correction, "verdict": verdict}
        | {"seeds": seeds, "alpha": 0.05, "tables": 500, "comparisons": 30, "false_pairs": 3, "pair_share": 0.3456}
        | {"pair_low": 0.3, "pair_high": 0.4, "false_tables": 50, "table_share": 0.1, "table_low": low}
        | {"table_high": 0.15}
        for (procedure, correction, verdict), low in zip(tests, (0.08, 0.05, 0.01), strict=True)
        for seeds in (5, 20)
    ]
    return pd.DataFrame(rows)


KEYS = {"AG News": "agnews", "TREC": "trec"}


def of(values: dict[str, Any]) -> dict[Subject, Any]:
    """Values by title, as tables take them: by what they are about."""
    return {Subject(KEYS.get(title, title), title): value for title, value in values.items()}
