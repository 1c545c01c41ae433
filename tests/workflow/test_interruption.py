"""A chain that is killed in the middle: the same command continues it, and nobody can tell from the results."""

import os
import re
import shutil
import signal
import time

import pytest

pytestmark = pytest.mark.workflow

CHAIN = "active_learning/as_written/made/cal/seed-11"
LAST = f"results/small/{CHAIN}/iteration-003.parquet"
LONG = {"main_classifier": {"epochs": 400}}  # about half a second for each iteration


def finished_iterations(checkout):
    """The iterations that the chain's last job did itself, by its log."""
    log = next((checkout.results / "logs/active_learning").rglob("as_written-made-cal-11.log"))
    return [int(number) for number in re.findall(r"iteration (\d+): ", log.read_text(encoding="utf-8"))]


def kill_in_the_middle(checkout):
    """Start the chain, and kill Snakemake and its worker hard as soon as an iteration is finished."""
    process = checkout.start(LAST, changes=LONG)
    deadline = time.monotonic() + 120
    while not list((checkout.results / CHAIN).glob("unfinished-*/iteration-*.parquet")):
        assert process.poll() is None, checkout.printed.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, "no iteration was finished in two minutes"
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_killed_chain_continues_to_the_same_bytes(finished, new_checkout):
    checkout = new_checkout(finished)
    shutil.rmtree(checkout.results / CHAIN)
    kill_in_the_middle(checkout)
    assert not list((checkout.results / CHAIN).glob("iteration-*")), "results before the block is complete"
    waiting = sorted(
        int(path.stem.removeprefix("iteration-"))
        for path in (checkout.results / CHAIN).glob("unfinished-*/iteration-*.parquet")
    )
    assert waiting == list(range(len(waiting)))
    assert 0 < len(waiting) < 4

    # What README.md tells: the same command; if the directory is locked, --unlock first.
    assert "--unlock" in checkout.run(LAST, status=1, changes=LONG)
    checkout.finish(checkout.call("snakemake", "--unlock"))
    checkout.run(LAST, changes=LONG)
    assert finished_iterations(checkout) == list(range(len(waiting), 4))
    continued = checkout.files(CHAIN)
    assert [name.rpartition("/")[2] for name in continued] == [f"iteration-{number:03d}.parquet" for number in range(4)]

    shutil.rmtree(checkout.results / CHAIN)
    checkout.run(LAST, changes=LONG)
    assert finished_iterations(checkout) == [0, 1, 2, 3]
    assert checkout.files(CHAIN) == continued
