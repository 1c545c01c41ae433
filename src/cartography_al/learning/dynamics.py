"""Training dynamics: what a training leaves behind, and the coordinates of a data map (paper, equations 1 to 3)."""

from dataclasses import dataclass

import numpy as np


def confidence(gold_probability: np.ndarray) -> np.ndarray:
    """Mean probability of the gold label over the epochs.

    gold_probability: float [epochs, instances], in [0, 1].   Returns float64 [instances], in [0, 1].
    Source: Zhang & Plank 2021, eq. 1.   Raises: ValueError as `variability`.
    """
    return _checked(gold_probability).mean(axis=0)


def variability(gold_probability: np.ndarray) -> np.ndarray:
    """Spread of the gold label's probability over the epochs of one training.

    gold_probability: float [epochs, instances], in [0, 1].
    Returns float64 [instances], population standard deviation (ddof 0), in [0, 0.5].
    Source: Zhang & Plank 2021, eq. 2.   Raises: ValueError for fewer than two epochs, NaN, or values outside [0, 1].
    """
    return _checked(gold_probability).std(axis=0)


def correctness(correct: np.ndarray) -> np.ndarray:
    """Fraction of the epochs whose prediction was the gold label.

    correct: bool [epochs, instances].   Returns float64 [instances], a multiple of 1/epochs in [0, 1].
    Source: Zhang & Plank 2021, eq. 3.   Raises: ValueError for another type or no epochs.
    """
    if correct.dtype != np.bool_ or correct.ndim != 2 or not len(correct):
        raise ValueError(f"correct must be bool [epochs, instances], got {correct.dtype} {list(correct.shape)}")
    return correct.sum(axis=0) / len(correct)


def high_correctness(correctness_values: np.ndarray, threshold: float, rounding: bool = False) -> np.ndarray:
    """Label of CAL's binary classifier: whether an instance is high-cor, i.e. its correctness is above the threshold.

    correctness_values: float [instances].   Returns bool [instances].
    rounding (D7, released code): first round half to even to a multiple of 0.2, as the released code does.
    Source: Zhang & Plank 2021, section 3.
    """
    if rounding:
        correctness_values = np.round(5 * correctness_values) / 5
    return correctness_values > threshold


def _checked(gold_probability: np.ndarray) -> np.ndarray:
    if gold_probability.ndim != 2 or len(gold_probability) < 2:
        raise ValueError(f"need [epochs, instances] with at least two epochs, got {list(gold_probability.shape)}")
    values = gold_probability.astype(np.float64)
    if not ((values >= 0) & (values <= 1)).all():
        raise ValueError("probabilities must lie in [0, 1] and not be NaN")
    return values


@dataclass(frozen=True)
class TrainingRecord:
    """What the training of one iteration's model left behind, the instances in the order of `labelled_ids`."""

    gold_probability: np.ndarray  # float32 [epochs, instances]
    correct: np.ndarray  # bool [epochs, instances]
    pass_representations: np.ndarray | None = None  # float32 [epochs, instances, hidden_size]; only D8 and D9 need it
