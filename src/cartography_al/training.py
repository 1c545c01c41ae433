"""Fit and predict with a classifier, and watch it train: the hot loop of the project.

One epoch is: shuffle, then for each batch forward, cross-entropy gradient, backward, AdamW. What a caller wants to know
of the training (training dynamics, representations) it takes through one of two hooks.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.optim.adamw import adamw

from cartography_al.errors import NumericError
from cartography_al.models import ClassifierSettings, Perceptron

PREDICTION_BLOCK = 1024  # rows: the activations of one block stay in the processor's cache
TRAINING_BLOCK_BATCHES = 64  # batches whose rows and dropout masks are gathered at once; bounds the memory


class Batch(NamedTuple):
    """What one training pass saw of one batch, before the update that it caused. Valid only inside the hook."""

    epoch: int
    positions: np.ndarray  # [B] rows of the training features
    probabilities: Tensor  # [B, classes]
    representations: Tensor  # [B, hidden_size]


class AdamW:
    """State of AdamW (Loshchilov & Hutter 2017) for one classifier; torch's fused kernel does the step."""

    def __init__(self, model: Perceptron, settings: ClassifierSettings) -> None:
        """Start with zero moments."""
        self.model, self.settings = model, settings
        self.first_moment = torch.zeros_like(model.parameters)
        self.second_moment = torch.zeros_like(model.parameters)
        self.steps = torch.zeros((), device=model.device)

    def step(self) -> None:
        """Update the model's parameters from its gradients. Weight decay is for all of them, torch's default."""
        beta1, beta2 = self.settings.betas
        adamw(
            [self.model.parameters],
            [self.model.gradients],
            [self.first_moment],
            [self.second_moment],
            [],
            [self.steps],
            fused=True,
            amsgrad=False,
            beta1=beta1,
            beta2=beta2,
            lr=self.settings.learning_rate,
            weight_decay=self.settings.weight_decay,
            eps=self.settings.epsilon,
            maximize=False,
        )


@torch.no_grad()
def fit(
    model: Perceptron,
    optimizer: AdamW,
    features: np.ndarray,
    labels: np.ndarray,
    settings: ClassifierSettings,
    order_stream: np.random.Generator | None,
    dropout_stream: np.random.Generator,
    on_epoch_end: Callable[[int], None] | None = None,
    on_batch: Callable[[Batch], None] | None = None,
) -> None:
    """Train `model` in place with cross-entropy for `settings.epochs` epochs.

    features: float32 [n, inputs], may be memory-mapped. labels: integers [n] in [0, classes).
    order_stream shuffles the rows of each epoch; None keeps them in their order.
    on_epoch_end gets the epoch (0, 1, ...) once its last update is done. on_batch gets each training pass.
    Source: Zhang & Plank 2021, sections 4.3 and 7.   Raises: ValueError for no rows or lengths that differ.
    """
    n = len(features)
    if n == 0 or n != len(labels):
        raise ValueError(f"need as many labels as rows and at least one, got {n} rows and {len(labels)} labels")
    block_rows = settings.batch_size * TRAINING_BLOCK_BATCHES
    # Torch's own memory is aligned the same way in every process; NumPy's is not, and the last bits of a matrix
    # product depend on it.
    block_features = torch.empty(min(n, block_rows), features.shape[1])
    one_hot = functional.one_hot(torch.from_numpy(np.asarray(labels, dtype=np.int64)), model.sizes[-1]).float()
    for epoch in range(settings.epochs):
        order = np.arange(n) if order_stream is None else order_stream.permutation(n)
        for start in range(0, n, block_rows):
            rows = order[start : start + block_rows]
            np.take(features, rows, axis=0, out=block_features[: len(rows)].numpy(), mode="clip")
            batches = zip(
                np.split(rows, range(settings.batch_size, len(rows), settings.batch_size)),
                block_features[: len(rows)].to(model.device).split(settings.batch_size),
                one_hot[torch.from_numpy(rows)].to(model.device).split(settings.batch_size),
                dropout_masks(model, len(rows), settings.batch_size, dropout_stream),
                strict=True,
            )
            for positions, batch_features, batch_labels, masks in batches:
                logits, representations = model.forward(batch_features, masks)
                probabilities = functional.softmax(logits, 1)
                if on_batch is not None:
                    on_batch(Batch(epoch, positions, probabilities, representations))
                # The gradient of the mean cross-entropy with respect to the logits.
                model.backward(probabilities.sub(batch_labels).div_(len(positions)), dropped=masks is not None)
                optimizer.step()
        if on_epoch_end is not None:
            on_epoch_end(epoch)


@torch.no_grad()
def predict(
    model: Perceptron,
    features: np.ndarray,
    positions: np.ndarray | None = None,
    dropout_stream: np.random.Generator | None = None,
    representations: bool = False,
) -> tuple[np.ndarray, np.ndarray | None]:
    """Return class probabilities float32 [m, classes] and, if asked for, Psi float32 [m, hidden_size].

    features: float32 [n, inputs], may be memory-mapped. positions: the m rows to predict, all of them by default.
    dropout_stream: if given, units are dropped as in training (Monte Carlo dropout).
    Works block by block, so its memory does not grow with the pool.
    """
    count = len(features) if positions is None else len(positions)
    if positions is not None and count and not 0 <= positions.min() <= positions.max() < len(features):
        raise IndexError(f"positions must lie in 0 ... {len(features) - 1}")
    probabilities = np.empty((count, model.sizes[-1]), dtype=np.float32)
    psi = np.empty((count, model.sizes[-2]), dtype=np.float32) if representations else None
    block = torch.empty(min(count, PREDICTION_BLOCK), features.shape[1])
    for start in range(0, count, PREDICTION_BLOCK):
        rows = slice(start, min(start + PREDICTION_BLOCK, count))
        size = rows.stop - start
        if positions is None:
            block[:size].numpy()[:] = features[rows]
        else:
            np.take(features, positions[rows], axis=0, out=block[:size].numpy(), mode="clip")
        masks = None if dropout_stream is None else next(dropout_masks(model, size, size, dropout_stream))
        logits, hidden = model.forward(block[:size].to(model.device), masks)
        probabilities[rows] = functional.softmax(logits, 1).cpu().numpy()
        if psi is not None:
            psi[rows] = hidden.cpu().numpy()
    return probabilities, psi


def dropout_masks(model: Perceptron, rows: int, batch_size: int, stream: np.random.Generator):  # type: ignore[no-untyped-def]
    """Yield, for each batch of `rows` rows, the masks that `Perceptron.forward` takes; None without dropout.

    All random numbers are drawn in one call, which costs a third of drawing them batch by batch.
    """
    layers = len(model.sizes) - 2
    if not model.dropout or not layers:
        yield from [None] * -(-rows // batch_size)
        return
    drawn = stream.random((layers, rows, model.sizes[1]), dtype=np.float32)
    kept = np.multiply(drawn >= model.dropout, np.float32(1 / (1 - model.dropout)), dtype=np.float32)
    yield from zip(*(torch.from_numpy(layer).to(model.device).split(batch_size) for layer in kept), strict=True)


def check_finite(probabilities: np.ndarray, instance_ids: np.ndarray, what: str) -> None:
    """Raise NumericError naming the instances whose probabilities [n, ...] are NaN or infinite."""
    broken = ~np.isfinite(probabilities).reshape(len(probabilities), -1).all(axis=1)
    if broken.any():
        named = ", ".join(map(str, instance_ids[broken][:10]))
        raise NumericError(
            f"{what} is NaN or infinite for {int(broken.sum())} of {len(broken)} instances (ids {named}"
            f"{', ...' if broken.sum() > 10 else ''}); look for extreme values in their features, or lower the "
            "learning rate in the configuration"
        )
