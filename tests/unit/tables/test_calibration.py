"""tables.calibration: what it promises, and what it refuses."""

from cartography_al.naming import Subject
from cartography_al.tables.calibration import calibration_table
from cartography_al.tables.table import Cell
from tests.unit.tables.support import calibrations, read_csv

TREC = Subject("trec", "TREC")
ONE, WITHIN = (TREC, "as_written", "one_strategy"), (TREC, "as_written", "within_seeds")


def test_calibration():
    table = calibration_table({ONE: calibrations()})
    assert list(table.header) == ["False verdict", "Pairs, 5 seeds", "Tables, 5 seeds"] + [
        f"{what}, 20 seeds" for what in ("Pairs", "Tables")
    ]
    assert [block.heading for block in table.blocks] == [
        "TREC, as written, one strategy: ASO",
        "TREC, as written, one strategy: flips",
    ]
    first, second = table.blocks[0].rows
    assert first[0].text == "eps_min < 0.5, deepsig's level"
    assert first[1:3] == [Cell("34.6 (30.0 to 40.0)"), Cell("10.0 (8.0 to 15.0)", "bold")]
    assert second[2].emphasis == ""  # an interval that begins at alpha is not above it
    drawn = "500 tables for each number of seeds, drawn from 20 runs of Random; alpha = 0.05."
    assert table.notes[0] == f"TREC, as written, one strategy: {drawn}"
    several = calibration_table({WITHIN: calibrations().assign(strategies="random, least_confidence", curves=40)})
    assert "drawn from 40 runs of Random, LC; each seed's runs are dealt to the groups at random; " in several.notes[0]
    assert table.notes[1].startswith("TREC, as written, one strategy: with 5 seeds, no p")
    rows = read_csv(table)
    assert {(row["dataset"], row["title"], row["design"]) for row in rows} == {("trec", "TREC", "one_strategy")}
    assert len(rows) == 6


def test_calibration_of_data_sets_with_different_sizes():
    few = calibrations().loc[lambda frame: frame["seeds"] == 20]
    table = calibration_table({ONE: calibrations(), WITHIN: few})
    assert [cell.text for cell in table.blocks[-1].rows[0]][1:3] == ["-", "-"]
