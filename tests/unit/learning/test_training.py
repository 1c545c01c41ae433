"""Training and prediction, against plain torch.nn and torch.optim."""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn import functional

from cartography_al.errors import NumericError, StorageError
from cartography_al.learning.models import ClassifierSettings, Perceptron
from cartography_al.learning.training import AdamW, Batch, check_finite, dropout_masks, fit, predict, scratch_array
from cartography_al.seeding import generator
from tests.unit.support import SETTINGS as SMALL

SETTINGS = replace(SMALL, hidden_size=16, epochs=5)


ROWS, INPUTS, CLASSES = 45, 6, 3  # five full batches and one of five rows


class ObservedPerceptron(Perceptron):
    """Remembers what each training pass was given."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.seen: list[tuple[torch.Tensor, list[torch.Tensor] | None]] = []

    def forward(self, features, masks=None):
        self.seen.append((features.clone(), None if masks is None else [mask.clone() for mask in masks]))
        return super().forward(features, masks)


def make_data(rows: int = ROWS) -> tuple[np.ndarray, np.ndarray]:
    """Three overlapping clouds."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, CLASSES, rows)
    return (rng.normal(0, 1, (rows, INPUTS)) + labels[:, None]).astype(np.float32), labels


def make_model(settings: ClassifierSettings = SETTINGS, **options) -> ObservedPerceptron:
    return ObservedPerceptron(INPUTS, CLASSES, settings, generator(0, 0, "weights"), **options)


def train(
    model: Perceptron,
    features: np.ndarray,
    labels: np.ndarray,
    settings: ClassifierSettings = SETTINGS,
    shuffled: bool = True,
    on_epoch_end: Callable[[int], None] | None = None,
    on_batch: Callable[[Batch], None] | None = None,
) -> None:
    order = generator(0, 0, "order") if shuffled else None
    optimizer = AdamW(model, settings)
    fit(model, optimizer, features, labels, settings, order, generator(0, 0, "dropout"), on_epoch_end, on_batch)


class MaskedDropout(torch.nn.Module):
    """Dropout with the given mask."""

    mask: torch.Tensor | None = None

    def forward(self, hidden: torch.Tensor) -> torch.Tensor:
        return hidden if self.mask is None else hidden * self.mask


def torch_twin(model: Perceptron, rectified_logits: bool) -> tuple[torch.nn.Sequential, list[MaskedDropout]]:
    """torch.nn.Linear layers with a copy of the model's weights."""
    layers: list[torch.nn.Module] = []
    for weight, bias in zip(model.weights, model.biases, strict=True):
        linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        linear.weight.data.copy_(weight)
        linear.bias.data.copy_(bias)
        layers += [linear, torch.nn.ReLU(), MaskedDropout()]
    del layers[-2 + rectified_logits :]
    return torch.nn.Sequential(*layers), [layer for layer in layers if isinstance(layer, MaskedDropout)]


@pytest.mark.parametrize(
    ("hidden_layers", "dropout", "rectified_logits"),
    [(3, 0.3, False), (3, 0.0, False), (2, 0.3, False), (1, 0.0, False), (0, 0.0, True)],
    ids=["as written", "no dropout", "D4", "binary", "binary D10"],
)
def test_training_is_torchs(hidden_layers, dropout, rectified_logits):
    """The same weights, batches and masks through torch.nn.Linear, cross-entropy, autograd and torch.optim.AdamW.

    Adam divides a gradient by its own size, so rounding (1e-6 of a gradient) moves a step of about `learning_rate` by
    1e-6 of it, and more where a gradient is itself near rounding. After 30 steps 1e-3 of one step is the allowance,
    far below what one step more, another order or another decay makes.
    """
    settings = replace(SETTINGS, hidden_layers=hidden_layers, dropout=dropout)
    features, labels = make_data()
    model = make_model(settings, rectified_logits=rectified_logits)
    twin, dropouts = torch_twin(model, rectified_logits)
    optimizer = torch.optim.AdamW(
        twin.parameters(), lr=settings.learning_rate, betas=settings.betas, eps=settings.epsilon, weight_decay=0.01
    )
    batches: list[tuple[int, np.ndarray, torch.Tensor, torch.Tensor]] = []
    after_epoch: list[list[torch.Tensor]] = []

    def on_batch(batch: Batch) -> None:
        positions = batch.positions.copy()
        batches.append((batch.epoch, positions, batch.probabilities.clone(), batch.representations.clone()))

    def on_epoch_end(epoch: int) -> None:
        assert epoch == len(after_epoch)
        after_epoch.append([values.clone() for values in [*model.weights, *model.biases]])

    train(model, features, labels, settings, on_epoch_end=on_epoch_end, on_batch=on_batch)

    tolerance = 1e-3 * settings.learning_rate
    assert len(batches) == len(model.seen) == 6 * settings.epochs
    for number, ((epoch, positions, probabilities, psi), (inputs, masks)) in enumerate(
        zip(batches, model.seen, strict=True)
    ):
        assert epoch == number // 6
        assert_array_equal(inputs.numpy(), features[positions])
        assert (masks is not None) == bool(dropout)
        for module, mask in zip(dropouts, masks or [], strict=bool(dropout)):
            module.mask = mask
        logits = twin(torch.from_numpy(features[positions]))
        # What the hook sees comes from before the update that this batch causes.
        assert_allclose(probabilities, functional.softmax(logits, 1).detach(), atol=1e-5)
        if not hidden_layers:
            assert_array_equal(psi, features[positions])
        optimizer.zero_grad()
        functional.cross_entropy(logits, torch.from_numpy(labels[positions])).backward()
        optimizer.step()
        if number % 6 == 5:  # and on_epoch_end from after the last one
            linear = [layer for layer in twin if isinstance(layer, torch.nn.Linear)]
            expected = [layer.weight for layer in linear] + [layer.bias for layer in linear]
            for own, twins in zip(after_epoch[epoch], expected, strict=True):
                assert_allclose(own, twins.detach(), rtol=0, atol=tolerance)


def test_the_hook_sees_the_probabilities_before_the_update():
    """With one batch an epoch, what on_batch sees in epoch e is what predict gives after epoch e - 1, and not e."""
    settings = replace(SETTINGS, dropout=0.0, batch_size=ROWS, learning_rate=0.01)
    features, labels = make_data()
    model = make_model(settings)
    passes: list[tuple[np.ndarray, np.ndarray]] = []
    after: list[tuple[np.ndarray, np.ndarray]] = []

    def on_batch(batch: Batch) -> None:
        passes.append((batch.probabilities.numpy().copy(), batch.representations.numpy().copy()))

    def look() -> tuple[np.ndarray, np.ndarray]:
        probabilities, psi = predict(model, features, representations=True)
        assert psi is not None
        return probabilities, psi

    def on_epoch_end(epoch: int) -> None:
        after.append(look())

    before = look()
    train(model, features, labels, settings, shuffled=False, on_epoch_end=on_epoch_end, on_batch=on_batch)
    for seen, expected, following in zip(passes, [before, *after], after, strict=False):
        for part in range(2):
            assert_allclose(seen[part], expected[part], atol=1e-5)
            assert np.abs(seen[part] - following[part]).max() > 1e-3


def positions_seen(shuffled: bool) -> list[list[np.ndarray]]:
    """The positions of each batch of each epoch."""
    seen: list[list[np.ndarray]] = [[] for _ in range(SETTINGS.epochs)]
    train(make_model(), *make_data(), shuffled=shuffled, on_batch=lambda b: seen[b.epoch].append(b.positions.copy()))
    return seen


def test_without_shuffling_the_rows_keep_their_order():
    for epoch in positions_seen(shuffled=False):
        assert [len(batch) for batch in epoch] == [8, 8, 8, 8, 8, 5]
        assert_array_equal(np.concatenate(epoch), np.arange(ROWS))


def test_shuffling_visits_every_row_once_in_a_new_order_each_epoch():
    orders = [np.concatenate(epoch) for epoch in positions_seen(shuffled=True)]
    for order in orders:
        assert_array_equal(np.sort(order), np.arange(ROWS))
    assert len({order.tobytes() for order in [*orders, np.arange(ROWS)]}) == SETTINGS.epochs + 1


def test_more_rows_than_are_gathered_at_once():
    """Long epochs are gathered in pieces; batches are full across them, and every row is seen once."""
    settings = replace(SETTINGS, batch_size=3, epochs=2, hidden_size=4)
    rows, sizes, seen = 1000, [], []
    features, labels = make_data(rows)

    def on_batch(batch: Batch) -> None:
        sizes.append(len(batch.positions))
        seen.append(batch.positions.copy())

    model = make_model(settings)
    train(model, features, labels, settings, on_batch=on_batch)
    assert sizes == [*[3] * 333, 1] * 2
    for epoch in (seen[:334], seen[334:]):
        assert_array_equal(np.sort(np.concatenate(epoch)), np.arange(rows))
    for (inputs, masks), positions in zip(model.seen, seen, strict=True):
        assert_array_equal(inputs.numpy(), features[positions])
        assert masks is not None
        assert all(len(mask) == len(positions) for mask in masks)


def trained_bytes(features: np.ndarray, labels: np.ndarray, shuffled: bool = True) -> bytes:
    model = make_model()
    train(model, features, labels, shuffled=shuffled)
    return model.parameters.numpy().tobytes() + predict(model, features)[0].tobytes()


def test_repeats_to_the_last_byte_wherever_the_features_lie(tmp_path):
    """In memory, at an odd address, memory-mapped, or with labels of another integer type."""
    features, labels = make_data()
    expected = trained_bytes(features, labels)
    assert trained_bytes(features, labels) == expected
    np.save(tmp_path / "features.npy", features)
    assert trained_bytes(np.load(tmp_path / "features.npy", mmap_mode="r"), labels) == expected
    for offset in (4, 8, 20):
        memory = np.empty(features.nbytes + offset, dtype=np.uint8)
        moved = memory[offset:].view(np.float32).reshape(features.shape)
        moved[:] = features
        assert trained_bytes(moved, labels) == expected
    assert trained_bytes(features, labels.astype(np.int16)) == expected
    assert trained_bytes(features, labels, shuffled=False) != expected


def test_training_reads_its_data_and_does_not_change_it():
    features, labels = make_data()
    before = features.copy(), labels.copy()
    train(make_model(), features, labels)
    assert_array_equal(features, before[0])
    assert_array_equal(labels, before[1])


def test_hooks_do_not_move_the_training():
    features, labels = make_data()
    with_hooks, without = make_model(), make_model()

    def look(_: object) -> None:
        predict(with_hooks, features[:7])

    train(with_hooks, features, labels, on_epoch_end=look, on_batch=lambda batch: None)
    train(without, features, labels)
    assert torch.equal(with_hooks.parameters, without.parameters)


def test_training_goes_on_from_an_optimizers_state():
    """Two times three epochs are six, if the streams go on as well: nothing is kept outside model and optimiser."""
    features, labels = make_data()
    three, six = replace(SETTINGS, epochs=3), replace(SETTINGS, epochs=6)
    once, twice = make_model(six), make_model(three)
    train(once, features, labels, six)
    optimizer, order, dropout = AdamW(twice, three), generator(0, 0, "order"), generator(0, 0, "dropout")
    for _ in range(2):
        fit(twice, optimizer, features, labels, three, order, dropout)
    assert torch.equal(once.parameters, twice.parameters)
    assert float(optimizer.steps) == 6 * 6


@pytest.mark.parametrize(("rows", "labels"), [(0, 0), (4, 3), (3, 4)])
def test_rows_and_labels_must_match(rows, labels):
    with pytest.raises(ValueError, match=f"got {rows} rows and {labels} labels"):
        train(make_model(), np.zeros((rows, INPUTS), np.float32), np.zeros(labels, np.int64))


@pytest.mark.parametrize("rows", [1, 8, 255, 256, 257, 700])
def test_predicting_in_blocks_is_predicting_in_one_piece(rows):
    """Against the whole in float64; 1e-6 is what rounding of 16 terms in three layers leaves of a probability."""
    features, _ = make_data(rows)
    model = make_model()
    hidden = torch.from_numpy(features).double()
    for weight, bias in zip(model.weights[:-1], model.biases[:-1], strict=True):
        hidden = functional.relu(functional.linear(hidden, weight.double(), bias.double()))
    expected = functional.softmax(functional.linear(hidden, model.weights[-1].double(), model.biases[-1].double()), 1)
    probabilities, psi = predict(model, features, representations=True)
    assert psi is not None
    assert probabilities.dtype == psi.dtype == np.float32
    assert_allclose(probabilities, expected, rtol=0, atol=1e-6)
    assert_allclose(psi, hidden, rtol=0, atol=1e-5)
    assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)


def test_predicting_positions(tmp_path):
    features, _ = make_data(1500)
    np.save(tmp_path / "features.npy", features)
    mapped = np.load(tmp_path / "features.npy", mmap_mode="r")
    positions = np.random.default_rng(3).permutation(1500)[:1200]
    model = make_model()
    whole, none = predict(model, features)
    assert none is None
    assert_allclose(predict(model, features, positions)[0], whole[positions], rtol=0, atol=1e-6)
    assert_array_equal(predict(model, mapped, positions)[0], predict(model, features, positions)[0])
    assert predict(model, features, positions[:0])[0].shape == (0, CLASSES)


def test_predicting_with_dropout():
    """Random, repeatable with the stream, and its mean over passes is near the prediction without."""
    features, _ = make_data(100)
    model = make_model(replace(SETTINGS, hidden_layers=1))
    plain = predict(model, features)[0]
    stream = generator(0, 0, "passes")
    passes = np.array([predict(model, features, dropout_stream=stream)[0] for _ in range(400)])
    assert_array_equal(passes[0], predict(model, features, dropout_stream=generator(0, 0, "passes"))[0])
    assert not np.array_equal(passes[0], passes[1])
    # With one hidden layer dropout keeps the mean of the logits; softmax bends little over so small a spread.
    assert np.abs(passes.mean(axis=0) - plain).max() < 0.05


@settings(max_examples=30)
@given(st.integers(1, 3), st.integers(1, 40), st.integers(1, 12), st.sampled_from([0.1, 0.3, 0.5, 0.9]))
def test_dropout_masks(hidden_layers, rows, batch_size, dropout):
    model = make_model(replace(SETTINGS, hidden_layers=hidden_layers, dropout=dropout))
    batches = [masks for masks in dropout_masks(model, rows, batch_size, generator(0, 0, "dropout")) if masks]
    assert [len(masks) for masks in batches] == [hidden_layers] * -(-rows // batch_size)
    assert sum(len(masks[0]) for masks in batches) == rows
    for masks in batches:
        for mask in masks:
            assert mask.dtype == torch.float32
            assert mask.shape[1] == SETTINGS.hidden_size
            assert set(mask.unique().tolist()) <= {0.0, float(np.float32(1 / (1 - dropout)))}


@pytest.mark.parametrize("dropout", [0.1, 0.3, 0.5])
def test_dropout_masks_keep_the_mean(dropout):
    model = make_model(replace(SETTINGS, dropout=dropout))
    (masks,) = dropout_masks(model, 2000, 2000, generator(0, 0, "dropout"))
    assert masks is not None
    assert len({mask.numpy().tobytes() for mask in masks}) == SETTINGS.hidden_layers  # each layer has its own
    for mask in masks:
        spread = (dropout / (1 - dropout) / mask.numel()) ** 0.5
        assert abs(float(mask.mean()) - 1) < 5 * spread


@pytest.mark.parametrize("settings", [replace(SETTINGS, dropout=0.0), replace(SETTINGS, hidden_layers=0)])
def test_no_masks_where_nothing_is_dropped(settings):
    assert list(dropout_masks(make_model(settings), 20, 8, generator(0, 0, "dropout"))) == [None, None, None]


@pytest.mark.parametrize(("shape", "named"), [((1000, 7), True), ((0, 7), False)])
def test_a_scratch_array_lies_in_a_file_that_has_no_name(shape, named, tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    array = scratch_array(shape)
    array[:] = np.arange(array.size, dtype=np.float32).reshape(shape)
    assert array.dtype == np.float32
    assert_array_equal(array.ravel(), np.arange(array.size))
    assert list(tmp_path.iterdir()) == []
    assert (str(tmp_path) in Path("/proc/self/maps").read_text(encoding="utf-8")) == named


def test_a_scratch_array_that_finds_no_room_is_an_error_and_no_crash():
    """Of more than a disk has: the kernel would end the process at the first write to a page without a place."""
    with pytest.raises(StorageError, match="cannot be written"):
        scratch_array((2**40, 2**12))


def test_training_mixes_no_devices():
    """Torch's meta device computes nothing, and refuses, as a GPU does, tensors of two devices in one operation."""
    features, labels = make_data(20)
    model = Perceptron(INPUTS, CLASSES, SETTINGS, generator(0, 0, "weights"), device="meta")
    streams = generator(0, 0, "order"), generator(0, 0, "dropout")
    seen = []
    fit(
        model,
        AdamW(model, SETTINGS),
        features,
        labels,
        SETTINGS,
        *streams,
        on_batch=lambda batch: seen.append(batch.probabilities.device.type),
    )
    assert set(seen) == {"meta"}
    with pytest.raises(RuntimeError, match="device"):
        model.forward(torch.from_numpy(features))


def test_check_finite_names_the_instances():
    probabilities = np.full((20, 2), 0.5)
    check_finite(probabilities, np.arange(100, 120), "the score")
    probabilities[3, 1], probabilities[17] = np.nan, np.inf
    message = (
        r"the score is NaN or infinite for 2 of 20 instances \(ids 103, 117\); look for .* lower the learning rate"
    )
    with pytest.raises(NumericError, match=message):
        check_finite(probabilities, np.arange(100, 120), "the score")
    with pytest.raises(NumericError, match=r"for 1 of 3 instances \(ids 8\)"):
        check_finite(np.array([0.0, -np.inf, 1.0]), np.array([9, 8, 7]), "the score")


def test_check_finite_names_ten_instances_at_most():
    with pytest.raises(NumericError, match=r"for 11 of 11 instances \(ids 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, \.\.\.\)"):
        check_finite(np.full(11, np.nan), np.arange(11), "the score")


def test_a_job_trains_without_subnormal_numbers_to_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "workflow/scripts")
    training_device = import_module("device_glue").training_device

    def moments_and_parameters() -> tuple[torch.Tensor, torch.Tensor]:
        model = Perceptron(INPUTS, CLASSES, long, generator(0, 0, "weights"))
        model.biases[0][0] = -30  # a unit that is never active, and so gets no gradient
        optimizer = AdamW(model, long)
        optimizer.first_moment[:INPUTS] = 1e-30
        fit(model, optimizer, *make_data(), long, generator(0, 0, "order"), generator(0, 0, "dropout"))
        return optimizer.first_moment, model.parameters

    def subnormal(values: torch.Tensor) -> int:
        bits = values.numpy().view(np.uint32)  # whatever the processor makes of such numbers
        return int(np.count_nonzero((bits & 0x7F800000 == 0) & (bits & 0x7FFFFF != 0)))

    long = replace(SETTINGS, epochs=50)
    before, kept = moments_and_parameters()
    try:
        training_device("cpu")
        after, flushed = moments_and_parameters()
    finally:
        torch.set_flush_denormal(False)
    assert subnormal(before) >= INPUTS, "else nothing is tested"
    assert subnormal(after) == 0
    assert torch.equal(kept, flushed)
