"""figures.readings: numbers and errors are those of the frames, and what is filled in is marked."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from cartography_al.figures.readings import ReadingsPanel, draw_readings
from cartography_al.significance.readings import READINGS

NAMES = ("random", "dal", "cal")


def panel(title: str = "TREC, released") -> ReadingsPanel:
    rows = [
        (reading, a, b, 0.004 if a == "cal" else 0.75, reading != READINGS[0] or NAMES.index(a) < NAMES.index(b))
        for reading in READINGS
        for a in NAMES
        for b in NAMES
        if a != b
    ]
    readings = pd.DataFrame(rows, columns=["reading", "strategy_a", "strategy_b", "eps_min", "tested"])
    errors = [
        (reading, verdict, share, share - 0.1, min(share + 0.1, 1.0))
        for reading, shares in zip(READINGS, ((1.0, 1.0), (0.1, 0.9), (0.2, 0.95)), strict=True)
        for verdict, share in zip(("eps_min = 0", "eps_min < 0.5"), shares, strict=True)
    ]
    calibration = pd.DataFrame(errors, columns=["reading", "verdict", "table_share", "table_low", "table_high"])
    return ReadingsPanel(title, readings, calibration, "runs that do not differ")


def test_matrices_errors_and_marks():
    figure = draw_readings([panel(), panel("AG News")])
    matrices, errors = figure.axes[:3], figure.axes[3]
    for axis, reading in zip(matrices, READINGS, strict=True):
        assert axis.get_title() == reading[:1].upper() + reading[1:]
        texts = [text.get_text() for text in axis.texts]
        assert sorted(texts) == [".00"] * 2 + [".75"] * 4
        assert [text.get_fontweight() for text in axis.texts if text.get_text() == ".00"] == ["bold"] * 2
    # Below the diagonal the paper's call fills in: DAL over Random, CAL over both.
    assert sorted(
        (round(float(np.asarray(line.get_xdata())[0])), round(float(np.asarray(line.get_ydata())[0])))
        for line in matrices[0].lines
    ) == [
        (0, 1),
        (0, 2),
        (1, 2),
    ]
    assert not matrices[1].lines
    widths = np.array([bar.get_width() for bar in errors.patches if isinstance(bar, Rectangle)]).reshape(2, 3)
    assert widths.tolist() == [[100, 10, 20], [100, 90, 95]]
    assert len(figure.axes) == 8


def test_refusals():
    with pytest.raises(ValueError, match="no panels"):
        draw_readings([])
