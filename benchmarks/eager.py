"""One AL iteration as anybody would write it in plain eager torch: what compare.py measures the pipeline against.

Not for use: it knows none of the protocol's switches and is not repeatable across machines.
"""

import numpy as np
import torch
from torch import Tensor, nn

from cartography_al.learning.models import ClassifierSettings


def classifier(inputs: int, outputs: int, settings: ClassifierSettings) -> nn.Sequential:
    """Return the main or the binary classifier of the paper (4.3)."""
    layers: list[nn.Module] = []
    for _ in range(settings.hidden_layers):
        layers += [nn.Linear(inputs, settings.hidden_size), nn.ReLU(), nn.Dropout(settings.dropout)]
        inputs = settings.hidden_size
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


def train(
    model: nn.Sequential, features: Tensor, labels: Tensor, settings: ClassifierSettings, watch: bool
) -> np.ndarray | None:
    """Train `model` in place; return correctness [n] if it is watched at the end of each epoch."""
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=settings.learning_rate,
        betas=settings.betas,
        eps=settings.epsilon,
        weight_decay=settings.weight_decay,
    )
    gold_probability, correct = [], []
    for _ in range(settings.epochs):
        model.train()
        for rows in torch.randperm(len(features)).split(settings.batch_size):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(features[rows]), labels[rows]).backward()
            optimizer.step()
        if watch:
            probabilities, _ = predict(model, features)
            gold_probability.append(probabilities.gather(1, labels[:, None])[:, 0].numpy())
            correct.append((probabilities.argmax(1) == labels).numpy())
    return np.mean(correct, axis=0) if watch else None


@torch.no_grad()
def predict(model: nn.Sequential, features: Tensor) -> tuple[Tensor, Tensor]:
    """Return probabilities [n, classes] and Psi [n, hidden_size]."""
    model.eval()
    psi = model[:-1](features)
    return torch.softmax(model[-1](psi), 1), psi


def iteration(
    strategy: str,
    train_set: tuple[Tensor, Tensor],
    test_set: tuple[Tensor, Tensor],
    labelled: np.ndarray,
    main: ClassifierSettings,
    binary: ClassifierSettings,
    query_size: int,
) -> tuple[float, np.ndarray]:
    """Train, evaluate, score the pool and choose; return test accuracy and the chosen ids."""
    features, labels = train_set
    pool = np.setdiff1d(np.arange(len(features)), labelled)
    model = classifier(features.shape[1], int(labels.max()) + 1, main)
    correctness = train(model, features[labelled], labels[labelled], main, watch=True)
    accuracy = float((predict(model, test_set[0])[0].argmax(1) == test_set[1]).float().mean())
    if strategy == "random":
        return accuracy, np.random.default_rng().choice(pool, query_size, replace=False)
    probabilities, psi = predict(model, features[pool])
    if strategy == "least_confidence":
        scores = 1 - probabilities.max(1).values
    elif strategy == "entropy":
        scores = -(probabilities * probabilities.clamp_min(1e-38).log2()).sum(1)
    else:
        _, labelled_psi = predict(model, features[labelled])
        second = classifier(psi.shape[1], 2, binary)
        if strategy == "cal":
            assert correctness is not None
            train(second, labelled_psi, torch.from_numpy((correctness > 0.2).astype(np.int64)), binary, watch=False)
            scores = -(0.5 - predict(second, psi)[0][:, 1]).abs()
        else:
            rows = torch.cat([labelled_psi, psi])
            train(second, rows, (torch.arange(len(rows)) >= len(labelled)).long(), binary, watch=False)
            scores = predict(second, psi)[0][:, 1]
    return accuracy, pool[scores.topk(query_size).indices.numpy()]
