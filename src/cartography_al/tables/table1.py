"""Table 1: the data sets, as read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from cartography_al.errors import DataError
from cartography_al.naming import Subject
from cartography_al.paper import paper_values
from cartography_al.tables.table import Block, Cell, Table

PAPER_COUNTS = ("train_rows", "test_rows", "classes", "seed_set_size", "batch_size", "max_tokens")
"""What the paper says of a data set, in the order of Table 1's columns."""


def table1(datasets: Sequence[Mapping[str, Any]], encoded: Sequence[tuple[Subject, Mapping[str, Any]]] = ()) -> Table:
    """Data set statistics, as counted in the files that were read, and the paper's below them.

    datasets: for each data set the content of its dataset.json with the run's seed_set_size, max_tokens and batch_size,
    and, if they are made, its features: by the title of the representation each split's summary in features.json.
    encoded: what sentence encoders made of the texts, each with the features.json of its vectors; they cut texts at a
    length of their own.   Raises: DataError for no data set.
    """
    if not datasets:
        raise DataError("table 1 needs at least one data set")
    header = ("Data set", "Train", "Test", "Classes", "Seed set", "Batch size", "Max. tokens", "Longest", "Cut")
    rows, data, notes = [], [], []
    for dataset in datasets:
        train, test = dataset["splits"]["train"], dataset["splits"]["test"]
        counts = (
            train["rows"],
            test["rows"],
            len(dataset["classes"]),
            dataset["seed_set_size"],
            dataset["batch_size"],
            dataset["max_tokens"],
            max(train["longest"], test["longest"]),
            train["truncated"] + test["truncated"],
        )
        rows.append([Cell(dataset["title"]), *(Cell(f"{count:,}") for count in counts)])
        data += [(dataset["name"], dataset["title"], *row) for row in _measures(dataset)]
        for stated in paper_values("table1", dataset["name"]).to_dict("records"):
            numbers = [f"{stated[column]:,}" for column in PAPER_COUNTS]
            rows.append([Cell("in the paper", "italic"), *map(Cell, numbers), Cell("-"), Cell("-")])
        about = "".join(say(dataset) for say in (_left_out, _wrong, _alike))
        notes.append(f"{dataset['title']} was read from {dataset['source']}.{about}")
    notes.append(
        "Rows are counted in what was read, so a part of a data set shows as a part. Longest: tokens of the longest "
        "text of both splits, split on white space and backslashes. Cut: texts longer than the maximum, which lose "
        "their ends."
    )
    for subject, features in encoded:
        cut = sum(split["cut_texts"] for split in features["splits"].values())
        name, longest = features["encoder"]["source"], features["encoder"]["longest"]
        limit = "whole texts" if longest is None else f"at most {longest} word pieces of a text"
        notes.append(f"{subject.heading}: the encoder {name} reads {limit}, and cuts {cut:,} texts.")
        for split, about in features["splits"].items():
            for key in ("word_pieces", "longest_text", "cut_texts"):
                data.append((subject.dataset, subject.title, split, f"{key} of {name}", "", about[key]))
    return Table(
        "table1",
        "Data sets, as read.",
        header,
        [Block("", rows)],
        notes,
        pd.DataFrame(data, columns=["dataset", "title", "split", "measure", "class", "value"], dtype="object"),
    )


def _left_out(dataset: Mapping[str, Any]) -> str:
    """What drop_invalid has left out."""
    parts = [
        f"{count:,} of {split} ({kind})"
        for split, description in dataset["splits"].items()
        for kind, count in description.get("dropped", {}).items()
    ]
    return f" Rows left out: {', '.join(parts)}." if parts else ""


def _wrong(dataset: Mapping[str, Any]) -> str:
    """How many labels were made wrong on purpose."""
    count = len(dataset.get("wrong_ids", []))
    return f" Training labels made wrong on purpose: {count:,}." if count else ""


def _alike(dataset: Mapping[str, Any]) -> str:
    """How alike the features are, and of how many texts the vectors know no word."""
    said = ""
    for title, splits in dataset.get("features", {}).items():
        if "mean_cosine" not in splits["train"]:
            continue
        unknown = [summary.get("texts_without_known_words") for summary in splits.values()]
        known = "" if None in unknown else f"; {sum(unknown):,} texts hold no word that the vectors know"
        of = f", {title}" if title else ""
        said += f" Mean cosine of two training texts{of}: {splits['train']['mean_cosine']:.3f}{known}."
    return said


def _measures(dataset: Mapping[str, Any]) -> Iterable[tuple[str, str, str, Any]]:
    """Split, measure, class and value of everything that is known of a data set, the paper's own counts last."""
    yield "", "source", "", dataset["source"]
    yield "", "classes", "", len(dataset["classes"])
    for key in ("seed_set_size", "max_tokens", "batch_size"):
        yield "", key, "", dataset[key]
    if "wrong_ids" in dataset:
        yield "train", "labels made wrong", "", len(dataset["wrong_ids"])
    for package, version in dataset.get("versions", {}).items():
        yield "", f"version of {package}", "", version
    for split, description in dataset["splits"].items():
        for key in ("rows", "mean_tokens", "longest", "truncated", "sha256"):
            yield split, key, "", description[key]
        for name, count in description["rows_per_class"].items():
            yield split, "rows_per_class", name, count
        for kind, count in description.get("dropped", {}).items():
            yield split, f"left out: {kind}", "", count
    for title, splits in dataset.get("features", {}).items():
        for split, summary in splits.items():
            for key in ("mean_cosine", "texts_without_known_words"):
                if key in summary:
                    yield split, f"{key}, {title}".rstrip(", "), "", summary[key]
    for row in paper_values("table1", dataset["name"]).to_dict("records"):
        for column in PAPER_COUNTS:
            yield "", f"{column} in the paper", "", row[column]
