"""The Hugging Face hub to rows, at a pinned revision."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from cartography_al.datasets.rows import named_columns, no_column, split_frame, table_rows
from cartography_al.datasets.splits import SPLITS, first_line
from cartography_al.errors import DataError

HUB_FILE_SUFFIXES = frozenset({".csv", ".json", ".jsonl", ".parquet"})


def read_hub(name: str, entry: Mapping[str, Any], classes: Mapping[str, str]) -> dict[str, pd.DataFrame]:
    """Both splits from the Hugging Face hub at a pinned revision; `splits` names splits, or files of the repository."""
    repository, revision, splits = (entry["hub"][key] for key in ("repository", "revision", "splits"))
    where = f"{repository} at revision {revision}"
    if Path(repository).exists():
        raise DataError(
            f"datasets.{name}: the local folder {repository} would be read instead of the hub's data set of that "
            "name; rename it, or name its files under `files`"
        )
    text_column, label_column = named_columns(name, entry)
    are_files = all(Path(splits[split]).suffix in HUB_FILE_SUFFIXES for split in SPLITS)
    options = {"data_files": {split: splits[split] for split in SPLITS}} if are_files else {}
    try:
        import datasets

        loaded = datasets.load_dataset(repository, revision=revision, **options)
    except Exception as error:  # the hub's clients raise errors of many libraries
        raise DataError(
            f"datasets.{name}: cannot load {where} from the Hugging Face hub ({type(error).__name__}: "
            f"{first_line(error)}). Without a network, name local copies in the configuration:\n"
            f"datasets:\n  {name}:\n    files:\n"
            "      train: path/to/train.csv\n      test: path/to/test.csv\n"
            "      format: csv    # or trec, jsonl, parquet\n"
            "`make demo` needs neither network nor files."
        ) from error
    frames = {}
    for split in SPLITS:
        key = split if are_files else splits[split]
        if key not in loaded:
            raise DataError(
                f"{where}: no split {key!r}; there are {', '.join(loaded)}: correct datasets.{name}.hub.splits"
            )
        for column in (text_column, label_column):
            if column not in loaded[key].column_names:
                raise no_column(f"{where}, {key}", column, loaded[key].column_names)
        names = getattr(loaded[key].features[label_column], "names", None)
        rows = table_rows(loaded[key].with_format("arrow")[:], text_column, label_column, names)
        frames[split] = split_frame(rows, f"{where}, {key}", "row", classes)
    return frames
