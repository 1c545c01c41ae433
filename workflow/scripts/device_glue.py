"""Where a script computes: the configured device, one thread, full precision, no subnormal numbers."""

import torch

from cartography_al.errors import ConfigError


def training_device(wanted: str) -> str:
    """Return "cuda" or "cpu" for the configuration's device; torch keeps to one thread, full precision, normal numbers.

    The device is read from the configuration and is no parameter of a rule: another one does not call for a rerun.
    """
    torch.set_num_threads(1)
    # Moments of weights that get no gradient any more sink below 1e-38, where some processors compute a hundred times
    # slower. Such numbers move no accuracy and no choice: benchmarks/subnormals.py.
    torch.set_flush_denormal(True)
    torch.backends.cuda.matmul.allow_tf32 = False
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise ConfigError("device: cuda is wanted, and torch sees no CUDA device here; use auto or cpu")
    return "cuda" if wanted != "cpu" and available else "cpu"
