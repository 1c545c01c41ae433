"""tables.labels: what it promises, and what it refuses."""

from cartography_al.tables.labels import labels_table
from tests.unit.tables.support import labels, of, read_csv, texts


def test_labels():
    table = labels_table(of({"TREC": labels(), "AG News": labels((0.95,))}))
    head = ["Strategy", "Labels, 0.95", "Median", "Runs", "Labels, 0.995", "Median", "Runs"]
    assert list(table.header) == head
    reached, never = ["1,550", "1,575", "5 of 5"], ["not reached", "not reached", "2 of 5"]
    assert texts(table) == [
        ["Random", *never, *never],
        ["CAL", *reached, *reached],
        ["Random", *never, "-", "-", "-"],
        ["CAL", *reached, "-", "-", "-"],
    ]
    assert table.notes[0] == "TREC: target accuracies 0.7600 (0.95), 0.7960 (0.995)."
    assert [row["labelled"] for row in read_csv(table)] == ["1550", "1550", "", "", "1550", ""]
