"""Active learning: one iteration as a function of the one before it, and blocks of iterations that survive a kill."""

import hashlib
import json
import logging
import pkgutil
import shutil
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import torch

from cartography_al import seeding
from cartography_al.acquisition.view import PoolView, TrainingRecord
from cartography_al.checkpoints import (
    SCHEMA_VERSION,
    Checkpoint,
    read_checkpoint,
    read_state,
    write_checkpoint,
    write_state,
)
from cartography_al.dynamics import confidence, correctness, variability
from cartography_al.errors import CheckpointError, DataError, NumericError
from cartography_al.metrics import accuracy, class_accuracy, confusion_matrix, macro_f1
from cartography_al.models import ClassifierSettings, Perceptron
from cartography_al.protocol import Protocol
from cartography_al.training import AdamW, Batch, check_finite, fit, predict

logger = logging.getLogger(__name__)

FIXED_SEED_SET = 42  # D13: the released code's random state


@dataclass(frozen=True)
class LabelledFeatures:
    """One data set, ready to learn from. Row i of a split's arrays is its instance i."""

    name: str
    classes: tuple[str, ...]
    train_features: np.ndarray  # float32 [N, d], memory-mapped
    train_labels: np.ndarray  # int16 [N]
    test_features: np.ndarray  # float32 [M, d]
    test_labels: np.ndarray  # int16 [M]
    fingerprint: Mapping[str, str]  # hashes of the texts and features

    def __post_init__(self) -> None:
        """Refuse files that are not of one run, before a wrong row is learned from."""
        for split, features, labels in (
            ("train", self.train_features, self.train_labels),
            ("test", self.test_features, self.test_labels),
        ):
            if len(features) != len(labels) or features.shape[1] != self.train_features.shape[1]:
                raise DataError(
                    f"{self.name}: {split} has {len(labels)} texts and features of the shape {list(features.shape)}; "
                    "delete the features, so that the pipeline writes them again"
                )
            if labels.max(initial=0) >= len(self.classes):
                raise DataError(
                    f"{self.name}: {split} has the label {labels.max()} and the data set {len(self.classes)} classes; "
                    "delete its folder under data, so that the pipeline writes it again"
                )


@dataclass(frozen=True)
class Run:
    """One active-learning run: a strategy and a seed on a data set, with all that decides its results."""

    data: LabelledFeatures
    strategy: str
    select: str  # "module:function" of the strategy, see acquisition/registry.py
    seed: int
    protocol: Protocol
    main_settings: ClassifierSettings
    binary_settings: ClassifierSettings
    seed_set_size: int
    query_size: int
    correctness_threshold: float
    monte_carlo_passes: int
    device: str = "cpu"

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides this run's results; the code and the machine are not part of it."""
        identity = {field: value for field, value in vars(self).items() if field not in {"data", "device"}} | {
            "schema_version": SCHEMA_VERSION,
            "data": [self.data.name, self.data.classes, dict(self.data.fingerprint)],
            "protocol": asdict(self.protocol),
            "main_settings": asdict(self.main_settings),
            "binary_settings": asdict(self.binary_settings),
        }
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class TrainedModel:
    """A main classifier, the optimiser state it ended with, and what its training showed."""

    model: Perceptron
    optimizer: AdamW
    record: TrainingRecord


def seed_set_ids(labels: np.ndarray, size: int, seed: int, protocol: Protocol) -> np.ndarray:
    """Draw the seed set; the same for every strategy with the same seed.

    labels: integers [N], the training split's gold classes. Returns int64 [size].
    Stratified: each class gets its share of `size`, rounded by largest remainder, and at least one instance.
    Source: Zhang & Plank 2021, section 4.1; D13.   Raises: DataError if `size` does not lie between classes and N.
    """
    classes, class_sizes = np.unique(labels, return_counts=True)
    if not len(classes) <= size <= len(labels):
        raise DataError(
            f"seed_set_size: {size} must be at least the {len(classes)} classes and at most the {len(labels)} texts"
        )
    if protocol.seed_set == "fixed":
        return seeding.generator(FIXED_SEED_SET, 0, "seed set").permutation(len(labels))[:size]
    shares = class_sizes * size / len(labels)
    counts = np.floor(shares).astype(np.int64)
    counts[np.argsort(counts - shares, kind="stable")[: size - counts.sum()]] += 1
    for empty in np.flatnonzero(counts == 0):
        counts[counts.argmax()] -= 1
        counts[empty] = 1
    stream = seeding.generator(seed, 0, "seed set")
    drawn = [
        stream.choice(np.flatnonzero(labels == label), size=count, replace=False)
        for label, count in zip(classes, counts, strict=True)
    ]
    return np.sort(np.concatenate(drawn))


def train_main_classifier(
    data: LabelledFeatures,
    instance_ids: np.ndarray,
    seed: int,
    iteration: int,
    settings: ClassifierSettings,
    protocol: Protocol,
    device: str = "cpu",
    carried_state: np.ndarray | None = None,
    watch: bool = True,
) -> TrainedModel:
    """Train theta on the given training instances and record the training dynamics of each of them.

    carried_state (D3): parameters and optimiser state to go on from, see `model_state`.
    watch=False records nothing, for a training whose dynamics nobody reads.
    Source: Zhang & Plank 2021, sections 3, 4.3 and 7; D2 to D6, D8 and D9.
    Raises: NumericError, naming instances, for a feature that is not finite or a training that diverges.
    """

    def stream(purpose: str) -> np.random.Generator:
        return seeding.generator(seed, iteration, f"main classifier: {purpose}")

    features, labels = data.train_features[instance_ids], data.train_labels[instance_ids].astype(np.int64)
    check_finite(features, instance_ids, "a feature")  # one of them would spoil the weights, and so all probabilities
    model = Perceptron(features.shape[1], len(data.classes), settings, stream("weights"), device)
    optimizer = AdamW(model, settings)
    if carried_state is not None:
        _restore_state(model, optimizer, carried_state)
    gold_probability = np.empty((settings.epochs, len(labels)), dtype=np.float32)
    correct = np.empty((settings.epochs, len(labels)), dtype=np.bool_)
    kept_epochs = 0
    if protocol.cal_representations == "first_epoch":
        kept_epochs = 1
    if protocol.dal_representations == "every_epoch":
        kept_epochs = settings.epochs
    pass_representations = (
        np.empty((kept_epochs, len(labels), settings.hidden_size), np.float32) if kept_epochs else None
    )
    watch_dropout = stream("watching dropout") if protocol.evaluation_dropout else None

    def note(epoch: int, positions: np.ndarray, probabilities: np.ndarray) -> None:
        gold = labels[positions]
        gold_probability[epoch, positions] = probabilities[np.arange(len(gold)), gold]
        correct[epoch, positions] = probabilities.argmax(axis=1) == gold

    def at_epoch_end(epoch: int) -> None:
        note(epoch, np.arange(len(labels)), predict(model, features, dropout_stream=watch_dropout)[0])
        if not np.isfinite(gold_probability[epoch]).all():
            raise _diverged(f"a probability after epoch {epoch + 1}", features, instance_ids)

    def at_batch(batch: Batch) -> None:
        if protocol.dynamics == "training_pass":
            note(batch.epoch, batch.positions, batch.probabilities.cpu().numpy())
        if pass_representations is not None and batch.epoch < kept_epochs:
            pass_representations[batch.epoch, batch.positions] = batch.representations.cpu().numpy()

    fit(
        model,
        optimizer,
        features,
        labels,
        settings,
        order_stream=stream("order") if protocol.shuffling else None,
        dropout_stream=stream("dropout"),
        on_epoch_end=at_epoch_end if watch and protocol.dynamics == "epoch_end" else None,
        on_batch=at_batch if watch and (kept_epochs or protocol.dynamics == "training_pass") else None,
    )
    if not model.parameters.isfinite().all():
        raise _diverged("a weight after training", features, instance_ids)
    return TrainedModel(model, optimizer, TrainingRecord(gold_probability, correct, pass_representations))


def _diverged(what: str, features: np.ndarray, instance_ids: np.ndarray) -> NumericError:
    """The error of a training whose numbers overflowed, which all instances then share; it names the likely causes."""
    largest = np.abs(features).max(axis=1)
    named = ", ".join(f"{instance_ids[row]} ({largest[row]:.3g})" for row in np.argsort(-largest, kind="stable")[:5])
    return NumericError(
        f"{what} is NaN or infinite; the instances with the largest features are {named}: look for extreme values "
        "there, or lower the learning rate in the configuration"
    )


def data_map(data: LabelledFeatures, instance_ids: np.ndarray, record: TrainingRecord) -> pd.DataFrame:
    """Return the data map of a training: instance_id, label, confidence, variability, correctness."""
    check_finite(record.gold_probability.T, instance_ids, "the gold label's probability")
    return pd.DataFrame(
        {
            "instance_id": instance_ids.astype(np.int64),
            "label": data.train_labels[instance_ids].astype(np.int16),
            "confidence": confidence(record.gold_probability),
            "variability": variability(record.gold_probability),
            "correctness": correctness(record.correct),
        }
    )


def evaluate(data: LabelledFeatures, model: Perceptron, seed: int, iteration: int, protocol: Protocol) -> np.ndarray:
    """Return the confusion matrix int64 [classes, classes] on the test split."""
    dropout = seeding.generator(seed, iteration, "test: dropout") if protocol.evaluation_dropout else None
    probabilities, _ = predict(model, data.test_features, dropout_stream=dropout)
    check_finite(probabilities, np.arange(len(probabilities)), "the predicted probability on the test split")
    return confusion_matrix(data.test_labels, probabilities.argmax(axis=1), len(data.classes))


def run_iteration(
    run: Run, previous: Checkpoint | None, carried_state: np.ndarray | None = None
) -> tuple[Checkpoint, TrainedModel]:
    """Train on the labelled set, evaluate, and choose the next batch.

    previous: the checkpoint of the iteration before, None for iteration 0, which trains on the seed set.
    The next batch is shorter than `query_size` only when the pool ends.
    Source: Zhang & Plank 2021, Algorithm 1.
    """
    data = run.data
    if previous is None:
        iteration = 0
        labelled_ids = seed_set_ids(data.train_labels, run.seed_set_size, run.seed, run.protocol)
        acquired = np.zeros(len(labelled_ids), dtype=np.int16)
    else:
        iteration = previous.iteration + 1
        labelled_ids = previous.instances["instance_id"].to_numpy()
        acquired = previous.instances["acquired_iteration"].to_numpy()
    trained = train_main_classifier(
        data, labelled_ids, run.seed, iteration, run.main_settings, run.protocol, run.device, carried_state
    )
    labelled = data_map(data, labelled_ids, trained.record).assign(acquired_iteration=acquired)
    confusion = evaluate(data, trained.model, run.seed, iteration, run.protocol)
    view = PoolView(
        features=data.train_features,
        labelled_ids=labelled_ids,
        pool_ids=np.setdiff1d(np.arange(len(data.train_labels)), labelled_ids),
        correctness=labelled["correctness"].to_numpy(),
        model=trained.model,
        record=trained.record,
        protocol=run.protocol,
        binary_settings=run.binary_settings,
        correctness_threshold=run.correctness_threshold,
        monte_carlo_passes=run.monte_carlo_passes,
        seed=run.seed,
        iteration=iteration,
    )
    batch_size = min(run.query_size, len(view.pool_ids))
    select = pkgutil.resolve_name(run.select)
    batch_ids = select(view, batch_size) if batch_size else view.pool_ids
    next_batch = pd.DataFrame(
        {
            "instance_id": batch_ids,
            "label": data.train_labels[batch_ids],
            "acquired_iteration": np.full(len(batch_ids), iteration + 1, dtype=np.int16),
        }
    )
    checkpoint = Checkpoint(
        digest=run.digest,
        dataset=data.name,
        strategy=run.strategy,
        seed=run.seed,
        iteration=iteration,
        test_accuracy=accuracy(confusion),
        macro_f1=macro_f1(confusion),
        class_accuracy=dict(zip(data.classes, class_accuracy(confusion), strict=True)),
        binary_classifiers=view.binary_classifiers,
        instances=pd.concat([labelled, next_batch], ignore_index=True),
    )
    return checkpoint, trained


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
        waiting = workspace / code / f"iteration-{iteration:03d}.parquet"
        waiting_state = workspace / code / f"iteration-{iteration:03d}-state.parquet"
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


def model_state(trained: TrainedModel) -> np.ndarray:
    """Return parameters, both AdamW moments and the step count as one float32 vector [3 P + 1]."""
    optimizer = trained.optimizer
    parts = [trained.model.parameters, optimizer.first_moment, optimizer.second_moment, optimizer.steps.reshape(1)]
    return torch.cat(parts).cpu().numpy()


def _restore_state(model: Perceptron, optimizer: AdamW, state: np.ndarray) -> None:
    size = model.parameters.numel()
    if state.shape != (3 * size + 1,) or state.dtype != np.float32:
        raise CheckpointError(
            f"model state of shape {list(state.shape)} does not fit; expected [{3 * size + 1}] float32"
        )
    values = torch.from_numpy(state).to(model.device)
    model.parameters.copy_(values[:size])
    optimizer.first_moment.copy_(values[size : 2 * size])
    optimizer.second_moment.copy_(values[2 * size : 3 * size])
    optimizer.steps.copy_(values[3 * size])
