"""tables.balance: what it promises, and what it refuses."""

import pandas as pd
import pytest

from cartography_al.errors import DataError
from cartography_al.tables.balance import balance_table
from tests.unit.tables.support import of, read_csv, texts


def balance(ends: tuple[int, ...], low: float = 1.25) -> pd.DataFrame:
    rows = [(strategy, until, 5, 50.0 * until, 3.4, 2.5, low, 3.75) for strategy in ("cal", "random") for until in ends]
    columns = ["strategy", "until", "seeds", "acquired", "classes", "effective", "low", "high"]
    return pd.DataFrame(rows, columns=columns)


def test_balance() -> None:
    subjects = of({"TREC": balance((10, 30)), "AG News": balance((10,), low=float("nan"))})
    table = balance_table(subjects, dict.fromkeys(subjects, 6))
    columns = ["Classes", "Effective number", "Interval"]
    assert list(table.header) == [
        "Strategy",
        *("Acquired by iteration 10", *columns),
        *("Acquired by iteration 30", *columns),
    ]
    assert [block.heading for block in table.blocks] == ["TREC: 6 classes", "AG News: 6 classes"]
    early, end = ["500", "3.4", "2.50", "1.25 to 3.75"], ["1,500", "3.4", "2.50", "1.25 to 3.75"]
    alone = ["500", "3.4", "2.50", "-", "-", "-", "-", "-"]
    assert texts(table) == [["Random", *early, *end], ["CAL", *early, *end], ["Random", *alone], ["CAL", *alone]]
    assert [row["until"] for row in read_csv(table)] == ["10", "30", "10", "30", "10", "10"]


def test_no_data_set() -> None:
    with pytest.raises(DataError, match="the table of classes acquired"):
        balance_table({}, {})
