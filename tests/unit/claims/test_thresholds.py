"""claims.thresholds: best, level with the best, worse; and what was not run."""

import pandas as pd
import pytest

from tests.unit.claims.support import FAILS, HOLDS, OPEN, evidence, judged, runs

NAMES = {value: "cal" if value == 0.2 else f"cal-threshold-{value}" for value in (0.0, 0.2, 0.4, 0.6, 0.8)}


def at(dataset: str = "trec", **accuracies: float) -> pd.DataFrame:
    """Runs of CAL, at 0.5 where nothing else is given; t04 is the threshold 0.4."""
    levels = {value: accuracies.get(f"t{value:.1f}".replace(".", ""), 0.5) for value in NAMES}
    return runs({NAMES[value]: level for value, level in levels.items()}, dataset)


@pytest.mark.parametrize(
    ("accuracies", "verdict", "standing"),
    [
        ({"t02": 0.6}, HOLDS, "the best"),
        ({}, FAILS, "level with the best"),
        ({"t04": 0.502}, FAILS, "level with the best"),
        ({"t04": 0.6}, FAILS, "worse than another"),
    ],
)
def test_best_threshold(accuracies: dict[str, float], verdict: str, standing: str) -> None:
    row = judged("C11", evidence("trec", runs=at("trec", **accuracies)))
    assert row["verdict"] == verdict
    assert row["value"].startswith(f"0.2 is {standing}: areas 0.5")


def test_within_the_spread_of_the_seeds() -> None:
    table = runs({name: [0.4, 0.5, 0.6] if name == "cal" else [0.48, 0.5, 0.49] for name in NAMES.values()})
    row = judged("C11", evidence("trec", runs=table))
    assert (row["verdict"], row["paper_verdict"]) == (OPEN, HOLDS)
    assert row["value"].startswith("0.2 is open")


def test_a_threshold_that_was_not_run_could_be_the_best() -> None:
    row = judged("C11", evidence("trec", runs=runs({"cal": 0.7, NAMES[0.4]: 0.6})))
    assert (row["verdict"], row["paper_verdict"]) == (OPEN, OPEN)
    assert row["value"].endswith("not run: 0.0, 0.6")
    assert judged("C11", evidence("trec", runs=runs({"cal": 0.6, NAMES[0.4]: 0.7})))["verdict"] == FAILS
    nothing = judged("C11", evidence("trec", runs=runs({"cal": 0.6})))
    assert nothing["value"] == "not run: no runs of CAL at 0.2 and at another threshold"


def test_the_best_threshold_need_not_be_the_configured_one() -> None:
    """Where cal uses 0.4, the runs at 0.2 are those of cal-threshold-0.2."""
    table = runs({"cal": 0.6, "cal-threshold-0.2": 0.7, "cal-threshold-0.0": 0.5})
    row = judged("C11", evidence("trec", runs=table, correctness_threshold=0.4))
    assert row["paper_value"] == "at the end 0.500 at 0.0, 0.700 at 0.2, 0.600 at 0.4"


@pytest.mark.parametrize(("claim", "dataset"), [("C26", "agnews"), ("C27", "trec")])
@pytest.mark.parametrize(("other", "verdict"), [(0.6, HOLDS), (0.495, HOLDS), (0.4, FAILS)])
def test_another_threshold_costs_little(claim: str, dataset: str, other: float, verdict: str) -> None:
    assert judged(claim, evidence(dataset, runs=at(dataset, t04=other)))["verdict"] == verdict


def test_on_ag_news_the_lower_threshold_is_no_part_of_the_claim() -> None:
    assert judged("C26", evidence("agnews", runs=at("agnews", t00=0.1)))["verdict"] == HOLDS
    assert judged("C27", evidence("trec", runs=at(t00=0.1)))["verdict"] == FAILS
