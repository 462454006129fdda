"""Trains the network on Fashion-MNIST and writes it as ONNX, with the samples.

Run with `pip install tensorflow-cpu==2.21.0 tf2onnx==1.17.0 pillow`, and with the folder of the
data's four files, such as /usr/share/dataset-fashion-mnist of the Debian package of that name. The
last bits of the weights depend on the machine.
"""

import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np
import tensorflow as tf
import tf2onnx
from PIL import Image

FILE = Path("weights/fashion.onnx")
#: Images of the test part that become samples.
SAMPLES = {"boot": 0, "trouser": 2, "sandal": 8}


def read(name: str) -> np.ndarray:
    """Return the bytes of one of the data's files, without its header."""
    data = gzip.decompress((Path(sys.argv[1]) / f"{name}.gz").read_bytes())
    return np.frombuffer(data[16 if "images" in name else 8 :], np.uint8)


def images(part: str) -> np.ndarray:
    """Return pictures from 0 to 1, light on dark, shape [count, 28, 28, 1]."""
    return read(f"{part}-images-idx3-ubyte").reshape(-1, 28, 28, 1).astype(np.float32) / 255


tf.keras.utils.set_random_seed(0)
layers = tf.keras.layers
network = tf.keras.Sequential(
    [
        tf.keras.Input((28, 28, 1)),
        layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
        layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
        layers.Flatten(),
        layers.Dropout(0.2),
        layers.Dense(64, activation="relu"),
        layers.Dense(10),
    ]
)
loss = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
network.compile("adam", loss, metrics=["accuracy"])
labels = read("train-labels-idx1-ubyte")
network.fit(images("train"), labels, batch_size=128, epochs=6, verbose=2)

pictures, truth = images("t10k"), read("t10k-labels-idx1-ubyte")
found = network.predict(pictures, verbose=0).argmax(axis=1)
print(f"{(found == truth).mean():.2%} of the 10,000 test images are right")
print(f"{network.count_params()} parameters")
signature = [tf.TensorSpec([1, 28, 28, 1], tf.float32, name="image")]
model, _ = tf2onnx.convert.from_function(
    tf.function(lambda image: network(image, training=False)), signature, opset=17
)
FILE.write_bytes(model.SerializeToString())
content = FILE.read_bytes()
print(f"{FILE}: {len(content)} bytes, {hashlib.sha256(content).hexdigest()}")

for name, place in SAMPLES.items():
    # Dark on light, as shops show what they sell.
    pixels = 255 - np.round(pictures[place, :, :, 0] * 255).astype(np.uint8)
    Image.fromarray(pixels).resize((224, 224), Image.Resampling.NEAREST).save(f"samples/{name}.png")
    print(name, truth[place], found[place])
