"""The engine as a Python API: a model's folder, loaded, and its predictions."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Callable, Iterable, Iterator, Mapping, Sequence, Union

from .config import config_file, read_config
from .context import Context, Task
from .contribution import contribution_folder
from .deterministic import is_deterministic, seed, settle
from .errors import EngineError, LoadError, SetupError
from .model import Model, forget_model, open_model, package_hint
from .outputs import Prediction
from .processor import Item, Outcome, Processor, Result, attempt
from .sources import Source

#: What `predict` takes for one input: a file's path, or its bytes.
Data = Union[str, "os.PathLike[str]", bytes]


class Engine:
    """A model that runs in this process.

    `folder` holds modelhub.json, or is an old ModelHub.AI repository (default: the folder
    MODELHUB_MODEL, which in an image is its model, or else the present folder). `weights` holds
    `<weights id>/<file>` (default: the folder MODELHUB_WEIGHTS); files of weights that aren't
    there are looked for in `folder`.

        with Engine("squeezenet") as engine:
            [classes] = engine.predict("cat.jpg")

    Raises ConfigError for a folder without a usable config.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str] | None = None,
        weights: str | os.PathLike[str] | None = None,
    ) -> None:
        found = contribution_folder(Path(folder or os.environ.get("MODELHUB_MODEL") or "."))
        self.config = read_config(found)
        self.folder = found.resolve()
        self.config_file = config_file(self.folder)
        weights = weights or os.environ.get("MODELHUB_WEIGHTS") or None
        self.weights = Path(weights).absolute() if weights else None
        self.context = Context(self.config, self.folder, self.weights)
        self._model: Model | None = None
        self._processor: Processor | None = None
        self._is_deterministic = False

    def load(self) -> Engine:
        """Import and load the model, and return this engine. Raises SetupError."""
        if self._processor is not None:
            return self
        self._is_deterministic = is_deterministic()
        if self._is_deterministic:
            settle()
        try:
            model = open_model(self.config, self.folder)
            processor = Processor(self.config, model, self.context)
            model.load(self.context)
        except EngineError:
            self.close()
            raise
        except (Exception, SystemExit) as error:
            self.close()
            hint = package_hint(error)
            raise LoadError(f"load raised {type(error).__name__}: {error}{hint}") from error
        self._model, self._processor = model, processor
        return self

    def predict(self, data: Data | Mapping[str, Data]) -> list[Prediction]:
        """Return the outputs, in the config's order.

        `data` is a file's path or bytes where the model has one input, else a dict with one of
        either for each input id. Raises InputError, ModelError and OutputError.
        """
        return self.run(self._sources(data), Task()).outputs

    def run(self, sources: Mapping[str, Source], task: Task) -> Result:
        """Return outputs and timings for one source per input id. Raises as `predict`."""
        processor = self._ready()
        self.context.attend(task)
        return processor.process(sources, task)

    def run_batch(self, items: Sequence[Item]) -> list[Outcome]:
        """Return a Result or an EngineError for each request, in their order.

        A model with `infer_batch` runs once for all of them.
        """
        processor = self._ready()
        if not processor.batches:
            return [attempt(self.run, *item) for item in items]
        self.context.attend(TaskGroup([task for _, task in items]))
        return processor.process_batch(items)

    def batch(
        self, data: Iterable[Data | Mapping[str, Data]], workers: int = 1
    ) -> Iterator[Outcome]:
        """Yield a Result, or the EngineError that was raised, for each of `data`, in order.

        Each is what `predict` takes. With several workers, as many processes load the model; a
        script that does so needs `if __name__ == "__main__"`. Raises SetupError.
        """
        work = map(self._sources, data)
        if workers > 1:
            # Only here, since a server starts without multiprocessing.
            from .lanes import run_lanes

            making = (open_predictor, (self.folder, self.weights))
            yield from run_lanes(*making, work, workers, self.config.batch_size)
            return
        self.load()
        while True:
            some = [(sources, Task()) for sources in islice(work, self.config.batch_size)]
            if not some:
                return
            yield from self.run_batch(some)

    def _sources(self, data: Data | Mapping[str, Data]) -> dict[str, Source]:
        if not isinstance(data, Mapping):
            data = {self.config.inputs[0].id: data}
        return {id: Source(value) for id, value in data.items()}

    def _ready(self) -> Processor:
        if self._processor is None:
            raise SetupError("The model isn't loaded: call load() first.")
        if self._is_deterministic:
            seed()
        return self._processor

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


def open_predictor(
    folder: Path, weights: Path | None
) -> Callable[[list[Mapping[str, Source]]], list[Outcome]]:
    """Load a model in a lane, and return what predicts with it. Raises SetupError."""
    engine = Engine(folder, weights).load()
    return lambda several: engine.run_batch([(sources, Task()) for sources in several])


class TaskGroup(Task):
    """Requests that run together: each hears of the progress, all must be cancelled to stop."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        self._tasks = tasks

    def progress(self, fraction: float) -> None:
        """Report the progress, 0 to 1, of all."""
        for task in self._tasks:
            task.progress(fraction)

    @property
    def cancelled(self) -> bool:  # type: ignore[override]
        """Whether none of them is wanted any longer."""
        return all(task.cancelled for task in self._tasks)
