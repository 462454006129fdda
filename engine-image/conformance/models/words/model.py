"""Counts the words of a text."""

from __future__ import annotations

from collections import Counter


def load(context):
    """Nothing to load."""


def infer(model, text):
    """Return each word with how often it occurs."""
    return [{"word": word, "count": count} for word, count in Counter(text.split()).items()]
