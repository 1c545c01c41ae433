"""tables.ranks: what a reader sees."""

import pandas as pd

from cartography_al.significance.ranks import mean_ranks, pairwise_wins
from cartography_al.tables.ranks import ranks_table


def test_the_best_comes_first_and_columns_follow_the_rows() -> None:
    areas = pd.DataFrame(
        {"random": [0.5, 0.51, 0.5, 0.5], "cal": [0.6, 0.61, 0.61, 0.6], "badge": [0.7, 0.72, 0.7, 0.7]}
    )
    table = ranks_table(mean_ranks([areas, areas]), pairwise_wins([areas, areas]))
    assert table.header == ("No.", "Strategy", "Mean rank", "Interval", "Above", "Below", "1", "2", "3")
    shown = [[cell.text for cell in row] for row in table.blocks[0].rows]
    assert shown == [
        ["1", "BADGE", "1.00", "1.00 to 1.00", "4", "0", "-", "2", "2"],
        ["2", "CAL", "2.00", "2.00 to 2.00", "2", "2", "0", "-", "2"],
        ["3", "Random", "3.00", "3.00 to 3.00", "0", "4", "0", "0", "-"],
    ]
    assert "8 runs" in table.notes[0]
    assert "2 cases" in table.notes[1]
    assert len(table.data) == 6
