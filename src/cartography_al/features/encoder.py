"""A vector for each text from a frozen sentence encoder (sentence-transformers). Not for the model's files.

Texts are sorted by length and cut into batches, and the batches into blocks: which texts share a batch depends on the
texts alone, so neither a kill nor what was done before it moves a bit of the result.
"""

import hashlib
import json
import logging
import os
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from cartography_al.errors import ConfigError, DataError, NumericError
from cartography_al.features.arrays import map_array, new_array, write_json
from cartography_al.features.encoder_files import EncoderFiles
from cartography_al.features.switches import WITHOUT_EFFECT

BATCH_TEXTS = 32
BLOCK_TEXTS = 512  # what a kill costs at most: some ten seconds on one core
NAMED = 5  # how many offenders an error message names
_REPORT = 10.0  # seconds between two lines of progress
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Encoder:
    """A loaded model. longest: word pieces that it reads of a text, special ones included; None has no limit."""

    model: Any
    files: EncoderFiles
    dimension: int
    longest: int | None
    device: str


def load_encoder(files: EncoderFiles, device: str = "cpu") -> Encoder:
    """Load a checked model, in float32, without network, remote code or pickle.

    Raises: ConfigError if sentence-transformers is not installed; DataError if it cannot load the model.
    """
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # one thread, as everywhere
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    try:
        import torch
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ConfigError(
            f"an encoder needs the package sentence-transformers, and it cannot be imported ({error}); install what "
            "the project is tested with: pip install -r requirements.lock"
        ) from error
    try:
        model = SentenceTransformer(
            str(files.folder),
            device=device,
            local_files_only=True,
            model_kwargs={"use_safetensors": True, "dtype": torch.float32},
        )
        dimension, longest = model.get_embedding_dimension(), model.max_seq_length
    except Exception as error:  # the library meets damaged files with errors of many kinds
        raise DataError(
            f"{files.folder}: sentence-transformers cannot load this model ({type(error).__name__}: "
            f"{next(iter(str(error).splitlines()), 'no details')}); fetch it again, or choose another one"
        ) from error
    if dimension is None:
        raise DataError(f"{files.folder}: the model does not tell the dimension of its vectors; choose another one")
    # A tokenizer without a limit says so by a number with thirty digits.
    limit = int(longest) if longest is not None and longest < 1_000_000 else None
    return Encoder(model, files, int(dimension), limit, device)


def count_word_pieces(encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    """How many word pieces each text has before it is cut, special ones and the model's prompt included: int64 [N]."""
    model = encoder.model
    prompt = model.prompts.get(model.default_prompt_name, "") if model.default_prompt_name else ""
    counts = np.empty(len(texts), dtype=np.int64)
    for start in range(0, len(texts), BLOCK_TEXTS):
        block = [prompt + text for text in texts[start : start + BLOCK_TEXTS]]
        pieces = model.tokenizer(block, truncation=False, padding=False, return_attention_mask=False, verbose=False)
        counts[start : start + len(block)] = [len(ids) for ids in pieces["input_ids"]]
    return counts


def write_encoded(
    path: str | os.PathLike[str],
    texts: Sequence[str],
    instance_ids: Sequence[int] | np.ndarray,
    encoder: Encoder,
    workspace: str | os.PathLike[str],
    code: str = "",
) -> dict[str, int | str]:
    """Encode all texts and write their vectors to a .npy file, float32 [texts, dimension], in the order of the texts.

    workspace: a folder in which finished blocks wait until all are done; a call that was killed continues there.
    code: hash of the code, so that what other code left there is not used. Memory is that of a batch and a block.
    Returns what `describe_encoded` says of this split: rows, dimension, word_pieces and the longest text's, cut_texts
    (longer than the encoder reads), sha256 of the array's bytes.
    Raises: NumericError, naming instance ids, if a vector is not finite; DataError if there is no text.
    """
    if not len(texts) or len(texts) != len(instance_ids):
        raise DataError(f"{len(texts)} texts and {len(instance_ids)} instance ids: expected as many, and at least one")
    texts = list(texts)
    pieces = count_word_pieces(encoder, texts)
    order = np.argsort(-pieces, kind="stable")  # the longest first: what needs most memory fails early
    folder = Path(workspace) / _digest(encoder, texts, code)
    blocks = _encoded_blocks(folder, texts, order, pieces, encoder)
    rank = np.empty_like(order)  # where in the sorted texts each text is
    rank[order] = np.arange(len(order))
    digest = hashlib.sha256()
    with new_array(path, (len(texts), encoder.dimension)) as file:
        for start in range(0, len(texts), BLOCK_TEXTS):
            rows = _gather(blocks, rank[start : start + BLOCK_TEXTS])
            finite = np.isfinite(rows).all(axis=1)
            if not finite.all():
                named = np.asarray(instance_ids)[start : start + len(rows)][~finite][:NAMED].tolist()
                shutil.rmtree(workspace, ignore_errors=True)
                raise NumericError(f"the encoder's vectors of instances {named} are not finite; choose another model")
            file.write(rows.data)
            digest.update(rows.data)
    shutil.rmtree(workspace, ignore_errors=True)
    read = pieces if encoder.longest is None else np.minimum(pieces, encoder.longest)
    return {
        "rows": len(texts),
        "dimension": encoder.dimension,
        "word_pieces": int(read.sum()),
        "longest_text": int(pieces.max()),
        "cut_texts": int((pieces > read).sum()),
        "sha256": digest.hexdigest(),
    }


def describe_encoded(
    path: str | os.PathLike[str], encoder: Encoder, splits: Mapping[str, Mapping[str, int | str]]
) -> None:
    """Write features.json: the encoder, switches of the protocol without effect, each split as `write_encoded` says."""
    write_json(
        path,
        {
            "encoder": {
                "source": encoder.files.name,
                "revision": encoder.files.revision,
                "dimension": encoder.dimension,
                "longest": encoder.longest,
                "sha256": encoder.files.weights_sha256,
            },
            "without_effect": dict(WITHOUT_EFFECT),
            "splits": {name: dict(summary) for name, summary in splits.items()},
        },
    )


def _encoded_blocks(
    folder: Path, texts: list[str], order: np.ndarray, pieces: np.ndarray, encoder: Encoder
) -> list[np.ndarray]:
    """Encode the texts in the given order; return the blocks, each float32 [BLOCK_TEXTS, dimension] mapped from disk.

    A block that is there already, complete, is not made again.
    """
    done = np.concatenate([[0], np.cumsum(pieces[order])])  # the time that a text takes goes with its word pieces
    blocks, begun, first = [], time.monotonic(), None
    reported = begun
    for number, start in enumerate(range(0, len(order), BLOCK_TEXTS)):
        path, positions = folder / f"block-{number:05d}.npy", order[start : start + BLOCK_TEXTS]
        block = _finished(path, (len(positions), encoder.dimension))
        if block is None:
            if first is None:
                first, begun = start, time.monotonic()
                resumed = f", of which {start:,} were there" if start else ""
                _log.info("encoding %s texts with %s on %s%s", f"{len(order):,}", *_where(encoder), resumed)
            with new_array(path, (len(positions), encoder.dimension)) as file:
                for rows in _batches(encoder, [texts[position] for position in positions]):
                    file.write(rows.data)
            block = map_array(path)
        blocks.append(block)
        now, end = time.monotonic(), start + len(positions)
        if first is not None and (now - reported >= _REPORT or end == len(order)):
            reported, seconds = now, max(now - begun, 1e-9)
            left = seconds * (done[-1] - done[end]) / (done[end] - done[first])
            _log.info(
                "encoded %s of %s texts, %.0f texts a second, about %.0f s left",
                *(f"{end:,}", f"{len(order):,}", (end - first) / seconds, left),
            )
    return blocks


def _batches(encoder: Encoder, texts: list[str]) -> Iterator[np.ndarray]:
    for start in range(0, len(texts), BATCH_TEXTS):
        batch = texts[start : start + BATCH_TEXTS]
        rows = encoder.model.encode(batch, batch_size=len(batch), show_progress_bar=False, convert_to_numpy=True)
        yield np.ascontiguousarray(rows, dtype=np.float32)


def _finished(path: Path, shape: tuple[int, int]) -> np.ndarray | None:
    """A block that an earlier call finished; None if there is none."""
    with suppress(DataError):  # there is none, or what a full disk left
        block = map_array(path)
        if block.shape == shape:
            return block
    return None


def _gather(blocks: list[np.ndarray], ranks: np.ndarray) -> np.ndarray:
    """The rows of the given ranks, float32 [ranks, dimension], from blocks of BLOCK_TEXTS rows."""
    numbers, offsets = np.divmod(ranks, BLOCK_TEXTS)
    rows = np.empty((len(ranks), blocks[0].shape[1]), dtype=np.float32)
    for number in np.unique(numbers):
        here = numbers == number
        rows[here] = blocks[number][offsets[here]]
    return rows


def _digest(encoder: Encoder, texts: Sequence[str], code: str) -> str:
    """What decides the bytes of a block: the model, the libraries, the device, the code and the texts, in order."""
    from importlib.metadata import version

    libraries = [version(name) for name in ("sentence-transformers", "transformers", "tokenizers", "torch")]
    digest = hashlib.sha256()
    said = [encoder.files.files_sha256, *libraries, encoder.device, code, BATCH_TEXTS, BLOCK_TEXTS]
    digest.update(json.dumps(said).encode())
    for text in texts:
        encoded = text.encode("utf-8")
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return digest.hexdigest()[:16]


def _where(encoder: Encoder) -> tuple[str, str]:
    return encoder.files.name, encoder.device
