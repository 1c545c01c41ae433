"""active_learning.main_classifier: what it promises, and what it refuses."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from cartography_al.active_learning.main_classifier import data_map, predict_test, train_main_classifier
from cartography_al.errors import NumericError
from cartography_al.learning.dynamics import confidence, correctness, variability
from cartography_al.learning.training import predict
from cartography_al.protocol import AS_WRITTEN, RELEASED
from tests.unit.active_learning.support import MAIN, make_data


def test_the_data_map_is_the_dynamics_of_each_instance():
    """Rows follow the ids, whatever the order they are given in."""
    data = make_data()
    ids = np.array([70, 3, 41, 8, 12, 55])
    trained = train_main_classifier(data, ids, 7, 0, MAIN, AS_WRITTEN)
    frame = data_map(data, ids, trained.record)
    assert frame["instance_id"].tolist() == ids.tolist()
    assert frame["label"].tolist() == data.train_labels[ids].tolist()
    assert_array_equal(frame["confidence"], confidence(trained.record.gold_probability))
    assert_array_equal(frame["variability"], variability(trained.record.gold_probability))
    assert_array_equal(frame["correctness"], correctness(trained.record.correct))
    assert str(frame["label"].dtype) == "int16"
    # The last row of the record is what the finished model says.
    probabilities = predict(trained.model, data.train_features, ids)[0]
    gold = probabilities[np.arange(6), data.train_labels[ids]]
    assert_allclose(trained.record.gold_probability[-1], gold, rtol=0, atol=1e-6)
    assert_array_equal(trained.record.correct[-1], probabilities.argmax(axis=1) == data.train_labels[ids])


def test_watching_does_not_move_the_training():
    data, ids = make_data(), np.arange(30)
    for protocol in (AS_WRITTEN, RELEASED):
        watched, unwatched = (
            train_main_classifier(data, ids, 7, 0, MAIN, protocol, watch=watch) for watch in (True, False)
        )
        assert_array_equal(watched.model.parameters, unwatched.model.parameters)


def test_it_predicts_the_test_split():
    data, ids = make_data(), np.arange(60)
    trained = train_main_classifier(data, ids, 7, 0, replace(MAIN, epochs=20), AS_WRITTEN)
    predicted = predict_test(data, trained.model, 7, 0, AS_WRITTEN)
    assert_array_equal(predicted, predict(trained.model, data.test_features)[0].argmax(axis=1))
    assert (predicted == data.test_labels).mean() > 0.6  # it learns


def test_d2_evaluates_one_random_pass():
    """Repeatable, and another pass in another iteration."""
    data, dropped = make_data(), replace(AS_WRITTEN, evaluation_dropout=True)
    model = train_main_classifier(data, np.arange(60), 7, 0, replace(MAIN, epochs=20), AS_WRITTEN).model
    passes = [predict_test(data, model, 7, iteration, dropped) for iteration in (0, 0, 1)]
    assert_array_equal(passes[0], passes[1])
    assert not np.array_equal(passes[0], passes[2])
    assert_array_equal(predict_test(data, model, 7, 0, AS_WRITTEN), predict_test(data, model, 7, 1, AS_WRITTEN))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_feature_that_is_not_finite_names_its_instance_alone(value):
    data = make_data()
    data.train_features[24, 1] = value  # which would make the model, and so every probability, NaN
    with pytest.raises(NumericError, match=r"a feature is NaN or infinite for 1 of 3 instances \(ids 24\)"):
        train_main_classifier(data, np.array([27, 24, 20]), 7, 0, MAIN, AS_WRITTEN)


@pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])
@pytest.mark.parametrize("watch", [True, False])
def test_an_extreme_feature_that_spoils_the_training_is_named_first(protocol, watch):
    data = make_data()
    data.train_features[24] = 3e38
    with pytest.raises(
        NumericError, match=r"is NaN or infinite; the instances with the largest .* are 24 \(3e\+38\), "
    ):
        train_main_classifier(data, np.array([27, 24, 20]), 7, 0, MAIN, protocol, watch=watch)


def test_an_infinite_test_feature_names_its_instance():
    tested = make_data()
    tested.test_features[13] = np.inf
    trained = train_main_classifier(tested, np.arange(12), 7, 0, MAIN, AS_WRITTEN)
    with pytest.raises(NumericError, match=r"on the test split is NaN or infinite .*\(ids 13\)"):
        predict_test(tested, trained.model, 7, 0, AS_WRITTEN)


def test_d2_does_not_touch_the_training():
    """Evaluation has random streams of its own: the same model, seen through dropout."""
    plain, dropped = (
        train_main_classifier(make_data(), np.arange(30), 7, 0, MAIN, protocol)
        for protocol in (AS_WRITTEN, replace(AS_WRITTEN, evaluation_dropout=True))
    )
    assert_array_equal(plain.model.parameters, dropped.model.parameters)
    assert not np.array_equal(plain.record.gold_probability, dropped.record.gold_probability)


def test_d5_keeps_the_order_of_acquisition_in_each_batch():
    """D6 and D8 together show the batches: what the first pass saw of row i depends on the rows before it only."""
    unshuffled = replace(AS_WRITTEN, shuffling=False, dynamics="training_pass")
    data, ids = make_data(), np.arange(24)
    plain = replace(MAIN, dropout=0.0)
    first = train_main_classifier(data, ids, 7, 0, plain, unshuffled).record.gold_probability[0]
    fewer = train_main_classifier(data, ids[:16], 7, 0, plain, unshuffled).record.gold_probability[0]
    assert_allclose(first[:16], fewer, rtol=0, atol=1e-6)
    shuffled = replace(unshuffled, shuffling=True)
    assert not np.allclose(first, train_main_classifier(data, ids, 7, 0, plain, shuffled).record.gold_probability[0])


def test_d6_takes_the_probability_before_the_update():
    """With one batch and no dropout, what epoch e's pass saw is what epoch e - 1's end left."""
    plain = replace(MAIN, dropout=0.0, batch_size=30)
    data, ids = make_data(), np.arange(30)
    ends, passes = (
        train_main_classifier(data, ids, 7, 0, plain, replace(AS_WRITTEN, dynamics=dynamics)).record
        for dynamics in ("epoch_end", "training_pass")
    )
    assert_allclose(passes.gold_probability[1:], ends.gold_probability[:-1], rtol=0, atol=1e-6)
    assert not np.allclose(passes.gold_probability, ends.gold_probability)


def test_d8_and_d9_keep_the_representations_of_the_passes():
    """[epochs, labelled, hidden]: the first epoch alone for D8, all of them for D9."""
    data, ids = make_data(), np.arange(20)
    d8 = replace(AS_WRITTEN, cal_representations="first_epoch")
    d9 = replace(AS_WRITTEN, dal_representations="every_epoch")
    first, every = (train_main_classifier(data, ids, 7, 0, MAIN, protocol).record for protocol in (d8, d9))
    assert first.pass_representations is not None
    assert every.pass_representations is not None
    assert first.pass_representations.shape == (1, 20, 8)
    assert every.pass_representations.shape == (4, 20, 8)
    assert_array_equal(first.pass_representations[0], every.pass_representations[0])
    assert (every.pass_representations == 0).mean() > 0.3  # seen through dropout, after the last hidden layer
