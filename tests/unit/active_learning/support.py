"""What several test modules of this folder make and compare with."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from cartography_al.acquisition.registry import STRATEGIES
from cartography_al.active_learning.chain import run_block
from cartography_al.active_learning.checkpoints import Checkpoint, write_checkpoint
from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.active_learning.iteration import Run, run_iteration
from cartography_al.active_learning.main_classifier import model_state
from cartography_al.learning.metrics import BinaryClassifierReport
from cartography_al.naming import PAPER_STRATEGIES
from cartography_al.protocol import AS_WRITTEN, RELEASED, Protocol
from tests.unit.support import SETTINGS

INPUTS, CLASSES, INSTANCES, TESTED = 5, ("a", "b", "c"), 80, 200


MAIN = replace(SETTINGS, learning_rate=5e-3, epochs=4)  # 1 of 4 is between 0.2 and 0.3, where D7 makes a difference


BINARY = replace(MAIN, hidden_layers=1, dropout=0.0)


CONFIGURATION = yaml.safe_load((Path(__file__).parents[3] / "config.yaml").read_text(encoding="utf-8"))
PARAMETERS = CONFIGURATION["acquisition"] | {"bald": {"passes": 3}}


def make_split(rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    labels = rng.choice(3, rows, p=[0.6, 0.3, 0.1]).astype(np.int16)
    return (rng.normal(0, 1.5, (rows, INPUTS)) + 2 * labels[:, None]).astype(np.float32), labels


def make_data(instances: int = INSTANCES) -> LabelledFeatures:
    return LabelledFeatures("made", CLASSES, *make_split(instances, 0), *make_split(TESTED, 1), {"train texts": "0f"})


def make_run(strategy: str = "cal", protocol: Protocol = AS_WRITTEN, **changes: Any) -> Run:
    """As the workflow puts it together: the depths of the classifiers follow the protocol (D4, D10)."""
    parts: dict[str, Any] = {
        "data": make_data(),
        "strategy": strategy,
        "select": STRATEGIES[strategy].function,
        "seed": 7,
        "protocol": protocol,
        "main_settings": replace(MAIN, hidden_layers=protocol.hidden_layers),
        "binary_settings": replace(BINARY, hidden_layers=int(protocol.binary_hidden_layer)),
        "seed_set_size": 20,
        "query_size": 6,
        "parameters": PARAMETERS.get(strategy, {}),
    }
    return Run(**parts | changes)


def chain(run: Run, iterations: int) -> list[Checkpoint]:
    """Checkpoints 0 to `iterations`."""
    checkpoints: list[Checkpoint] = []
    state = None
    for _ in range(iterations + 1):
        checkpoint, trained = run_iteration(run, checkpoints[-1] if checkpoints else None, state)
        state = None if run.protocol.weight_reset else model_state(trained)
        checkpoints.append(checkpoint)
    return checkpoints


BOTH = pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])


def block_paths(folder: Path, iterations: range) -> dict[int, Path]:
    return {iteration: folder / f"iteration-{iteration:03d}.parquet" for iteration in iterations}


def run_in_blocks(run: Run, folder: Path, blocks: list[range]) -> bytes:
    """Run blocks as the workflow does, and return what they leave in `folder`, file by file."""
    previous, state = None, None
    for block in blocks:
        following = None if run.protocol.weight_reset else folder / f"iteration-{block[-1]:03d}-state.parquet"
        run_block(run, previous, block_paths(folder, block), folder / "unfinished", "code", state, following)
        previous, state = folder / f"iteration-{block[-1]:03d}.parquet", following
    assert not (folder / "unfinished").exists()
    if state:
        last_state = state.read_bytes()
        for path in folder.glob("*-state.parquet"):
            path.unlink()
    else:
        assert not list(folder.glob("*state*"))
        last_state = b""
    assert sorted(path.name for path in folder.iterdir()) == [
        f"iteration-{i:03d}.parquet" for i in range(block[-1] + 1)
    ]
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir())) + last_state


class Killed(BaseException):
    """Stands for a signal: nothing may catch it."""


class Counter:
    """Counts and wraps run_iteration; kills the process before the iteration `kill_at`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, also: Callable[[], None] = lambda: None) -> None:
        self.iterations: list[int] = []
        self.kill_at: int | None = None
        original = run_iteration

        def counted(run: Run, previous: Checkpoint | None, *rest: Any) -> Any:
            iteration = previous.iteration + 1 if previous else 0
            if iteration == self.kill_at:
                raise Killed
            self.iterations.append(iteration)
            result = original(run, previous, *rest)
            also()
            return result

        monkeypatch.setattr("cartography_al.active_learning.chain.run_iteration", counted)

    def killed_block(self, kill_at: int, run: Run, folder: Path) -> Path:
        """Run iterations 0 to 2, killed before `kill_at`; return the workspace."""
        self.kill_at = kill_at
        with pytest.raises(Killed):
            run_in_blocks(run, folder, [range(3)])
        self.kill_at, self.iterations = None, []
        assert not list(folder.glob("*.parquet"))  # nothing appears before the whole block is done
        return folder / "unfinished" / "code"


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    start = len(content) // 3  # some: a single byte may be one that says nothing, such as a column's statistics
    content[start : start + 16] = bytes(byte ^ 255 for byte in content[start : start + 16])
    path.write_bytes(content)


def first_iteration(protocol: Protocol) -> Mapping[str, bytes]:
    """Each facet of the first iteration of all strategies, as bytes."""
    seen = {}
    for strategy in PAPER_STRATEGIES:
        # With this seed some instances are right in just one of the four epochs, which D7 needs.
        checkpoint, trained = run_iteration(make_run(strategy, protocol, seed=3, query_size=40), None)
        seen["seed set"] = checkpoint.labelled["instance_id"].to_numpy().tobytes()
        seen["model"] = trained.model.parameters.numpy().tobytes()
        columns = ["instance_id", "confidence", "variability", "correctness"]
        seen["dynamics"] = checkpoint.labelled[columns].to_numpy(dtype=np.float64).tobytes()
        seen["test"] = str((checkpoint.test_accuracy, checkpoint.macro_f1, checkpoint.class_accuracy)).encode()
        chosen = [checkpoint.next_batch_ids.tolist(), sorted(checkpoint.binary_classifiers.items())]
        seen[strategy] = str(chosen).encode()
    return seen


def make_checkpoint(
    iteration: int = 2, strategy: str = "cal", seed: int = 7, seed_set: int = 5, query_size: int = 3
) -> Checkpoint:
    """A checkpoint of a chain whose instance ids count down from 99, in the order of acquisition."""
    labelled = seed_set + query_size * iteration
    rows = np.arange(labelled + query_size)
    acquired = np.where(rows < seed_set, 0, (rows - seed_set) // query_size + 1)
    # Of eight values, each exact in binary, so that frames are compared to the last digit.
    statistics = np.where(rows < labelled, (rows % 8) / 8, np.nan)
    return Checkpoint(
        digest="ab" * 32,
        dataset="trec",
        strategy=strategy,
        seed=seed,
        iteration=iteration,
        parameters={"correctness_threshold": 0.2} if strategy == "cal" else {},
        test_accuracy=1 / 3,
        macro_f1=0.1,
        class_accuracy={"abbreviation": 0.5, "entity": None},
        binary_classifiers={"cal": BinaryClassifierReport(0.75, (0, labelled))} if strategy == "cal" else {},
        predictions=np.array([0, 2, 1, 0, 2], dtype=np.int16),
        instances=pd.DataFrame(
            {
                "instance_id": (99 - rows).astype(np.int64),
                "label": (rows % 3).astype(np.int16),
                "acquired_iteration": acquired.astype(np.int16),
                "confidence": statistics,
                "variability": statistics / 2,
                "correctness": 1 - statistics,
            }
        ),
    )


def write_chains(folder: Path) -> list[Path]:
    """Two strategies, two seeds, iterations 0 to 2."""
    paths = []
    for strategy in ("random", "cal"):
        for seed in (7, 3):
            for iteration in range(3):
                path = folder / strategy / f"seed-{seed}" / f"iteration-{iteration:03d}.parquet"
                write_checkpoint(path, make_checkpoint(iteration, strategy, seed))
                paths.append(path)
    return paths
