"""Class form, with hooks and weights: twice the numbers."""

import json

from modelhub import Model, Vector


class Doubled(Model):
    def load(self, context):
        self.factor = json.loads(context.weights().read_text())["factor"]

    def preprocess(self, array):
        return array + 1

    def infer(self, numbers):
        return numbers * self.factor

    def postprocess(self, output):
        return Vector(output - self.factor)
