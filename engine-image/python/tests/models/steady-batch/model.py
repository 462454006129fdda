"""Returns the number that it got, and how many requests ran together with it."""

import time


def load(context):
    return context


def infer(context, numbers):
    return infer_batch(context, [numbers])[0]


def infer_batch(context, numbers):
    time.sleep(0.05)
    return [[one[0], len(numbers)] for one in numbers]
