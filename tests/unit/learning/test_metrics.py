"""Metrics, by hand and against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from cartography_al.learning.metrics import accuracy, class_accuracy, confusion_matrix, macro_f1


def test_by_hand():
    gold, predicted = np.array([0, 0, 0, 1, 1, 2], dtype=np.int16), np.array([0, 0, 1, 1, 0, 2])
    confusion = confusion_matrix(gold, predicted, 3)
    assert confusion.tolist() == [[2, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert accuracy(confusion) == 4 / 6
    assert macro_f1(confusion) == pytest.approx((2 / 3 + 1 / 2 + 1) / 3, abs=1e-15)
    assert class_accuracy(confusion) == [2 / 3, 1 / 2, 1.0]


def test_a_class_that_the_test_set_lacks():
    """TREC's test split has all classes, a small one may not: no division by zero, and None, which JSON can say."""
    confusion = confusion_matrix(np.array([0, 0, 2]), np.array([0, 1, 2]), 4)
    assert class_accuracy(confusion) == [0.5, None, 1.0, None]
    assert macro_f1(confusion) == pytest.approx((2 / 3 + 0 + 1 + 0) / 4, abs=1e-15)
    assert [type(value) for value in class_accuracy(confusion)] == [float, type(None), float, type(None)]


def test_many_small_integers_do_not_overflow():
    """Labels are int16 on disk: 200 classes make 40,000 cells, more than an int16 holds."""
    labels = np.arange(200, dtype=np.int16)
    assert_array_equal(confusion_matrix(labels, labels, 200), np.eye(200))


@settings(max_examples=25)
@given(st.data())
def test_against_scikit_learn(data):
    sklearn_metrics = pytest.importorskip("sklearn.metrics")
    classes, rows = data.draw(st.integers(2, 6)), data.draw(st.integers(1, 40))
    labels = st.lists(st.integers(0, classes - 1), min_size=rows, max_size=rows)
    gold, predicted = (np.array(data.draw(labels), dtype=np.int16) for _ in range(2))
    confusion, every_class = confusion_matrix(gold, predicted, classes), list(range(classes))
    assert_array_equal(confusion, sklearn_metrics.confusion_matrix(gold, predicted, labels=every_class))
    assert accuracy(confusion) == sklearn_metrics.accuracy_score(gold, predicted)
    expected = sklearn_metrics.f1_score(gold, predicted, labels=every_class, average="macro", zero_division=0)
    assert macro_f1(confusion) == pytest.approx(expected, abs=1e-14)
    recalls = sklearn_metrics.recall_score(gold, predicted, labels=every_class, average=None, zero_division=np.nan)
    assert [np.nan if value is None else value for value in class_accuracy(confusion)] == pytest.approx(
        recalls.tolist(), abs=1e-14, nan_ok=True
    )
