"""Kills, orphans, a second Snakemake, damaged checkpoints, a full disk: the same command goes on to the same bytes.

CARTOGRAPHY_AL_INTERRUPTIONS   how many interruptions at random moments; 20
CARTOGRAPHY_AL_SEED            which moments; without it others each time, shown if the test fails
"""

import os
import random
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.workflow

CHAIN = "active_learning/as_written/fasttext/made/cal/seed-11"
LAST = f"results/small/{CHAIN}/iteration-003.parquet"
LONG = {"main_classifier": {"epochs": 400}}  # about half a second for each iteration

INTERRUPTIONS = int(os.environ.get("CARTOGRAPHY_AL_INTERRUPTIONS", "20"))
SEED = int(os.environ.get("CARTOGRAPHY_AL_SEED", random.SystemRandom().randrange(10**6)))
# A part of the small experiment with every kind of file: data, features, two chains, data maps, figures, a table.
PART = [
    LAST,
    "results/small/active_learning/as_written/fasttext/made/random/seed-12/iteration-003.parquet",
    *(f"results/small/{name}" for name in ("figures/figure2.pdf", "figures/figure5.pdf", "tables/table1.md")),
]


def workers(checkout):
    """Process ids of the scripts that run in this copy, those that a kill left behind as well."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"{checkout.folder}/.snakemake/scripts/".encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:  # it has ended since
            continue
    return found


def wait_until(condition, checkout):
    """Wait until the condition holds."""
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline, checkout.printed.read_text(encoding="utf-8")
        time.sleep(0.02)


def iteration_waits(checkout):
    """Whether an iteration of the chain is finished and waits for the rest of its block."""
    return any((checkout.results / CHAIN).glob("unfinished/*/iteration-*.parquet"))


def finished_iterations(checkout):
    """The iterations that the chain's last job did itself, by its log."""
    log = next((checkout.results / "logs/active_learning").rglob("as_written-fasttext-made-cal-11.log"))
    return [int(number) for number in re.findall(r"iteration (\d+): ", log.read_text(encoding="utf-8"))]


def check_what_is_there(checkout, expected):
    """Whatever has its final name is complete, at any moment; temporary files and unfinished blocks do not count."""
    for path in checkout.results.rglob("*"):
        name = path.relative_to(checkout.results).as_posix()
        if name.startswith(("logs/", "benchmarks/")) or "/." in name or "/unfinished/" in name or path.is_dir():
            continue
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # deleted by a Snakemake that makes it again
            continue
        assert content == expected[name], name


def check_the_end(checkout, expected):
    """All targets are there, every file is the expected one, and nothing else is left."""
    files = checkout.files()
    assert {target.removeprefix("results/small/") for target in PART} <= files.keys()
    assert files.keys() <= expected.keys()
    assert not [name for name, content in files.items() if content != expected[name]]
    assert not workers(checkout)


@pytest.fixture(scope="module")
def long_chain(finished, new_checkout):
    """The chain's checkpoints after LONG training, uninterrupted."""
    checkout = new_checkout(finished)
    shutil.rmtree(checkout.results / CHAIN)
    checkout.run(LAST, changes=LONG)
    assert finished_iterations(checkout) == [0, 1, 2, 3]
    return checkout.files(CHAIN)


def test_random_interruptions(finished, new_checkout):
    print(f"CARTOGRAPHY_AL_SEED={SEED}")
    stream = random.Random(SEED)
    expected = finished.files()
    ways = [
        (victim, number)
        for victim in ("snakemake", "worker", "all")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
    ]
    checkout, process, worker_killed, done = new_checkout(), None, False, 0
    while done < INTERRUPTIONS:
        if process is not None and process.poll() is not None:  # by itself
            assert process.returncode == 0 or worker_killed, checkout.printed.read_text(encoding="utf-8")
            if process.returncode == 0:  # nothing is left to interrupt
                check_the_end(checkout, expected)
                shutil.rmtree(checkout.results)
            process = None
        if process is None:
            process, worker_killed = checkout.start(*PART), False
        if done % len(ways) == 0:
            stream.shuffle(ways)
        victim, number = ways[done % len(ways)]
        time.sleep(stream.uniform(0, 4))
        running = workers(checkout)
        if process.poll() is not None or (victim == "worker" and not running):
            continue
        if victim == "worker":
            try:
                os.kill(stream.choice(running), number)
            except ProcessLookupError:  # it has ended since
                continue
            worker_killed = True
        else:
            (os.kill if victim == "snakemake" else os.killpg)(process.pid, number)
            process.wait(timeout=600)
            process = None
        done += 1
        check_what_is_there(checkout, expected)
    if process is not None:
        process.wait(timeout=600)
        assert process.returncode == 0 or worker_killed, checkout.printed.read_text(encoding="utf-8")
    checkout.run(*PART)
    check_the_end(checkout, expected)


def test_a_killed_chain_continues_where_it_was(finished, new_checkout, long_chain):
    checkout = new_checkout(finished)
    shutil.rmtree(checkout.results / CHAIN)
    process = checkout.start(LAST, changes=LONG)
    wait_until(lambda: iteration_waits(checkout), checkout)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not list((checkout.results / CHAIN).glob("iteration-*")), "results before the block is complete"
    waiting = sorted(
        int(path.stem.removeprefix("iteration-"))
        for path in (checkout.results / CHAIN).glob("unfinished/*/iteration-*.parquet")
    )
    assert waiting == list(range(len(waiting)))
    assert 0 < len(waiting) < 4

    checkout.run(LAST, changes=LONG)  # the same command, as README.md tells
    assert finished_iterations(checkout) == list(range(len(waiting), 4))
    assert checkout.files(CHAIN) == long_chain


def test_an_orphan_ends_with_its_snakemake(finished, new_checkout):
    checkout = new_checkout(finished)
    shutil.rmtree(checkout.results / CHAIN)
    process = checkout.start(LAST, changes={"main_classifier": {"epochs": 10**6}})  # hours
    wait_until(lambda: workers(checkout), checkout)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    wait_until(lambda: not workers(checkout), checkout)
    assert not list((checkout.results / CHAIN).glob("iteration-*"))


def test_an_orphan_that_goes_on_does_no_harm(finished, new_checkout, long_chain):
    """As one on another machine would, of which nobody tells it that its Snakemake is gone."""
    checkout = new_checkout(finished)
    glue = checkout.folder / "workflow/scripts/glue.py"
    written = glue.stat()
    text = glue.read_text(encoding="utf-8")
    glue.write_text(text.replace("    _end_with_snakemake()\n", ""), encoding="utf-8")
    assert glue.stat().st_size < written.st_size
    os.utime(glue, ns=(written.st_atime_ns, written.st_mtime_ns))
    shutil.rmtree(checkout.results / CHAIN)
    process = checkout.start(LAST, changes=LONG)
    wait_until(lambda: iteration_waits(checkout), checkout)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    (orphan,) = workers(checkout)
    os.kill(orphan, signal.SIGSTOP)  # so that it writes after its successor
    checkout.run(LAST, changes=LONG)
    os.kill(orphan, signal.SIGCONT)
    assert workers(checkout) == [orphan]
    wait_until(lambda: not workers(checkout), checkout)
    assert checkout.files(CHAIN) == long_chain
    assert checkout.plan(LAST, changes=LONG) == []


def test_a_second_snakemake_is_refused(finished, new_checkout):
    checkout = new_checkout(finished)
    shutil.rmtree(checkout.results / CHAIN)
    first = checkout.start(LAST)
    wait_until(lambda: workers(checkout), checkout)
    (worker,) = workers(checkout)
    os.kill(worker, signal.SIGSTOP)
    for _ in range(2):
        shown = checkout.run(LAST, status=1)
        assert "Directory cannot be locked" in shown
        assert "Traceback" not in shown
    assert workers(checkout) == [worker]
    os.kill(worker, signal.SIGCONT)
    checkout.finish(first)
    assert checkout.files() == finished.files()


def test_a_damaged_checkpoint_is_repaired_by_the_command_that_is_named(finished, new_checkout):
    checkout = new_checkout(finished)
    frames = "results/small/active_learning/as_written/fasttext/made/runs.parquet"
    path = f"results/small/{CHAIN}/iteration-001.parquet"
    damaged = checkout.folder / path
    damaged.write_bytes(damaged.read_bytes()[:-100])
    shown = checkout.run(frames, status=1)
    message = re.search(rf"^collect_runs: {path}: not a readable checkpoint .*; to repair it, run `(.*)`", shown, re.M)
    assert message, shown
    assert "Traceback" not in shown
    subprocess.run(message[1], shell=True, cwd=checkout.folder, check=True)
    assert not damaged.exists()
    # The block of the checkpoint is run again and no other one.
    assert sorted(job.rule for job in checkout.plan(frames)) == ["collect_runs", "run_iterations"]
    checkout.run(frames)
    assert checkout.files() == finished.files()


def test_a_full_disk_is_said_and_freeing_space_is_enough(finished, new_checkout):
    checkout, expected = new_checkout(), finished.files()
    checkout.results.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=96k", "tmpfs", str(checkout.results)]
    mounted = subprocess.run(command, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        said = ""
        for size in ("96k", "192k"):  # enough for word vectors, and for all but the figures
            subprocess.run(["mount", "-o", f"remount,size={size}", str(checkout.results)], check=True)
            shown = checkout.run(*PART, status=1)
            assert "No space left on device" in shown  # also where it is Snakemake that finds no space for a benchmark
            assert "Traceback" not in shown
            assert not [name for name in checkout.files() if "/." in name]
            check_what_is_there(checkout, expected)
            said += shown
        assert re.search(
            r"^draw_\w+: .*: cannot be written \(No space left on device\); free space", said, re.MULTILINE
        )
        subprocess.run(["mount", "-o", "remount,size=16m", str(checkout.results)], check=True)
        checkout.run(*PART)
        check_the_end(checkout, expected)
    finally:
        subprocess.run(["umount", "--lazy", str(checkout.results)], check=True)
