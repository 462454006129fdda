"""Takes as many steps of 10 ms as the first number says; stops when cancelled."""

import time


def load(context):
    return context


def infer(context, numbers):
    steps = int(numbers[0])
    for step in range(steps):
        if context.cancelled:
            break
        time.sleep(0.01)
        context.progress((step + 1) / steps)
    return numbers
