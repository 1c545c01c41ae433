"""The experiment on a real SLURM: what runs where, and whatever goes wrong there, the results are the same bytes."""

import re
import shutil
import subprocess
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
import yaml

from tests.cluster.one_node_slurm import Slurm, wait_for
from tests.workflow.conftest import Checkout

pytestmark = [pytest.mark.cluster, pytest.mark.workflow]

TRAINING = ("run_iterations", "train_on_full_data", "map_dataset")
# Two strategies, one seed: one job for each of the two chains.
FEW: dict[str, Any] = {
    "run": {"strategies": ["random", "cal"], "seeds": [11]},
    "analysis": {
        "compared_strategies": ["random", "cal"],
        "batch_strategies": ["random", "cal"],
        "correctness_thresholds": [0.2],
    },
}
# The same with trainings of half a second or more, so that a job can be met in the middle.
LONG = FEW | {"main_classifier": {"epochs": 400}}
# SLURM's jobs are looked after from their first second on, and not only after 40.
AT_ONCE = "--slurm-init-seconds-before-status-checks=1"


def chain(strategy: str) -> str:
    """The folder of a chain, below the results."""
    return f"active_learning/as_written/fasttext/made/{strategy}/seed-11"


def last(strategy: str) -> str:
    """The last checkpoint of a chain, as a target."""
    return f"results/small/{chain(strategy)}/iteration-003.parquet"


class Job(NamedTuple):
    """A job that was met between two iterations of its chain."""

    id: str
    finished: int  # iterations


def attempts(slurm: Slurm, checkout: Checkout, strategy: str) -> list[dict[str, str]]:
    """The jobs of a chain, oldest first."""
    return slurm.jobs(checkout.folder, f"run_iterations_wildcards_as_written_fasttext_made_{strategy}_11")


def iterations_done(checkout: Checkout, strategy: str) -> list[int]:
    """The iterations that the last job of a chain did itself, by its log."""
    log = checkout.results / f"logs/active_learning/run_iterations/as_written-fasttext-made-{strategy}-11.log"
    return [int(number) for number in re.findall(r"iteration (\d+): ", log.read_text(encoding="utf-8"))]


def start_chains(checkout: Checkout, *strategies: str, profile: str) -> subprocess.Popen[bytes]:
    """Start the chains of some strategies anew, with long trainings, through a profile."""
    for strategy in strategies:
        shutil.rmtree(checkout.results / chain(strategy))
    return checkout.start(*map(last, strategies), "--profile", profile, AT_ONCE, changes=LONG)


def meet_jobs(slurm: Slurm, checkout: Checkout, process: subprocess.Popen[bytes], *strategies: str) -> list[Job]:
    """Let the job of each chain hang as soon as it has finished an iteration."""
    met: dict[str, Job] = {}

    def all_met() -> bool:
        assert process.poll() is None, checkout.printed.read_text(encoding="utf-8")
        for strategy in strategies:
            waiting = (checkout.results / chain(strategy)).glob("unfinished/*/iteration-*.parquet")
            if strategy not in met and any(waiting):
                (job,) = attempts(slurm, checkout, strategy)
                slurm.pause(job["JobId"])
                finished = len(list((checkout.results / chain(strategy)).glob("unfinished/*/iteration-*.parquet")))
                assert 0 < finished < 4
                met[strategy] = Job(job["JobId"], finished)
        return len(met) == len(strategies)

    wait_for("a finished iteration of each chain", all_met)
    return [met[strategy] for strategy in strategies]


@pytest.fixture(scope="session")
def here(new_checkout: Callable[..., Checkout]) -> Checkout:
    """A checkout in which all has run without SLURM. Not to be changed: tests share it."""
    checkout = new_checkout()
    checkout.run("all", changes=FEW)
    return checkout


@pytest.fixture(scope="session")
def long_here(here: Checkout, new_checkout: Callable[..., Checkout]) -> Checkout:
    """A checkout in which the chains have run with long trainings, without SLURM and without interruption."""
    checkout = new_checkout(here)
    checkout.run(last("random"), last("cal"), changes=LONG)
    return checkout


class Runs(NamedTuple):
    """Two checkouts of runs on SLURM, and the jobs that came to nothing in the second one."""

    complete: Checkout
    troubled: Checkout
    hung: Job
    cancelled: Job


@pytest.fixture(scope="session")
def runs(slurm: Slurm, here: Checkout, new_checkout: Callable[..., Checkout]) -> Runs:
    """All on SLURM; and beside it two chains: the job of one hangs until its time is over, the other's is cancelled."""
    complete, troubled = new_checkout(), new_checkout(here)
    # What docs/cluster.md tells: a copy of the profile, in which a site changes what it wants.
    settings = yaml.safe_load((troubled.folder / "profiles/slurm/config.yaml").read_text(encoding="utf-8"))
    settings["set-resources"]["run_iterations"]["runtime"] = "1 * attempt"
    (troubled.folder / "profiles/site").mkdir()
    (troubled.folder / "profiles/site/config.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    in_trouble = start_chains(troubled, "cal", "random", profile="profiles/site")
    beside = complete.start("all", "--profile", "profiles/slurm", AT_ONCE, changes=FEW)
    hung, cancelled = meet_jobs(slurm, troubled, in_trouble, "cal", "random")
    slurm.call("scancel", cancelled.id)
    complete.finish(beside)
    troubled.finish(in_trouble)
    return Runs(complete, troubled, hung, cancelled)


def test_the_daemons_listen_on_the_loopback_address_alone(slurm):
    processes = [process for process, _ in slurm.processes()]
    assert {"slurmctld", "slurmd", "munged"} <= {process.name() for process in processes}
    listening = [
        connection.laddr.ip
        for process in processes
        for connection in process.net_connections()
        if connection.status == "LISTEN"
    ]
    assert len(listening) >= 2
    assert set(listening) == {"127.0.0.1"}


def test_what_trains_runs_on_the_gpu_partition_and_nothing_else(slurm, runs):
    jobs = slurm.jobs(runs.complete.folder)
    assert {job["JobState"] for job in jobs} == {"COMPLETED"}
    training = [job for job in jobs if job["Comment"].startswith(tuple(f"rule_{rule}" for rule in TRAINING))]
    assert sorted(job["Comment"] for job in training) == [
        "rule_map_dataset_wildcards_as_written_fasttext_made_full_11",
        "rule_map_dataset_wildcards_as_written_fasttext_made_seed_set_11",
        "rule_run_iterations_wildcards_as_written_fasttext_made_cal_11",
        "rule_run_iterations_wildcards_as_written_fasttext_made_random_11",
        "rule_train_on_full_data_wildcards_as_written_fasttext_made_11",
    ]
    for job in training:
        assert (job["Partition"], job["TresPerJob"]) == ("gpu", "gres:gpu:1")
    others = [job for job in jobs if job not in training]
    assert sorted(job["Comment"] for job in others) == [
        "rule_extract_word_vectors_wildcards_fasttext_made",
        "rule_sum_embeddings_wildcards_fasttext_made_plain",
        "rule_test_significance_wildcards_as_written_fasttext_made_pooled",
    ]
    for job in others:
        assert job["Partition"] == "cpu"
        assert "TresPerJob" not in job


def test_the_results_are_those_of_a_run_without_slurm(here, runs):
    files = here.files()
    assert "figures/figure3.pdf" in files
    assert runs.complete.files() == files


def test_a_cancelled_job_is_submitted_again_and_continues(slurm, runs, long_here):
    first, second = attempts(slurm, runs.troubled, "random")
    assert (first["JobId"], first["JobState"]) == (runs.cancelled.id, "CANCELLED")
    assert second["JobState"] == "COMPLETED"
    assert iterations_done(runs.troubled, "random") == list(range(runs.cancelled.finished, 4))
    assert runs.troubled.files(chain("random")) == long_here.files(chain("random"))


def test_a_job_over_its_time_limit_gets_more_time_and_continues(slurm, runs, long_here):
    first, second = attempts(slurm, runs.troubled, "cal")
    assert (first["JobId"], first["JobState"], first["TimeLimit"]) == (runs.hung.id, "TIMEOUT", "00:01:00")
    assert (second["JobState"], second["TimeLimit"]) == ("COMPLETED", "00:02:00")
    assert iterations_done(runs.troubled, "cal") == list(range(runs.hung.finished, 4))
    assert runs.troubled.files(chain("cal")) == long_here.files(chain("cal"))


def test_a_lost_node_that_comes_back_finishes_its_job(slurm, here, long_here, new_checkout):
    checkout = new_checkout(here)
    process = start_chains(checkout, "cal", profile="profiles/slurm")
    (met,) = meet_jobs(slurm, checkout, process, "cal")
    slurm.lose_node()
    slurm.wait_for_node("down*")
    slurm.start_node()
    checkout.finish(process)
    (job,) = attempts(slurm, checkout, "cal")  # SLURM itself puts it into the queue again
    assert (job["JobId"], job["JobState"], job["Restarts"]) == (met.id, "COMPLETED", "1")
    assert iterations_done(checkout, "cal") == list(range(met.finished, 4))
    assert checkout.files(chain("cal")) == long_here.files(chain("cal"))
