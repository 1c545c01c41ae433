"""What Snakemake's own log says more, how long a run will still take, and less. Runs nothing and reads no file."""

import logging
import time
from collections.abc import Callable, Mapping


class Progress:
    """A filter of Snakemake's log that lets all records pass, and adds what is left to the message of a finished chain.

    It counts iterations, not steps: nearly all the time goes into them, and a step can be a second or ten minutes.
    """

    def __init__(self, iterations: Mapping[str, int], clock: Callable[[], float] = time.monotonic) -> None:
        """Take the iterations that a job of each rule does, by the rule's name."""
        self._iterations, self._clock = iterations, clock
        self._running: dict[int, int] = {}  # iterations of each job that was started, by its id
        self._total = self._done = 0
        self._start = 0.0

    def __call__(self, record: logging.LogRecord) -> bool:
        """Look at one record."""
        stats = getattr(record, "stats", None)
        if isinstance(stats, Mapping):
            self._total = sum(count * self._iterations.get(rule, 0) for rule, count in stats.items())
        rule, job = getattr(record, "rule_name", ""), getattr(record, "jobid", None)
        if rule in self._iterations and job is not None:
            if not self._running and not self._done:
                self._start = self._clock()
            self._running[job] = self._iterations[rule]
        finished = self._running.pop(getattr(record, "job_id", -1), 0)
        if finished:
            self._done += finished
            record.msg = f"{record.msg}\n{self._left()}"
        return True

    def _left(self) -> str:
        seconds = (self._clock() - self._start) / self._done
        minutes = seconds * max(self._total - self._done, 0) / 60
        left = "less than a minute" if minutes < 1 else f"about {minutes:.0f} min"
        return f"{self._done:,} of {self._total:,} iterations done, {seconds:.2f} s each; {left} left for the others"


def without_inputs_of_all(record: logging.LogRecord) -> bool:
    """A filter that leaves the hundreds of inputs of rule `all` out of the log: they would hide what came out."""
    if getattr(record, "rule_name", None) == "all":
        record.input, record.reason = [], "it is asked for"
    return True
