"""What scikit-activeml takes for a classifier, made of given probabilities and representations."""

import numpy as np
from skactiveml.base import SkactivemlClassifier


class GivenClassifier(SkactivemlClassifier):
    """Predicts from a table: the first column of X is the row."""

    def __init__(self, probabilities=None, representations=None, missing_label=-1):
        super().__init__(classes=list(range(probabilities.shape[1])), missing_label=missing_label)
        self.probabilities, self.representations = probabilities, representations

    def fit(self, X, y, sample_weight=None):
        raise AssertionError("nothing is to be fitted")

    def predict_proba(self, X):
        rows = np.asarray(X)[:, 0].astype(int)
        return self.probabilities[rows].copy(), self.representations[rows]


def given(view):
    """The classifier, X and y (0 for labelled, -1 for the pool) of a view of `support.planted_pool`."""
    classifier = GivenClassifier(
        np.concatenate([view.labelled_probabilities, view.pool_probabilities]).astype(np.float64),
        np.concatenate([view.labelled_representations, view.pool_representations]),
    )
    rows = np.arange(len(classifier.probabilities))[:, None].astype(float)
    return classifier, rows, np.where(rows[:, 0] < len(view.labelled_ids), 0, -1)
