"""LitServe with one worker: `python serve.py PORT`."""

from __future__ import annotations

import sys

import litserve
import numpy as np
from PIL import Image


class Noop(litserve.LitAPI):
    """Takes a picture as a form, or numbers as JSON."""

    def setup(self, device):
        """Nothing to load."""

    def decode_request(self, request):
        """Return pixels or numbers as an array."""
        if "x" in request:
            return np.array(request["x"], dtype=np.float32)
        return np.asarray(Image.open(request["file"].file).convert("RGB"))

    def predict(self, x):
        """Return the numbers, or the corner pixel."""
        return x if x.ndim == 1 else x[0, 0, :1] / 255

    def encode_response(self, output):
        """Return what becomes JSON."""
        if output.size > 1:
            return {"x": output.tolist()}
        return {"label": "corner", "probability": float(output[0])}


if __name__ == "__main__":
    server = litserve.LitServer(Noop(), accelerator="cpu", workers_per_device=1)
    server.run(host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False)
