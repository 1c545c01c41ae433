"""What an explorer shows, as frames: texts, numbers and acquisitions joined, and cut to the size that a file may have.

Nothing is drawn here.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cartography_al.analysis.suspects import regions, suspects
from cartography_al.errors import DataError
from cartography_al.naming import in_order
from cartography_al.seeding import generator

TEXT_BYTES = 26_000_000
"""How much of a file of 30 MB its points may take; the library takes 2 MB, and what is left over is a margin."""
POINT_BYTES = 50
"""What a point takes besides its text and its class names: five numbers in base64 and four letters."""
ACQUISITION_BYTES = 16
"""What a labelled instance takes: three numbers in base64."""
ALWAYS_SHOWN = 0.05
"""The share of the most suspect texts that is never left out."""
CORRECTNESS_LEVELS = ("0", "(0, 0.2]", "(0.2, 0.4]", "(0.4, 0.6]", "(0.6, 0.8]", "(0.8, 1]")
_CORRECTNESS_EDGES = np.array([0.0, 0.2, 0.4, 0.6, 0.8])  # as in the paper's Figure 1


@dataclass(frozen=True)
class Content:
    """One data set under one protocol, ready to be shown.

    points: one row for each text shown, the most suspect first: rank (from 1, among all texts), instance_id, label and
    prediction (names; "" where no prediction was kept), class (the label's number as text), confidence, variability,
    correctness, level (position in CORRECTNESS_LEVELS as text), third ("easy", "hard" or "-", by confidence),
    spread ("ambiguous" or "-"), text (without texts: no such column).
    acquisitions: chain (position in strategies x seeds), iteration, row (of points), one row for each acquired text.
    seed_sets: seed (position in seeds), row (of points), one row for each text that the seed's strategies started from.
    accuracies: chain, iteration, labelled, test_accuracy.   full_accuracy: after training on everything, None if not
    run.   texts_in_all: texts of the training split; those not in points were never labelled.
    density: int [50, 50], texts in each cell of the map, confidence x variability, all texts.
    """

    title: str
    subtitle: str
    classes: tuple[str, ...]
    strategies: tuple[str, ...]
    seeds: tuple[int, ...]
    points: pd.DataFrame
    acquisitions: pd.DataFrame
    seed_sets: pd.DataFrame
    accuracies: pd.DataFrame
    full_accuracy: float | None
    texts_in_all: int
    density: np.ndarray

    @property
    def has_texts(self) -> bool:
        """Whether the texts themselves are shown."""
        return "text" in self.points


def gather(
    title: str,
    subtitle: str,
    classes: Sequence[str],
    data_map: pd.DataFrame,
    acquisitions: pd.DataFrame,
    seed_sets: pd.DataFrame,
    runs: pd.DataFrame,
    full_accuracy: float | None = None,
    texts: Sequence[str] | None = None,
    text_bytes: int = TEXT_BYTES,
) -> Content:
    """Put together what an explorer shows.

    data_map: instance_id, label (numbers), confidence, variability, correctness and, if known, prediction, of all
    training texts.   acquisitions: strategy, seed, iteration, instance_id.   seed_sets: seed, instance_id.
    runs: strategy, seed, iteration, labelled, test_accuracy.
    texts: [N], the text of instance i at i; None leaves the texts out.
    text_bytes: what texts and points may take. Where they take more, a seeded sample is shown of what was neither
    labelled nor is among the first ALWAYS_SHOWN of the suspects.
    Raises: DataError for a labelled instance that the data map lacks, or a text without a row.
    """
    frame = suspects(data_map)
    if texts is not None and len(texts) != len(frame):
        raise DataError(f"{title}: {len(texts)} texts and a data map of {len(frame)}; delete the map, and run it again")
    labelled = {*acquisitions["instance_id"], *seed_sets["instance_id"]}
    unknown = labelled - set(frame["instance_id"])
    if unknown:
        raise DataError(
            f"{title}: the labelled instance {min(unknown)} is not on the data map; delete the map, and run it again"
        )
    strategies, seeds = tuple(in_order(runs["strategy"])), tuple(int(seed) for seed in runs["seed"].unique())
    names = np.asarray(classes, dtype=object)
    level = np.searchsorted(_CORRECTNESS_EDGES, frame["correctness"].to_numpy().round(6), side="left")
    region = regions(frame)
    points = pd.DataFrame(
        {
            "rank": np.arange(1, len(frame) + 1, dtype=np.int32),
            "instance_id": frame["instance_id"].to_numpy(np.int32),
            "label": names[frame["label"]],
            "prediction": names[frame["prediction"]] if "prediction" in frame else "",
            "class": frame["label"].astype(str),
            "confidence": frame["confidence"].to_numpy(np.float32),
            "variability": frame["variability"].to_numpy(np.float32),
            "correctness": frame["correctness"].to_numpy(np.float32),
            "level": level.astype(str),
            "third": np.select([region["easy"], region["hard"]], ["easy", "hard"], "-"),
            "spread": np.where(region["ambiguous"], "ambiguous", "-"),
        }
    )
    if texts is not None:
        points["text"] = np.asarray(texts, dtype=object)[frame["instance_id"]]
    room = text_bytes - ACQUISITION_BYTES * (len(acquisitions) + len(seed_sets))
    shown = _shown(points, labelled, room)
    density = np.histogram2d(points["confidence"], points["variability"], bins=50, range=((0, 1), (0, 0.5)))[0]
    points = points.loc[shown].reset_index(drop=True)
    chain = {(strategy, seed): i for i, (strategy, seed) in enumerate((a, b) for a in strategies for b in seeds)}
    row = pd.Series(points.index, index=points["instance_id"])
    return Content(
        title=title,
        subtitle=subtitle,
        classes=tuple(classes),
        strategies=strategies,
        seeds=seeds,
        points=points,
        acquisitions=pd.DataFrame(
            {
                "chain": _chains(acquisitions, chain),
                "iteration": acquisitions["iteration"].to_numpy(np.int32),
                "row": row.loc[acquisitions["instance_id"]].to_numpy(np.int32),
            }
        ),
        seed_sets=pd.DataFrame(
            {
                "seed": seed_sets["seed"].map({seed: i for i, seed in enumerate(seeds)}).to_numpy(np.int32),
                "row": row.loc[seed_sets["instance_id"]].to_numpy(np.int32),
            }
        ),
        accuracies=runs[["iteration", "labelled", "test_accuracy"]].assign(chain=_chains(runs, chain)),
        full_accuracy=full_accuracy,
        texts_in_all=len(frame),
        density=density.astype(np.int32),
    )


def _chains(frame: pd.DataFrame, chain: dict[tuple[str, int], int]) -> np.ndarray:
    return np.array([chain[key] for key in zip(frame["strategy"], frame["seed"], strict=True)], dtype=np.int32)


def _shown(points: pd.DataFrame, labelled_ids: set[int], room: int) -> np.ndarray:
    """Bool [points]: what fits, all of it if it does; a seeded sample of what nobody labelled or suspects, if not."""
    sizes = np.full(len(points), POINT_BYTES)
    for name in ("label", "prediction", "third", "spread"):
        sizes += points[name].str.encode("utf-8").str.len().to_numpy()
    if "text" in points:
        # `<` becomes six characters on the page.
        sizes += [len(json.dumps(text, ensure_ascii=False).encode()) + 5 * text.count("<") for text in points["text"]]
    first = points["rank"] <= ALWAYS_SHOWN * len(points)
    kept = (points["instance_id"].isin(labelled_ids) | first).to_numpy(copy=True)
    others = generator(0, 0, "explorer: texts shown").permutation(np.flatnonzero(~kept))
    kept[others[np.cumsum(sizes[others]) <= room - sizes[kept].sum()]] = True
    return kept
