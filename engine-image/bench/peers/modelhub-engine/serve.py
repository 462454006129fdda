"""The ModelHub engine of 2020, with only its folders and port changed: `python serve.py PORT`."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from modelhubapi import ModelHubRESTAPI
from modelhublib.model import ModelBase
from modelhublib.processor import ImageProcessorBase

CONFIG = {"model": {"io": {"input": {"single": {"dim_limits": [{}, {}, {}]}}}}}


class Processor(ImageProcessorBase):
    """Loads with the engine's own chain."""

    def computeOutput(self, inferenceResults):
        """Return the corner pixel as a probability."""
        return [{"label": "corner", "probability": float(inferenceResults) / 255}]


class Noop(ModelBase):
    """Takes a picture."""

    def __init__(self) -> None:
        self._processor = Processor(CONFIG)

    def infer(self, input):
        """Return the labels of the file at a path."""
        pixels = self._processor.loadAndPreprocess(input)
        return self._processor.computeOutput(pixels[0, 0, 0, 0])


with tempfile.TemporaryDirectory(dir=os.environ["BENCH_MEMORY"]) as folder:
    service = ModelHubRESTAPI(Noop(), str(Path(__file__).parent / "contrib_src"))
    service.working_folder = folder
    # As its start() does.
    service.app.run(host="127.0.0.1", port=int(sys.argv[1]), threaded=True)
