"""The chain of an input: which loaders there are, and which of them takes the bytes."""

from __future__ import annotations

from functools import lru_cache
from typing import Sequence

from ..config import Input
from ..errors import EngineError, InputUndecodable, MediaTypeRefused, ModelError, WrongInputs
from ..on_demand import found
from ..signatures import (
    CSV,
    DICOM,
    FLAC,
    GZIP,
    HDF5,
    HEAD_BYTES,
    JSON,
    NIFTI,
    NPY,
    NPZ,
    NRRD,
    OCTETS,
    WAV,
    ZIP,
    canonical,
    sniff,
)
from ..sources import Source
from .arrays import NpyLoader
from .loader import Loader, Native

#: Loaders by the input's kind: where each is, and the media types of which it wants one (none: it
#: is for all inputs of the kind).
CHAINS: dict[str, dict[str, tuple[str, ...]]] = {
    "image": {
        "image:ImageLoader": (),
        "dicom:DicomImageLoader": (DICOM, ZIP),
        "arrays:NpyLoader": (),
    },
    "volume": {
        "nifti:NiftiLoader": (NIFTI, GZIP),
        "nrrd:NrrdLoader": (NRRD,),
        "dicom:DicomLoader": (DICOM, ZIP),
        "arrays:NpyLoader": (),
    },
    "array": {"arrays:NpyLoader": (), "arrays:NpzLoader": (NPZ,), "hdf5:Hdf5Loader": (HDF5,)},
    "audio": {"wav:WavLoader": (WAV,), "flac:FlacLoader": (FLAC,), "arrays:NpyLoader": ()},
    "text": {"plain:TextLoader": ()},
    "table": {"table:CsvLoader": (CSV,), "table:JsonLoader": (JSON,), "arrays:NpyLoader": ()},
    "file": {"plain:FileLoader": ()},
}

#: Media types of files that hold one of the key's kind.
WRAPPINGS = {DICOM: ZIP, NIFTI: GZIP}


def loaders(input: Input, resized: bool, extra: Sequence[type[Loader]] = ()) -> list[Loader]:
    """Return the chain of an input, with the model's own loaders `extra` at its start.

    Raises SetupError where a library is missing.
    """
    accepted = accepted_types(input.kind, input.media_types)
    classes = [
        found(place, __package__)
        for place, wanted in CHAINS[input.kind].items()
        if not wanted or accepted.intersection(wanted)
    ]
    own = [
        loader
        for loader in classes
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
        if not type(loader).__module__.startswith(__package__):
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
    accepted = accepted_types(input.kind, input.media_types)
    declared = canonical(source.media_type or OCTETS)
    for loader in chain:
        media_type = loader.recognize(head, declared)
        if media_type is not None and canonical(media_type) in accepted:
            if declared in accepted or declared == OCTETS:
                return loader, media_type
            raise refused(input, declared)
    raise refused(input, sniff(head) or "bytes of no kind it knows")


@lru_cache(maxsize=None)
def accepted_types(kind: str, media_types: tuple[str, ...]) -> frozenset[str]:
    """Return the media types that an input takes: those of the config, and what holds them.

    An array of every input that has one is taken as .npy: clients that speak in tensors send it.
    """
    accepted = {canonical(media_type) for media_type in media_types}
    accepted.update(outer for inner, outer in WRAPPINGS.items() if inner in accepted)
    if kind not in ("text", "file"):
        accepted.add(NPY)
    return frozenset(accepted)


def refused(input: Input, got: str) -> MediaTypeRefused:
    """Return the error for bytes of a kind that the input doesn't take."""
    return MediaTypeRefused(f"accepts {', '.join(input.media_types)}; got {got}.")
