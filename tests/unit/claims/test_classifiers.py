"""claims.classifiers: accuracies of the binary classifiers, and time, which is not judged."""

import numpy as np
import pytest

from cartography_al.claims.evidence import Evidence
from tests.unit.claims.support import FAILS, HOLDS, NOISE, evidence, judged, runs


def found(dataset: str, classifier: str, accuracies: np.ndarray) -> Evidence:
    table = runs({classifier: 0.5}, dataset)
    accuracy = np.broadcast_to(accuracies, 31)[table["iteration"]] + NOISE[table["seed"]]
    return evidence(dataset, runs=table.assign(**{f"binary_{classifier}_accuracy": accuracy}))


@pytest.mark.parametrize(
    ("dataset", "accuracy", "verdict"), [("agnews", 0.98, HOLDS), ("trec", 0.9, HOLDS), ("trec", 0.98, FAILS)]
)
def test_dal(dataset: str, accuracy: float, verdict: str) -> None:
    assert judged("C31", found(dataset, "dal", np.array(accuracy)))["verdict"] == verdict


@pytest.mark.parametrize(("early", "late", "verdict"), [(0.5, 0.8, HOLDS), (0.9, 0.95, FAILS), (0.55, 0.5, FAILS)])
def test_cal_learns_late(early: float, late: float, verdict: str) -> None:
    assert judged("C32", found("trec", "cal", np.where(np.arange(31) < 5, early, late)))["verdict"] == verdict


@pytest.mark.parametrize(
    ("dataset", "accuracy", "verdict"),
    [
        ("agnews", 0.64, HOLDS),
        ("agnews", 0.76, HOLDS),
        ("agnews", 0.9, FAILS),
        ("trec", 0.85, HOLDS),
        ("trec", 0.7, FAILS),
    ],
)
def test_cal_in_the_end(dataset: str, accuracy: float, verdict: str) -> None:
    assert judged("C33", found(dataset, "cal", np.where(np.arange(31) < 20, 0.5, accuracy)))["verdict"] == verdict


def test_what_is_not_judged_or_not_run() -> None:
    row = judged("C34", found("trec", "cal", np.array(0.5)))
    assert row["value"].startswith("not judged: seconds depend on the machine")
    assert row["paper"] == "11 seconds"
    assert (
        judged("C33", evidence("trec", runs=runs({"cal": 0.5})))["value"] == "not run: no accuracy of CAL's classifier"
    )
