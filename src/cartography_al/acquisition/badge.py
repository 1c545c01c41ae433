"""BADGE: batches that are diverse and uncertain at once, by k-means++ on the gradients of the last layer."""

import numpy as np
import torch

from cartography_al.acquisition.distances import aligned, from_products, k_means_plus_plus, squared_norms
from cartography_al.acquisition.view import PoolView


def badge(view: PoolView, k: int) -> np.ndarray:
    """Draw by k-means++ among the gradient embeddings; the first is the one with the longest gradient.

    Source: Ash et al. 2020, Algorithm 1; as in their code, the first centre is not drawn.
    """
    view.check_size(k)
    if not k:
        return view.pool_ids[:0]
    psi = view.pool_representations  # (pool, hidden)
    gradients = GradientEmbeddings(view.pool_probabilities, psi)
    first = int(gradients.norms.argmax())
    return view.pool_ids[k_means_plus_plus(gradients.distances_to, first, k, view.stream("BADGE"))]


class GradientEmbeddings:
    """The loss's gradient for the last layer's weights, as if the predicted class were the label.

    It is the outer product of (p - onehot of the predicted class) and Psi, [pool, classes x hidden], and never made:
    the product of two of them is the product of the first factors times that of the second ones.
    """

    def __init__(self, probabilities: np.ndarray, psi: np.ndarray) -> None:
        """Take p float32 [pool, classes] and Psi float32 [pool, hidden]; `norms` float32 [pool] are squared."""
        residual = probabilities.copy()  # (pool, classes)
        residual[np.arange(len(residual)), residual.argmax(axis=1)] -= 1
        self.residual, self.psi = torch.from_numpy(residual), torch.from_numpy(psi)
        self.norms = squared_norms(residual) * squared_norms(psi)

    def distances_to(self, position: int) -> np.ndarray:
        """Return the squared distance of every embedding to the one at `position`, float32 [pool]."""
        products = torch.mv(self.psi, aligned(self.psi[position].numpy()))
        products *= self.residual @ self.residual[position].clone()
        return from_products(products.numpy(), self.norms, position)
