"""Where a script computes: the configured device, one thread, full precision, no subnormal numbers."""

import torch

from cartography_al.errors import ConfigError


def training_device(wanted: str) -> str:
    """Return "cuda" or "cpu" for the configuration's device; torch keeps to one thread, full precision, normal numbers.

    The device is read from the configuration and is no parameter of a rule: another one does not call for a rerun.
    """
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)  # moments of idle weights sink below 1e-38, which is slow: benchmarks/subnormals.py
    torch.backends.cuda.matmul.allow_tf32 = False
    if wanted == "cuda" and not torch.cuda.is_available():
        raise ConfigError("device: cuda is wanted, and torch sees no CUDA device here; use auto or cpu")
    return "cuda" if wanted != "cpu" and torch.cuda.is_available() else "cpu"
