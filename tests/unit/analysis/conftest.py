"""Fixtures of this folder."""

import pandas as pd
import pytest

from tests.unit.analysis.support import make_runs


@pytest.fixture
def runs() -> pd.DataFrame:
    return make_runs(
        {
            ("zeta", 1): [0.1, 0.2, 0.3],
            ("zeta", 2): [0.3, 0.2, 0.5],
            ("cal", 1): [0.4, 0.5, 0.6],
            ("cal", 2): [0.4, 0.7, 0.9],
            ("random", 1): [0.0, 0.0, 0.1],
            ("random", 2): [1.0, 0.0, 0.1],
        }
    )
