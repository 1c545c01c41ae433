"""Settings that all tests share; fixtures of one stage are in that stage's test module."""

import os

from hypothesis import settings

# No test may reach for a hub: what needs a data set makes a small one. Set before anything imports huggingface_hub.
os.environ["HF_HUB_OFFLINE"] = "1"

# One thread, as in the workflow's jobs: more are slower at these sizes. Set before anything imports torch.
os.environ["OMP_NUM_THREADS"] = "1"

# The same examples on every run and machine, and no time limit for one example: a shared machine can be slow.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.load_profile("repeatable")
