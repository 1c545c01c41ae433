"""Query strategies: one contract for all that are registered, then what each of them means."""

import pkgutil
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import expit, softmax

from cartography_al.acquisition.discriminative import cal, cal_dal, cal_scores, dal, dal_scores
from cartography_al.acquisition.registry import STRATEGIES, parse_strategy, threshold_strategy
from cartography_al.acquisition.uncertainty import (
    bald,
    entropy,
    entropy_scores,
    least_confidence,
    least_confidence_scores,
    random,
)
from cartography_al.acquisition.view import PoolView, TrainingRecord
from cartography_al.active_learning import LabelledFeatures, TrainedModel, train_main_classifier
from cartography_al.dynamics import correctness
from cartography_al.errors import ConfigError, NumericError
from cartography_al.models import ClassifierSettings, Perceptron
from cartography_al.protocol import AS_WRITTEN, RELEASED, Protocol
from cartography_al.seeding import generator
from cartography_al.training import predict

EPOCHS, HIDDEN, INPUTS, CLASSES, INSTANCES = 4, 8, 5, 3, 90
MAIN = ClassifierSettings(
    hidden_layers=3,
    hidden_size=HIDDEN,
    dropout=0.3,
    learning_rate=5e-3,
    betas=(0.9, 0.999),
    epsilon=1e-8,
    weight_decay=0.01,
    epochs=EPOCHS,
    batch_size=8,
)
BINARY = replace(MAIN, hidden_layers=1, dropout=0.0)
# 30 labelled instances in an order of acquisition that is not the order of ids, 60 in the pool.
LABELLED_IDS = np.random.default_rng(1).permutation(INSTANCES)[:30]
POOL_IDS = np.setdiff1d(np.arange(INSTANCES), LABELLED_IDS)


@cache
def make_data() -> LabelledFeatures:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, INSTANCES).astype(np.int16)
    features = (rng.normal(0, 1.5, (INSTANCES, INPUTS)) + labels[:, None]).astype(np.float32)
    features.flags.writeable = False
    return LabelledFeatures("made", ("a", "b", "c"), features, labels, features[:9], labels[:9], {})


@cache
def train_once(protocol: Protocol) -> TrainedModel:
    main = replace(MAIN, hidden_layers=protocol.hidden_layers)
    return train_main_classifier(make_data(), LABELLED_IDS, 3, 1, main, protocol)


class SpyView(PoolView):
    """Remembers what the binary classifiers were trained on, and any random stream; `planted` replaces classifiers."""

    planted: dict[str, Perceptron]
    drew = False

    def stream(self, purpose: str) -> np.random.Generator:
        self.drew = True
        return super().stream(purpose)

    def fit_binary_classifier(
        self, name: str, features: Any, labels: Any, on_batch: Any = None
    ) -> tuple[Perceptron, Any]:
        self.fitted = {**getattr(self, "fitted", {}), name: (features.copy(), np.array(labels))}
        if name in getattr(self, "planted", {}):
            return self.planted[name], predict(self.planted[name], features)[0]
        return super().fit_binary_classifier(name, features, labels, on_batch)


def make_view(protocol: Protocol = AS_WRITTEN, **changes: Any) -> SpyView:
    """A view of iteration 1, new each time, because a view remembers what was computed."""
    trained = train_once(protocol)
    parts: dict[str, Any] = {
        "features": make_data().train_features,
        "labelled_ids": LABELLED_IDS,
        "pool_ids": POOL_IDS,
        "correctness": correctness(trained.record.correct),
        "model": trained.model,
        "record": trained.record,
        "protocol": protocol,
        "binary_settings": replace(BINARY, hidden_layers=int(protocol.binary_hidden_layer)),
        "correctness_threshold": 0.2,
        "monte_carlo_passes": 10,
        "seed": 3,
        "iteration": 1,
    }
    return SpyView(**parts | changes)


def best_first(scores: np.ndarray, k: int) -> list[int]:
    """The k pool ids with the highest scores by Python's sort: stable, and the pool's ids ascend."""
    return sorted(POOL_IDS.tolist(), key=lambda instance_id: -scores[POOL_IDS.tolist().index(instance_id)])[:k]


@pytest.fixture(params=STRATEGIES)
def strategy(request):
    return request.param


@pytest.fixture
def select(strategy):
    return pkgutil.resolve_name(STRATEGIES[strategy])


@pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])
class TestContract:
    """What every registered strategy keeps, under both protocols."""

    @pytest.mark.parametrize("k", [1, 2, 7, len(POOL_IDS)])
    def test_k_distinct_ids_of_the_pool(self, select, protocol, k):
        chosen = select(make_view(protocol), k)
        assert chosen.dtype == np.int64
        assert chosen.shape == (k,)
        assert len(set(chosen.tolist())) == k
        assert np.isin(chosen, POOL_IDS).all()

    def test_repeatable(self, select, protocol):
        assert_array_equal(select(make_view(protocol), 7), select(make_view(protocol), 7))

    def test_best_first(self, strategy, select, protocol):
        """A smaller batch is the beginning of a larger one; cal_dal's of its two halves."""
        larger, smaller = select(make_view(protocol), 20), select(make_view(protocol), 6)
        if strategy == "cal_dal":
            assert_array_equal(smaller[:3], larger[:3])  # the part chosen by CAL
            assert_array_equal(cal(make_view(protocol), 10), larger[:10])
        else:
            assert_array_equal(smaller, larger[:6])

    def test_independent_of_the_order_in_which_the_pool_is_given(self, select, protocol):
        shuffled = np.random.default_rng(5).permutation(POOL_IDS)
        assert_array_equal(select(make_view(protocol, pool_ids=shuffled), 20), select(make_view(protocol), 20))

    def test_depends_on_seed_and_iteration_where_it_is_random(self, select, protocol):
        view = make_view(protocol)
        first = select(view, 20).tolist()
        others = [select(make_view(protocol, **change), 20).tolist() for change in ({"seed": 4}, {"iteration": 2})]
        assert all((other != first) == view.drew for other in others)

    @pytest.mark.parametrize("name", ["random", "bald", "dal", "cal", "cal_dal"])
    def test_these_are_random(self, name, protocol):
        view = make_view(protocol)
        pkgutil.resolve_name(STRATEGIES[name])(view, 7)
        assert view.drew

    def test_an_exhausted_pool_is_a_clear_error(self, select, protocol):
        with pytest.raises(ValueError, match=r"cannot choose \d+ instances from a pool of \d+"):
            select(make_view(protocol), len(POOL_IDS) + 1)

    def test_nothing_it_sees_is_changed(self, select, protocol):
        view = make_view(protocol, pool_ids=POOL_IDS.copy(), labelled_ids=LABELLED_IDS.copy())
        before = view.model.parameters.clone()
        select(view, 7)
        assert_array_equal(view.pool_ids, POOL_IDS)
        assert_array_equal(view.labelled_ids, LABELLED_IDS)
        assert torch.equal(view.model.parameters, before)


@pytest.mark.parametrize("name", [name for name in STRATEGIES if name != "random"])
def test_ties_go_to_the_lower_id(name):
    """A model of zeros finds all instances alike, and a linear classifier on its zeros does so exactly."""
    settings = replace(MAIN, dropout=0.0)
    model = Perceptron(INPUTS, CLASSES, settings, generator(0, 0, "weights"))
    model.parameters.zero_()
    view = make_view(model=model, binary_settings=replace(BINARY, hidden_layers=0))
    assert_array_equal(pkgutil.resolve_name(STRATEGIES[name])(view, 7), POOL_IDS[:7])


@pytest.mark.parametrize("select", [least_confidence, entropy, cal])
def test_independent_of_the_rows_that_instances_have_in_the_files(select):
    """The same instances under new ids are chosen again.

    Where a number is drawn for each row (random, bald, dal, and dropout when predicting) new ids are new draws, so for
    these strategies only the order of the pool, tested above, can be without effect.
    """
    new_ids = np.random.default_rng(6).permutation(INSTANCES)
    features = np.empty_like(make_data().train_features)
    features[new_ids] = make_data().train_features
    moved = make_view(features=features, labelled_ids=new_ids[LABELLED_IDS], pool_ids=np.sort(new_ids[POOL_IDS]))
    assert_array_equal(select(moved, 20), new_ids[select(make_view(), 20)])


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


def test_features_that_are_no_numbers_name_the_instance():
    features = make_data().train_features.copy()
    features[POOL_IDS[9]] = np.nan
    with pytest.raises(NumericError, match=rf"predicted probability is NaN or infinite .*\(ids {POOL_IDS[9]}\)"):
        least_confidence(make_view(features=features), 3)


# Random and uncertainty


def test_random_is_uniform():
    """Each of 60 instances is in a batch of 20 a third of the time, within five standard errors."""
    times = np.zeros(INSTANCES)
    for seed in range(600):
        times[random(make_view(seed=seed), 20)] += 1
    spread = (600 * (1 / 3) * (2 / 3)) ** 0.5
    assert np.abs(times[POOL_IDS] - 200).max() < 5 * spread
    assert times[LABELLED_IDS].sum() == 0


def test_random_draws_for_instances_and_not_for_rows():
    """With the same seed a smaller pool keeps its order, so runs of different strategies stay paired."""
    whole = random(make_view(), len(POOL_IDS))
    part = random(make_view(pool_ids=POOL_IDS[::2]), len(POOL_IDS[::2]))
    assert_array_equal(part, whole[np.isin(whole, POOL_IDS[::2])])


def test_uncertainty_by_hand():
    probabilities = np.array([[1, 0, 0, 0], [0.25, 0.25, 0.25, 0.25], [0.5, 0.5, 0, 0], [0.5, 0.25, 0.125, 0.125]])
    assert least_confidence_scores(probabilities).tolist() == [0, 0.75, 0.5, 0.5]
    assert entropy_scores(probabilities).tolist() == [0, 2, 1, 1.75]  # bits: log2 of four classes is 2


def make_probabilities() -> np.ndarray:
    return softmax(np.random.default_rng(0).normal(0, 2, (200, 4)), axis=1)


def test_uncertainty_is_scikit_activemls():
    """Least confidence and entropy; theirs is in nats, the paper's in bits."""
    pool = pytest.importorskip("skactiveml.pool")
    probabilities = make_probabilities()
    theirs = pool.uncertainty_scores(probabilities, method="least_confident")
    assert_allclose(least_confidence_scores(probabilities), theirs, rtol=1e-14)
    theirs = pool.uncertainty_scores(probabilities, method="entropy") / np.log(2)
    assert_allclose(entropy_scores(probabilities), theirs, rtol=1e-12)


@pytest.mark.parametrize(("select", "score"), [(least_confidence, least_confidence_scores), (entropy, entropy_scores)])
def test_uncertainty_strategies_rank_the_trained_models_probabilities(select, score):
    view = make_view()
    probabilities = predict(view.model, view.features, POOL_IDS)[0]
    assert select(view, 20).tolist() == best_first(score(probabilities), 20)


@pytest.mark.parametrize("mean", ["probabilities", "log_probabilities"])
def test_bald_is_the_entropy_of_the_mean_of_the_passes(mean):
    """D12: of probabilities, or the softmax of the mean of log-probabilities, as the released code has it."""
    protocol = replace(AS_WRITTEN, bald_mean=mean)
    passes = np.array(list(make_view(protocol).monte_carlo_probabilities()), dtype=np.float64)
    assert passes.shape == (10, len(POOL_IDS), CLASSES)
    assert len({one.tobytes() for one in passes}) == 10
    averaged = passes.mean(axis=0) if mean == "probabilities" else softmax(np.log(passes).mean(axis=0), axis=1)
    scores = -(averaged * np.log2(averaged)).sum(axis=1)
    assert bald(make_view(protocol), 20).tolist() == best_first(scores, 20)


def test_bald_survives_a_probability_of_zero():
    """Log-probabilities of what a pass rounds to zero: the smallest float stands for it."""
    model = Perceptron(INPUTS, CLASSES, MAIN, generator(0, 0, "weights"))
    model.biases[-1].copy_(torch.tensor([200.0, 0.0, 0.0]))
    view = make_view(replace(AS_WRITTEN, bald_mean="log_probabilities"), model=model)
    assert len(bald(view, 5)) == 5


def test_the_number_of_passes_is_the_configured_one():
    assert len(list(make_view(monte_carlo_passes=3).monte_carlo_probabilities())) == 3


# CAL, DAL and both


def plant(psi_weight: np.ndarray, bias: float) -> Perceptron:
    """A binary classifier with p(1) = expit(Psi @ psi_weight + bias)."""
    model = Perceptron(HIDDEN, 2, replace(BINARY, hidden_layers=0), generator(0, 0, "weights"))
    model.parameters.zero_()
    model.weights[0][1] = torch.from_numpy(psi_weight.astype(np.float32))
    model.biases[0][1] = bias
    return model


def pool_psi() -> np.ndarray:
    view = make_view()
    psi = predict(view.model, view.features, POOL_IDS, representations=True)[1]
    assert psi is not None
    return psi.astype(np.float64)


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
    assert_allclose(cal_scores(planted_view(weight, bias)), -np.abs(0.5 - p), atol=1e-5)


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
    view = make_view(
        replace(AS_WRITTEN, correctness_rounding=rounding), correctness=values, correctness_threshold=threshold
    )
    cal(view, 5)
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


@pytest.mark.parametrize(("value", "rows"), [(1.0, (0, 30)), (0.0, (30, 0))], ids=["all high", "all low"])
@pytest.mark.parametrize("protocol", [AS_WRITTEN, RELEASED], ids=["as_written", "released"])
def test_a_single_class_goes_on_and_is_reported(value, rows, protocol):
    view = make_view(protocol, correctness=np.full(30, value))
    assert len(cal(view, 7)) == 7
    report = view.binary_classifiers["cal"]
    assert report.rows_per_class == rows
    assert report.single_class
    assert 0 <= report.accuracy <= 1


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


# Names


@pytest.mark.parametrize("name", STRATEGIES)
def test_registered_names_resolve(name):
    assert parse_strategy(name) == (STRATEGIES[name], None)
    function = pkgutil.resolve_name(STRATEGIES[name])
    assert function.__name__ == name
    assert function.__doc__


@pytest.mark.parametrize(("name", "threshold"), [("cal-threshold-0.4", 0.4), ("cal-threshold-0.0", 0.0)])
def test_thresholds_in_names(name, threshold):
    assert parse_strategy(name) == (STRATEGIES["cal"], threshold)


@pytest.mark.parametrize("name", ["badge", "", "CAL", "cal_", "cal-0.4", "-threshold-0.4"])
def test_an_unknown_strategy_is_named_with_the_known_ones(name):
    with pytest.raises(ConfigError, match=rf"unknown strategy '{name}'; registered are {', '.join(STRATEGIES)}"):
        parse_strategy(name)


@pytest.mark.parametrize(
    "name",
    [
        "cal-threshold-",
        "cal-threshold-x",
        "cal-threshold-1.0",
        "cal-threshold--0.1",
        "cal-threshold-nan",
        "cal-threshold-0.2-threshold-0.4",
        "random-threshold-0.4",
        "dal-threshold-0.4",
    ],
)
def test_a_bad_threshold_is_refused(name):
    with pytest.raises(
        ConfigError, match=f"strategy '{name}': write cal-threshold-T with a threshold T from 0 to below"
    ):
        parse_strategy(name)


@pytest.mark.parametrize("threshold", [0.0, 0.2, 0.4, 0.6, 0.8])
def test_threshold_names_round_trip(threshold):
    name = threshold_strategy(threshold, configured_threshold=0.2)
    assert name == ("cal" if threshold == 0.2 else f"cal-threshold-{threshold}")
    assert parse_strategy(name) == (STRATEGIES["cal"], None if threshold == 0.2 else threshold)
