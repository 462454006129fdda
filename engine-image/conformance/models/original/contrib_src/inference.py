"""The mock model of the original engine's tests: MIT License, Copyright (c) 2018 ModelHub."""

import os

import numpy as np
from modelhublib.model import ModelBase


class Model(ModelBase):
    def __init__(self):
        pass

    def infer(self, input):
        if os.path.isfile(input):
            # Return a constant classification result no matter what's the input
            label_list = [
                {"label": "class_0", "probability": 0.3},
                {"label": "class_1", "probability": 0.7},
            ]
            mask = np.asarray([[0, 1, 1, 0], [0, 2, 2, 0]])
            return [label_list, mask]
        raise OSError("File " + input + " does not exist.")
