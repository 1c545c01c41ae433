"""claims.accuracies: each rule on both sides of its boundary and in between."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tests.unit.claims.support import FAILS, HOLDS, OPEN, description, evidence, full_data, judged, runs


@pytest.mark.parametrize(
    ("final", "verdict"), [([0.986, 0.986], HOLDS), ([0.984, 0.984], FAILS), ([0.95, 0.999, 1.02], OPEN), ([1.0], OPEN)]
)
def test_share_of_full_data(final: list[float], verdict: str) -> None:
    found = evidence("agnews", runs=runs({"cal": final}, "agnews"), full_data=full_data([1.0] * len(final)))
    assert judged("C8", found)["verdict"] == verdict


def test_share_of_full_data_asks_for_the_two_percent() -> None:
    """What a later iteration reaches, with more of the training data, does not count."""
    late = np.where(np.arange(31) > 20, 1.0, 0.5) + np.zeros((2, 1))
    few = evidence(
        "agnews",
        runs=runs({"cal": late}, "agnews"),
        full_data=full_data([1.0, 1.0]),
        description=description(50_000, 7600),
    )
    row = judged("C8", few)
    assert row["verdict"] == FAILS
    assert row["value"] == "0.500 (0.500 / 1.000) with 2.5% of the data; at the end 1.000 with 5.0%"
    nothing = replace(few, description=description(5000, 7600))
    assert judged("C8", nothing)["value"] == "not run: no iteration with up to 2.5% of the training data"


@pytest.mark.parametrize(
    ("final", "verdict"),
    [([0.70, 0.72, 0.74], HOLDS), ([0.40, 0.42, 0.44], FAILS), ([0.58, 0.62, 0.66], OPEN), ([0.9], OPEN)],
)
def test_more_than_full_data(final: list[float], verdict: str) -> None:
    found = evidence("trec", runs=runs({"cal": final}), full_data=full_data([0.6] * len(final)))
    assert judged("C9a", found)["verdict"] == verdict


@pytest.mark.parametrize(("gain", "verdict"), [(0.09, HOLDS), (0.075, HOLDS), (0.06, FAILS), (0.12, FAILS)])
def test_more_than_full_data_by_so_much(gain: float, verdict: str) -> None:
    row = judged("C9b", evidence("trec", runs=runs({"cal": 0.6 + gain}), full_data=full_data([0.6] * 5)))
    assert row["verdict"] == verdict
    assert row["paper"] == "+0.090 (0.724 - 0.634)"


def test_more_than_full_data_in_numbers() -> None:
    found = evidence("trec", runs=runs({"cal": [0.70, 0.72, 0.74]}), full_data=full_data([0.6] * 3))
    row = judged("C9a", found)
    assert row["value"] == "+0.120 (0.720 - 0.600)"
    assert row["uncertainty"] == "95% over 3 seeds: +0.070 to +0.170 (CAL - full data)"


def test_what_is_no_ceiling_decides_nothing() -> None:
    found = evidence(
        "trec", runs=runs({"cal": [0.7] * 5}), full_data=full_data([0.6] * 5), no_ceiling="training failed"
    )
    for claim in ("C9a", "C9b", "C10"):
        row = judged(claim, found)
        assert (row["verdict"], row["value"]) == (OPEN, "not judged: training failed")


def test_pairs_are_of_one_seed() -> None:
    """The spread over seeds is the same in both and falls out; a seed without its partner does not count."""
    found = evidence("trec", runs=runs({"cal": [0.5, 0.7, 0.9, 0.0]}), full_data=full_data([0.4, 0.6, 0.8]))
    row = judged("C9a", found)
    assert (row["verdict"], row["uncertainty"]) == (HOLDS, "95% over 3 seeds: +0.100 to +0.100 (CAL - full data)")
    nobody = replace(found, full_data=full_data([0.4]).assign(seed=9))
    assert judged("C9a", nobody)["value"] == "not run: no seed with both runs and a training on the full data"


def rising(first: int, last: int = 30, seeds: int = 2, spread: float = 0.0, top: float = 0.61) -> pd.DataFrame:
    """Runs that reach `top` from iteration `first` on."""
    curve = np.where(np.arange(last + 1) >= first, top, 0.5)
    return runs({"cal": curve + spread * np.arange(seeds)[:, None]})


@pytest.mark.parametrize(
    ("first", "last", "verdict", "value"),
    [
        (3, 30, HOLDS, "with 11.9%"),
        (7, 30, HOLDS, "with 15.6%"),
        (8, 30, FAILS, "with 16.5%"),
        (99, 30, FAILS, "not with up to 36.7%"),
        (99, 7, FAILS, "not with up to 15.6%"),  # the next iteration would be beyond the bound
        (99, 6, OPEN, "not with up to 14.7%"),
        (3, 6, HOLDS, "with 11.9%"),
        (99, 0, OPEN, "not with up to 9.2%"),
    ],
)
def test_labelled_share_that_reaches_full_data(first: int, last: int, verdict: str, value: str) -> None:
    found = evidence("trec", runs=rising(first, last), full_data=full_data([0.6, 0.6]))
    row = judged("C10", found)
    assert (row["verdict"], row["value"], row["paper"]) == (verdict, value, "with about 14%")
    assert row["paper_verdict"] == verdict


def test_labelled_share_within_the_spread_of_the_seeds() -> None:
    found = evidence("trec", runs=rising(3, spread=0.02, top=0.6), full_data=full_data([0.6, 0.6]))
    row = judged("C10", found)
    # differences 0.00 and 0.02: 0.01 and 12.706 * 0.01 on both sides
    assert (row["verdict"], row["paper_verdict"], row["value"]) == (OPEN, HOLDS, "with 11.9%")
    assert "-0.117 to +0.137 (largest CAL - full data with up to 16%)" in row["uncertainty"]
    early = evidence("trec", runs=rising(3), full_data=full_data([0.6, 0.6]), description=description(3000, 500))
    assert judged("C10", early)["value"] == "not run: no iteration with up to 16% of the training data"


@pytest.mark.parametrize(
    ("hybrid", "verdict"), [([0.65, 0.67], HOLDS), ([0.75, 0.77], FAILS), ([0.60, 0.80], OPEN), ([0.1], OPEN)]
)
def test_hybrid(hybrid: list[float], verdict: str) -> None:
    own = [0.70, 0.72][: len(hybrid)]
    row = judged("C13a", evidence("trec", runs=runs({"cal": own, "cal_dal": hybrid})))
    assert row["verdict"] == verdict
    assert row["paper"] == "-0.029 (0.695 - 0.724)"
