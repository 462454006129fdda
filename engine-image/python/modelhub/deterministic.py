"""The same answer each time: `--deterministic`, or MODELHUB_DETERMINISTIC=1."""

from __future__ import annotations

import os
import random
import sys

import numpy as np

VARIABLE = "MODELHUB_DETERMINISTIC"

#: Number of threads of the libraries that run on OpenMP, MKL or OpenBLAS; sums over several
#: threads are added up in the order in which those end. They read it when they are imported.
SETTINGS = {
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_DETERMINISTIC_OPS": "1",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
}

SEED = 0


def is_deterministic() -> bool:
    """Whether the environment asks for it."""
    return os.environ.get(VARIABLE, "") not in ("", "0")


def settle() -> None:
    """Prepare the environment; before the model's libraries are imported, and once."""
    os.environ[VARIABLE] = "1"
    os.environ.update(SETTINGS)


def seed() -> None:
    """Seed Python, numpy, and PyTorch and TensorFlow where the model has imported them."""
    random.seed(SEED)
    np.random.seed(SEED)
    torch = sys.modules.get("torch")
    if torch is not None:
        torch.manual_seed(SEED)
        # Operations that have no such form only warn: an answer is better than none.
        torch.use_deterministic_algorithms(True, warn_only=True)
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is not None:
        tensorflow.random.set_seed(SEED)
