"""What encoding costs: texts a second and memory of a sentence encoder, and what the pipeline itself adds to memory.

python benchmarks/encoder.py MODEL_FOLDER SPLIT_PARQUET [--texts 2000]

MODEL_FOLDER: a model of sentence-transformers. SPLIT_PARQUET: results/<experiment>/data/<dataset>/train.parquet. One
thread. The pipeline's own memory is measured with an encoder that computes nothing, at 10,000 and at 100,000 texts,
each in a process of its own.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from cartography_al.datasets.splits import read_split
from cartography_al.features.encoder import load_encoder, write_encoded
from cartography_al.features.encoder_files import check_encoder

POOLS = (10_000, 100_000)


def status(key: str) -> float:
    """Return a size in MB from /proc/self/status."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return int(next(line for line in lines if line.startswith(key + ":")).split()[1]) / 1024


def speed(model: Path, texts: list[str]) -> None:
    """Encode texts and print seconds, rate and memory."""
    encoder = load_encoder(check_encoder(model, model.name))
    loaded = status("VmHWM")
    with tempfile.TemporaryDirectory() as folder:
        start, cpu = time.perf_counter(), time.process_time()
        summary = write_encoded(
            f"{folder}/out.npy", texts, range(len(texts)), encoder, workspace=f"{folder}/unfinished"
        )
        wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(
        f"{model.name}: {len(texts):,} texts, {int(summary['word_pieces']) / len(texts):.0f} word pieces a text: "
        f"{len(texts) / cpu:.0f} texts a second of CPU ({cpu:.0f} s; {wall:.0f} s on the clock); "
        f"resident {loaded:.0f} MB with the model loaded, at most {status('VmHWM'):.0f} MB while encoding"
    )


def own_memory(model: Path, count: int) -> None:
    """Print the peak resident memory for so many short texts, with an encoder that computes nothing."""
    encoder = load_encoder(check_encoder(model, model.name))

    def nothing(batch: list[str], **_: Any) -> np.ndarray:
        return np.zeros((len(batch), encoder.dimension), dtype=np.float32)

    encoder.model.encode = nothing
    texts = [f"text {number}" for number in range(count)]
    before = status("VmHWM")
    with tempfile.TemporaryDirectory() as folder:
        write_encoded(f"{folder}/out.npy", texts, range(count), encoder, workspace=f"{folder}/unfinished")
    print(
        f"{count:,} texts: {before:.0f} MB before, at most {status('VmHWM'):.0f} MB, of which own (not mapped) at the "
        f"end {status('RssAnon'):.0f} MB"
    )


def main() -> None:
    """Measure in this process, and the pipeline's own memory in processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("split", type=Path)
    parser.add_argument("--texts", type=int, default=2000, help="so many texts, spread over the split")
    parser.add_argument("--pool", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    if arguments.pool:
        own_memory(arguments.model, arguments.pool)
        return
    texts = read_split(arguments.split)["text"].tolist()
    speed(arguments.model, texts[:: max(1, len(texts) // arguments.texts)][: arguments.texts])
    for count in POOLS:
        subprocess.run([sys.executable, __file__, arguments.model, arguments.split, f"--pool={count}"], check=True)


if __name__ == "__main__":
    main()
