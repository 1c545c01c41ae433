"""figures.figure5: what it promises, and what it refuses."""

import numpy as np
import pandas as pd
import pytest

from cartography_al.figures.figure1 import DataMapPanel
from cartography_al.figures.figure5 import draw_density
from tests.unit.figures.support import data_map


class TestDensity:
    def test_histograms_are_in_percent(self) -> None:
        frame = data_map(2_500)
        _, *histograms = draw_density(DataMapPanel("AG News", frame)).axes
        assert [axis.get_xlabel() for axis in histograms] == ["Confidence", "Variability", "Correctness"]
        for axis in histograms:
            assert sum(bar.get_height() for bar in axis.patches) == pytest.approx(100)  # type: ignore[attr-defined]

    def test_a_bar_of_correctness_is_one_number_of_epochs(self) -> None:
        frame = data_map(2_500)
        *_, axis = draw_density(DataMapPanel("AG News", frame)).axes
        heights = [bar.get_height() for bar in axis.patches]  # type: ignore[attr-defined]
        counts = np.bincount((10 * frame["correctness"]).round().astype(int), minlength=11)
        np.testing.assert_allclose(heights, 100 * counts / 2_500)

    def test_the_mode_of_confidence_is_marked(self) -> None:
        frame = pd.DataFrame({"confidence": [0.1, 0.79, 0.78, 0.77], "variability": 0.1, "correctness": 1.0})
        axis = draw_density(DataMapPanel("A", frame)).axes[1]
        assert [text.get_text() for text in axis.texts] == ["mode 0.78"]
        assert axis.lines[0].get_xdata() == pytest.approx([0.78, 0.78])  # the bin from 0.76 to 0.80
