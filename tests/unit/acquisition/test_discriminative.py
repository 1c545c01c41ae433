"""acquisition.discriminative: what it promises, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit

from cartography_al.acquisition import discriminative
from cartography_al.acquisition.discriminative import cal_scores, dal, dal_scores
from cartography_al.learning.models import Perceptron
from cartography_al.learning.training import predict
from cartography_al.protocol import AS_WRITTEN, RELEASED, Protocol
from cartography_al.seeding import generator
from tests.unit.acquisition.support import (
    BINARY,
    EPOCHS,
    HIDDEN,
    LABELLED_IDS,
    POOL_IDS,
    SpyView,
    best_first,
    load,
    make_view,
    pool_psi,
    train_once,
)

cal, cal_dal = load("cal"), load("cal_dal")


def plant(psi_weight: np.ndarray, bias: float) -> Perceptron:
    """A binary classifier with p(1) = expit(Psi @ psi_weight + bias)."""
    model = Perceptron(HIDDEN, 2, replace(BINARY, hidden_layers=0), generator(0, 0, "weights"))
    model.parameters.zero_()
    model.weights[0][1] = torch.from_numpy(psi_weight.astype(np.float32))
    model.biases[0][1] = bias
    return model


def planted_view(psi_weight: np.ndarray, bias: float, protocol: Protocol = AS_WRITTEN) -> SpyView:
    view = make_view(protocol)
    view.planted = {name: plant(psi_weight, bias) for name in ("cal", "dal")}
    return view


def planted_probabilities() -> tuple[np.ndarray, float, np.ndarray]:
    """A weight and bias that spread p over both sides of 0.5, and p over the pool."""
    weight = np.random.default_rng(2).normal(0, 5, HIDDEN)
    bias = -float(np.quantile(pool_psi() @ weight, 0.41))  # not the median, about which two would tie
    return weight, bias, expit(pool_psi() @ weight + bias)


def test_cal_picks_where_the_classifier_is_undecided():
    weight, bias, p = planted_probabilities()
    assert p.min() < 0.4
    assert p.max() > 0.6
    assert cal(planted_view(weight, bias), 20).tolist() == best_first(-np.abs(0.5 - p), 20)
    assert_allclose(cal_scores(planted_view(weight, bias), 0.2), -np.abs(0.5 - p), atol=1e-5)


def test_dal_picks_what_is_most_surely_unlabelled():
    weight, bias, p = planted_probabilities()
    assert dal(planted_view(weight, bias), 20).tolist() == best_first(p, 20)
    assert_allclose(dal_scores(planted_view(weight, bias)), p, atol=1e-5)


@pytest.mark.parametrize("k", [1, 2, 7, 20, 21, len(POOL_IDS)])
def test_cal_dal_takes_halves_and_no_instance_twice(k):
    """CAL gets the odd one; DAL's half is the best of what CAL left, also where both want the same."""
    weight, bias, p = planted_probabilities()
    bias -= float(np.log(p / (1 - p)).max()) + 0.1  # p below 0.5 everywhere: nearest to 0.5 is highest
    p = expit(pool_psi() @ weight + bias)
    assert cal(planted_view(weight, bias), k).tolist() == dal(planted_view(weight, bias), k).tolist()
    chosen = cal_dal(planted_view(weight, bias), k)
    by_cal = best_first(p, k)[: (k + 1) // 2]
    by_dal = [instance_id for instance_id in best_first(p, len(p)) if instance_id not in by_cal][: k // 2]
    assert chosen.tolist() == by_cal + by_dal
    assert len(set(chosen.tolist())) == k


def test_cal_median_is_cal_at_the_median_correctness():
    values = np.linspace(0.3, 0.9, len(LABELLED_IDS))
    view, at_median = make_view(correctness=values), make_view(correctness=values)
    chosen = discriminative.cal_median(view, 9)
    assert chosen.tolist() == discriminative.cal(at_median, 9, correctness_threshold=float(np.median(values))).tolist()
    assert view.binary_classifiers["cal"].rows_per_class == (15, 15)


def test_cal_dal_trains_the_classifiers_of_cal_and_of_dal():
    both, alone_cal, alone_dal = make_view(), make_view(), make_view()
    cal_dal(both, 8)
    cal(alone_cal, 8)
    dal(alone_dal, 8)
    assert both.binary_classifiers == alone_cal.binary_classifiers | alone_dal.binary_classifiers


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.4])
@pytest.mark.parametrize("rounding", [False, True], ids=["", "D7"])
def test_cal_learns_high_correctness_from_the_trained_representations(threshold, rounding):
    values = np.linspace(0, 1, len(LABELLED_IDS))
    view = make_view(replace(AS_WRITTEN, correctness_rounding=rounding), correctness=values)
    discriminative.cal(view, 5, correctness_threshold=threshold)
    features, labels = view.fitted["cal"]
    psi = predict(view.model, view.features, LABELLED_IDS, representations=True)[1]
    assert_array_equal(features, psi)  # row i is the instance labelled_ids[i], whose correctness is values[i]
    assert_array_equal(labels, (np.round(values * 5) / 5 if rounding else values) > threshold)
    low, high = view.binary_classifiers["cal"].rows_per_class
    assert (low, high) == (int((~labels).sum()), int(labels.sum()))


@pytest.mark.parametrize(
    "protocol", [replace(AS_WRITTEN, cal_representations="first_epoch"), RELEASED], ids=["D8", "all"]
)
def test_d8_cal_learns_from_the_first_epochs_representations(protocol):
    """Also where D9 has every epoch's kept."""
    view = make_view(protocol)
    cal(view, 5)
    record = train_once(protocol).record.pass_representations
    assert record is not None
    assert len(record) == (EPOCHS if protocol == RELEASED else 1)
    assert_array_equal(view.fitted["cal"][0], record[0])
    assert not np.array_equal(record[0], view.labelled_representations)


def test_dal_learns_labelled_against_pool():
    view = make_view()
    dal(view, 5)
    features, labels = view.fitted["dal"]
    for ids, label in ((LABELLED_IDS, 0), (POOL_IDS, 1)):
        psi = predict(view.model, view.features, ids, representations=True)[1]
        assert_array_equal(features[labels == label], psi)
    assert view.binary_classifiers["dal"].rows_per_class == (30, 60)


def test_d9_dal_learns_from_every_epochs_representations():
    """epochs x |L| labelled rows, all of them before the pool."""
    protocol = replace(AS_WRITTEN, dal_representations="every_epoch")
    view = make_view(protocol)
    dal(view, 5)
    features, labels = view.fitted["dal"]
    record = train_once(protocol).record.pass_representations
    assert record is not None
    assert record.shape == (EPOCHS, 30, HIDDEN)
    assert labels.tolist() == [0] * EPOCHS * 30 + [1] * 60
    assert_array_equal(features[: EPOCHS * 30], record.reshape(-1, HIDDEN))
    assert view.binary_classifiers["dal"].rows_per_class == (EPOCHS * 30, 60)


def test_d11_dal_scores_are_seen_in_the_last_training_epoch():
    """With one full batch an epoch, the last epoch's pass is the prediction of a classifier with one epoch less."""
    protocol = replace(AS_WRITTEN, dal_scores="last_epoch")
    whole = replace(BINARY, batch_size=90, epochs=6)
    scores = dal_scores(make_view(protocol, binary_settings=whole))
    before_last = dal_scores(make_view(AS_WRITTEN, binary_settings=replace(whole, epochs=5)))
    last = dal_scores(make_view(AS_WRITTEN, binary_settings=whole))
    assert_allclose(scores, before_last, atol=1e-5)
    assert np.abs(scores - last).max() > 1e-3


@pytest.mark.parametrize(("value", "rows"), [(1.0, (0, 30)), (0.0, (30, 0))], ids=["all high", "all low"])
@pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])
def test_a_single_class_goes_on_and_is_reported(value, rows, protocol):
    view = make_view(protocol, correctness=np.full(30, value))
    assert len(cal(view, 7)) == 7
    report = view.binary_classifiers["cal"]
    assert report.rows_per_class == rows
    assert report.single_class
    assert 0 <= report.accuracy <= 1
