"""Fixtures of this folder."""

from pathlib import Path
from typing import Any

import pytest

from tests.unit.datasets.support import POLARITY, EntryMaker


@pytest.fixture
def make_entry(tmp_path: Path) -> EntryMaker:
    """Write a train and a test file and return the entry that names them; the test file is sound by default."""

    def make(
        train: str | bytes | Path, test: str | bytes | Path | None = None, format: str = "csv", **changes: Any
    ) -> dict[str, Any]:
        paths = {}
        for split, content in (("train", train), ("test", train if test is None else test)):
            if isinstance(content, Path):
                paths[split] = str(content)
                continue
            path = tmp_path / f"{split}.{format}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
            paths[split] = str(path)
        files = {**paths, "format": format, **changes.pop("files", {})}
        return {
            "title": "Toy",
            "files": files,
            "text_column": "text",
            "label_column": "label",
            "classes": POLARITY,
            "max_tokens": 3,
            "seed_set_size": 2,
            "batch_size": 2,
            **changes,
        }

    return make
