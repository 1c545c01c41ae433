"""Data that is legal and odd, from a file to figures and tables: many classes, equal or long texts, unknown words."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from cartography_al.acquisition.registry import STRATEGIES
from cartography_al.active_learning.chain import run_block
from cartography_al.active_learning.collect import collect
from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.active_learning.iteration import Run
from cartography_al.active_learning.main_classifier import data_map, train_main_classifier
from cartography_al.analysis.batches import batch_statistics
from cartography_al.analysis.curves import learning_curves
from cartography_al.analysis.overlap import overlap
from cartography_al.analysis.runs import exhausted_at
from cartography_al.analysis.summary import summarize
from cartography_al.datasets.dataset import Dataset, describe, write_dataset
from cartography_al.datasets.sources import read_dataset
from cartography_al.datasets.splits import read_split
from cartography_al.errors import DataError
from cartography_al.features.arrays import read_features
from cartography_al.features.pretrained import read_vec_vectors
from cartography_al.features.sums import write_features
from cartography_al.features.tokens import vocabulary
from cartography_al.features.word_vectors import WordVectors
from cartography_al.figures.figure1 import DataMapPanel, draw_data_maps
from cartography_al.figures.figure3 import CurvePanel, plot_learning_curves
from cartography_al.figures.figure4 import BatchPanel, plot_batch_statistics
from cartography_al.figures.figure5 import draw_density
from cartography_al.figures.style import save_figure
from cartography_al.naming import Subject
from cartography_al.protocol import AS_WRITTEN, RELEASED
from cartography_al.significance.aso import aso_table, final_scores
from cartography_al.tables.formats import write_table
from cartography_al.tables.summary import summary_table
from cartography_al.tables.table1 import table1
from cartography_al.tables.table2_final import table2_final
from cartography_al.tables.table4 import table4
from tests.unit.support import SETTINGS

MAIN = replace(SETTINGS, batch_size=16)


MAX_TOKENS = 4
CONFIGURATION = yaml.safe_load((Path(__file__).parents[3] / "config.yaml").read_text(encoding="utf-8"))
PARAMETERS = CONFIGURATION["acquisition"] | {"bald": {"passes": 2}}


KNOWN = ["w0", "w1", "w2", "w3"]


def read(texts: Sequence[str], labels: Sequence[str], folder: Path, seed_set_size: int) -> Dataset:
    """The data set, read from a JSON lines file that serves as both splits."""
    path = folder / "texts.jsonl"
    pd.DataFrame({"text": texts, "label": labels}).to_json(path, orient="records", lines=True)
    entry = {
        "title": "Odd",
        "files": {"train": str(path), "test": str(path), "format": "jsonl"},
        "text_column": "text",
        "label_column": "label",
        "classes": {label: f"class {label}" for label in dict.fromkeys(labels)},
        "max_tokens": MAX_TOKENS,
        "seed_set_size": seed_set_size,
        "batch_size": 16,
    }
    return read_dataset("odd", entry)


def run_everything(texts: Sequence[str], labels: Sequence[str], folder: Path, seed_set_size: int) -> pd.DataFrame:
    """Go the pipeline's way on these texts, two iterations of every strategy; return the runs."""
    dataset = read(texts, labels, folder, seed_set_size)
    write_dataset(dataset, folder / "train.parquet", folder / "test.parquet", folder / "dataset.json")
    train = read_split(folder / "train.parquet")
    assert train["text"].tolist() == dataset.train["text"].tolist()
    words = vocabulary(train["text"], train["text"], MAX_TOKENS, "space")
    vectors = np.random.default_rng(0).normal(size=(len(KNOWN), 5))
    lines = [f"{word} {' '.join(map(str, vector))}\n" for word, vector in zip(KNOWN, vectors, strict=True)]
    (folder / "words.vec").write_text(f"{len(KNOWN)} 5\n{''.join(lines)}", encoding="utf-8")
    word_vectors = WordVectors(words, *read_vec_vectors(folder / "words.vec", words.tokens))
    write_features(
        folder / "train.npy",
        train["text"],
        train["instance_id"],
        word_vectors,
        max_tokens=MAX_TOKENS,
        backslashes="space",
    )
    features, gold = read_features(folder / "train.npy"), train["label"].to_numpy()
    data = LabelledFeatures("odd", dataset.classes, features, gold, features, gold, {"texts": "0"})

    checkpoints: list[Path] = []
    for strategy, entry in STRATEGIES.items():
        for seed, protocol in ((1, AS_WRITTEN), (2, RELEASED)):
            run = Run(
                data,
                strategy,
                entry.function,
                seed,
                protocol,
                MAIN,
                MAIN,
                seed_set_size,
                5,
                PARAMETERS.get(strategy, {}),
            )
            paths = {i: folder / strategy / f"seed-{seed}/iteration-{i:03d}.parquet" for i in range(3)}
            run_block(run, None, paths, folder / "unfinished", "code")
            checkpoints += paths.values()
    runs, acquisitions, seed_sets, _ = collect(checkpoints)
    everything = train_main_classifier(data, np.arange(len(gold)), 1, 0, MAIN, AS_WRITTEN)
    full_map = data_map(data, np.arange(len(gold)), everything.record)

    curves, ended = learning_curves(runs, len(gold)), exhausted_at(runs, len(gold))
    figures = (
        draw_data_maps([DataMapPanel("Odd", full_map, 0.2)]),
        draw_density(DataMapPanel("Odd", full_map)),
        plot_learning_curves([CurvePanel("Odd", curves, 0.5, ended)]),
        plot_batch_statistics([BatchPanel("Odd", batch_statistics(acquisitions), None, ended)]),
    )
    for number, figure in enumerate(figures):
        save_figure(figure, folder / f"figure{number}.pdf", folder / f"figure{number}.png")
    full_data = pd.DataFrame({"seed": [1, 2], "test_accuracy": [0.5, 0.5], "test_rows": 40, "largest_class": 0.2})
    sizes = {"seed_set_size": seed_set_size, "max_tokens": MAX_TOKENS, "batch_size": 16}
    ids = {seed: rows["instance_id"] for seed, rows in seed_sets.groupby("seed")}
    aso = aso_table(final_scores(runs, ["random", "cal"]), 0.05, 10, 0)
    for table in (
        table1([describe(dataset) | sizes]),
        table2_final({Subject("odd", "Odd"): aso}, 0.05, 10),
        table4({Subject("odd", "Odd"): overlap(acquisitions, ids, len(gold))}),
        summary_table({Subject("odd", "Odd"): summarize(runs, full_data, len(gold))}),
    ):
        write_table(table, *(folder / f"{table.name}.{suffix}" for suffix in ("csv", "md", "tex", "html")))
    return runs


def cycle(values: Sequence[str], rows: int) -> list[str]:
    return [values[row % len(values)] for row in range(rows)]


def test_two_hundred_classes(tmp_path: Path) -> None:
    labels = [f"c{row % 200:03d}" for row in range(500)]
    runs = run_everything([f"w{row % 4} word{row}" for row in range(500)], labels, tmp_path, seed_set_size=250)
    assert runs["labelled"].max() == 260
    assert "200" in (tmp_path / "table1.md").read_text(encoding="utf-8")


def test_two_texts_many_times_over(tmp_path: Path) -> None:
    runs = run_everything(cycle(["w0 w1", "w2"], 40), cycle(["a", "b"], 40), tmp_path, seed_set_size=10)
    assert runs["labelled"].max() == 20


def test_one_text_under_both_labels(tmp_path: Path) -> None:
    run_everything(cycle(["w0"], 40), cycle(["a", "b"], 40), tmp_path, seed_set_size=10)


def test_no_known_word(tmp_path: Path) -> None:
    """All features are zero: nothing can be learned, and nothing fails."""
    runs = run_everything([f"unknown{row}" for row in range(40)], cycle(["a", "b"], 40), tmp_path, seed_set_size=10)
    assert runs["test_accuracy"].between(0.2, 0.8).all()


def test_texts_far_over_the_limit(tmp_path: Path) -> None:
    texts = [f"w{row % 4} " * 50_000 for row in range(20)]  # 150,000 characters: more than a CSV field has by default
    run_everything(texts, cycle(["a", "b"], 20), tmp_path, seed_set_size=5)
    assert describe(read(texts, cycle(["a", "b"], 20), tmp_path, 5))["splits"]["train"]["truncated"] == 20
    pd.DataFrame({"text": texts, "label": cycle(["a", "b"], 20)}).to_csv(tmp_path / "texts.csv", index=False)
    entry = {"title": "Long", "text_column": "text", "label_column": "label", "classes": {"a": "A", "b": "B"}}
    entry |= {"files": {"train": f"{tmp_path}/texts.csv", "test": f"{tmp_path}/texts.csv", "format": "csv"}}
    dataset = read_dataset("long", entry | {"max_tokens": 4, "seed_set_size": 5, "batch_size": 16})
    assert dataset.train["text"].tolist() == [text.strip() for text in texts]


def test_a_pool_of_one_text(tmp_path: Path) -> None:
    runs = run_everything(cycle(["w0", "w1"], 11), cycle(["a", "b"], 11), tmp_path, seed_set_size=10)
    assert runs.groupby(["strategy", "seed"])["labelled"].agg(list).tolist() == [[10, 11]] * len(STRATEGIES) * 2


@pytest.mark.parametrize(("absent", "message"), [(["b"], "no training instance has it"), (["a"], "no training")])
def test_one_class_alone_is_refused(tmp_path: Path, absent: list[str], message: str) -> None:
    """A classifier of one class has nothing to learn; the configuration needs two classes, and the data both."""
    pd.DataFrame({"text": ["w0"] * 9, "label": [*{"a", "b"} - {*absent}] * 9}).to_csv(tmp_path / "one.csv", index=False)
    entry = {"title": "One", "text_column": "text", "label_column": "label", "classes": {"a": "A", "b": "B"}}
    entry |= {"files": {"train": f"{tmp_path}/one.csv", "test": f"{tmp_path}/one.csv", "format": "csv"}}
    with pytest.raises(DataError, match=message):
        read_dataset("one", entry | {"max_tokens": 4, "seed_set_size": 5, "batch_size": 16})
