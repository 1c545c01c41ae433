"""significance.intervals: what it promises, and what it refuses."""

import pytest
from numpy.testing import assert_allclose
from scipy.stats import binomtest

from cartography_al.significance.intervals import wilson_interval


@pytest.mark.parametrize(("successes", "count"), [(0, 10), (3, 10), (10, 10), (1, 1), (250, 500)])
def test_wilson_interval_is_scipys(successes, count):
    expected = binomtest(successes, count).proportion_ci(0.95, method="wilson")
    assert_allclose(wilson_interval(successes / count, count), expected, atol=1e-12)
