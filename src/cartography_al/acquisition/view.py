"""What a query strategy may look at: pool, labelled set and trained model. Computed when first asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from cartography_al import seeding
from cartography_al.learning.dynamics import TrainingRecord
from cartography_al.learning.metrics import BinaryClassifierReport
from cartography_al.learning.models import ClassifierSettings, Perceptron
from cartography_al.learning.training import AdamW, Batch, check_finite, fit, predict, predict_blocks
from cartography_al.protocol import Protocol


@dataclass
class PoolView:
    """One iteration as its query strategy sees it.

    features: float32 [N, d] of the training split, row = instance id.
    labelled_ids: int64, in the order of acquisition; labels: integers [labelled], their gold classes;
    correctness: float64 [labelled], under this iteration's model.
    pool_ids: int64, ascending; arrays "over the pool" follow it.
    """

    features: np.ndarray
    labelled_ids: np.ndarray
    labels: np.ndarray
    pool_ids: np.ndarray
    correctness: np.ndarray
    model: Perceptron
    record: TrainingRecord
    protocol: Protocol
    binary_settings: ClassifierSettings | None  # of theta'; None for strategies that train none
    seed: int
    iteration: int
    binary_classifiers: dict[str, BinaryClassifierReport] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Put the pool in ascending order: dropout and shuffling draw row by row, and must not see another order."""
        self.pool_ids = np.sort(self.pool_ids)

    def stream(self, purpose: str) -> np.random.Generator:
        """Return this seed's and iteration's random stream for a purpose that no other part uses."""
        return seeding.generator(self.seed, self.iteration, f"acquisition: {purpose}")

    def best(self, scores: np.ndarray, k: int, candidates: np.ndarray | None = None) -> np.ndarray:
        """Return the k ids with the highest scores, best first, ties to the lower id.

        scores: float [pool]. candidates: bool [pool], which may be chosen; all by default.
        Raises: NumericError for a NaN or infinite score, ValueError if fewer than k may be chosen.
        """
        check_finite(scores, self.pool_ids, "the acquisition score")
        allowed = np.arange(len(scores)) if candidates is None else np.flatnonzero(candidates)
        self.check_size(k, len(allowed))
        order = np.lexsort((self.pool_ids[allowed], -scores[allowed]))
        return self.pool_ids[allowed[order[:k]]]

    def check_size(self, k: int, among: int | None = None) -> None:
        """Raise ValueError if k instances cannot be chosen, of the pool or of so many of it."""
        among = len(self.pool_ids) if among is None else among
        if k > among:
            raise ValueError(f"cannot choose {k} instances from a pool of {among}")

    @cached_property
    def pool_probabilities(self) -> np.ndarray:
        """Probabilities float32 [pool, classes] of the trained model."""
        probabilities, _ = predict(self.model, self.features, self.pool_ids, self._evaluation_dropout("pool"))
        check_finite(probabilities, self.pool_ids, "the predicted probability")
        return probabilities

    @cached_property
    def pool_representations(self) -> np.ndarray:
        """Psi float32 [pool, hidden_size] of the trained model, from the same pass as `pool_probabilities`."""
        probabilities, psi = self._represent(self.pool_ids, "pool")
        self.__dict__.setdefault("pool_probabilities", probabilities)  # so that nobody predicts them again
        return psi

    def pool_blocks(self) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
        """Yield rows of the pool, their probabilities and Psi, a block at a time, and keep none of them.

        What a block holds is what `pool_probabilities` and `pool_representations` have, valid until the next one.
        """
        for rows, probabilities, psi in predict_blocks(
            self.model, self.features, self.pool_ids, self._evaluation_dropout("pool")
        ):
            check_finite(probabilities, self.pool_ids[rows], "the predicted probability")
            yield rows, probabilities, psi

    @cached_property
    def labelled_representations(self) -> np.ndarray:
        """Psi float32 [labelled, hidden_size] of the trained model."""
        probabilities, psi = self._represent(self.labelled_ids, "labelled set")
        self.__dict__.setdefault("labelled_probabilities", probabilities)
        return psi

    @cached_property
    def labelled_probabilities(self) -> np.ndarray:
        """Probabilities float32 [labelled, classes] of the trained model, from the same pass as Psi."""
        return self._represent(self.labelled_ids, "labelled set")[0]

    def monte_carlo_probabilities(self, passes: int) -> Iterator[np.ndarray]:
        """Yield float32 [pool, classes] of one pass with dropout after another, `passes` times."""
        stream = self.stream("Monte Carlo dropout")
        for _ in range(passes):
            yield predict(self.model, self.features, self.pool_ids, dropout_stream=stream)[0]

    def fit_binary_classifier(
        self, name: str, features: np.ndarray, labels: np.ndarray, on_batch: Callable[[Batch], None] | None = None
    ) -> tuple[Perceptron, np.ndarray]:
        """Train theta' anew on `features` float32 [n, hidden_size] and 0/1 `labels` [n], and report its accuracy.

        Returns the classifier and its probabilities float32 [n, 2] for the rows it was trained on.
        Source: Zhang & Plank 2021, section 4.3.
        Raises: ValueError for a strategy whose line in the registry does not say that it trains one.
        """
        settings = self.binary_settings
        if settings is None:
            raise ValueError("say `binary_classifier=True` in this strategy's line of acquisition/registry.py")
        model = Perceptron(
            features.shape[1],
            2,
            settings,
            self.stream(f"{name} classifier: weights"),
            device=self.model.device.type,
            rectified_logits=not self.protocol.binary_hidden_layer,
        )
        fit(
            model,
            AdamW(model, settings),
            features,
            labels,
            settings,
            order_stream=self.stream(f"{name} classifier: order") if self.protocol.shuffling else None,
            dropout_stream=self.stream(f"{name} classifier: dropout"),
            on_batch=on_batch,
        )
        probabilities, _ = predict(model, features)
        ones = int(np.count_nonzero(labels))
        self.binary_classifiers[name] = BinaryClassifierReport(
            accuracy=float((probabilities.argmax(axis=1) == labels).mean()), rows_per_class=(len(labels) - ones, ones)
        )
        return model, probabilities

    def _represent(self, instance_ids: np.ndarray, what: str) -> tuple[np.ndarray, np.ndarray]:
        dropout = self._evaluation_dropout(what)
        probabilities, psi = predict(self.model, self.features, instance_ids, dropout, representations=True)
        check_finite(probabilities, instance_ids, "the predicted probability")
        assert psi is not None
        return probabilities, psi

    def _evaluation_dropout(self, what: str) -> np.random.Generator | None:
        return self.stream(f"{what}: dropout") if self.protocol.evaluation_dropout else None
