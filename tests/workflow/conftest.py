"""What the workflow tests share: copies of the pipeline, a small experiment, and Snakemake called as a user calls it.

The experiment needs no network and no job of it takes longer than its imports. Nearly all tests look at one run of it.
"""

import csv
import os
import random
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
PIPELINE = ("Snakefile", "config.yaml", "pyproject.toml", "workflow", "profiles", "experiments", "envs", "src")

WORDS = {
    "fruit": "apple pear plum grape melon cherry lemon",
    "tool": "hammer saw drill wrench chisel file pliers",
    "bird": "robin crow heron finch swan owl gull",
    "": "the a near with very some old new small large seen today again often",
}

# Laid over config.yaml. Two seeds, three iterations, all strategies; tiny sizes that still learn the classes.
SMALL: dict[str, Any] = {
    "experiment": "small",
    "iterations_per_job": 3,
    "device": "cpu",
    "run": {"datasets": ["made"], "seeds": [11, 12], "iterations": 3, "query_size": 5},
    "datasets": {
        "made": {
            "title": "Made",
            "files": {"train": "made_train.csv", "test": "made_test.csv", "format": "csv"},
            "text_column": "text",
            "label_column": "label",
            "classes": {name: name for name in WORDS if name},
            "max_tokens": 12,
            "seed_set_size": 20,
            "batch_size": 4,
        }
    },
    "embedding": {
        "source": "corpus",
        "corpus": {"dimension": 20, "epochs": 2, "learning_rate": 0.5, "buckets": 1000},
    },
    "main_classifier": {"hidden_size": 32, "epochs": 20, "learning_rate": 0.01},
    "binary_classifier": {"hidden_size": 32, "epochs": 3, "learning_rate": 0.01},
    "acquisition": {"bald": {"passes": 3}},
    "analysis": {
        "compared_strategies": ["random", "dal", "cal"],
        "batch_strategies": ["random", "dal", "cal"],
        "correctness_thresholds": [0.2, 0.6],
        "claim_protocols": ["as_written"],
        "data_map_epochs": 3,
        "significance": {"bootstrap_iterations": 20},
    },
}


class Job(NamedTuple):
    """A job that a dry run lists."""

    rule: str
    outputs: list[str]
    wildcards: dict[str, str]
    resources: dict[str, str]


@dataclass(frozen=True)
class Checkout:
    """A copy of the pipeline in a folder of its own."""

    folder: Path

    def start(self, *arguments: str, cores: int = 2, changes: dict[str, Any] | None = None) -> subprocess.Popen[bytes]:
        """Start snakemake on the small experiment; `changes` are laid over it. Targets go before options."""
        overlays = {"small.yaml": SMALL} | ({"changes.yaml": changes} if changes else {})
        for name, overlay in overlays.items():
            (self.folder / name).write_text(yaml.safe_dump(overlay, sort_keys=False), encoding="utf-8")
        return self.call("snakemake", *arguments, f"--cores={cores}", "--configfile", *overlays)

    def call(self, tool: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a tool of the running Python's environment in this copy, in a process group of its own."""
        tools = Path(sys.executable).parent
        # What a developer may have set must not reach the copy: it would run other code or with other options.
        hidden = {"PYTHONPATH", "SNAKEMAKE_PROFILE", "SNAKEMAKE_GLOBAL_PROFILE"}
        environment = {name: value for name, value in os.environ.items() if name not in hidden}
        environment["PATH"] = os.pathsep.join([str(tools), os.environ["PATH"]])
        with open(self.printed, "wb") as printed:
            return subprocess.Popen(
                [str(tools / tool), *arguments],
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def finish(self, process: subprocess.Popen[bytes], status: int = 0) -> str:
        """Wait for a process, hold it to its exit status, and return what a user would see."""
        process.wait(timeout=600)
        shown = self.printed.read_text(encoding="utf-8")
        assert process.returncode == status, shown
        return shown

    def run(self, *arguments: str, status: int = 0, cores: int = 2, changes: dict[str, Any] | None = None) -> str:
        """Start snakemake as `start` does, and finish it."""
        return self.finish(self.start(*arguments, cores=cores, changes=changes), status)

    def plan(self, *arguments: str, changes: dict[str, Any] | None = None) -> list[Job]:
        """Return the jobs that snakemake would run."""
        shown = self.run(*arguments, "--dry-run", changes=changes)
        jobs = []
        for rule, details in re.findall(r"^(?:local)?rule (\w+):\n((?: {4}.*\n)*)", shown, re.MULTILINE):
            entry = dict(re.findall(r"^ {4}(output|wildcards|resources): (.*)$", details, re.MULTILINE))
            outputs = entry.get("output", "").split(", ")
            jobs.append(Job(rule, outputs, _pairs(entry.get("wildcards", "")), _pairs(entry.get("resources", ""))))
        total = re.search(r"^total +(\d+)$", shown, re.MULTILINE)
        assert len(jobs) == (int(total[1]) if total else 0), shown  # else this function has missed one
        assert total or "Nothing to be done" in shown, shown
        return jobs

    @property
    def printed(self) -> Path:
        """What the last call printed."""
        return self.folder / "printed.txt"

    @property
    def results(self) -> Path:
        """Where the small experiment's results are."""
        return self.folder / "results/small"

    def files(self, *below: str) -> dict[str, bytes]:
        """Content of the results (or of some folders of them) by path; no logs and benchmarks, which hold times."""
        folders = [self.results / name for name in below or [""]]
        paths = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
        names = {path.relative_to(self.results).as_posix(): path for path in paths}
        return {
            name: path.read_bytes() for name, path in names.items() if not name.startswith(("logs/", "benchmarks/"))
        }


def _pairs(text: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in text.split(", ") if part)


def _write_texts(path: Path, rows: int, seed: int) -> None:
    """Write a CSV file of texts whose words tell their class, with a few words of other classes."""
    stream = random.Random(seed)
    names = [name for name in WORDS if name]
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label"])
        for row in range(rows):
            name = names[row % len(names)]
            words = stream.choices(WORDS[name].split(), k=stream.randint(2, 6))
            words += stream.choices(WORDS[""].split(), k=stream.randint(0, 2))
            if stream.random() < 0.1:
                words += stream.choices(WORDS[stream.choice(names)].split())
            stream.shuffle(words)
            writer.writerow([" ".join(words), name])


@pytest.fixture(scope="session")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """The pipeline as it is now, and the small experiment's texts. Nothing is run in it: it is copied."""
    folder = tmp_path_factory.mktemp("pipeline")
    skipped = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in PIPELINE:
        if (REPOSITORY / name).is_dir():
            shutil.copytree(REPOSITORY / name, folder / name, ignore=skipped)
        else:
            shutil.copy(REPOSITORY / name, folder)
    _write_texts(folder / "made_train.csv", rows=330, seed=1)
    _write_texts(folder / "made_test.csv", rows=60, seed=2)
    return Checkout(folder)


@pytest.fixture(scope="session")
def new_checkout(pipeline: Checkout, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Checkout]:
    """A function that makes a checkout without results, or a copy of another one with all it holds."""

    def make(source: Checkout = pipeline) -> Checkout:
        folder = tmp_path_factory.mktemp("checkout")
        shutil.copytree(source.folder, folder, dirs_exist_ok=True)
        return Checkout(folder)

    return make


@pytest.fixture(scope="session")
def untouched(new_checkout: Callable[..., Checkout]) -> Checkout:
    """A checkout in which nothing has been run. Only for dry runs and checks: tests share it."""
    return new_checkout()


@pytest.fixture(scope="session")
def runs(new_checkout: Callable[..., Checkout]) -> Iterator[tuple[Checkout, Checkout, subprocess.Popen[bytes]]]:
    """Two checkouts: in one the experiment has run on two cores, in the other it has begun to run on one core.

    The second run goes on beside the tests, most of which keep one core busy; it is stopped if no test waits for it.
    """
    first, second = new_checkout(), new_checkout()
    shown = first.run("all")
    assert "Warning" not in shown, shown
    process = second.start("all", cores=1)
    yield first, second, process
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(scope="session")
def finished(runs: tuple[Checkout, Checkout, subprocess.Popen[bytes]]) -> Checkout:
    """A checkout with all results of the small experiment. Not to be changed: tests share it."""
    return runs[0]


@pytest.fixture(scope="session")
def finished_on_one_core(runs: tuple[Checkout, Checkout, subprocess.Popen[bytes]]) -> Checkout:
    """As `finished`, run a second time, elsewhere and on one core."""
    _, checkout, process = runs
    checkout.finish(process)
    return checkout


@pytest.fixture
def edit() -> Iterator[Callable[[Path, str], None]]:
    """A function that appends text to a file for the length of a test."""
    originals: dict[Path, tuple[bytes, os.stat_result]] = {}

    def append(path: Path, text: str) -> None:
        originals.setdefault(path, (path.read_bytes(), path.stat()))
        path.write_bytes(path.read_bytes() + text.encode())

    yield append
    for path, (content, status) in originals.items():
        path.write_bytes(content)
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
