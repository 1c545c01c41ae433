"""Claims about the binary classifiers of DAL and CAL, and about time: C31 to C34."""

import pandas as pd

from cartography_al.claims.evidence import Evidence, NotJudged, NotRun
from cartography_al.claims.rule import BATCHES, Finding, Rule, above, below, stated_value
from cartography_al.paper import text_value

AROUND = 0.02
"""An accuracy "around" a number is up to two points off."""
NEAR_RANDOM = 0.6
"""Two classes by chance: 0.5; up to this is "around random"."""
FIRST_ITERATIONS, APART_FROM = 4, 6


def _dal_accuracy(evidence: Evidence) -> Finding:
    accuracy = _accuracies(evidence, "dal").iloc[:, -1]
    stated = stated_value(evidence.dataset, "dal_binary_training_accuracy")
    conditions = [above("DAL", accuracy, stated - AROUND), below("DAL", accuracy, stated + AROUND)]
    return Finding(f"{accuracy.mean():.3f}", conditions, style=".3f")


def _cal_learns_late(evidence: Evidence) -> Finding:
    accuracy = _accuracies(evidence, "cal")
    early, late = accuracy.loc[:, :FIRST_ITERATIONS].mean(axis=1), accuracy.loc[:, APART_FROM:].mean(axis=1)
    if late.isna().all():
        raise NotRun(f"fewer than {APART_FROM} iterations")
    conditions = [below("early", early, NEAR_RANDOM), above("later - early", late - early)]
    return Finding(f"{early.mean():.3f}, later {late.mean():.3f}", conditions, style="+.3f")


def _cal_accuracy(evidence: Evidence) -> Finding:
    accuracy = _accuracies(evidence, "cal")
    late = accuracy.iloc[:, -(accuracy.shape[1] // 3 or 1) :].mean(axis=1)
    low, high = _stated_range(evidence.dataset)
    conditions = [above("CAL", late, low - AROUND), below("CAL", late, high + AROUND)]
    return Finding(f"{late.mean():.3f}", conditions, style=".3f")


def _takes_so_long(evidence: Evidence) -> Finding:
    evidence.runs_of("cal")
    raise NotJudged("seconds depend on the machine, and the paper's is an A100; benchmarks/ has this project's")


def _accuracies(evidence: Evidence, classifier: str) -> pd.DataFrame:
    """Accuracy of a binary classifier on what it was trained on: index seed, columns iteration."""
    runs, column = evidence.runs_of(classifier), f"binary_{classifier}_accuracy"
    if column not in runs or runs[column].isna().all():
        raise NotRun(f"no accuracy of {classifier.upper()}'s classifier")
    return runs.pivot(index="seed", columns="iteration", values=column).dropna(axis="columns")


def _stated_range(dataset: str) -> tuple[float, float]:
    exact = text_value(dataset, "cal_binary_accuracy_late")
    if exact is not None:
        return exact, exact
    return stated_value(dataset, "cal_binary_accuracy_late_low"), stated_value(dataset, "cal_binary_accuracy_late_high")


def _paper_dal(dataset: str) -> str:
    return f"about {stated_value(dataset, 'dal_binary_training_accuracy'):.2f}"


def _paper_cal(dataset: str) -> str:
    low, high = _stated_range(dataset)
    return f"about {low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"


def _paper_seconds(dataset: str) -> str:
    return f"{stated_value(dataset, 'seconds_per_cal_iteration_a100'):.0f} seconds"


RULES = {
    "C31": Rule(
        "accuracy of DAL's classifier on its training rows after the last iteration is the paper's, up to "
        f"{AROUND:g} either "
        "way",
        _dal_accuracy,
        BATCHES,
        _paper_dal,
    ),
    "C32": Rule(
        f"accuracy of CAL's classifier on its training rows, mean of iterations 0 to {FIRST_ITERATIONS}, is below "
        f"{NEAR_RANDOM:g}, and that from iteration {APART_FROM} on is above it",
        _cal_learns_late,
        BATCHES,
        lambda dataset: "around random, better from the fifth or sixth iteration on",
    ),
    "C33": Rule(
        f"accuracy of CAL's classifier over the last third of the iterations is the paper's, up to {AROUND:g} "
        "either way",
        _cal_accuracy,
        BATCHES,
        _paper_cal,
    ),
    "C34": Rule("none: it is a property of the machine", _takes_so_long, BATCHES, _paper_seconds, "none"),
}
