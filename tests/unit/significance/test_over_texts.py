"""Intervals over seeds and test texts."""

import numpy as np
import pandas as pd
import pytest

from cartography_al.analysis.runs import area_under_curve
from cartography_al.significance.intervals import over_seeds
from cartography_al.significance.over_texts import over_seeds_and_texts, with_texts
from cartography_al.significance.paired import area_comparisons


def drawn(stream: np.random.Generator, spreads: tuple[float, float, float]) -> np.ndarray:
    """Values [6, 60] around 0; `spreads` are the standard deviations of rows, columns and cells."""
    sizes = ((6, 1), (1, 60), (6, 60))
    return np.asarray(sum(stream.normal(0, spread, size) for spread, size in zip(spreads, sizes, strict=True)))


@pytest.mark.parametrize("spreads", [(0.1, 1.0, 1.0), (1.0, 1.0, 1.0), (0.2, 0.5, 3.0), (0.5, 0.0, 1.0)])
def test_the_interval_holds_the_truth_as_often_as_it_says(spreads):
    """In 400 experiments, 95% plus or minus three standard errors, 0.011 each; a little wide is allowed."""
    stream = np.random.default_rng(5)
    held = 0
    for _ in range(400):
        estimate = over_seeds_and_texts(drawn(stream, spreads))
        held += estimate.low <= 0 <= estimate.high
    assert 0.917 <= held / 400 <= 0.99


def test_over_the_seeds_alone_it_is_too_narrow_where_texts_differ():
    """Which is what the interval is for."""
    stream = np.random.default_rng(5)
    drawings = [drawn(stream, (0.1, 1.0, 1.0)) for _ in range(100)]
    pairs = [(over_seeds(pd.Series(values.mean(axis=1))), over_seeds_and_texts(values)) for values in drawings]
    assert np.mean([alone.low <= 0 <= alone.high for alone, _ in pairs]) < 0.75
    assert np.mean([both.high - both.low > alone.high - alone.low for alone, both in pairs]) > 0.9


def test_where_texts_add_nothing_it_is_that_over_the_seeds():
    values = np.tile([[0.1], [0.2], [0.4]], (1, 7))
    assert over_seeds_and_texts(values) == pytest.approx(over_seeds(pd.Series([0.1, 0.2, 0.4])))
    assert over_seeds_and_texts(np.zeros((3, 4))) == (0, 0, 0)
    assert np.isnan(over_seeds_and_texts(values[:1])[1:]).all()


def test_comparisons_get_it_from_the_predictions():
    """The mean over the texts of the areas of single texts is the area, so both intervals lie around one difference."""
    stream, labels = np.random.default_rng(0), np.random.default_rng(1).integers(0, 3, 80)
    rows = []
    for strategy, skill in (("random", 0.5), ("dal", 0.55), ("cal", 0.7)):
        for seed in (1, 2, 3):
            for iteration in range(4):
                right = stream.random(80) < skill + 0.05 * iteration
                rows.append((strategy, seed, iteration, (right.mean()), np.where(right, labels, (labels + 1) % 3)))
    frame = pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "test_accuracy", "predictions"])
    areas = with_texts(area_comparisons(frame, early=2), frame, labels, early=2)
    middle = (areas["low_texts"] + areas["high_texts"]) / 2
    assert middle.to_numpy() == pytest.approx(areas["difference"].to_numpy(), abs=1e-6)
    assert (areas["high_texts"] > areas["low_texts"]).all()
    assert len(areas) == 6
    first = frame[(frame["strategy"] == "cal") & (frame["seed"] == 1)]
    right = np.stack(first["predictions"].tolist()) == labels
    by_text = np.trapezoid(right.astype(float), axis=0) / 3
    assert by_text.mean() == pytest.approx(area_under_curve(first["test_accuracy"].to_numpy()))
