"""Two inputs and two outputs; the hooks are told which input they get."""

from modelhub import Model


class Both(Model):
    def load(self, context):
        self.seen = {}

    def preprocess_native(self, image, input):
        self.seen["native"] = input == "image"
        return image

    def preprocess(self, array, *, input):
        self.seen[input] = True
        return array

    def infer(self, image, numbers):
        flags = [self.seen.get(name, False) for name in ("native", "image", "numbers")]
        return {
            "colours": [("blue", 0.25), ("red", float(image[0, 0, 0]) / 256)],
            "hooks": [int(flag) for flag in flags],
        }
