"""Snakemake's scheduler, as the workflow patches it."""

import threading

from snakemake.scheduling.job_scheduler import JobScheduler

from cartography_al.pipeline.snakemake_scheduler import look_once_at_a_time


class Scheduler:
    def __init__(self) -> None:
        self._open_jobs = threading.Semaphore(0)

    def _schedule_reevalutation(self, delay: int) -> None:
        threading.Timer(delay, self._open_jobs.release).start()


def test_many_who_ask_get_one_look_and_then_another() -> None:
    scheduler = Scheduler()
    look_once_at_a_time(Scheduler)
    for _ in range(2):
        for _ in range(5):
            scheduler._schedule_reevalutation(0.05)  # type: ignore[arg-type]
        assert scheduler._open_jobs.acquire(timeout=10)
        assert not scheduler._open_jobs.acquire(timeout=0.3)


def test_snakemake_still_has_what_is_patched() -> None:
    assert callable(JobScheduler._schedule_reevalutation)
