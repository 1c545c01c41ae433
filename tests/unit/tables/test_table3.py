"""tables.table3: what it promises, and what it refuses."""

from cartography_al.tables.table import with_exhausted_pools
from cartography_al.tables.table3 import table3
from tests.unit.tables.support import of, read_csv, thresholds


def test_table3():
    table = table3(of({"News": thresholds()}))
    first, configured, last = table.blocks[0].rows
    assert [cell.text for cell in first] == ["0", "0.789 ± 0.012", "5", "12 of 150"]
    assert [cell.text for cell in configured] == ["0.2", "0.811 ± 0.003", "5", "-"]
    assert [cell.text for cell in last] == ["0.4", "0.500", "1", "-"]  # one seed has no spread
    assert [cell.emphasis for cell in configured[:2]] == ["bold", "bold"]
    assert not any(cell.emphasis for cell in [*first, *last])
    assert "News at 0 (in 3 of 5 seeds)." in table.notes[1]
    rows = read_csv(table)
    assert rows[0]["mean"] == "0.789123"
    assert rows[1]["configured"] == "true"
    assert rows[2]["std"] == ""
    assert "there were none" in table3(of({"A": thresholds().assign(single_class=0)})).notes[1]


def test_exhausted_pools_are_noted():
    table = with_exhausted_pools(table3(of({"A": thresholds(), "B": thresholds()})), of({"B": 7}))
    assert table.notes[-1].startswith("B: pool exhausted at iteration 7.")
    assert len(table.notes) == 1 + len(table3(of({"A": thresholds(), "B": thresholds()})).notes)
