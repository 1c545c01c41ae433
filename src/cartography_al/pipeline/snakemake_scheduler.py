"""Keeps Snakemake from looking at all ready jobs again and again."""

import threading
from typing import Any


def look_once_at_a_time(scheduler: type[Any]) -> None:
    """Have Snakemake's job scheduler (9.27) wait for one further look at the ready jobs, not for many.

    Each look asks for another one a second later, and each finished job for one more, so that after a hundred jobs
    there are a hundred looks a second: a fifth of a core, and more with every job. One that is to come is enough for
    all who ask; it is not waited for when Snakemake ends.
    """
    to_come = threading.Lock()

    def ask(self: Any, delay: float) -> None:
        if not to_come.acquire(blocking=False):
            return

        def look() -> None:
            to_come.release()
            self._open_jobs.release()

        timer = threading.Timer(delay, look)
        timer.daemon = True
        timer.start()

    scheduler._schedule_reevalutation = ask
