"""How good a classifier is: the confusion matrix and what follows from it; how a binary classifier came out."""

from dataclasses import dataclass

import numpy as np


def confusion_matrix(gold: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """Return int64 [classes, classes], rows gold, columns predicted. gold, predicted: integers [n]."""
    return np.bincount(gold.astype(np.int64) * classes + predicted, minlength=classes * classes).reshape(
        classes, classes
    )


def accuracy(confusion: np.ndarray) -> float:
    """Share of correct predictions."""
    return float(np.trace(confusion) / confusion.sum())


def macro_f1(confusion: np.ndarray) -> float:
    """Unweighted mean of the classes' F1 scores; a class neither present nor predicted counts as 0."""
    involved = confusion.sum(axis=0) + confusion.sum(axis=1)
    return float(np.mean(2 * np.diag(confusion) / np.maximum(involved, 1)))


def class_accuracy(confusion: np.ndarray) -> list[float | None]:
    """Recall of each class, None for a class that the test set lacks."""
    return [float(row[position] / row.sum()) if row.sum() else None for position, row in enumerate(confusion)]


@dataclass(frozen=True)
class BinaryClassifierReport:
    """How the binary classifier of CAL or DAL came out: training accuracy, and training rows with label 0 and 1."""

    accuracy: float
    rows_per_class: tuple[int, int]

    @property
    def single_class(self) -> bool:
        """Whether it saw one class only, so that its scores mean little."""
        return 0 in self.rows_per_class
