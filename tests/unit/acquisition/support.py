"""What several test modules of this folder make and compare with."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.special import softmax

from cartography_al.acquisition.registry import load_strategy, resolve_strategy
from cartography_al.acquisition.view import PoolView
from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.active_learning.main_classifier import TrainedModel, train_main_classifier
from cartography_al.learning.dynamics import correctness
from cartography_al.learning.models import Perceptron
from cartography_al.learning.training import predict
from cartography_al.protocol import AS_WRITTEN, Protocol
from tests.unit.support import SETTINGS

PARAMETERS = yaml.safe_load((Path(__file__).parents[3] / "config.yaml").read_text(encoding="utf-8"))["acquisition"]
EPOCHS, HIDDEN, INPUTS, CLASSES, INSTANCES = 4, 8, 5, 3, 90


MAIN = replace(SETTINGS, hidden_size=HIDDEN, learning_rate=5e-3, epochs=EPOCHS)


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
        "labels": make_data().train_labels[LABELLED_IDS],
        "pool_ids": POOL_IDS,
        "correctness": correctness(trained.record.correct),
        "model": trained.model,
        "record": trained.record,
        "protocol": protocol,
        "binary_settings": replace(BINARY, hidden_layers=int(protocol.binary_hidden_layer)),
        "seed": 3,
        "iteration": 1,
    }
    return SpyView(**parts | changes)


def load(name: str) -> Callable[..., np.ndarray]:
    """A strategy with the parameters that config.yaml has for it."""
    strategy, parameters = resolve_strategy(name, PARAMETERS)
    return load_strategy(name, strategy.function, parameters)


def best_first(scores: np.ndarray, k: int) -> list[int]:
    """The k pool ids with the highest scores by Python's sort: stable, and the pool's ids ascend."""
    return sorted(POOL_IDS.tolist(), key=lambda instance_id: -scores[POOL_IDS.tolist().index(instance_id)])[:k]


def pool_psi() -> np.ndarray:
    view = make_view()
    psi = predict(view.model, view.features, POOL_IDS, representations=True)[1]
    assert psi is not None
    return psi.astype(np.float64)


class PlantedView(SpyView):
    """A view whose model is made of given numbers: labelled ids 0 ... m - 1, then the pool."""

    passes: np.ndarray

    def pool_blocks(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        for start in range(0, len(self.pool_ids), 7):
            rows = slice(start, start + 7)
            yield rows, self.pool_probabilities[rows], self.pool_representations[rows]

    def monte_carlo_probabilities(self, passes: int) -> Iterator[np.ndarray]:
        yield from self.passes[:passes]


def planted_pool(
    pool_p: np.ndarray, pool_psi: np.ndarray, labelled_p: np.ndarray, labelled_psi: np.ndarray
) -> PlantedView:
    """A view of these probabilities [n, classes] and representations [n, hidden] of pool and labelled set."""
    m, n = len(labelled_psi), len(pool_psi)
    features = np.zeros((m + n, INPUTS), dtype=np.float32)
    ids = {"features": features, "labelled_ids": np.arange(m), "pool_ids": np.arange(m, m + n)}
    view = PlantedView(**vars(make_view()) | ids)
    view.__dict__.update(
        pool_probabilities=pool_p.astype(np.float32),
        pool_representations=pool_psi.astype(np.float32),
        labelled_probabilities=labelled_p.astype(np.float32),
        labelled_representations=labelled_psi.astype(np.float32),
    )
    return view


def random_pool(pool: int = 200, labelled: int = 40, seed: int = 0) -> PlantedView:
    """A view of random numbers that no strategy finds special."""
    rng = np.random.default_rng(seed)
    return planted_pool(
        softmax(rng.normal(0, 2, (pool, CLASSES)), axis=1),
        np.maximum(rng.normal(0, 1, (pool, HIDDEN)), 0),
        softmax(rng.normal(0, 2, (labelled, CLASSES)), axis=1),
        np.maximum(rng.normal(0, 1, (labelled, HIDDEN)), 0),
    )
