"""What several test modules of this folder make and compare with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

SHARED_DATA = Path(__file__).parents[4] / "shared" / "data"


needs_shared_data = pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="the real data sets are not on this machine")


POLARITY = {"0": "negative", "1": "positive"}


TEXTS = [("first text", "0"), ("second text here", "1"), ("a third", "0"), ("and a fourth", "1")]


EntryMaker = Callable[..., dict[str, Any]]


def as_csv(rows: list[tuple[str, str]] = TEXTS, header: bool = True) -> str:
    lines = [f"{label},{text}" for text, label in rows]
    return "\n".join(["label,text", *lines] if header else lines) + "\n"


def texts_and_labels(frame: pd.DataFrame) -> list[tuple[str, int]]:
    return list(zip(frame["text"], frame["label"].tolist(), strict=True))
