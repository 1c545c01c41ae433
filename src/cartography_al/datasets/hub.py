"""The Hugging Face hub to rows, at a pinned revision."""

import logging
import os
import socket
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from cartography_al.datasets.files import read_file
from cartography_al.datasets.rows import SplitRows, check_rows, named_columns, no_column, sole_position, table_rows
from cartography_al.datasets.splits import SPLITS, first_line
from cartography_al.errors import CartographyError, DataError

_log = logging.getLogger(__name__)

PATIENCE = 4  # seconds for a connection, names looked up included
HUB_FILE_SUFFIXES = frozenset({".csv", ".json", ".jsonl", ".parquet"})


def read_hub(name: str, entry: Mapping[str, Any]) -> dict[str, SplitRows]:
    """The splits on the Hugging Face hub at a pinned revision; `splits` names splits, or files of the repository."""
    repository, revision, splits = (entry["hub"][key] for key in ("repository", "revision", "splits"))
    named = [split for split in SPLITS if splits.get(split)]
    where, at = f"{repository} at revision {revision}", {"repo_type": "dataset", "revision": revision}
    if Path(repository).exists():
        raise DataError(
            f"datasets.{name}: the local folder {repository} would be read instead of the hub's data set of that "
            "name; rename it, or name its files under `files`"
        )
    text_column, label_column = named_columns(name, entry)
    go_offline_without_network()
    try:
        # Not load_dataset: without a network, it does not find in its cache what it was given as files.
        if all(Path(splits[split]).suffix in HUB_FILE_SUFFIXES for split in named):
            from huggingface_hub import hf_hub_download

            paths = {split: hf_hub_download(repository, splits[split], **at) for split in named}
            return {split: read_file(Path(path), name, {**entry, "files": {}}) for split, path in paths.items()}
        import datasets

        loaded = datasets.load_dataset(repository, revision=revision)
    except CartographyError:
        raise
    except Exception as error:  # the hub's clients raise errors of many libraries
        raise DataError(
            f"datasets.{name}: cannot load {where} from the Hugging Face hub ({type(error).__name__}: "
            f"{first_line(error)}). Without a network, name local copies in the configuration:\n"
            f"datasets:\n  {name}:\n    files:\n"
            "      train: path/to/train.csv\n      test: path/to/test.csv\n"
            "      format: csv    # or trec, jsonl, parquet\n"
            "`make demo` needs neither network nor files."
        ) from error
    rows = {}
    for split in named:
        key = splits[split]
        if key not in loaded:
            raise DataError(
                f"{where}: no split {key!r}; there are {', '.join(loaded)}: correct datasets.{name}.hub.splits"
            )
        names = loaded[key].column_names
        for column in (text_column, label_column):
            if sole_position(f"{where}, {key}", column, names) is None:
                raise DataError(f"{where}, {key}: {no_column(column, names)}")
        classes = getattr(loaded[key].features[label_column], "names", None)
        table = loaded[key].with_format("arrow")[:]
        rows[split] = check_rows(table_rows(table, text_column, label_column, classes), f"{where}, {key}", "row")
    return rows


def go_offline_without_network() -> None:
    """Have the hub's clients use their cache alone where the hub cannot be reached, and say so.

    They would try again and again, for most of a minute, before they say anything. To be called before they are
    imported: they read the variable then.
    """
    endpoint = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    if os.environ.get("HF_HUB_OFFLINE", "0") in ("0", "") and not can_connect(endpoint):
        os.environ["HF_HUB_OFFLINE"] = "1"
        _log.warning("%s cannot be reached: only what was downloaded before can be used", endpoint)


def can_connect(url: str, patience: float = PATIENCE) -> bool:
    """Whether the server of a URL, or the proxy on the way to it, takes a connection in time."""
    scheme = urlsplit(url).scheme
    address = urlsplit(getproxies().get(scheme, url))
    port = address.port or (443 if address.scheme == "https" else 80)
    connected = threading.Event()

    def connect() -> None:
        try:
            socket.create_connection((address.hostname or "", port), timeout=patience).close()
        except OSError:
            return
        connected.set()

    # In a thread of its own: looking up a name can take longer than any timeout.
    thread = threading.Thread(target=connect, daemon=True)
    thread.start()
    thread.join(patience)
    return connected.is_set()
