"""Adds up the numbers of each row."""

from __future__ import annotations


def load(context):
    """Nothing to load."""


def infer(model, x):
    """Return the sum of each row."""
    return x.sum(axis=1)
