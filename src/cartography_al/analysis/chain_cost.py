"""What a chain cost, by the logs of its jobs: Snakemake looks at a running job every 30 seconds, and misses its end."""

import re
from collections.abc import Iterable

_ITERATION = re.compile(r" iteration \d+: .*?(?:, ([0-9.]+) s of CPU)?$", re.MULTILINE)
"""As active_learning.chain logs it; without seconds once the pool is exhausted."""


def iteration_seconds(log: str) -> list[float]:
    """CPU seconds of each iteration that a job did, 0 where the pool was exhausted. log: the text of its log."""
    return [float(seconds or 0) for seconds in _ITERATION.findall(log)]


def cpu_seconds(logs: Iterable[str], iterations: int) -> float:
    """CPU seconds of all iterations of a chain; NaN if its jobs did not do all of them, as after an interruption.

    logs: the text of each job's log.   iterations: of the chain, iteration 0 included.
    """
    found = [seconds for log in logs for seconds in iteration_seconds(log)]
    return sum(found) if len(found) == iterations else float("nan")
