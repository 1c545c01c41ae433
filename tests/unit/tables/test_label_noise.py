"""tables.label_noise: what it promises, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from cartography_al.errors import DataError
from cartography_al.tables.label_noise import label_noise_table
from tests.unit.tables.support import of, read_csv, texts

MEASURES = {"share": 0.123, "lift": 1.5, "area": 0.75, "area_change": -0.02, "final_change": 0.001}


def effects(margin: float = 0.01) -> pd.DataFrame:
    row: dict[str, object] = {"strategy": "cal", "seeds": 5, **MEASURES}
    for name, value in MEASURES.items():
        row |= {f"{name}_low": value - margin, f"{name}_high": value + margin}
    return pd.DataFrame([row])


RANKED = pd.DataFrame({"seed": [1, 2], "first_share": [0.5, 0.7], "chance": [0.05, 0.05], "roc_area": [0.9, 0.92]})


def test_label_noise() -> None:
    shown = {"TREC": effects(), "AG News": effects(np.nan)}
    table = label_noise_table(of(shown), of(dict.fromkeys(shown, RANKED)))
    assert texts(table) == [
        [
            "CAL",
            "12.3% (11.3% to 13.3%)",
            "1.50",
            "0.750",
            "-0.020 (-0.030 to -0.010)",
            "+0.001 (-0.009 to +0.011)",
        ],
        ["CAL", "12.3%", "1.50", "0.750", "-0.020", "+0.001"],
    ]
    assert "TREC: in the map of all training texts, 60.0% of the wrong labels are among the first 5.0" in table.notes[0]
    assert "ROC curve 0.910 (chance 0.5); means over 2 seeds" in table.notes[0]
    assert [row["lift"] for row in read_csv(table)] == ["1.5", "1.5"]


def test_nothing_to_show_is_refused() -> None:
    with pytest.raises(DataError, match="label noise needs at least one data set"):
        label_noise_table({}, {})
