"""tables.areas: what it promises, and what it refuses."""

from cartography_al.tables.areas import areas_table
from tests.unit.tables.support import areas, of, read_csv, texts


def test_areas():
    table = areas_table(of({"TREC": areas()}))
    assert texts(table) == [
        ["BALD", "0.7600", "+0.0100", "-0.0020 to +0.0220", "-0.0050 to +0.0250", "0.0625", "0.1250", "0.0625"],
        ["CAL", "0.7400", "-0.0100", "-", "-", "<0.0001", "1.0000", "1.0000"],
    ]
    assert table.notes[0] == (
        "TREC, strategy - Random: Random has the area 0.7500; 95% intervals. 5 seeds can give no p under 0.0625, "
        "and for 2 strategies no "
        "adjusted one under 0.125."
    )
    assert read_csv(table)[1]["p"] == "1e-05"


def test_areas_of_the_baseline_alone():
    table = areas_table(of({"TREC": areas().iloc[:0]}))
    assert "TREC: one strategy, nothing to compare." in table.notes
    assert read_csv(table) == []
