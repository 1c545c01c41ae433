"""claims.error_rates: what is dealt and flipped, and that the calibrated rules err as seldom as they say."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from cartography_al.claims.error_rates import COLUMN_TYPES, DEALT, FLIPPED, _errors, claim_error_rates
from tests.unit.claims.support import SIX, evidence, full_data, runs, significance

OPTIONS: dict[str, Any] = {"alpha": 0.05, "bootstrap_iterations": 20, "seed": 0}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    names = (*SIX, "cal_dal", "cal-threshold-0.0", "cal-threshold-0.4", "cal-threshold-0.6")
    table = runs({name: 0.7 + rng.normal(0, 0.02, (5, 1)) + rng.normal(0, 0.01, (5, 31)) for name in names})
    found = evidence("trec", runs=table, full_data=full_data([0.7] * 5), significance=significance())
    return claim_error_rates(found, 40, SIX, **OPTIONS)


def test_frame(frame):
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == COLUMN_TYPES
    designs = frame.set_index("claim")["design"]
    assert {"C2", "C5", "C7", "C9a", "C11", "C13a", "C19", "C25", "C27"} <= set(designs.index[designs == DEALT])
    assert "C14" not in designs  # no batches
    assert (frame.loc[frame["design"] == DEALT, "tables"] == 40).all()


def test_the_papers_procedure_finds_winners_and_the_calibrated_rules_do_not(frame):
    rates = frame.set_index("claim")
    assert rates.loc["C5", "paper_holds"] > 0.3
    assert rates.loc["C7", "paper_holds"] > 0.6
    assert rates["false_holds_low"].max() < 0.06
    assert rates["false_fails_low"].max() < 0.06
    assert np.isnan(rates.loc["C9a", "paper_holds"])  # full data is no strategy


def test_errors_of_normal_deviations_are_those_of_the_t_interval():
    values = np.random.default_rng(0).normal(0, 1, (4000, 1, 5))
    holds, fails = _errors(list(values))
    assert holds == pytest.approx(0.025, abs=0.008)
    assert fails == pytest.approx(0.025, abs=0.008)


def test_two_conditions_that_bound_one_number_fail_one_at_a_time():
    values = np.random.default_rng(0).normal(0, 1, (4000, 1, 5))
    both = np.concatenate([values, -values], axis=1)
    assert _errors(list(both))[1] == pytest.approx(0.0125, abs=0.006)
    independent = np.random.default_rng(1).normal(0, 1, (4000, 2, 5))
    assert _errors(list(independent))[1] == pytest.approx(0.025, abs=0.008)


def test_signs_are_flipped_where_no_strategy_can_take_the_place():
    maps = pd.concat(
        [
            pd.DataFrame({"confidence": np.repeat([0.3, 0.8], [60 + seed, 40]), "correctness": 0.5, "seed": seed})
            for seed in range(5)
        ]
    )
    found = evidence("trec", runs=runs(dict.fromkeys(SIX, 0.5)), full_maps=maps)
    rates = claim_error_rates(found, 2, SIX, **OPTIONS).set_index("claim")
    assert (rates.loc["C18a", "design"], rates.loc["C18a", "tables"]) == (FLIPPED, 32)
