"""The strategies that train a binary classifier on the representations: CAL, DAL and their combination."""

import numpy as np

from cartography_al.acquisition.view import PoolView
from cartography_al.learning.dynamics import high_correctness
from cartography_al.learning.training import Batch, predict, scratch_array


def cal(view: PoolView, k: int, *, correctness_threshold: float) -> np.ndarray:
    """Choose at the boundary between hard-to-learn and ambiguous instances.

    Source: Zhang & Plank 2021, section 3 and Algorithm 1.
    """
    return view.best(cal_scores(view, correctness_threshold), k)


def cal_median(view: PoolView, k: int) -> np.ndarray:
    """CAL, ours, whose threshold is the labelled set's median correctness: its two classes stay of like size."""
    return view.best(cal_scores(view, float(np.median(view.correctness))), k)


def dal(view: PoolView, k: int) -> np.ndarray:
    """Choose what is most surely told apart from the labelled set (Gissin & Shalev-Shwartz 2019; paper 4.2)."""
    return view.best(dal_scores(view), k)


def cal_dal(view: PoolView, k: int, *, correctness_threshold: float) -> np.ndarray:
    """Choose half by CAL and half by DAL, no instance twice (paper, section 5); CAL gets the odd one."""
    by_cal = view.best(cal_scores(view, correctness_threshold), k - k // 2)
    by_dal = view.best(dal_scores(view), k // 2, candidates=~np.isin(view.pool_ids, by_cal))
    return np.concatenate([by_cal, by_dal])


def cal_scores(view: PoolView, correctness_threshold: float) -> np.ndarray:
    """Return -|0.5 - p'(high-cor | Psi(x))| over the pool, float [pool].

    If the labelled set is all high-cor or all low-cor, the classifier is trained on that one class; its report says so.
    """
    if view.protocol.cal_representations == "trained":
        representations = view.labelled_representations
    else:
        assert view.record.pass_representations is not None
        representations = view.record.pass_representations[0]
    labels = high_correctness(view.correctness, correctness_threshold, view.protocol.correctness_rounding)
    model, _ = view.fit_binary_classifier("cal", representations, labels)
    high_correctness_probability = np.empty(len(view.pool_ids), dtype=np.float32)
    for block, _, psi in view.pool_blocks():
        high_correctness_probability[block] = predict(model, psi)[0][:, 1]
    return -np.abs(0.5 - high_correctness_probability)


def dal_scores(view: PoolView) -> np.ndarray:
    """Return p'(unlabelled | Psi(x)) over the pool, float [pool]."""
    if view.protocol.dal_representations == "trained":
        labelled = view.labelled_representations
    else:
        assert view.record.pass_representations is not None
        labelled = view.record.pass_representations.reshape(-1, view.record.pass_representations.shape[-1])
    rows = scratch_array((len(labelled) + len(view.pool_ids), labelled.shape[1]))
    rows[: len(labelled)] = labelled
    rows[len(labelled) :] = view.pool_representations
    unlabelled = np.arange(len(rows)) >= len(labelled)
    seen_in_training = np.empty(len(rows), dtype=np.float32)

    def remember(batch: Batch) -> None:
        seen_in_training[batch.positions] = batch.probabilities[:, 1].cpu()  # over what the epoch before had seen

    in_training = view.protocol.dal_scores == "last_epoch"
    _, probabilities = view.fit_binary_classifier("dal", rows, unlabelled, on_batch=remember if in_training else None)
    return (seen_in_training if in_training else probabilities[:, 1])[len(labelled) :]
