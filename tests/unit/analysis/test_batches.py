"""analysis.batches: what it promises, and what it refuses."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from cartography_al.analysis.batches import batch_statistics
from cartography_al.errors import NumericError
from tests.unit.analysis.support import make_acquisitions


def test_batch_statistics_by_hand():
    frame = make_acquisitions({("cal", 1): [[1, 2], [3, 4]], ("cal", 2): [[1, 2, 5, 6], [3]], ("dal", 1): [[9], [8]]})
    frame["confidence"] = [0.2, 0.4, 0.6, 0.8, 0.0, 0.0, 0.4, 0.4, 1.0, 0.5, 0.5]
    frame["variability"] = frame["confidence"] / 2
    statistics = batch_statistics(frame)
    assert list(statistics) == ["strategy", "iteration", "statistic", "mean", "std", "min", "max", "seeds"]
    assert statistics["strategy"].tolist() == ["dal"] * 6 + ["cal"] * 6
    assert (
        statistics["statistic"].tolist()
        == ["confidence"] * 2
        + ["variability"] * 2
        + ["correctness"] * 2
        + ["confidence"] * 2
        + ["variability"] * 2
        + ["correctness"] * 2
    )
    assert statistics["iteration"].tolist() == [1, 2] * 6
    cal = statistics[statistics["strategy"] == "cal"]
    # Iteration 1: seed 1 has mean 0.3 of two, seed 2 has mean 0.2 of four; their mean is 0.25, not 7/30.
    assert_allclose(cal["mean"], [0.25, 0.85, 0.125, 0.425, 0.5, 0.5])
    assert_allclose(cal["std"], np.array([0.1, 0.3, 0.05, 0.15, 0, 0]) / np.sqrt(2), atol=1e-15)
    assert_allclose(cal["min"], [0.2, 0.7, 0.1, 0.35, 0.5, 0.5])
    assert_allclose(cal["max"], [0.3, 1.0, 0.15, 0.5, 0.5, 0.5])
    assert cal["seeds"].tolist() == [2] * 6
    frame.loc[3, "correctness"] = np.nan
    with pytest.raises(NumericError, match=r"cal, seed 1, iteration 2: .* instance 4"):
        batch_statistics(frame)
