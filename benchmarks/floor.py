"""The arithmetic of an AL iteration alone: its matrix products and AdamW steps, timed by themselves and added up.

No eager implementation on these kernels can be faster. Products with the few outputs are left out, as are dropout,
activations, softmax, the gathering of rows and everything that is not arithmetic.
"""

import time
from collections.abc import Callable
from functools import cache
from math import ceil
from types import SimpleNamespace
from typing import cast

import torch
from sizes import CONFIGURATION, Size

from cartography_al.learning.models import ClassifierSettings, Perceptron
from cartography_al.learning.training import PREDICTION_BLOCK, AdamW

BALD_PASSES = CONFIGURATION["acquisition"]["bald"]["passes"]


def fastest(work: Callable[[], object], calls: int = 200, rounds: int = 15) -> float:
    """Return seconds of one call, the fastest of `rounds` means."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        for _ in range(calls):
            work()
        times.append((time.perf_counter() - start) / calls)
    return min(times)


@cache
def product(rows: int, width: int) -> float:
    """Seconds of activations [rows, width] times weights [width, width]."""
    activations, weights, out = torch.rand(rows, width), torch.rand(width, width), torch.empty(rows, width)
    return fastest(lambda: torch.mm(activations, weights.T, out=out))


@cache
def weight_gradient(rows: int, width: int) -> float:
    """Seconds of the product that gives the gradient of weights [width, width] from `rows` rows."""
    activations, delta, out = torch.rand(rows, width), torch.rand(rows, width), torch.empty(width, width)
    return fastest(lambda: torch.mm(delta.T, activations, out=out))


@cache
def adamw_step(count: int) -> float:
    """Seconds of one fused AdamW update of `count` weights."""
    settings = ClassifierSettings(0, 0, 0.0, 1e-4, (0.9, 0.999), 1e-8, 0.01, 1, 1)
    flat = SimpleNamespace(parameters=torch.rand(count), gradients=torch.rand(count), device=torch.device("cpu"))
    return fastest(AdamW(cast(Perceptron, flat), settings).step)


def training(rows: int, settings: ClassifierSettings) -> float:
    """Seconds of a training; the first layer's input needs no gradient."""
    layers, width = settings.hidden_layers, settings.hidden_size
    products = layers + max(layers - 1, 0)  # forward, and back to the layer below
    step = products * product(settings.batch_size, width) + layers * weight_gradient(settings.batch_size, width)
    return settings.epochs * ceil(rows / settings.batch_size) * (step + adamw_step(layers * (width + 1) * width))


def prediction(rows: int, settings: ClassifierSettings) -> float:
    """Seconds of predicting `rows` rows."""
    return settings.hidden_layers * product(PREDICTION_BLOCK, settings.hidden_size) * rows / PREDICTION_BLOCK


def iteration(strategy: str, size: Size, main: ClassifierSettings, binary: ClassifierSettings) -> float:
    """Seconds of the arithmetic of an iteration of one of the paper's strategies with `size.seed_set` labelled."""
    labelled, pool = size.seed_set, size.train - size.seed_set
    seconds = training(labelled, main) + prediction(main.epochs * labelled + size.test, main)
    seconds += {"random": 0, "bald": BALD_PASSES}.get(strategy, 1) * prediction(pool, main)
    if strategy in ("cal", "cal_dal"):
        seconds += training(labelled, binary) + prediction(labelled, main) + prediction(labelled + pool, binary)
    if strategy in ("dal", "cal_dal"):
        seconds += training(size.train, binary) + prediction(labelled, main) + prediction(size.train, binary)
    return seconds
