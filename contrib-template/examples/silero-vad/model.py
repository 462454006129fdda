"""Silero VAD: the probability of speech in each 32 ms of a recording."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from modelhub import Context, Vector

RATE = 16_000
WINDOW = 512  # samples the network takes in a step: 32 ms
CONTEXT = 64  # samples of the window before that it sees again

Floats = npt.NDArray[np.float32]


class Detector(NamedTuple):
    """What `infer` needs: the network, and the context to report progress to."""

    session: ort.InferenceSession
    context: Context


def load(context: Context) -> Detector:
    """Open the network."""
    options = ort.SessionOptions()
    # One step takes a fraction of a millisecond, less than handing it to other threads; the
    # publisher's own code runs it on one thread too.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = ort.InferenceSession(
        context.weights(), sess_options=options, providers=["CPUExecutionProvider"]
    )
    return Detector(session, context)


def infer(model: Detector, audio: Floats) -> Vector:
    """Map samples (time,) at 16 kHz to probabilities (windows,); the last window is filled with 0.

    The network is recurrent: it gets each window with the end of the one before and the state it
    returned there, both 0 at the start.
    """
    windows = windows_of(audio)
    rate = np.array(RATE, np.int64)
    state = np.zeros((2, 1, 128), np.float32)
    probabilities = np.zeros(len(windows), np.float32)
    for step, window in enumerate(windows):
        if model.context.cancelled:
            break
        feeds = {"input": window[np.newaxis], "state": state, "sr": rate}
        probability, state = model.session.run(["output", "stateN"], feeds)
        probabilities[step] = probability[0, 0]
        model.context.progress((step + 1) / len(windows))
    return Vector(probabilities)


def windows_of(audio: Floats) -> Floats:
    """Cut (time,) into (windows, CONTEXT + WINDOW), each row beginning with the end of the last."""
    count = -(-len(audio) // WINDOW)
    padded = np.zeros(CONTEXT + count * WINDOW, np.float32)
    padded[CONTEXT : CONTEXT + len(audio)] = audio
    return np.lib.stride_tricks.sliding_window_view(padded, CONTEXT + WINDOW)[::WINDOW]
