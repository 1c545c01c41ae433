"""What is said of the time that is left."""

import logging
from typing import Any

from cartography_al.pipeline.progress import Progress


def record(message: str = "", **extra: Any) -> logging.LogRecord:
    made = logging.LogRecord("snakemake", logging.INFO, "", 0, message, None, None)
    made.__dict__.update(extra)
    return made


def test_a_finished_chain_says_what_is_left():
    now = [100.0]
    progress = Progress({"run_iterations": 31, "run_iterations_0_to_10": 11}, clock=lambda: now[0])
    progress(record("Job stats", stats={"run_iterations": 3, "run_iterations_0_to_10": 1, "collect_runs": 1}))
    for job in (1, 2):
        assert progress(record(rule_name="run_iterations", jobid=job))
    now[0] += 62
    finished = record("Finished jobid: 1", job_id=1)
    assert progress(finished)
    expected = "31 of 104 iterations done, 2.00 s each; about 2 min left for the others"
    assert finished.msg == f"Finished jobid: 1\n{expected}"
    progress(record(rule_name="run_iterations_0_to_10", jobid=3))
    last = record("Finished jobid: 3", job_id=3)
    progress(last)
    assert "42 of 104 iterations" in last.msg


def test_other_messages_stay_as_they_are():
    progress = Progress({"run_iterations": 31})
    for other in (record("x"), record("x", rule_name="all", jobid=7), record("x", job_id=7)):
        assert progress(other)
        assert other.msg == "x"
