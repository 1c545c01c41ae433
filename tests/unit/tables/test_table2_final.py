"""tables.table2_final: what it promises, and what it refuses."""

from cartography_al.tables.formats import to_latex, to_markdown
from cartography_al.tables.table2_final import table2_final
from tests.unit.tables.support import of, read_csv, significance, texts


def test_data_sets_with_different_strategies():
    frames = {"A": significance(("random", "cal"), {}), "B": significance(("random", "dal"), {})}
    table = table2_final(of(frames), 0.05, 1000)
    assert list(table.header) == ["", "Random", "DAL", "CAL"]
    assert texts(table) == [
        ["Random", "-", "-", "0.750"],
        ["CAL", "0.750", "-", "-"],
        ["Random", "-", "0.750", "-"],
        ["DAL", "0.750", "-", "-"],
    ]
    rows = read_csv(table)
    assert [row["dataset"] for row in rows] == ["A", "A", "B", "B"]
    assert rows[0]["confidence_level"] == "0.991667"
    assert {(row["alpha"], row["bootstrap_iterations"], row["comparisons"]) for row in rows} == {("0.05", "1000", "6")}


def test_one_strategy():
    empty = significance(("cal",), {}).astype({"eps_min": "float64"})
    table = table2_final(of({"A": empty}), 0.05, 1000)
    assert "A: a single strategy, nothing to compare." in table.notes
    assert "**A**" in to_markdown(table)
    both = table2_final(of({"A": empty, "B": significance(("random", "dal"), {})}), 0.05, 1000)
    assert [row["dataset"] for row in read_csv(both)] == ["B", "B"]


def test_notes():
    table = table2_final(of({"TREC": significance(("random", "cal"), {}).assign(scores_a=5)}), 0.05, 1000)
    assert to_markdown(table).startswith("**Table 2, final.** ASO scores eps\\_min of the final accuracies, of each")
    assert r"\label{table2_final}" in to_latex(table)
    assert table.notes[0].endswith("5 scores of each strategy (one of each seed).")
    assert "Each run counts once" in table.notes[-1]
