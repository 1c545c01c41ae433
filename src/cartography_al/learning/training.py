"""Fit and predict with a classifier, and watch it train: the hot loop of the project.

One epoch is: shuffle, then for each batch forward, cross-entropy gradient, backward, AdamW. What a caller wants to know
of the training (training dynamics, representations) it takes through one of two hooks.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from cartography_al.errors import NumericError
from cartography_al.files import no_space_named
from cartography_al.learning.models import ClassifierSettings, Perceptron

PREDICTION_BLOCK = 256  # rows: the activations of one block stay in the processor's cache
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
        self.steps.add_(1)
        # What torch.optim.AdamW(fused=True) calls, without its checks, which cost as much as a small layer.
        torch._fused_adamw_(
            [self.model.parameters],
            [self.model.gradients],
            [self.first_moment],
            [self.second_moment],
            [],
            [self.steps],
            lr=self.settings.learning_rate,
            beta1=beta1,
            beta2=beta2,
            weight_decay=self.settings.weight_decay,
            eps=self.settings.epsilon,
            amsgrad=False,
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
                range(0, len(rows), settings.batch_size),
                block_features[: len(rows)].to(model.device).split(settings.batch_size),
                one_hot[torch.from_numpy(rows)].to(model.device).split(settings.batch_size),
                dropout_masks(model, len(rows), settings.batch_size, dropout_stream),
                strict=True,
            )
            for first, batch_features, batch_labels, masks in batches:
                logits, representations = model.forward(batch_features, masks)
                probabilities = torch.softmax(logits, 1)
                if on_batch is not None:
                    on_batch(Batch(epoch, rows[first : first + settings.batch_size], probabilities, representations))
                # The gradient of the mean cross-entropy with respect to the logits.
                model.backward(probabilities.sub_(batch_labels).div_(batch_labels.shape[0]), dropped=masks is not None)
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
    Works block by block, and Psi is a `scratch_array`, so its memory does not grow with the pool.
    """
    count = len(features) if positions is None else len(positions)
    probabilities = np.empty((count, model.sizes[-1]), dtype=np.float32)
    psi = scratch_array((count, model.sizes[-2])) if representations else None
    for rows, block_probabilities, block_psi in predict_blocks(model, features, positions, dropout_stream):
        probabilities[rows] = block_probabilities
        if psi is not None:
            psi[rows] = block_psi
    return probabilities, psi


@torch.no_grad()
def predict_blocks(
    model: Perceptron,
    features: np.ndarray,
    positions: np.ndarray | None = None,
    dropout_stream: np.random.Generator | None = None,
) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """Yield for one block of rows after another: which of the m they are, probabilities and Psi as `predict` gives.

    A block's arrays are valid until the next one is asked for.
    """
    count = len(features) if positions is None else len(positions)
    if positions is not None and count and not 0 <= positions.min() <= positions.max() < len(features):
        raise IndexError(f"positions must lie in 0 ... {len(features) - 1}")
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
        yield rows, torch.softmax(logits, 1).cpu().numpy(), hidden.cpu().numpy()


def dropout_masks(
    model: Perceptron, rows: int, batch_size: int, stream: np.random.Generator
) -> Iterator[tuple[Tensor, ...] | None]:
    """Yield, for each batch of `rows` rows, the masks that `Perceptron.forward` takes; None without dropout.

    The random numbers of all batches are drawn in one call, 16 bits for each unit: that meets a probability to within
    1/131,072 and takes half as long as drawing floats, which would be a tenth of a training's time.
    """
    layers = len(model.sizes) - 2
    if not model.dropout or not layers:
        yield from [None] * -(-rows // batch_size)
        return
    drawn = stream.integers(0, 2**16, (layers, rows, model.sizes[1]), dtype=np.uint16)
    kept = (drawn >= round(model.dropout * 2**16)).astype(np.float32)
    kept *= np.float32(1 / (1 - model.dropout))
    yield from zip(*(torch.from_numpy(layer).to(model.device).split(batch_size) for layer in kept), strict=True)


def scratch_array(shape: tuple[int, int]) -> np.ndarray:
    """Return a float32 array in an unnamed temporary file, for what grows with the pool and need not stay in memory.

    The file lies where $TMPDIR says and is gone with the array. Raises: StorageError if there is no room for it.
    """
    if 0 in shape:
        return np.empty(shape, dtype=np.float32)
    with no_space_named(tempfile.gettempdir()), tempfile.TemporaryFile() as file:
        # Reserve the room now: writing to a map of a file that outgrows its disk would kill the process.
        os.posix_fallocate(file.fileno(), 0, shape[0] * shape[1] * np.dtype(np.float32).itemsize)
        return np.asarray(np.memmap(file, dtype=np.float32, mode="r+", shape=shape))


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
