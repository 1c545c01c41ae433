"""The two classifiers of the paper as one multi-layer perceptron. How it is trained is in training.py."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class ClassifierSettings:
    """Shape and optimisation of a classifier (paper 4.3 and 7). All values come from the configuration."""

    hidden_layers: int
    hidden_size: int
    dropout: float
    learning_rate: float
    betas: tuple[float, float]
    epsilon: float
    weight_decay: float
    epochs: int
    batch_size: int


class Perceptron:
    """Fully connected ReLU layers of one width, then linear logits; dropout after each hidden layer in training.

    All parameters lie in one flat buffer, `parameters`, and their gradients in another, `gradients`, so that one
    optimiser call updates everything; `weights` [outputs, inputs] and `biases` [outputs] are views of it, the layers in
    order. The gradients are written by hand because eager autograd costs more than the arithmetic at these sizes;
    tests hold them equal to autograd's.
    Source: Zhang & Plank 2021, section 4.3; initial weights as torch.nn.Linear draws them.
    """

    def __init__(
        self,
        inputs: int,
        outputs: int,
        settings: ClassifierSettings,
        weight_stream: np.random.Generator,
        device: str = "cpu",
        rectified_logits: bool = False,
    ) -> None:
        """Draw initial weights and biases from U(-1/sqrt(inputs), 1/sqrt(inputs)) of each layer.

        rectified_logits puts a ReLU on the logits, as the released code's binary classifier has (D10).
        """
        self.rectified_logits = rectified_logits
        self.sizes = [inputs, *[settings.hidden_size] * settings.hidden_layers, outputs]
        self.dropout = settings.dropout
        self.parameters, self.weights, self.biases = self._flat_layers(device)
        self.gradients, self.weight_gradients, self.bias_gradients = self._flat_layers(device)
        for weight, bias in zip(self.weights, self.biases, strict=True):
            bound = weight.shape[1] ** -0.5
            for values in (weight, bias):
                drawn = weight_stream.uniform(-bound, bound, size=tuple(values.shape)).astype(np.float32)
                values.copy_(torch.from_numpy(drawn))
        self._transposed = [weight.T for weight in self.weights]
        self._buffers: dict[int, tuple[list[Tensor], list[Tensor]]] = {}

    @property
    def device(self) -> torch.device:
        """Where the parameters are."""
        return self.parameters.device

    def forward(self, features: Tensor, masks: tuple[Tensor, ...] | None = None) -> tuple[Tensor, Tensor]:
        """Return logits and last hidden layer of a batch; without masks there is no dropout.

        features: float32 [B, inputs]. masks: one float32 [B, hidden_size] for each hidden layer, 0 for a dropped unit
        and 1/(1-p) for a kept one. Returns logits [B, outputs] and Psi [B, hidden_size], which is `features` itself
        when there is no hidden layer. Psi and the other activations stay valid until the next call.
        """
        hidden, _ = self._buffers_for(features.shape[0])
        self._activations = [features, *hidden]
        for layer, activation in enumerate(hidden):
            torch.addmm(self.biases[layer], self._activations[layer], self._transposed[layer], out=activation)
            activation.relu_()
            if masks is not None:
                activation.mul_(masks[layer])
        self._logits = functional.linear(self._activations[-1], self.weights[-1], self.biases[-1])
        if self.rectified_logits:
            self._logits.relu_()
        return self._logits, self._activations[-1]

    def backward(self, logit_gradient: Tensor, dropped: bool) -> None:
        """Fill `gradients` from the loss's gradient for the logits of the last `forward`.

        logit_gradient: [B, outputs]. dropped: whether that forward had dropout masks.
        A kept unit was scaled by 1/(1-p) and a dropped or negative one is exactly 0, so the gradient through dropout
        and ReLU together is the incoming one times 1/(1-p) where the activation is positive.
        """
        scale = 1.0 / (1.0 - self.dropout) if dropped else 1.0
        _, hidden_gradients = self._buffers_for(logit_gradient.shape[0])
        delta = logit_gradient
        if self.rectified_logits:
            delta = torch.ops.aten.threshold_backward(delta, self._logits, 0)
        for layer in range(len(self.weights) - 1, -1, -1):
            activation = self._activations[layer]
            torch.mm(delta.T, activation, out=self.weight_gradients[layer])
            torch.sum(delta, 0, out=self.bias_gradients[layer])
            if layer:
                below = hidden_gradients[layer - 1]
                delta = torch.addmm(below, delta, self.weights[layer], beta=0, alpha=scale, out=below)
                torch.ops.aten.threshold_backward.grad_input(delta, activation, 0, grad_input=delta)

    def _buffers_for(self, rows: int) -> tuple[list[Tensor], list[Tensor]]:
        """Return activations and gradients [rows, hidden_size] of the hidden layers, reused by every batch."""
        if rows not in self._buffers:
            if len(self._buffers) == 4:  # batches and blocks of prediction, the last of each being shorter
                self._buffers.clear()
            shapes = [(rows, size) for size in self.sizes[1:-1]]
            self._buffers[rows] = (
                [torch.empty(shape, device=self.device) for shape in shapes],
                [torch.empty(shape, device=self.device) for shape in shapes],
            )
        return self._buffers[rows]

    def _flat_layers(self, device: str) -> tuple[Tensor, list[Tensor], list[Tensor]]:
        shapes = list(zip(self.sizes[:-1], self.sizes[1:], strict=True))
        flat = torch.zeros(sum((inputs + 1) * outputs for inputs, outputs in shapes), device=device)
        weights, biases, start = [], [], 0
        for inputs, outputs in shapes:
            weights.append(flat[start : start + outputs * inputs].view(outputs, inputs))
            start += outputs * inputs
            biases.append(flat[start : start + outputs])
            start += outputs
        return flat, weights, biases
