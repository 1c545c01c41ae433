"""What the logs of a chain say of its cost. That these lines are logged is held by tests/workflow/test_results.py."""

from math import isnan

import pytest

from cartography_al.analysis.chain_cost import cpu_seconds

FIRST = """\
2026-01-01 00:00:00,000 INFO seed set of 5 instances
2026-01-01 00:00:01,000 INFO iteration 0: 5 labelled, test accuracy 0.333, 0.91 s of CPU
2026-01-01 00:00:02,000 INFO iteration 1: 8 labelled, test accuracy 0.500, 1.25 s of CPU
"""
SECOND = "2026-01-01 00:00:03,000 INFO iteration 2: the pool is exhausted, nothing was acquired\n"


def test_the_iterations_of_all_jobs_are_added_up() -> None:
    assert cpu_seconds([FIRST, SECOND], 3) == pytest.approx(2.16)


@pytest.mark.parametrize("logs", [[], [FIRST], [SECOND], [FIRST.replace("iteration 0", "other")]])
def test_a_chain_whose_logs_lack_an_iteration_was_not_measured(logs: list[str]) -> None:
    assert isnan(cpu_seconds(logs, 3))
