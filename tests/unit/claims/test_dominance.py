"""claims.dominance: each rule on both sides, by the calibrated rule and by the paper's call."""

from typing import Any

import numpy as np
import pytest

from tests.unit.claims.support import FAILS, HOLDS, OPEN, SIX, evidence, judged, runs, significance

LEVELS = {"random": 0.5, "least_confidence": 0.6, "entropy": 0.6, "bald": 0.6, "dal": 0.5, "cal": 0.6}


@pytest.mark.parametrize(("claim", "dataset"), [("C1", "agnews"), ("C2", "trec")])
@pytest.mark.parametrize(
    ("levels", "verdict"),
    [({}, HOLDS), ({"bald": 0.5}, FAILS), ({"dal": 0.6}, FAILS), ({"dal": 0.4}, HOLDS), ({"entropy": 0.499}, FAILS)],
)
def test_all_but_dal_beat_random(claim: str, dataset: str, levels: dict[str, float], verdict: str) -> None:
    found = evidence(dataset, runs=runs({**LEVELS, **levels}, dataset), significance=significance())
    assert judged(claim, found)["verdict"] == verdict


@pytest.mark.parametrize(
    ("eps", "verdict"), [({}, HOLDS), ({"bald": 0.5}, FAILS), ({"dal": 0.49}, FAILS), ({"dal": 1.0, "cal": 0.0}, HOLDS)]
)
def test_all_but_dal_beat_random_by_the_papers_call(eps: dict[str, float], verdict: str) -> None:
    values = {"least_confidence": 0.1, "entropy": 0.2, "bald": 0.3, "cal": 0.49, "dal": 0.5} | eps
    table = significance({(name, "random"): value for name, value in values.items()})
    row = judged("C2", evidence("trec", runs=runs(LEVELS), significance=table))
    assert row["paper_verdict"] == verdict
    assert row["paper_value"].startswith("LC 0.10, Entropy 0.20, BALD 0.")


@pytest.mark.parametrize(
    ("claim", "dataset", "better", "worse"),
    [
        ("C3", "agnews", "cal", "bald"),
        ("C4", "agnews", "cal", "dal"),
        ("C5", "trec", "cal", "dal"),
        ("C6", "agnews", "least_confidence", "random"),
    ],
)
@pytest.mark.parametrize(
    ("lead", "eps", "verdict", "by_the_call"),
    [(0.05, 0.004, HOLDS, HOLDS), (0.0, 0.006, FAILS, FAILS), (-0.05, 0.0, FAILS, HOLDS)],
)
def test_dominance(
    claim: str, dataset: str, better: str, worse: str, lead: float, eps: float, verdict: str, by_the_call: str
) -> None:
    table = runs({**dict.fromkeys(SIX, 0.5), better: 0.5 + lead}, dataset)
    row = judged(claim, evidence(dataset, runs=table, significance=significance({(better, worse): eps})))
    assert (row["verdict"], row["paper_verdict"]) == (verdict, by_the_call)  # 0.004 is printed as 0.00
    assert row["paper"] == "0"


@pytest.mark.parametrize(
    ("cal", "verdict"), [(0.5, HOLDS), (0.495, HOLDS), (0.4, FAILS), ([0.40, 0.60, 0.5, 0.45, 0.55], OPEN)]
)
def test_competitive_is_not_inferior(cal: Any, verdict: str) -> None:
    table = runs({**dict.fromkeys(SIX, 0.5), "cal": cal})
    row = judged("C7", evidence("trec", runs=table, significance=significance()))
    assert (row["verdict"], row["paper_verdict"]) == (verdict, HOLDS)
    dominated = significance({("entropy", "cal"): 0.0})
    assert judged("C7", evidence("trec", runs=table, significance=dominated))["paper_verdict"] == FAILS


def test_early_iterations_alone_decide_who_is_ahead_early() -> None:
    early = np.where(np.arange(31) <= 10, 0.6, 0.4) + np.array([[0.001], [-0.001], [0.0]])
    table = runs({**{name: [0.5, 0.5, 0.5] for name in SIX}, "cal": early})
    assert judged("C19", evidence("trec", runs=table))["verdict"] == HOLDS
    late = runs({**{name: [0.5, 0.5, 0.5] for name in SIX}, "cal": 1.0 - early})
    assert judged("C19", evidence("trec", runs=late))["verdict"] == FAILS


@pytest.mark.parametrize(
    ("start", "late", "verdict"), [(0.0, 0.1, HOLDS), (0.1, 0.1, FAILS), (-0.1, 0.1, FAILS), (0.0, -0.1, FAILS)]
)
def test_close_at_the_start_and_apart_later(start: float, late: float, verdict: str) -> None:
    lead = np.where(np.arange(31) <= 5, start, np.where(np.arange(31) > 20, late, 0.0))
    noise = np.array([[0.001], [-0.001], [0.0]])
    table = runs({"dal": np.full((3, 31), 0.5), "cal": 0.5 + lead + noise})
    assert judged("C25", evidence("trec", runs=table))["verdict"] == verdict


def test_what_was_not_compared() -> None:
    table = significance()
    without = table[table["strategy_a"] != "bald"]
    row = judged("C2", evidence("trec", runs=runs(LEVELS), significance=without))
    assert (row["verdict"], row["value"]) == (OPEN, "not run: no test of BALD over Random")
    assert judged("C2", evidence("trec", runs=runs(LEVELS)))["value"] == "not run: no significance"
    values = judged("C2", evidence("trec", runs=runs({"cal": 0.5})))["value"]
    assert values == "not run: no runs of Random, LC, Entropy, BALD, DAL"
