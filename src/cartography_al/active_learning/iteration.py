"""One iteration of active learning, as a function of the one before it (paper, Algorithm 1)."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.acquisition.registry import load_strategy
from cartography_al.acquisition.view import PoolView
from cartography_al.active_learning.checkpoints import SCHEMA_VERSION, Checkpoint
from cartography_al.active_learning.data import LabelledFeatures
from cartography_al.active_learning.main_classifier import TrainedModel, data_map, predict_test, train_main_classifier
from cartography_al.active_learning.seed_set import Draw, seed_set_ids
from cartography_al.learning.metrics import accuracy, class_accuracy, confusion_matrix, macro_f1
from cartography_al.learning.models import ClassifierSettings
from cartography_al.protocol import Protocol


@dataclass(frozen=True)
class Run:
    """One active-learning run: a strategy and a seed on a data set, with all that decides its results."""

    data: LabelledFeatures
    strategy: str
    select: str  # "module:function" of the strategy, see acquisition/registry.py
    seed: int
    protocol: Protocol
    main_settings: ClassifierSettings
    binary_settings: ClassifierSettings | None  # None where the strategy trains no binary classifier
    seed_set_size: int
    query_size: int
    parameters: Mapping[str, Any]  # the strategy's own
    seed_set: Draw = "stratified"
    device: str = "cpu"

    @property
    def digest(self) -> str:
        """SHA-256 of everything that decides this run's results; the code and the machine are not part of it.

        A strategy is its registered name, wherever its function lies.
        """
        elsewhere = {"data", "device", "select"}
        identity = {field: value for field, value in vars(self).items() if field not in elsewhere} | {
            "schema_version": SCHEMA_VERSION,
            "data": [self.data.name, self.data.classes, dict(self.data.fingerprint)],
            "protocol": asdict(self.protocol),
            "main_settings": asdict(self.main_settings),
            "binary_settings": asdict(self.binary_settings) if self.binary_settings else None,
            "parameters": dict(self.parameters),
        }
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()


def run_iteration(
    run: Run, previous: Checkpoint | None, carried_state: np.ndarray | None = None
) -> tuple[Checkpoint, TrainedModel]:
    """Train on the labelled set, evaluate, and choose the next batch.

    previous: the checkpoint of the iteration before, None for iteration 0, which trains on the seed set.
    The next batch is shorter than `query_size` only when the pool ends.
    Source: Zhang & Plank 2021, Algorithm 1.   Raises: ConfigError for parameters that the strategy does not take.
    """
    data = run.data
    select = load_strategy(run.strategy, run.select, run.parameters)
    if previous is None:
        iteration = 0
        labelled_ids = seed_set_ids(
            data.train_labels, data.train_features, run.seed_set_size, run.seed, run.protocol, run.seed_set
        )
        acquired = np.zeros(len(labelled_ids), dtype=np.int16)
    else:
        iteration = previous.iteration + 1
        labelled_ids = previous.instances["instance_id"].to_numpy()
        acquired = previous.instances["acquired_iteration"].to_numpy()
    trained = train_main_classifier(
        data, labelled_ids, run.seed, iteration, run.main_settings, run.protocol, run.device, carried_state
    )
    labelled = data_map(data, labelled_ids, trained.record).assign(acquired_iteration=acquired)
    predictions = predict_test(data, trained.model, run.seed, iteration, run.protocol)
    confusion = confusion_matrix(data.test_labels, predictions, len(data.classes))
    view = PoolView(
        features=data.train_features,
        labelled_ids=labelled_ids,
        labels=data.train_labels[labelled_ids],
        pool_ids=np.setdiff1d(np.arange(len(data.train_labels)), labelled_ids),
        correctness=labelled["correctness"].to_numpy(),
        model=trained.model,
        record=trained.record,
        protocol=run.protocol,
        binary_settings=run.binary_settings,
        seed=run.seed,
        iteration=iteration,
    )
    batch_size = min(run.query_size, len(view.pool_ids))
    batch_ids = select(view, batch_size) if batch_size else view.pool_ids
    next_batch = pd.DataFrame(
        {
            "instance_id": batch_ids,
            "label": data.train_labels[batch_ids],
            "acquired_iteration": np.full(len(batch_ids), iteration + 1, dtype=np.int16),
        }
    )
    checkpoint = Checkpoint(
        digest=run.digest,
        dataset=data.name,
        strategy=run.strategy,
        seed=run.seed,
        iteration=iteration,
        parameters=dict(run.parameters),
        test_accuracy=accuracy(confusion),
        macro_f1=macro_f1(confusion),
        class_accuracy=dict(zip(data.classes, class_accuracy(confusion), strict=True)),
        binary_classifiers=view.binary_classifiers,
        predictions=predictions.astype(np.int16),
        instances=pd.concat([labelled, next_batch], ignore_index=True),
    )
    return checkpoint, trained
