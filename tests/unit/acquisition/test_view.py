"""acquisition.view: what it promises, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_array_equal

from cartography_al.errors import NumericError
from cartography_al.learning.dynamics import TrainingRecord
from cartography_al.learning.training import predict
from cartography_al.protocol import AS_WRITTEN
from tests.unit.acquisition.support import BINARY, HIDDEN, POOL_IDS, best_first, make_view, pool_psi, train_once


@settings(max_examples=50)
@given(st.data())
def test_best_is_a_stable_sort(data):
    """Few values make many ties."""
    scores = data.draw(arrays(np.float32, len(POOL_IDS), elements=st.sampled_from([-1.0, 0.0, 0.25, 0.5, 7.0])))
    k = data.draw(st.integers(0, len(POOL_IDS)))
    assert make_view().best(scores, k).tolist() == best_first(scores, k)
    candidates = data.draw(arrays(np.bool_, len(POOL_IDS)))
    among = [instance_id for instance_id in best_first(scores, len(POOL_IDS)) if instance_id in POOL_IDS[candidates]]
    k = min(k, len(among))
    assert make_view().best(scores, k, candidates=candidates).tolist() == among[:k]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_score_that_is_no_number_names_the_instance(bad):
    scores = np.zeros(len(POOL_IDS))
    scores[4] = bad
    with pytest.raises(NumericError, match=rf"acquisition score is NaN or infinite .*\(ids {POOL_IDS[4]}\)"):
        make_view().best(scores, 3)


def test_the_number_of_passes_is_the_configured_one():
    assert len(list(make_view().monte_carlo_probabilities(3))) == 3


@pytest.mark.parametrize("shuffling", [True, False])
def test_d5_is_for_the_binary_classifiers_too(shuffling):
    """Unshuffled, DAL's classifier sees all labelled rows before all unlabelled ones."""
    view, seen = make_view(replace(AS_WRITTEN, shuffling=shuffling)), []
    labels = np.arange(90) >= 30
    psi = np.concatenate([view.labelled_representations, view.pool_representations])
    view.fit_binary_classifier("dal", psi, labels, on_batch=lambda batch: seen.append(batch.positions.copy()))
    first_epoch = np.concatenate(seen)[:90]
    assert np.array_equal(first_epoch, np.arange(90)) is not shuffling
    assert_array_equal(np.sort(first_epoch), np.arange(90))


def test_d10_rectifies_the_logits():
    """With a ReLU on both logits, p is 0.5 wherever both are negative: a classifier the paper does not describe."""
    protocol = replace(AS_WRITTEN, binary_hidden_layer=False)
    view = make_view(protocol)
    model, _ = view.fit_binary_classifier("cal", view.labelled_representations, np.arange(30) % 2)
    model.parameters.zero_()
    model.biases[0].fill_(-1.0)
    model.biases[0][1] = -5.0
    assert_array_equal(predict(model, pool_psi().astype(np.float32))[0], 0.5)
    assert len(model.weights) == 1


def test_binary_classifier_learns_and_reports_its_training_accuracy():
    view = make_view(binary_settings=replace(BINARY, epochs=60))
    rng = np.random.default_rng(0)
    labels = np.arange(40) % 2 == 0
    features = (rng.normal(0, 0.3, (40, HIDDEN)) + labels[:, None]).astype(np.float32)
    model, _ = view.fit_binary_classifier("cal", features, labels)
    predicted = predict(model, features)[0].argmax(axis=1)
    assert view.binary_classifiers["cal"].accuracy == float((predicted == labels).mean()) > 0.9
    assert view.binary_classifiers["cal"].rows_per_class == (20, 20)


def test_binary_classifiers_have_streams_of_their_own():
    """CAL's and DAL's initial weights differ, and both differ from one iteration to the next."""
    untrained = replace(BINARY, epochs=0)
    weights = {
        make_view(binary_settings=untrained, iteration=iteration)
        .fit_binary_classifier(name, pool_psi().astype(np.float32), np.arange(60) % 2)[0]
        .parameters.numpy()
        .tobytes()
        for name in ("cal", "dal")
        for iteration in (1, 2)
    }
    assert len(weights) == 4


def test_a_record_without_representations_is_enough_as_written():
    """Keeping them costs epochs x |L| x 300 numbers, so only D8 and D9 ask for it."""
    assert train_once(AS_WRITTEN).record.pass_representations is None
    assert isinstance(train_once(AS_WRITTEN).record, TrainingRecord)


def test_a_strategy_that_does_not_say_that_it_trains_a_classifier_is_told_to():
    with pytest.raises(ValueError, match="say `binary_classifier=True` in this strategy's line of"):
        make_view(binary_settings=None).fit_binary_classifier("cal", np.zeros((4, HIDDEN)), np.arange(4) % 2)
