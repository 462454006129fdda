"""EfficientNet-Lite0: what a photograph shows, as one of ImageNet's 1000 classes."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime as ort
from modelhub import Context, LabelList
from PIL import Image

import network
from torch_file import read_state_dict

# As resources.cpus in modelhub.json. Left alone, ONNX Runtime starts a thread for each core of the
# machine, also where the container may use fewer.
THREADS = 2


class Classifier(NamedTuple):
    """What `infer` needs; the labels are in the order of the network's output."""

    session: ort.InferenceSession
    labels: list[str]


def load(context: Context) -> Classifier:
    """Read the weights, build the network and make it ready to run."""
    graph = network.build(read_state_dict(context.weights()))
    options = ort.SessionOptions()
    options.intra_op_num_threads = THREADS
    session = ort.InferenceSession(
        graph.SerializeToString(), sess_options=options, providers=["CPUExecutionProvider"]
    )
    return Classifier(session, context.text("labels.txt").splitlines())


def infer(model: Classifier, image: npt.NDArray[np.uint8]) -> LabelList:
    """Map an RGB image (y, x, channel) of any size to its five most probable labels."""
    pixels = np.asarray(middle(Image.fromarray(image)), np.float32)
    scaled = (pixels - 127) / 128
    [probabilities] = model.session.run(None, {"image": scaled.transpose(2, 0, 1)[np.newaxis]})
    return LabelList.from_scores(probabilities[0], model.labels, top=5)


def middle(image: Image.Image) -> Image.Image:
    """Cut out the middle, 224/256 of the short side, and scale it to 224 x 224 pixels.

    The training code's evaluation cuts out the same, but scales with a bicubic filter.
    """
    side = min(image.size) * network.SIZE / (network.SIZE + 32)
    left, top = (image.width - side) / 2, (image.height - side) / 2
    return image.resize(
        (network.SIZE, network.SIZE),
        Image.Resampling.BILINEAR,
        box=(left, top, left + side, top + side),
    )
