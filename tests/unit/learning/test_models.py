"""The perceptron: its forward pass against torch.nn.functional, its hand-written gradients against autograd."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.nn import functional
from torch.testing import assert_close

from cartography_al.learning.models import Perceptron
from cartography_al.seeding import generator
from tests.unit.support import SETTINGS as SMALL

SETTINGS = replace(SMALL, hidden_size=16, learning_rate=1e-4)


INPUTS, OUTPUTS, ROWS = 12, 4, 20


SHAPES = pytest.mark.parametrize("hidden_layers", [0, 1, 2, 3])


DROPPED = pytest.mark.parametrize("dropped", [False, True], ids=["no dropout", "dropout"])


RECTIFIED = pytest.mark.parametrize("rectified_logits", [False, True], ids=["plain logits", "rectified logits"])


def make_model(hidden_layers: int = 3, rectified_logits: bool = False, seed: int = 0) -> Perceptron:
    settings = replace(SETTINGS, hidden_layers=hidden_layers)
    return Perceptron(INPUTS, OUTPUTS, settings, generator(seed, 0, "weights"), rectified_logits=rectified_logits)


def make_batch(hidden_layers: int, dropped: bool) -> tuple[torch.Tensor, torch.Tensor, tuple[torch.Tensor, ...] | None]:
    """Features, labels and masks; features of size 3 give gradients of a useful size."""
    rng = np.random.default_rng(1)
    features = torch.from_numpy(rng.normal(0, 3, (ROWS, INPUTS)).astype(np.float32))
    labels = torch.from_numpy(rng.integers(0, OUTPUTS, ROWS))
    kept = rng.random((hidden_layers, ROWS, SETTINGS.hidden_size)) >= SETTINGS.dropout
    masks = [torch.from_numpy((layer / (1 - SETTINGS.dropout)).astype(np.float32)) for layer in kept]
    return features, labels, tuple(masks) if dropped else None


def reference(
    weights: list[torch.Tensor],
    biases: list[torch.Tensor],
    features: torch.Tensor,
    masks: tuple[torch.Tensor, ...] | None,
    rectified_logits: bool,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The same network in float64 and in the words of torch.nn.functional."""
    hidden = features.double()
    for layer, (weight, bias) in enumerate(zip(weights[:-1], biases[:-1], strict=True)):
        hidden = functional.relu(functional.linear(hidden, weight, bias))
        if masks is not None:
            hidden = hidden * masks[layer].double()
    logits = functional.linear(hidden, weights[-1], biases[-1])
    return (functional.relu(logits) if rectified_logits else logits), hidden


def gradient_of(model: Perceptron, parameter: torch.Tensor) -> torch.Tensor:
    """The part of `gradients` that lies where a weight or bias lies in `parameters`."""
    offset = parameter.storage_offset() - model.parameters.storage_offset() + model.gradients.storage_offset()
    return model.gradients.as_strided(parameter.shape, parameter.stride(), offset)


@RECTIFIED
@DROPPED
@SHAPES
def test_forward_is_torchs(hidden_layers, dropped, rectified_logits):
    """Float32 against float64: sums of at most 17 terms of size 10, 6e-8 each, in up to four layers."""
    model = make_model(hidden_layers, rectified_logits)
    features, _, masks = make_batch(hidden_layers, dropped)
    weights, biases = ([values.double() for values in part] for part in (model.weights, model.biases))
    logits, psi = model.forward(features, masks)
    expected_logits, expected_psi = reference(weights, biases, features, masks, rectified_logits)
    assert logits.shape == (ROWS, OUTPUTS)
    assert psi.shape == (ROWS, SETTINGS.hidden_size if hidden_layers else INPUTS)
    assert_close(logits.double(), expected_logits, rtol=1e-5, atol=1e-5)
    assert_close(psi.double(), expected_psi, rtol=1e-5, atol=1e-5)


@RECTIFIED
@DROPPED
@SHAPES
def test_gradients_are_autograds(hidden_layers, dropped, rectified_logits):
    """Of the mean cross-entropy, against autograd in float64.

    A float32 gradient is a sum over 20 rows of products that went through up to four layers of at most 17 terms, each
    step rounded to 6e-8 of its size: 2e-7 of the largest gradient is measured and 1e-5 allowed; a missing
    factor or mask is off by 0.3 of it and more.
    """
    model = make_model(hidden_layers, rectified_logits)
    features, labels, masks = make_batch(hidden_layers, dropped)
    weights = [values.double().requires_grad_() for values in model.weights]
    biases = [values.double().requires_grad_() for values in model.biases]
    loss = functional.cross_entropy(reference(weights, biases, features, masks, rectified_logits)[0], labels)
    loss.backward()

    # Longer batches before this one must leave no trace: an epoch's last batch is shorter than the others.
    model.forward(torch.ones(2 * ROWS, INPUTS), None)
    logits, _ = model.forward(features, masks)
    one_hot = functional.one_hot(labels, OUTPUTS).float()
    model.backward((functional.softmax(logits, 1) - one_hot) / ROWS, dropped=dropped)

    for own, expected in zip([*model.weights, *model.biases], [*weights, *biases], strict=True):
        assert expected.grad is not None
        largest = float(expected.grad.abs().max())
        assert largest > 1e-3  # else nothing is compared
        assert_close(gradient_of(model, own).double(), expected.grad, rtol=0, atol=1e-5 * largest)


def test_backward_replaces_the_gradients_of_the_batch_before():
    model = make_model()
    features, labels, _ = make_batch(3, False)

    def gradients() -> torch.Tensor:
        logits, _ = model.forward(features)
        model.backward((functional.softmax(logits, 1) - functional.one_hot(labels, OUTPUTS)) / ROWS, dropped=False)
        return model.gradients.clone()

    assert torch.equal(gradients(), gradients())


def test_without_a_hidden_layer_psi_is_the_input():
    features, _, _ = make_batch(0, False)
    assert torch.equal(make_model(0).forward(features)[1], features)


def test_parameters_hold_every_weight_and_bias_once():
    model = make_model()
    assert [tuple(weight.shape) for weight in model.weights] == [(16, 12), (16, 16), (16, 16), (4, 16)]
    assert [tuple(bias.shape) for bias in model.biases] == [(16,), (16,), (16,), (4,)]
    for parameter in [*model.weights, *model.biases]:
        parameter.fill_(1)
    assert model.parameters.numel() == sum(part.numel() for part in [*model.weights, *model.biases])
    assert torch.equal(model.parameters, torch.ones_like(model.parameters))
    model.parameters.zero_()
    assert not any(parameter.any() for parameter in [*model.weights, *model.biases])


def test_initial_weights_are_drawn_as_torch_draws_them():
    """Weights and biases uniform in +-1/sqrt(inputs): inside the bounds, up to them, spread as a uniform is."""
    wide = replace(SETTINGS, hidden_layers=2, hidden_size=200)
    model = Perceptron(100, 200, wide, generator(0, 0, "weights"))
    for weight, bias in zip(model.weights, model.biases, strict=True):
        torch_layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
        bound = weight.shape[1] ** -0.5
        for own, torchs in ((weight, torch_layer.weight), (bias, torch_layer.bias)):
            # Of n uniform numbers the largest lies below 1 - 15/n of the bound with a chance of e**-15.
            for drawn in (own, torchs.detach()):
                assert bound * (1 - 15 / drawn.numel()) < drawn.abs().max() <= np.float32(bound)
            assert abs(float(own.mean())) < 5 * bound / (3 * own.numel()) ** 0.5
            assert abs(float(own.std()) / bound - 3**-0.5) < 5 * 0.6 / own.numel() ** 0.5


def test_initial_weights_depend_on_the_stream_alone():
    assert torch.equal(make_model(seed=5).parameters, make_model(seed=5).parameters)
    assert not torch.equal(make_model(seed=5).parameters, make_model(seed=6).parameters)
    assert torch.equal(make_model(rectified_logits=True).parameters, make_model().parameters)
    torch.manual_seed(3)
    assert torch.equal(make_model(seed=5).parameters, make_model(seed=5).parameters)
