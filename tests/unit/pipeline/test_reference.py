"""What counts as reproduced, and how a run's jobs are added up."""

import re

import pandas as pd
import pytest

from cartography_al.errors import DataError
from cartography_al.pipeline.reference import allowed_difference, compare_chains, judge, summarize_jobs

ACCURACIES = [0.5, 0.6, 0.7]


BATCHES = [[7, 3, 9, 1], [4, 8], [2, 6]]


def runs(accuracies=ACCURACIES):
    return pd.DataFrame({"iteration": range(3), "labelled": [4, 6, 8], "test_accuracy": accuracies})


def ids(batches=BATCHES):
    return pd.DataFrame(
        [(i, one) for i, batch in enumerate(batches) for one in batch], columns=["iteration", "instance_id"]
    )


def compare(accuracies=ACCURACIES, batches=BATCHES):
    return compare_chains(runs(), ids(), runs(accuracies), ids(batches))


def test_chains_side_by_side():
    comparison = compare([0.5, 0.65, 0.6], [[7, 3, 9, 1], [8, 4], [2, 5]])
    assert comparison["difference"].round(9).tolist() == [0.0, 0.05, -0.1]
    assert comparison["acquired"].tolist() == [4, 2, 2]
    assert comparison["shared"].tolist() == [4, 2, 1]
    assert comparison["same_ids"].tolist() == [True, False, False]  # the order counts


def test_chains_of_other_sizes_are_refused():
    with pytest.raises(DataError, match=r"has 2 iterations and ends with 6 .* the reference 3 and 8"):
        compare_chains(runs(), ids(), runs()[:2], ids())


@pytest.mark.parametrize("same_machine", [True, False])
def test_identical_chains_are_reproduced(same_machine):
    verdict = judge(compare(), allowed=0.0, same_machine=same_machine)
    assert verdict.reproduced
    assert verdict.reason.startswith("Identical")


LAST_BIT = [0.5, 0.6 + 2**-53, 0.7]


@pytest.mark.parametrize(
    ("accuracies", "batches", "same_machine", "reproduced", "reason"),
    [
        (LAST_BIT, BATCHES, True, False, "Differs from iteration 1 on.*nothing may differ"),
        (LAST_BIT, BATCHES, False, True, "Differs from iteration 1 on.*Reproduced within that tolerance"),
        (ACCURACIES, [BATCHES[0], [8, 4], [2, 6]], True, False, "nothing may differ"),
        (ACCURACIES, [BATCHES[0], [4, 5], [1, 5]], False, True, "shares 50% of its ids.*Reproduced within"),
        (ACCURACIES, [BATCHES[0], [3, 5], [2, 6]], False, False, "shares 0% of its ids.*rounding does not explain"),
        ([0.5, 0.6, 0.75], BATCHES, False, True, "Largest difference of an accuracy: 0.0500; allowed .*: 0.0600"),
        ([0.5, 0.6, 0.63], BATCHES, False, False, "Largest difference of an accuracy: 0.0700.*does not explain"),
        (ACCURACIES, [[7, 3, 9, 2], *BATCHES[1:]], False, False, "the seed set is another one"),
    ],
    ids=["bit", "bit elsewhere", "order", "drift elsewhere", "other choice", "within", "beyond", "seed set"],
)
def test_chains_that_differ(accuracies, batches, same_machine, reproduced, reason):
    verdict = judge(compare(accuracies, batches), allowed=0.06, same_machine=same_machine)
    assert verdict.reproduced is reproduced
    assert re.search(reason, verdict.reason)


def test_what_is_allowed_comes_from_the_spread_over_seeds():
    """Variances 0.02 and 0 in two iterations: the pooled standard deviation is 0.1."""
    frame = pd.DataFrame({"seed": [1, 1, 2, 2], "iteration": [0, 1, 0, 1], "test_accuracy": [0.4, 0.7, 0.6, 0.7]})
    assert allowed_difference(frame) == pytest.approx(0.3)
    assert allowed_difference(frame[frame["seed"] == 1]) == 0.0  # one seed tells nothing of the spread


def test_jobs_are_added_up_for_each_rule():
    """A short job ends before its memory and time are measured; Snakemake writes NA then, or a dash."""
    jobs = pd.DataFrame(
        {
            "rule": ["count", "train", "train", "train"],
            "s": [0.5, 10.0, 20.004, 5.0],
            "max_rss": ["-", "300.5", "400", "NA"],
            "cpu_time": ["NA", "9", "19", "-"],
        }
    )
    train, count = summarize_jobs(jobs).to_dict("records")
    assert train == {
        "rule": "train",
        "jobs": 3,
        "seconds": 35.0,
        "longest_seconds": 20.0,
        "cpu_seconds": 28.0,
        "peak_rss_mb": 400.0,
    }
    assert (count["rule"], count["jobs"], count["seconds"], count["cpu_seconds"]) == ("count", 1, 0.5, 0.0)
    assert pd.isna(count["peak_rss_mb"])
