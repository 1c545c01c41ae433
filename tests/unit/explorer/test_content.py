"""What an explorer shows: every text that counts, in order, within the size that a file may have."""

import numpy as np
import pandas as pd
import pytest

from cartography_al.errors import DataError
from cartography_al.explorer.content import Content, gather


def data_map(rows: int = 60) -> pd.DataFrame:
    stream = np.random.default_rng(3)
    confidence = stream.permutation(rows) / rows
    return pd.DataFrame(
        {
            "instance_id": np.arange(rows),
            "label": np.arange(rows, dtype=np.int16) % 2,
            "confidence": confidence,
            "variability": stream.random(rows) / 2,
            "correctness": np.floor(confidence * 5) / 5,
        }
    )


def acquired(**chains: list[int]) -> pd.DataFrame:
    """One acquisition for each iteration, of the seed 7."""
    rows = [(name, 7, i + 1, identity) for name, ids in chains.items() for i, identity in enumerate(ids)]
    return pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "instance_id"])


def runs(*strategies: str) -> pd.DataFrame:
    rows = [(name, 7, i, 10 + i, 0.5) for name in strategies for i in range(4)]
    return pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "labelled", "test_accuracy"])


def content(**changes: object) -> Content:
    arguments: dict[str, object] = {
        "title": "Made up",
        "subtitle": "",
        "classes": ("no", "yes"),
        "data_map": data_map(),
        "acquisitions": acquired(cal=[5, 6, 7], random=[7, 8, 9]),
        "seed_sets": pd.DataFrame({"seed": 7, "instance_id": [3, 4]}),
        "runs": runs("random", "cal"),
        "texts": [f"text {i}" for i in range(60)],
    }
    return gather(**(arguments | changes))  # type: ignore[arg-type]


def test_points_stand_in_the_order_of_suspicion_with_their_own_texts() -> None:
    points = content().points
    assert points["rank"].tolist() == list(range(1, 61))
    assert points["correctness"].is_monotonic_increasing
    assert points["text"].tolist() == [f"text {i}" for i in points["instance_id"]]
    assert points["label"].tolist() == ["yes" if i % 2 else "no" for i in points["instance_id"]]
    assert points["third"].value_counts().to_dict() == {"easy": 20, "hard": 20, "-": 20}
    assert set(points.loc[points["third"] == "hard", "confidence"]) == set(points["confidence"].nsmallest(20))


def test_acquisitions_point_at_the_rows_of_their_instances() -> None:
    made = content()
    cal = made.strategies.index("cal") * len(made.seeds)
    of_cal = made.acquisitions[made.acquisitions["chain"] == cal]
    assert made.points["instance_id"].iloc[of_cal["row"]].tolist() == [5, 6, 7]
    assert of_cal["iteration"].tolist() == [1, 2, 3]
    assert made.points["instance_id"].iloc[made.seed_sets["row"]].tolist() == [3, 4]
    assert made.seed_sets["seed"].tolist() == [0, 0]


def test_where_texts_are_too_long_only_what_nobody_labelled_or_suspects_is_left_out() -> None:
    long = ["x" * 1000] * 60
    small = content(texts=long, text_bytes=20_000)
    assert 5 < len(small.points) < 20
    assert {3, 4, 5, 6, 7, 8, 9} <= set(small.points["instance_id"])
    assert {1, 2, 3} <= set(small.points["rank"])
    assert small.texts_in_all == 60
    assert small.density.sum() == 60
    pd.testing.assert_frame_equal(small.points, content(texts=long, text_bytes=20_000).points)


def test_without_texts_there_are_none() -> None:
    made = content(texts=None)
    assert not made.has_texts
    assert "text" not in made.points


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"texts": ["a"]}, "1 texts and a data map of 60"),
        ({"acquisitions": acquired(cal=[60])}, "labelled instance 60"),
    ],
)
def test_frames_of_different_runs_are_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        content(**changes)
