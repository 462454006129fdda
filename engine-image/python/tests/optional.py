"""Skips the tests of libraries that are not here; on old Pythons, the core is tested without."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any, Iterator

import pytest

from modelhub.errors import SetupError

#: Libraries that the tests import and the core of the engine doesn't need.
LIBRARIES = ("PIL", "h5py", "nibabel", "onnx", "onnxruntime", "pydicom", "soundfile")


class Absent(ModuleType):
    """Stands in for a library, or what is in it. Whatever calls it is skipped."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent(f"{self.__name__}.{name}")

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        """Skip the test, or the module whose top level calls this."""
        library = self.__name__.partition(".")[0]
        pytest.skip(f"{library} is not installed", allow_module_level=True)


class AbsentFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the libraries that nothing else finds."""

    def find_spec(
        self, name: str, path: Any = None, target: Any = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the spec of a stand-in."""
        is_one = name.partition(".")[0] in LIBRARIES
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if is_one else None

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        """Return a stand-in."""
        return Absent(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Give stand-ins to the tests' own imports; the engine's, later, fail as in a bare image."""
    finder = AbsentFinder()
    sys.meta_path.append(finder)
    try:
        return (yield)
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name, module in sys.modules.items() if isinstance(module, Absent)]:
            del sys.modules[name]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Iterator[None]:
    """Skip a test that the engine tells to install a library for."""
    try:
        return (yield)
    except SetupError as error:
        if "the runtime has no" in str(error):
            pytest.skip(str(error))
        raise
