"""Training dynamics, by hand and against the definitions of the data maps' first authors."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from cartography_al.learning.dynamics import confidence, correctness, high_correctness, variability

PROBABILITIES = arrays(
    np.float32,
    st.tuples(st.integers(2, 30), st.integers(1, 8)),
    elements=st.floats(0, 1, width=32),
)


def test_by_hand():
    gold = np.array([[0.25, 1.0, 0.5], [0.75, 1.0, 0.5], [0.5, 0.0, 0.5], [0.5, 0.0, 0.5]], dtype=np.float32)
    assert_array_equal(confidence(gold), [0.5, 0.5, 0.5])
    assert_array_equal(variability(gold), [np.sqrt(0.125 / 4), 0.5, 0.0])  # ddof 0: over 4 epochs, not 3
    correct = np.array([[0, 1, 1], [1, 1, 0], [0, 1, 0], [0, 1, 0]], dtype=bool)
    assert_array_equal(correctness(correct), [0.25, 1.0, 0.25])


def test_against_the_definitions_of_data_maps():
    """Swayamdipta et al. (2020) as their code has it: lists of an instance's epochs, `np.mean`, `np.std`, `sum`.

    Written after allenai/cartography, cartography/selection/train_dy_filtering.py; their correctness is a count, the
    paper's a share. Both sides take the same float32 probabilities to float64, so only the last digits may differ.
    """
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, (30, 50, 4)).astype(np.float32)
    gold = rng.integers(0, 4, 50)
    probabilities = torch.softmax(torch.from_numpy(logits), -1).numpy()
    gold_probability = probabilities[:, np.arange(50), gold]
    correct = logits.argmax(-1) == gold
    for instance in range(50):
        trend = [float(gold_probability[epoch, instance]) for epoch in range(30)]
        correctness_trend = [int(np.argmax(logits[epoch, instance]) == gold[instance]) for epoch in range(30)]
        assert_allclose(confidence(gold_probability)[instance], np.mean(trend), rtol=1e-14)
        assert_allclose(variability(gold_probability)[instance], np.std(trend), rtol=1e-12)
        assert correctness(correct)[instance] == sum(correctness_trend) / 30


@settings(max_examples=50)
@given(PROBABILITIES)
def test_ranges_and_order(gold_probability):
    means, spreads = confidence(gold_probability), variability(gold_probability)
    assert means.dtype == spreads.dtype == np.float64
    assert means.shape == spreads.shape == gold_probability.shape[1:]
    assert (means >= 0).all()
    assert (means <= 1).all()
    assert (spreads <= np.sqrt(means * (1 - means)) + 1e-7).all()  # Bhatia and Davis: no wider than two points
    mirrored = np.float32(1) - gold_probability
    assert_allclose(confidence(mirrored), 1 - means, atol=1e-7)
    assert_allclose(variability(mirrored), spreads, atol=1e-7)
    assert_allclose(confidence(gold_probability[::-1]), means, atol=1e-12)  # the order of epochs does not matter


@settings(max_examples=50)
@given(arrays(np.bool_, st.tuples(st.integers(1, 30), st.integers(1, 8))))
def test_correctness_counts(correct):
    values = correctness(correct)
    assert values.dtype == np.float64
    assert_array_equal(values * len(correct), correct.sum(axis=0))


@pytest.mark.parametrize("epochs", [5, 10, 15, 20, 25, 30, 100])
@pytest.mark.parametrize("tenths", [0, 2, 4, 6, 8])
def test_exactly_the_threshold_is_low(epochs, tenths):
    """6 of 30 epochs is 0.2, which is not above 0.2; 7 of 30 is. The same at each threshold of Table 3."""
    right = epochs * tenths // 10
    correct = np.arange(epochs)[:, None] < np.array([right, right + 1])
    assert high_correctness(correctness(correct), tenths / 10).tolist() == [False, True]


def test_d7_rounds_half_to_even():
    """At most 8 of 30 epochs is low-cor in the released code, and 6 of 30 in the paper."""
    correct = np.arange(30)[:, None] < np.arange(31)
    values = correctness(correct)
    assert high_correctness(values, 0.2).tolist() == [count >= 7 for count in range(31)]
    assert high_correctness(values, 0.2, rounding=True).tolist() == [count >= 9 for count in range(31)]
    # 3/30 and 15/30 lie in the middle of two multiples: 0.5 rounds to 0 and 2.5 to 2, while 1.5 rounds to 2.
    assert high_correctness(values, 0.0, rounding=True).tolist() == [count >= 4 for count in range(31)]
    assert high_correctness(values, 0.4, rounding=True).tolist() == [count >= 16 for count in range(31)]


def test_rounding_does_not_change_its_argument():
    values = np.array([0.29, 0.31])
    high_correctness(values, 0.2, rounding=True)
    assert values.tolist() == [0.29, 0.31]


@pytest.mark.parametrize("statistic", [confidence, variability])
@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (np.full((1, 4), 0.5), "at least two epochs"),
        (np.full((0, 4), 0.5), "at least two epochs"),
        (np.full(4, 0.5), "at least two epochs"),
        (np.array([[0.5], [np.nan]]), "not be NaN"),
        (np.array([[0.5], [1.01]]), r"must lie in \[0, 1\]"),
        (np.array([[-0.01], [0.5]]), r"must lie in \[0, 1\]"),
        (np.array([[np.inf], [0.5]]), r"must lie in \[0, 1\]"),
    ],
)
def test_bad_probabilities_are_refused(statistic, bad, message):
    with pytest.raises(ValueError, match=message):
        statistic(bad)


@pytest.mark.parametrize("bad", [np.ones((3, 2)), np.ones((3, 2), dtype=int), np.ones(3, bool), np.ones((0, 2), bool)])
def test_bad_correct_is_refused(bad):
    with pytest.raises(ValueError, match=r"correct must be bool \[epochs, instances\]"):
        correctness(bad)
