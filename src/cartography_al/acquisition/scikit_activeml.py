"""Every pool strategy of scikit-activeml that works with a trained classifier or with features alone, by its name.

The library is optional. Many of its strategies need memory or time in proportion to the square of the pool, so all of
them see a sample of it, whose size is the parameter `pool_sample`.
"""

import difflib
import inspect
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from cartography_al.acquisition.view import PoolView
from cartography_al.errors import ConfigError

UNLABELLED = -1
GIVEN = {"X", "y", "clf", "estimator", "ensemble", "fit_clf", "fit_estimator", "fit_ensemble"}
"""What a strategy's `query` may ask for; whatever else it asks for must have a default."""


def scikit_activeml(
    view: PoolView, k: int, /, *, query_strategy: str, pool_sample: int, passes: int = 10, **parameters: Any
) -> np.ndarray:
    """Choose as `skactiveml.pool.<query_strategy>(**parameters)` does, from a seeded sample of the pool.

    A strategy that takes a classifier gets Psi and the trained model's last layer, one that takes an ensemble `passes`
    Monte Carlo dropout passes; the others get the frozen features, scaled to unit length, as the authors of TypiClust
    and ProbCover have it. Nothing is trained.
    Raises: ConfigError if the library is missing, for a strategy or a parameter that it does not have, and for one that
    asks for what there is not.
    """
    view.check_size(k)
    constructor = _find(query_strategy)
    asked = inspect.signature(constructor.query).parameters
    wanting = [name for name, kind in asked.items() if kind.default is kind.empty and name not in GIVEN | {"self"}]
    if wanting:
        raise ConfigError(f"{_key(query_strategy)}: it asks for {', '.join(wanting)}, which an iteration does not have")
    stream = view.stream(f"scikit-activeml {query_strategy}")
    count = max(k, min(pool_sample, len(view.pool_ids)))
    positions = np.sort(stream.choice(len(view.pool_ids), size=count, replace=False))
    seed = int(stream.integers(2**31))
    strategy = _construct(constructor, query_strategy, parameters, seed, sampled="ensemble" in asked)
    arguments: dict[str, Any] = {}
    if {"clf", "estimator", "ensemble"} & set(asked):
        rows = np.concatenate([view.labelled_representations, view.pool_representations[positions]])
        drawn = view.monte_carlo_probabilities(passes if "ensemble" in asked else 0)
        model = _last_layer(view, [probabilities[positions] for probabilities in drawn])
        for name in ("clf", "estimator", "ensemble"):
            if name in asked:
                arguments |= {name: model, f"fit_{name}": False}
    else:
        rows = view.features[np.concatenate([view.labelled_ids, view.pool_ids[positions]])]
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.finfo(np.float32).tiny)
    labels = np.full(len(rows), UNLABELLED)
    labels[: len(view.labelled_ids)] = view.labels
    try:
        chosen = strategy.query(X=rows, y=labels, batch_size=k, **arguments)
    except (TypeError, ValueError, NotImplementedError) as error:
        raise ConfigError(f"{_key(query_strategy)}: {error}") from error
    return view.pool_ids[positions[np.asarray(chosen) - len(view.labelled_ids)]]


def _key(query_strategy: str) -> str:
    return f"acquisition.skactiveml-{query_strategy}"


def _find(query_strategy: str) -> Any:
    """The class of this name in skactiveml.pool."""
    try:
        from skactiveml import pool
        from skactiveml.base import SingleAnnotatorPoolQueryStrategy
    except ImportError as error:
        raise ConfigError(
            f"strategy 'skactiveml-{query_strategy}' needs scikit-activeml, which is not installed; install it with "
            'pip install "scikit-activeml>=1.0.1,<1.1"'
        ) from error
    found = getattr(pool, query_strategy, None)
    if inspect.isclass(found) and issubclass(found, SingleAnnotatorPoolQueryStrategy):
        return found
    close = difflib.get_close_matches(query_strategy, pool.__all__, n=1)
    raise ConfigError(
        f"strategy 'skactiveml-{query_strategy}': scikit-activeml has no pool strategy of this name"
        + (f"; did you mean 'skactiveml-{close[0]}'?" if close else "")
    )


def _construct(constructor: Any, query_strategy: str, parameters: Mapping[str, Any], seed: int, sampled: bool) -> Any:
    """The strategy with the user's parameters and this iteration's seed."""
    own = inspect.signature(constructor).parameters
    given: dict[str, Any] = {"random_state": seed, "missing_label": UNLABELLED}
    if sampled:
        given["sample_predictions_method_name"] = "sample_proba"
    for name in parameters:
        if name not in own or name in given:
            allowed = ", ".join(sorted({"pool_sample", "passes", *own} - set(given)))
            raise ConfigError(f"{_key(query_strategy)}: unknown key '{name}'; the keys here are {allowed}")
    if "cluster_algo_dict" in own:  # not every strategy hands its random state on
        given["cluster_algo_dict"] = {"random_state": seed} | (parameters.get("cluster_algo_dict") or {})
    try:
        return constructor(**{**parameters, **given})
    except TypeError as error:
        raise ConfigError(f"{_key(query_strategy)}: {error}") from error


def _last_layer(view: PoolView, passes: list[np.ndarray]) -> Any:
    """The trained model's last layer, from Psi to probabilities, as a classifier of scikit-activeml."""
    from skactiveml.base import SkactivemlClassifier

    weight, bias = view.model.weights[-1].cpu(), view.model.biases[-1].cpu()

    class LastLayer(SkactivemlClassifier):
        """What is to be known of a fitted classifier is set when it is made; it cannot be fitted again."""

        def __init__(self, classes: list[int] | None = None, missing_label: int = UNLABELLED) -> None:
            super().__init__(classes=classes, missing_label=missing_label, random_state=0)
            self._validate_data(np.zeros((1, weight.shape[1])), np.zeros(1, dtype=int))

        def fit(self, X: Any, y: Any, sample_weight: Any = None) -> Any:
            raise NotImplementedError("it trains the classifier for each candidate anew, which is not provided for")

        def predict_proba(self, X: np.ndarray) -> np.ndarray:
            logits = torch.nn.functional.linear(torch.tensor(X, dtype=torch.float32), weight, bias)
            return torch.softmax(logits.double(), 1).numpy()

        def sample_proba(self, X: np.ndarray) -> np.ndarray:
            return np.array(passes, dtype=np.float64)  # of the candidates, which are all that is asked for

    return LastLayer(classes=list(range(len(bias))))
