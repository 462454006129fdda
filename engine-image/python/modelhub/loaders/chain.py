"""The chain of an input: which loaders there are, and which of them takes the bytes."""

from __future__ import annotations

from typing import Sequence

from ..config import Input
from ..errors import EngineError, InputUndecodable, MediaTypeRefused, ModelError, WrongInputs
from ..signatures import DICOM, GZIP, HEAD_BYTES, NIFTI, NPY, OCTETS, ZIP, canonical, sniff
from ..sources import Source
from .arrays import NpyLoader, NpzLoader
from .dicom import DicomImageLoader, DicomLoader
from .flac import FlacLoader
from .hdf5 import Hdf5Loader
from .image import ImageLoader
from .loader import Loader, Native
from .nifti import NiftiLoader
from .nrrd import NrrdLoader
from .plain import FileLoader, TextLoader
from .table import CsvLoader, JsonLoader
from .wav import WavLoader

#: Loaders by the input's kind.
CHAINS: dict[str, tuple[type[Loader], ...]] = {
    "image": (ImageLoader, DicomImageLoader, NpyLoader),
    "volume": (NiftiLoader, NrrdLoader, DicomLoader, NpyLoader),
    "array": (NpyLoader, NpzLoader, Hdf5Loader),
    "audio": (WavLoader, FlacLoader, NpyLoader),
    "text": (TextLoader,),
    "table": (CsvLoader, JsonLoader, NpyLoader),
    "file": (FileLoader,),
}

#: Media types of files that hold one of the key's kind.
WRAPPINGS = {DICOM: ZIP, NIFTI: GZIP}


def loaders(input: Input, resized: bool, extra: Sequence[type[Loader]] = ()) -> list[Loader]:
    """Return the chain of an input, with the model's own loaders `extra` at its start.

    Raises SetupError where a library is missing.
    """
    accepted = accepted_types(input)
    own = [
        loader
        for loader in CHAINS[input.kind]
        if not loader.media_types or accepted.intersection(loader.media_types)
    ]
    return [loader(input, resized) for loader in (*extra, *own)]


def load(source: Source, input: Input, chain: Sequence[Loader]) -> Native:
    """Return the native object, made by the first loader that takes the bytes.

    Raises MediaTypeRefused where signature or declared media type isn't one that the input
    accepts, WrongInputs, InputUndecodable and InputOutsideLimits; their sentences begin with the
    verb. Raises ModelError where a loader of the model's own fails.
    """
    if source.tensor is not None:
        return array_loader(chain).load_tensor(source, source.tensor)
    loader, media_type = choose(source, input, chain)
    if len(source.parts) > 1 and not loader.several:
        raise WrongInputs(f"comes in {len(source.parts)} files; only a DICOM series may.")
    try:
        return loader.load(source, media_type)
    except EngineError:
        raise
    except Exception as error:
        if not isinstance(loader, CHAINS[input.kind]):
            raise ModelError(f"{type(loader).__name__}.load") from error
        # Damaged files make decoders raise nearly anything, struct.error to KeyError.
        raise InputUndecodable(f"can't be decoded as {media_type}.") from error


def array_loader(chain: Sequence[Loader]) -> NpyLoader:
    """Return the link of a chain that takes arrays. Raises WrongInputs where there is none."""
    for loader in chain:
        if isinstance(loader, NpyLoader):
            return loader
    raise WrongInputs("is no array, so its file is to be sent.")


def choose(source: Source, input: Input, chain: Sequence[Loader]) -> tuple[Loader, str]:
    """Return the first loader that takes the bytes, and their media type."""
    if source.size() == 0:
        raise InputUndecodable("is empty.")
    head = source.head(HEAD_BYTES)
    accepted = accepted_types(input)
    declared = canonical(source.media_type or OCTETS)
    for loader in chain:
        media_type = loader.recognize(head, declared)
        if media_type is not None and canonical(media_type) in accepted:
            if declared in accepted or declared == OCTETS:
                return loader, media_type
            raise refused(input, declared)
    raise refused(input, sniff(head) or "bytes of no kind it knows")


def accepted_types(input: Input) -> set[str]:
    """Return the media types that the input takes: those of the config, and what holds them.

    An array of every input that has one is taken as .npy: clients that speak in tensors send it.
    """
    accepted = {canonical(media_type) for media_type in input.media_types}
    accepted.update(outer for inner, outer in WRAPPINGS.items() if inner in accepted)
    if input.kind not in ("text", "file"):
        accepted.add(NPY)
    return accepted


def refused(input: Input, got: str) -> MediaTypeRefused:
    """Return the error for bytes of a kind that the input doesn't take."""
    return MediaTypeRefused(f"accepts {', '.join(input.media_types)}; got {got}.")
