"""Sums of word vectors, a sentence encoder and vectors of one's own: in one experiment, side by side."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.features.encoders import build_tiny_encoder
from tests.workflow.conftest import Checkout

pytestmark = pytest.mark.workflow

OWN = {"source": "precomputed", "precomputed": {"train": "{dataset}_train.npy", "test": "{dataset}_test.npy"}}
CHANGES: dict[str, Any] = {
    "run": {"seeds": [11], "strategies": ["random"]},
    "analysis": {
        "claim_protocols": [],
        "correctness_thresholds": [],
        "batch_strategies": [],
        "compared_strategies": [],
    },
    "representations": {
        "fasttext": {"title": "FastText sums"},
        "tiny": {"title": "Tiny encoder", "source": "encoder", "encoder": {"folder": "tiny"}},
        "own": {"title": "Own vectors", **OWN},
    },
}


@pytest.fixture(scope="module")
def checkout(new_checkout: Callable[..., Checkout]) -> Checkout:
    made = new_checkout()
    build_tiny_encoder(made.folder / "tiny")
    for split, rows in (("train", 330), ("test", 60)):
        write_own(made, split, np.random.default_rng(rows).normal(size=(rows, 5)))
    return made


def write_own(checkout: Checkout, split: str, values: np.ndarray) -> None:
    np.save(checkout.folder / f"made_{split}.npy", values)


def features(checkout: Checkout, name: str) -> Path:
    return checkout.results / "features" / name


def test_all_are_run_side_by_side(checkout: Checkout) -> None:
    shown = checkout.run("all", changes=CHANGES)
    assert "encode_texts made: encoded 330 of 330 texts" in shown  # on the terminal
    dimensions = {
        name: np.load(features(checkout, name) / "train.npy").shape
        for name in ("fasttext/made/plain", "tiny/made/encoder", "own/made/precomputed")
    }
    assert list(dimensions.values()) == [(330, 20), (330, 16), (330, 5)]
    for name in ("tiny/made/encoder", "own/made/precomputed"):
        described = json.loads((features(checkout, name) / "features.json").read_text())
        assert list(described["without_effect"]) == ["padding", "backslashes"]
    assert {path.parts[-2] for path in checkout.results.glob("active_learning/as_written/*/made")} == set(
        CHANGES["representations"]
    )
    assert not list(checkout.results.rglob("unfinished*"))
    assert checkout.plan("all", changes=CHANGES) == []


def test_protocols_share_the_vectors_of_an_encoder(checkout: Checkout) -> None:
    target = "results/small/active_learning/released/tiny/made/full_data/seed-11.json"
    planned = checkout.plan(target, changes=CHANGES | {"protocol": "released"})
    assert [job.rule for job in planned] == ["train_on_full_data"]


@pytest.mark.parametrize(
    ("split", "change", "told"),
    [
        ("train", lambda values: values[:-1], "made_train.npy: 329 rows, and the split has 330 texts"),
        ("test", lambda values: np.where(values == values[7, 2], np.nan, values), "made_test.npy, row 7 (from 0)"),
        ("test", lambda values: values[:, :4], "made_train.npy (of train) has 5, made_test.npy (of test) has 4"),
    ],
    ids=["rows", "not finite", "dimension"],
)
def test_unfit_vectors_are_refused(
    new_checkout: Callable[..., Checkout],
    checkout: Checkout,
    split: str,
    change: Callable[[np.ndarray], np.ndarray],
    told: str,
) -> None:
    copy = new_checkout(checkout)
    write_own(copy, split, change(np.load(copy.folder / f"made_{split}.npy")))
    target = "results/small/features/own/made/precomputed/features.json"
    shown = copy.run(target, status=1, changes=CHANGES)
    assert told in shown
    assert "Traceback" not in shown
    assert not (copy.folder / target).exists()


def test_a_folder_without_a_model_is_named(new_checkout: Callable[..., Checkout], checkout: Checkout) -> None:
    copy = new_checkout(checkout)
    (copy.folder / "tiny/modules.json").unlink()
    shown = copy.run("results/small/features/tiny/made/encoder/features.json", status=1, changes=CHANGES)
    assert "tiny/modules.json" in shown
    assert "Traceback" not in shown
