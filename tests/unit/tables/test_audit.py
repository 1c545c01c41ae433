"""tables.audit: what it shows of each switch, and what it says of those that cannot act."""

import pandas as pd
import pytest

from cartography_al.errors import DataError
from cartography_al.naming import Subject
from cartography_al.tables.audit import audit_table
from tests.unit.tables.support import texts

SUMS = Subject("trec", "TREC", "fasttext", "FastText sums")
ENCODER = Subject("trec", "TREC", "minilm", "MiniLM", word_vectors=False)


def effects() -> pd.DataFrame:
    rows = [("as_written", "", 0.8, 0.01, 0.0, 0.0), ("as_written", "weight_reset", 0.7, 0.02, -0.1, 0.03)]
    frame = pd.DataFrame(rows, columns=["preset", "switch", "mean", "std", "difference", "difference_std"])
    return frame.assign(
        measure="final", seeds=2, comparisons=1, low=frame["difference"] - 0.01, high=frame["difference"] + 0.01
    )


def test_the_preset_comes_first_and_each_switch_is_a_change() -> None:
    table = audit_table({SUMS: effects()})
    assert texts(table) == [["as_written itself", "0.800 ± 0.010"], ["weight reset", "-0.100 ± 0.030"]]
    assert table.blocks[0].rows[1][1].emphasis == "bold"
    assert len(table.notes) == 1
    uncertain = audit_table({SUMS: effects().assign(high=0.1)})
    assert uncertain.blocks[0].rows[1][1].emphasis == ""


def test_switches_that_cannot_act_are_named() -> None:
    table = audit_table({SUMS: effects(), ENCODER: effects()})
    assert table.notes[1:] == [
        "TREC, MiniLM: the switches padding and backslashes cannot act, as no word vectors are summed."
    ]


def test_no_data_set() -> None:
    with pytest.raises(DataError, match="at least one data set"):
        audit_table({})
