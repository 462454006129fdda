"""The engine as a Python API: a model's folder, loaded, and its predictions."""

from __future__ import annotations

import os
from pathlib import Path
from types import TracebackType
from typing import Mapping, Union

from .config import read_config
from .context import Context, Task
from .errors import EngineError, LoadError, SetupError
from .model import Model, forget_model, open_model
from .outputs import Prediction
from .processor import Processor, Result
from .sources import Source

#: What `predict` takes for one input: a file's path, or its bytes.
Data = Union[str, "os.PathLike[str]", bytes]


class Engine:
    """A model that runs in this process.

    `folder` holds modelhub.json; `weights` holds `<weights id>/<file>` (default: the folder
    MODELHUB_WEIGHTS). Files of weights that aren't there are looked for in `folder`.

        with Engine("squeezenet") as engine:
            [classes] = engine.predict("cat.jpg")

    Raises ConfigError for a folder without a usable config.
    """

    def __init__(
        self, folder: str | os.PathLike[str], weights: str | os.PathLike[str] | None = None
    ) -> None:
        self.config = read_config(Path(folder))
        self.folder = Path(folder).resolve()
        weights = weights or os.environ.get("MODELHUB_WEIGHTS") or None
        self.context = Context(self.config, self.folder, Path(weights) if weights else None)
        self._model: Model | None = None
        self._processor: Processor | None = None

    def load(self) -> Engine:
        """Import and load the model, and return this engine. Raises SetupError."""
        if self._processor is not None:
            return self
        try:
            model = open_model(self.config, self.folder)
            processor = Processor(self.config, model)
            model.load(self.context)
        except EngineError:
            self.close()
            raise
        except (Exception, SystemExit) as error:
            self.close()
            raise LoadError(f"load raised {type(error).__name__}: {error}") from error
        self._model, self._processor = model, processor
        return self

    def predict(self, data: Data | Mapping[str, Data]) -> list[Prediction]:
        """Return the outputs, in the config's order.

        `data` is a file's path or bytes where the model has one input, else a dict with one of
        either for each input id. Raises InputError, ModelError and OutputError.
        """
        if not isinstance(data, Mapping):
            data = {self.config.inputs[0].id: data}
        sources = {id: Source(value) for id, value in data.items()}
        return self.run(sources, Task()).outputs

    def run(self, sources: Mapping[str, Source], task: Task) -> Result:
        """Return outputs and timings for one source per input id. Raises as `predict`."""
        if self._processor is None:
            raise SetupError("The model isn't loaded: call load() first.")
        self.context.attend(task)
        return self._processor.process(sources, task)

    def close(self) -> None:
        """Unload the model, and take its folder out of this process's imports."""
        model, self._model, self._processor = self._model, None, None
        if model is not None:
            model.unload()
        forget_model(self.folder)

    def __enter__(self) -> Engine:
        return self.load()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
