"""Where a script computes: the configured device, one thread, full precision."""

import torch

from cartography_al.errors import ConfigError


def training_device(wanted: str) -> str:
    """Return "cuda" or "cpu" for the configuration's device, and keep torch to one thread and full precision.

    The device is read from the configuration and is no parameter of a rule: another one does not call for a rerun.
    """
    torch.set_num_threads(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    available = torch.cuda.is_available()
    if wanted == "cuda" and not available:
        raise ConfigError("device: cuda is wanted, and torch sees no CUDA device here; use auto or cpu")
    return "cuda" if wanted != "cpu" and available else "cpu"
