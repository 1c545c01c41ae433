"""The checkpoint of one active-learning iteration: a parquet file, written atomically, checked when read.

One row for each instance of the labelled set and of the next batch, in the order of acquisition:

| column | type | meaning |
|---|---|---|
| instance_id | int64 | row of the training split |
| label | int16 | gold class |
| acquired_iteration | int16 | 0 for the seed set; iteration + 1 for the next batch |
| confidence, variability, correctness | float64 | under this iteration's model; null for the next batch |

The file's metadata holds, under `cartography_al`, a JSON object with the other fields of `Checkpoint`, the schema's
version and a SHA-256 of rows and metadata together. Nothing in it changes from run to run: no times, no paths. The
predictions stand there as bits, as many for each test text as the largest of them needs, the lowest first, in base64.

Where weights are carried on (D3), a second file holds the model's state after the iteration, as a single column of
float32, under the same kind of metadata.
"""

import hashlib
import json
import shlex
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from cartography_al.errors import CheckpointError
from cartography_al.files import atomic_path
from cartography_al.learning.metrics import BinaryClassifierReport

SCHEMA_VERSION = 2
SCHEMA = pa.schema(
    [
        pa.field("instance_id", pa.int64(), nullable=False),
        pa.field("label", pa.int16(), nullable=False),
        pa.field("acquired_iteration", pa.int16(), nullable=False),
        pa.field("confidence", pa.float64()),
        pa.field("variability", pa.float64()),
        pa.field("correctness", pa.float64()),
    ]
)
STATE_SCHEMA = pa.schema([pa.field("state", pa.float32(), nullable=False)])
METADATA_KEY = b"cartography_al"


@dataclass(frozen=True)
class Checkpoint:
    """What one iteration leaves behind; `instances` has the columns of SCHEMA."""

    digest: str
    dataset: str
    strategy: str
    seed: int
    iteration: int
    parameters: dict[str, Any]  # the strategy's own
    test_accuracy: float
    macro_f1: float
    class_accuracy: dict[str, float | None]
    binary_classifiers: dict[str, BinaryClassifierReport]
    predictions: np.ndarray  # int16 [T], the predicted class of each test text
    instances: pd.DataFrame

    @property
    def labelled(self) -> pd.DataFrame:
        """The labelled set that this iteration's model was trained on."""
        return self.instances[self.instances["acquired_iteration"] <= self.iteration]

    @property
    def next_batch_ids(self) -> np.ndarray:
        """Instance ids int64 chosen for the next iteration, best first."""
        chosen = self.instances["acquired_iteration"] == self.iteration + 1
        return self.instances.loc[chosen, "instance_id"].to_numpy()


def write_checkpoint(path: str | Path, checkpoint: Checkpoint) -> None:
    """Write a checkpoint so that `path` never holds a part of one."""
    table = pa.Table.from_pandas(checkpoint.instances, schema=SCHEMA, preserve_index=False)
    metadata = {name: value for name, value in asdict(checkpoint).items() if name != "instances"}
    _write(path, table, metadata | {"predictions": _packed(checkpoint.predictions)})


def read_checkpoint(path: str | Path, digest: str | None = None, iteration: int | None = None) -> Checkpoint:
    """Read and check a checkpoint.

    digest, iteration: the experiment and the iteration that it must belong to.
    Raises: CheckpointError if it is missing, not a checkpoint, truncated, changed, of another schema version, of
    another experiment or of another iteration.
    """
    table, metadata = _read(path, SCHEMA, digest, iteration)
    metadata["binary_classifiers"] = {
        name: BinaryClassifierReport(report["accuracy"], tuple(report["rows_per_class"]))
        for name, report in metadata["binary_classifiers"].items()
    }
    metadata["predictions"] = _unpacked(**metadata["predictions"])
    return Checkpoint(**metadata, instances=table.to_pandas())


def write_state(path: str | Path, state: np.ndarray, digest: str, iteration: int) -> None:
    """Write a model's state, float32 [parameters and optimiser], so that `path` never holds a part of one."""
    _write(path, pa.table([pa.array(state)], schema=STATE_SCHEMA), {"digest": digest, "iteration": iteration})


def read_state(path: str | Path, digest: str, iteration: int) -> np.ndarray:
    """Read and check what `write_state` wrote, float32 [parameters and optimiser].

    Raises: CheckpointError as `read_checkpoint`.
    """
    table, _ = _read(path, STATE_SCHEMA, digest, iteration)
    return table["state"].to_numpy().copy()  # torch takes no read-only array


def _write(path: str | Path, table: pa.Table, metadata: dict[str, Any]) -> None:
    metadata = metadata | {"schema_version": SCHEMA_VERSION}
    metadata["sha256"] = _content_hash(table, metadata)
    table = table.replace_schema_metadata({METADATA_KEY: json.dumps(metadata, sort_keys=True)})
    with atomic_path(path) as temporary:
        pq.write_table(table, temporary, compression="zstd")


def _read(
    path: str | Path, schema: pa.Schema, digest: str | None, iteration: int | None
) -> tuple[pa.Table, dict[str, Any]]:
    """Return what `_write` wrote, without schema version and hash, or refuse it."""
    path = Path(path)
    if not path.is_file():
        raise CheckpointError(f"{path}: no such checkpoint; run the rule that makes it")
    try:
        table = pq.read_table(path, partitioning=None)
        metadata = json.loads((table.schema.metadata or {})[METADATA_KEY])
    except Exception as error:  # Arrow meets damage with errors of many kinds
        raise refused(path, f"not a readable checkpoint ({type(error).__name__})") from error
    found = metadata.get("schema_version") if isinstance(metadata, dict) else None
    if found != SCHEMA_VERSION:
        raise refused(path, f"checkpoint schema {found}, this version reads {SCHEMA_VERSION}")
    table = table.replace_schema_metadata(None)
    stored = metadata.pop("sha256", None)
    if table.schema != schema or stored != _content_hash(table, metadata):
        raise refused(path, "its content is not what was written (damaged or edited)")
    if digest is not None and metadata["digest"] != digest:
        raise refused(
            path,
            f"belongs to another experiment (digest {metadata['digest'][:12]}, expected {digest[:12]}): its data, "
            "vectors or settings differ",
        )
    if iteration is not None and metadata["iteration"] != iteration:
        raise refused(path, f"holds iteration {metadata['iteration']}, expected {iteration}")
    del metadata["schema_version"]
    return table, metadata


def refused(path: Path, reason: str) -> CheckpointError:
    """The error about a checkpoint that cannot be used, with the command that repairs it."""
    return CheckpointError(
        f"{path}: {reason}; to repair it, run `rm {shlex.quote(str(path))}` and then the same snakemake command again, "
        "which makes it anew"
    )


def _packed(predictions: np.ndarray) -> dict[str, int | str]:
    """The predictions as the module's docstring has them."""
    bits = max(int(predictions.max()).bit_length(), 1)
    packed = np.packbits(predictions[:, None] >> np.arange(bits) & 1).tobytes()
    return {"texts": len(predictions), "bits": bits, "base64": b64encode(packed).decode()}


def _unpacked(texts: int, bits: int, base64: str) -> np.ndarray:
    """Undo `_packed`."""
    values = np.unpackbits(np.frombuffer(b64decode(base64), np.uint8), count=texts * bits).reshape(texts, bits)
    return (values.astype(np.int16) << np.arange(bits, dtype=np.int16)).sum(axis=1, dtype=np.int16)


def _content_hash(table: pa.Table, metadata: dict[str, object]) -> str:
    """SHA-256 over metadata and columns, independent of how parquet lays them out."""
    digest = hashlib.sha256(json.dumps(metadata, sort_keys=True).encode())
    for column in table.itercolumns():
        # NaN does not occur in a checkpoint, so it can stand for null.
        digest.update(column.to_numpy().tobytes())
    return digest.hexdigest()
