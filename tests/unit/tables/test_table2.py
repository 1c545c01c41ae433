"""tables.table2: what it promises, and what it refuses."""

from cartography_al.tables.table import Cell
from cartography_al.tables.table2 import table2
from tests.unit.tables.support import NASTY, all_tables, of, read_csv, readings, texts


def test_each_reading_has_a_column_and_filled_numbers_a_mark():
    eps = {("random", "cal"): 0.996, ("cal", "random"): 0.004}
    table = table2(of({"TREC": readings(("random", "cal"), eps)}), 0.05, 1000)
    assert list(table.header) == [
        "Strategy",
        "Over",
        "The paper's call",
        "Ordered pairs, Bonferroni",
        "Deepsig 1.2.8",
    ]
    first, second = table.blocks[0].rows
    assert first == [Cell("Random"), Cell("CAL"), Cell("1.00"), Cell("0.996"), Cell("0.996")]
    # As printed by the authors, 0.004 is 0.00 and bold; what was tested has three decimals and is not.
    assert second[2:] == [Cell("0.00", "bold", "*"), Cell("0.004", "italic", "†"), Cell("0.004", "italic", "†")]
    assert any("155 scores of each strategy" in note and "3 comparisons at 0.99000" in note for note in table.notes)


def test_data_sets_with_different_strategies():
    table = table2(of({"A": readings(("random", "cal"), {}), "B": readings(("random", "dal"), {})}), 0.05, 1000)
    assert [row[:2] for row in texts(table)] == [
        ["Random", "CAL"],
        ["CAL", "Random"],
        ["Random", "DAL"],
        ["DAL", "Random"],
    ]
    rows = read_csv(table)
    assert [row["dataset"] for row in rows] == ["A"] * 6 + ["B"] * 6
    assert {(row["alpha"], row["bootstrap_iterations"]) for row in rows} == {("0.05", "1000")}


def test_one_strategy():
    table = table2(of({"A": readings(("cal",), {})}), 0.05, 1000)
    assert "A: a single strategy, nothing to compare." in table.notes
    assert texts(table) == []


def test_rows_are_as_long_as_the_header():
    for table in all_tables(NASTY):
        assert {len(row) for block in table.blocks for row in block.rows} == {len(table.header)}
