"""The main classifier theta: trained, watched and evaluated. Not for choosing instances."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from cartography_al import seeding
from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.errors import CheckpointError, NumericError
from cartography_al.learning.dynamics import TrainingRecord, confidence, correctness, variability
from cartography_al.learning.models import ClassifierSettings, Perceptron
from cartography_al.learning.training import AdamW, Batch, check_finite, fit, predict
from cartography_al.protocol import Protocol


@dataclass(frozen=True)
class TrainedModel:
    """A main classifier, the optimiser state it ended with, and what its training showed."""

    model: Perceptron
    optimizer: AdamW
    record: TrainingRecord


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


def predict_test(
    data: LabelledFeatures, model: Perceptron, seed: int, iteration: int, protocol: Protocol
) -> np.ndarray:
    """Return the predicted class int64 [T] of each text of the test split."""
    dropout = seeding.generator(seed, iteration, "test: dropout") if protocol.evaluation_dropout else None
    probabilities, _ = predict(model, data.test_features, dropout_stream=dropout)
    check_finite(probabilities, np.arange(len(probabilities)), "the predicted probability on the test split")
    return probabilities.argmax(axis=1)


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
