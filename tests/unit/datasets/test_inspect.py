"""The report on a data set before anything trains: all that is wrong, at once."""

from pathlib import Path

from cartography_al.datasets.inspect import inspect
from tests.unit.datasets.support import EntryMaker, as_csv


def report(entry: dict[str, object], query_size: int = 1, iterations: int = 1) -> list[str]:
    found = inspect("toy", entry, query_size, iterations)
    return [("REFUSED " if finding.is_fatal else "") + finding.text for finding in found]


def test_sound_data_is_described(make_entry: EntryMaker) -> None:
    found = report(make_entry(as_csv(), as_csv([("unseen", "0"), ("other", "1")])))
    assert found == [
        "toy: read from files: train.csv, test.csv",
        "train: 4 rows that can be used",
        "test: 2 rows that can be used",
        "2 classes, training texts of each: 0 2, 1 2",
        "class 0: only 2 training texts",
        "class 1: only 2 training texts",
        "train: longest texts, in tokens: 3 (line 5), 3 (line 3), 2 (line 4); 0 are cut at max_tokens, 3",
        "test: longest texts, in tokens: 1 (line 3), 1 (line 2); 0 are cut at max_tokens, 3",
    ]


def test_everything_that_is_wrong_is_said_at_once(make_entry: EntryMaker) -> None:
    train = "label,text\n0,a b\n,none\n9,unknown\n1, \n8,unknown\n7,x\n6,y\n0,a b\n1,a b\n0,c,d\n1,alone\n"
    found = report(make_entry(train, "label,text\n0,a b\n1,new\n5,x\n", seed_set_size=7), iterations=30)
    assert "REFUSED train: 1 rows with no label, line 3; mend them, or set drop_invalid: true" in found
    assert "REFUSED train: 4 rows with unknown label, line 4, 6, 7, ...; mend them, or set drop_invalid: true" in found
    assert "REFUSED train: 1 rows with empty text, line 5; mend them, or set drop_invalid: true" in found
    assert "REFUSED train: 1 rows with wrong number of columns, line 11; mend them, or set drop_invalid: true" in found
    assert "REFUSED test: 1 rows with label that train lacks, line 4; mend them, or set drop_invalid: true" in found
    assert "train: 2 texts repeat an earlier one; 1 texts bear different labels" in found
    assert "test: 1 texts (50.0%) are training texts too, so that accuracies flatter" in found
    assert "REFUSED seed_set_size 7 leaves no pool of the 4 training texts" in found
    dropped = report(make_entry(train, drop_invalid=True, seed_set_size=2), iterations=30)
    assert not any(line.startswith("REFUSED") for line in dropped)
    assert "the pool will be exhausted at iteration 2 of 30; the runs end there" in dropped


def test_identical_files_do_not_pass_unnoticed(make_entry: EntryMaker) -> None:
    assert "test: 4 texts (100.0%) are training texts too, so that accuracies flatter" in report(make_entry(as_csv()))


def test_nothing_is_written(make_entry: EntryMaker, tmp_path: Path) -> None:
    entry = make_entry(as_csv())
    before = sorted(tmp_path.iterdir())
    report(entry)
    assert sorted(tmp_path.iterdir()) == before
