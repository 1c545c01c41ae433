"""Blocks of consecutive iterations, which survive a kill. What an iteration does is in `iteration`."""

import logging
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from cartography_al.active_learning.checkpoints import (
    Checkpoint,
    read_checkpoint,
    read_state,
    write_checkpoint,
    write_state,
)
from cartography_al.active_learning.iteration import Run, run_iteration
from cartography_al.active_learning.main_classifier import model_state
from cartography_al.errors import CheckpointError
from cartography_al.files import checkpoint_name

logger = logging.getLogger(__name__)


def run_block(
    run: Run,
    previous: Path | None,
    outputs: Mapping[int, Path],
    workspace: Path,
    code: str,
    state_in: Path | None = None,
    state_out: Path | None = None,
) -> None:
    """Run consecutive iterations and write the checkpoint of each to its path in `outputs`.

    previous: the checkpoint before the first of them. workspace: a folder in which finished iterations wait until the
    block is complete; a block that was killed continues there. code: hash of the code, so that what other code left
    there is not used. state_in, state_out (D3): model state before and after the block.
    After the iteration that took the last of the pool, there is nothing to learn from and nothing to choose: the
    iterations that remain repeat its checkpoint, under their own numbers.
    Nothing appears at an output path before the whole block is done. A process that a kill left behind does no harm
    beside its successor: both write the same bytes, atomically, and do without a workspace that the other has cleared.
    """
    first, last = min(outputs), max(outputs)
    checkpoint = None if previous is None else read_checkpoint(previous, run.digest, first - 1)
    state = None if state_in is None else read_state(state_in, run.digest, first - 1)
    done: dict[int, Checkpoint] = {}
    for iteration in outputs:
        waiting = workspace / code / checkpoint_name(iteration)
        waiting_state = workspace / code / checkpoint_name(iteration, "-state")
        finished: Checkpoint | None
        try:
            finished = read_checkpoint(waiting, run.digest, iteration)
            if not run.protocol.weight_reset:
                state = read_state(waiting_state, run.digest, iteration)
        except CheckpointError:  # there is none, or what a kill or a full disk left; either is made again
            finished = None
        if finished is None:
            if checkpoint is not None and not len(checkpoint.next_batch_ids):
                finished = replace(checkpoint, iteration=iteration)
                logger.info("iteration %d: the pool is exhausted, nothing was acquired", iteration)
            else:
                start = time.process_time()
                finished, trained = run_iteration(run, checkpoint, state)
                state = None if run.protocol.weight_reset else model_state(trained)
                logger.info(
                    "iteration %d: %d labelled, test accuracy %.3f, %.2f s of CPU",
                    *(iteration, len(finished.labelled), finished.test_accuracy, time.process_time() - start),
                )
            with suppress(FileNotFoundError, FileExistsError):  # another process has cleared the workspace just now
                if state is not None:
                    write_state(waiting_state, state, run.digest, iteration)
                write_checkpoint(waiting, finished)
        checkpoint = done[iteration] = finished
    for iteration, path in outputs.items():
        write_checkpoint(path, done[iteration])
    if state_out is not None and state is not None:
        write_state(state_out, state, run.digest, last)
    shutil.rmtree(workspace, ignore_errors=True)
