"""What a model is given when it is loaded: its files, and a line to the one who asked."""

from __future__ import annotations

import json
import math
import os
import re
import time
from pathlib import Path
from typing import Any, Callable

from .config import Config, Weights
from .errors import SetupError

#: Shortest time between two reports of progress. A loop may call `progress` a million times.
REPORT_SECONDS = 0.05

#: Where Linux shows the machine's devices.
DEVICES = Path("/dev")


class Task:
    """One request under way: where its progress goes, and whether it is still wanted."""

    def __init__(self, report: Callable[[float], None] | None = None) -> None:
        self.cancelled = False
        self._report = report
        self._reported = float("-inf")

    def progress(self, fraction: float) -> None:
        """Report the progress, 0 to 1, unless the last report was a moment ago."""
        now = time.monotonic()
        if self._report is None or (fraction < 1 and now - self._reported < REPORT_SECONDS):
            return
        self._reported = now
        self._report(min(1.0, max(0.0, float(fraction))))


class Context:
    """A model's files and its request. One context lives as long as its model.

    `folder` is the contributor's folder; `weights_folder` holds `<weights id>/<file>`, as in an
    image, or is None.
    """

    def __init__(self, config: Config, folder: Path, weights_folder: Path | None = None) -> None:
        self._config = config
        self._folder = folder.resolve()
        self._weights_folder = weights_folder
        self._task = Task()
        #: Where metrics go; a program of one's own may set it.
        self.on_metric: Callable[[str, float], None] = lambda name, value: None

    @property
    def config(self) -> dict[str, Any]:
        """The whole modelhub.json."""
        return self._config.document

    def weights(self, id: str | None = None) -> Path:
        """Return the path of a file of weights; `id` may be left out where there is one.

        Raises SetupError for an unknown id, and for a file that isn't there.
        """
        weights = self._choose(id)
        places = []
        if self._weights_folder is not None:
            places.append(self._weights_folder / weights.id / weights.name)
        if weights.path is not None:
            places.append(self.file(weights.path))
        for place in places:
            if place.is_file():
                return place
        looked = " or ".join(map(str, places)) or "a weights folder; none is set"
        raise SetupError(f"Weights '{weights.id}' aren't there: looked for {looked}.")

    def file(self, relative: str) -> Path:
        """Return the path of a file in the model's folder.

        Raises SetupError for a path that leaves the folder, by `..` or by a link.
        """
        path = (self._folder / relative).resolve()
        if path != self._folder and self._folder not in path.parents:
            raise SetupError(f"'{relative}' leaves the model's folder.")
        return path

    def text(self, relative: str) -> str:
        """Return a file of the model's folder as text (UTF-8). Raises as `file`, or OSError."""
        return self.file(relative).read_text(encoding="utf-8")

    def json(self, relative: str) -> Any:
        """Return a JSON file of the model's folder. Raises as `text`, or ValueError."""
        return json.loads(self.text(relative))

    @property
    def device(self) -> str:
        """What the model may compute on: "cuda" where the container has a GPU, else "cpu"."""
        names = os.environ.get("CUDA_VISIBLE_DEVICES")
        if names is not None:
            return "cuda" if any(name not in ("", "-1") for name in names.split(",")) else "cpu"
        return "cuda" if any(DEVICES.glob("nvidia[0-9]*")) else "cpu"

    def progress(self, fraction: float) -> None:
        """Report how much of the present request is done, 0 to 1. Cheap to call often."""
        self._task.progress(fraction)

    def metric(self, name: str, value: float) -> None:
        """Tell a number about the model, such as the size of a cache, at any time.

        The server's /metrics shows it as `modelhub_own_<name>`. Raises ValueError for a name
        that isn't made of lower-case letters, digits and underscores, and for NaN and infinity.
        """
        value = float(value)
        if re.fullmatch("[a-z][a-z0-9_]{0,59}", name) is None or not math.isfinite(value):
            raise ValueError(
                f"context.metric: expected a name such as cache_bytes and a finite number; "
                f"got {name!r} and {value}."
            )
        self.on_metric(name, value)

    @property
    def cancelled(self) -> bool:
        """Whether the present request is no longer wanted; `infer` may return at once then."""
        return self._task.cancelled

    def attend(self, task: Task) -> None:
        """Make `task` the present request."""
        self._task = task

    def _choose(self, id: str | None) -> Weights:
        every = self._config.weights
        if id is None and len(every) == 1:
            return every[0]
        for weights in every:
            if weights.id == id:
                return weights
        ids = ", ".join(weights.id for weights in every)
        asked = "which weights are meant" if id is None else f"no weights '{id}'"
        raise SetupError(f"context.weights: {asked}; the config has {ids}.")
