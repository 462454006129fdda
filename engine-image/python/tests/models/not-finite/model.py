"""Gives infinity for zero."""

import numpy as np


def load(context):
    return None


def infer(model, numbers):
    with np.errstate(divide="ignore"):
        return 1 / numbers
