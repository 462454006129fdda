"""Raises in infer."""


def load(context):
    return None


def infer(model, numbers):
    raise KeyError("a secret of the model")
