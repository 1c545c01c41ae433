"""tables.table4: what it promises, and what it refuses."""

from cartography_al.tables.formats import write_table
from cartography_al.tables.table4 import table4
from tests.unit.tables.support import of, overlaps, read_csv, texts


def test_table4():
    table = table4(of({"News": overlaps()}))
    assert texts(table) == [["Random ∩ CAL", "1,234", "94.5 (75 to 114)", "4", "3.1 (0 to 7)"]]
    assert table.notes[0] == "News: 7,500 acquisitions of each strategy, 5 seeds."
    row = read_csv(table)[0]
    assert (row["dataset"], row["shared_instances_chance"], row["shared_instances"]) == ("News", "94.5378", "1234")
    assert (row["title"], row["representation"]) == ("News", "")


def test_written_files_repeat_their_bytes(tmp_path):
    names = [tmp_path / f"table4.{suffix}" for suffix in ("csv", "md", "tex", "html")]
    write_table(table4(of({"AG News": overlaps()})), *names)
    before = [path.read_bytes() for path in names]
    write_table(table4(of({"AG News": overlaps()})), *names)
    assert [path.read_bytes() for path in names] == before
    for text in before:
        assert text.endswith(b"\n")
        assert b"\r" not in text
