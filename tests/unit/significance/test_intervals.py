"""significance.intervals: what it promises, and what it refuses."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.stats import binomtest, ttest_1samp

from cartography_al.significance.intervals import over_seeds, roc_area, wilson_interval


@pytest.mark.parametrize(("successes", "count"), [(0, 10), (3, 10), (10, 10), (1, 1), (250, 500)])
def test_wilson_interval_is_scipys(successes, count):
    expected = binomtest(successes, count).proportion_ci(0.95, method="wilson")
    assert_allclose(wilson_interval(successes / count, count), expected, atol=1e-12)


def test_over_seeds_is_student_s_interval():
    values = pd.Series([0.10, 0.12, 0.14])
    estimate = over_seeds(values)
    # t(0.975, 2) = 4.30265; 4.30265 * 0.02 / sqrt(3) = 0.04968
    assert estimate == pytest.approx((0.12, 0.12 - 0.049683, 0.12 + 0.049683), abs=1e-6)
    assert estimate[1:] == pytest.approx(tuple(ttest_1samp(values, 0).confidence_interval()))
    assert over_seeds(values, 0.99)[1:] == pytest.approx(tuple(ttest_1samp(values, 0).confidence_interval(0.99)))
    assert over_seeds(pd.Series([0.1])) == pytest.approx((0.1, np.nan, np.nan), nan_ok=True)


def test_roc_area():
    generator = np.random.default_rng(0)
    low, rest = generator.normal(0, 1, 30).round(1), generator.normal(1, 1, 50).round(1)
    wins = (low[:, None] < rest) + 0.5 * (low[:, None] == rest)  # float [30, 50], one for each pair
    assert roc_area(pd.Series(low), pd.Series(rest)) == pytest.approx(wins.mean())
    assert roc_area(pd.Series([0.1, 0.2]), pd.Series([0.3, 0.4])) == 1
    assert roc_area(pd.Series([0.3, 0.4]), pd.Series([0.1])) == 0
