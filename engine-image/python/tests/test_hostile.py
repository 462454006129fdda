"""Files that mean harm, or are broken: each is refused in a sentence, without much memory."""

from __future__ import annotations

import gzip
import io
import json
import struct
import tracemalloc
import zipfile
import zlib
from typing import Callable, Iterator

import h5py
import numpy as np
import pytest
from conftest import OpenModel, WriteModel
from medical import bare_dicom, dicom, nifti, nifti_gz, nrrd
from PIL import Image
from prepared import KINDS, input_keys, input_of, zipped
from test_array_inputs import FINE, hdf5, npy, npz, one_dataset
from test_audio_inputs import recording, tone, wav
from test_image_inputs import bomb, encoded
from test_volume_inputs import GRID, series

from modelhub import Engine, InputError
from modelhub.errors import MediaTypeRefused
from modelhub.loaders.chain import accepted_types
from modelhub.signatures import sniff

MEGABYTE = 10**6
MOST_MEMORY = 50 * MEGABYTE

NOISE = np.random.default_rng(0).integers(0, 256, (40, 40), np.uint8)

#: Good files, by kind and form.
GOOD: dict[tuple[str, str], bytes] = {
    ("image", "png"): encoded(Image.fromarray(NOISE)),
    ("image", "dicom"): dicom(NOISE),
    ("image", "old dicom"): bare_dicom(NOISE),
    ("volume", "nifti"): nifti(GRID),
    ("volume", "nifti 2"): nifti(GRID, version=2),
    ("volume", "nifti.gz"): nifti_gz(GRID),
    ("volume", "nrrd"): nrrd(GRID),
    ("volume", "nrrd.gz"): nrrd(GRID, encoding="gzip"),
    ("volume", "dicom"): dicom(GRID[:, :, 0]),
    ("volume", "dicom.zip"): zipped({f"IM{i}": data for i, data in enumerate(series())}),
    ("array", "npy"): npy(FINE),
    ("array", "npz"): npz(a=FINE),
    ("array", "hdf5"): one_dataset(compression="gzip"),
    ("audio", "wav"): recording(tone()),
    ("audio", "flac"): recording(tone(), form="FLAC"),
    ("table", "csv"): b"age,weight\n1,2\n3,4\n",
    ("table", "json"): b'[{"age": 1, "weight": 2}, {"age": 3, "weight": 4}]',
    ("text", "txt"): "grüße".encode(),
}

#: Those that tell their own end, so that a piece of one is none.
ENDED = [key for key in GOOD if key[1] not in ("csv", "txt")]


def nifti_header(shape: tuple[int, ...] = (2, 3, 4), code: int = 4, bits: int = 16) -> bytes:
    """Return a header that says this, and its first voxels."""
    data = bytearray(nifti(GRID))
    struct.pack_into("<8h", data, 40, len(shape), *shape, *[1] * (7 - len(shape)))
    struct.pack_into("<hh", data, 70, code, bits)
    return bytes(data)


def nifti_with(place: int, data: bytes) -> bytes:
    return (good := nifti(GRID))[:place] + data + good[place + len(data) :]


def gzip_bomb() -> bytes:
    """Return 128 MB of zeros behind the header of a volume of that size, in 0.1 MB."""
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(nifti_header((512, 512, 128), 16, 32)[:352])
    return head + b"".join(packer.compress(bytes(2**20)) for _ in range(128)) + packer.flush()


def zip_bomb(name: str = "IM0") -> bytes:
    """Return an archive of 128 MB of zeros."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, bytes(128 * 2**20))
    return stream.getvalue()


def lying_zip() -> bytes:
    """Return an archive that says of 64 MB that they are 1000 bytes."""
    data = bytearray(zipped({"IM0": bytes(128) + b"DICM" + bytes(64 * 2**20)}))
    central = data.rindex(b"PK\x01\x02")
    data[central + 24 : central + 28] = struct.pack("<I", 1000)
    return bytes(data)


def zip_of_less() -> bytes:
    """Return an archive that says of its last file that it is longer than it is."""
    data = bytearray(GOOD["volume", "dicom.zip"])
    size = data.rindex(b"PK\x01\x02") + 24
    data[size : size + 4] = (int.from_bytes(data[size : size + 4], "little") + 1).to_bytes(
        4, "little"
    )
    return bytes(data)


def encrypted_zip() -> bytes:
    data = bytearray(zipped({"IM0": dicom(NOISE)}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(mark) + place] |= 1
    return bytes(data)


def flac_header(frames: int, channels: int = 1, rate: int = 8000) -> bytes:
    """Return a file whose header says this."""
    data = bytearray(recording(tone(), form="FLAC"))
    data[18:26] = (rate << 44 | channels - 1 << 41 | 15 << 36 | frames).to_bytes(8, "big")
    return bytes(data)


def nested_dicom() -> bytes:
    """Return a file of sequences within each other."""
    item = b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    sequence = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff"
    return dicom(NOISE)[: -NOISE.nbytes - 12] + (sequence + item) * 5000


#: Files by kind; each is made when it is needed.
HOSTILE: dict[tuple[str, str], Callable[[], bytes]] = {
    ("image", "bomb of 177 megapixels"): lambda: bomb(13_300, 13_300),
    ("image", "array of too many elements"): lambda: npy_header("(99999, 99999)", "|u1"),
    ("image", "array of NaN"): lambda: npy(np.full((4, 4), np.nan, "f4")),
    ("image", "DICOM of 3600 megapixels"): lambda: dicom(NOISE, Rows=60_000, Columns=60_000),
    ("image", "DICOM of an endless element"): lambda: (
        dicom(NOISE)[: -NOISE.nbytes - 4] + b"\xf0\xff\xff\xff"
    ),
    ("image", "DICOM of nested sequences"): nested_dicom,
    ("volume", "gzip bomb"): gzip_bomb,
    ("volume", "gzip within gzip"): lambda: gzip.compress(gzip.compress(nifti(GRID))),
    ("volume", "zip bomb"): zip_bomb,
    ("volume", "zip that lies"): lying_zip,
    ("volume", "zip of less than it says"): zip_of_less,
    ("volume", "zip of many entries"): lambda: zipped({str(i): b"" for i in range(3000)}),
    ("volume", "zip with a way out"): lambda: zipped({"../../etc/IM0": dicom(NOISE)}),
    ("volume", "zip with an absolute name"): lambda: zipped({"/etc/IM0": dicom(NOISE)}),
    ("volume", "zip with a drive"): lambda: zipped({"C:\\IM0": dicom(NOISE)}),
    ("volume", "encrypted zip"): encrypted_zip,
    ("volume", "zip of nothing"): lambda: zipped({"notes.txt": b"notes"}),
    ("volume", "empty zip"): lambda: zipped({}),
    ("volume", "zip within zip"): lambda: zipped({"a.zip": zipped({"IM0": dicom(NOISE)})}),
    ("volume", "NIfTI too large"): lambda: nifti_header((32_767, 32_767, 32_767)),
    ("volume", "NIfTI larger than its file"): lambda: nifti_header((500, 500, 500)),
    ("volume", "NIfTI without size"): lambda: nifti_header((2, 3, 0)),
    ("volume", "NIfTI of a negative size"): lambda: nifti_header((2, 3, -4)),
    ("volume", "NIfTI of 99 axes"): lambda: nifti_with(40, struct.pack("<h", 99)),
    ("volume", "NIfTI of complex numbers"): lambda: nifti_header(code=32, bits=64),
    ("volume", "NIfTI of other bits"): lambda: nifti_header(bits=8),
    ("volume", "NIfTI that begins far off"): lambda: nifti_with(108, struct.pack("<f", 1e9)),
    ("volume", "NIfTI that begins nowhere"): lambda: nifti_with(
        108, struct.pack("<f", float("nan"))
    ),
    ("volume", "NIfTI that begins in its header"): lambda: nifti_with(108, struct.pack("<f", 8)),
    ("volume", "NIfTI with an extension too long"): lambda: (
        nifti_with(108, struct.pack("<f", 384))[:348]
        + b"\1\0\0\0"
        + struct.pack("<ii", 2**30, 0)
        + bytes(100)
    ),
    ("volume", "NIfTI of NaN"): lambda: nifti(np.full((2, 3, 4), np.nan, "f4")),
    ("volume", "NRRD too large"): lambda: nrrd(GRID, sizes="99999 99999 99999"),
    ("volume", "NRRD larger than its file"): lambda: nrrd(GRID, sizes="400 400 400"),
    ("volume", "NRRD bomb"): lambda: nrrd(np.zeros((400, 400, 400), "u1"), encoding="gzip"),
    ("volume", "NRRD of another file"): lambda: nrrd(GRID, data_file="/etc/passwd"),
    ("volume", "NRRD of a list of files"): lambda: nrrd(GRID, datafile="LIST"),
    ("volume", "NRRD without end"): lambda: b"NRRD0004\n" + b"# \n" * 30_000,
    ("volume", "NRRD of one long line"): lambda: b"NRRD0004\n" + b"#" * 10**6,
    ("volume", "NRRD of bzip2"): lambda: nrrd(GRID, encoding="bzip2"),
    ("volume", "NRRD of blocks"): lambda: nrrd(GRID, type="block"),
    ("volume", "NRRD that skips"): lambda: nrrd(GRID, byte_skip="-1"),
    ("volume", "NRRD of strange sizes"): lambda: nrrd(GRID, sizes="2 3 ²"),
    ("volume", "NRRD of a huge number"): lambda: nrrd(GRID, sizes=f"2 3 {'9' * 5000}"),
    ("volume", "NRRD without space"): lambda: nrrd(GRID, space_directions="none none none"),
    ("volume", "DICOM too large"): lambda: dicom(NOISE, Rows=60_000, Columns=60_000),
    ("array", "npz bomb"): lambda: zip_bomb("a.npy"),
    ("array", "npz with a way out"): lambda: zipped({"../a.npy": npy(FINE)}),
    ("array", "npz of text"): lambda: zipped({"a.npy": b"text"}),
    ("array", "npz of objects"): lambda: npz(a=np.array([[{}]])),
    ("array", "HDF5 of zeros"): lambda: hdf5(
        lambda file: file.create_dataset("x", (2**13, 2**13), "f4", chunks=(64, 64))
    ),
    ("array", "HDF5 bomb"): lambda: one_dataset(
        array=np.zeros((2**12, 2**12), "f4"), compression="gzip", compression_opts=9
    ),
    ("array", "HDF5 of many groups"): lambda: hdf5(
        lambda file: [file.create_group(str(i)) for i in range(2000)]
    ),
    ("array", "HDF5 of a link"): lambda: hdf5(
        lambda file: file.update({"x": h5py.ExternalLink("/etc/passwd", "/")})
    ),
    ("audio", "WAV of many channels"): lambda: wav(1, 60_000, 16, bytes(120_000)),
    ("audio", "WAV longer than its file"): lambda: (
        recording(tone())[:40] + b"\xff\xff\xff\xff" + bytes(100)
    ),
    ("audio", "WAV of a chunk too long"): lambda: b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\xff",
    ("audio", "WAV of infinity"): lambda: wav(3, 1, 32, struct.pack("<f", float("inf"))),
    ("audio", "FLAC of 19 hours"): lambda: flac_header(2**36 - 1),
    ("audio", "FLAC longer than its file"): lambda: flac_header(2**26),
    ("audio", "FLAC of no known length"): lambda: flac_header(0),
    ("audio", "FLAC without a rate"): lambda: flac_header(2000, rate=0),
    ("table", "deep JSON"): lambda: b"[" * 10**6,
    ("table", "deep JSON in text"): lambda: b'[{"age": "[[[[", "weight": ' + b"[" * 5000,
    ("table", "wide JSON"): lambda: b"[" + b"[]," * 10**6 + b"[]]",
    ("table", "JSON of a huge number"): lambda: b'[{"age": ' + b"9" * 10**6 + b', "weight": 1}]',
    ("table", "JSON of infinity"): lambda: b'[{"age": -Infinity, "weight": 1}]',
    ("table", "JSON of objects in cells"): lambda: b'[{"age": {}, "weight": 1}]',
    ("table", "CSV of many rows"): lambda: b"age,weight\n" + b"1,2\n" * 10**6,
    ("table", "CSV of many columns"): lambda: b"," * 10**6 + b"\n" + b"," * 10**6,
    ("table", "CSV of NaN"): lambda: b"age,weight\nnan,1\n",
    ("table", "CSV with a zero byte"): lambda: b"age,weight\n1,\x002\n",
    ("table", "JSON with half a character"): lambda: json.dumps([{"age": 1}]).encode() + b"\xc3",
    ("text", "other encoding"): lambda: "grüße".encode("latin-1"),
    ("text", "zero bytes"): lambda: bytes(1000),
    ("text", "too long"): lambda: b"a" * (17 * 2**20),
}


def npy_header(shape: str, descr: str) -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.fixture
def open_kind(open_model: OpenModel, write_model: WriteModel) -> Callable[[str], Engine]:
    def open_(kind: str) -> Engine:
        code = "def load(context): ...\ndef infer(model, x): return [1.0]"
        return open_model(write_model(code, inputs=[input_keys(kind)]))

    return open_


@pytest.fixture
def _little_memory() -> Iterator[None]:
    """Hold the test to the memory that a refusal may take; what it makes before counts not."""
    yield
    peak = tracemalloc.get_traced_memory()[1] if tracemalloc.is_tracing() else 0
    tracemalloc.stop()
    assert peak < MOST_MEMORY, f"{peak / MEGABYTE:.0f} MB"


def good(kind: str) -> bytes:
    return next(data for (of, _), data in GOOD.items() if of == kind)


@pytest.mark.usefixtures("_little_memory")
@pytest.mark.parametrize(("kind", "name"), HOSTILE)
def test_refuses(open_kind: Callable[[str], Engine], kind: str, name: str) -> None:
    engine = open_kind(kind)
    data = HOSTILE[kind, name]()
    tracemalloc.start()
    with pytest.raises(InputError) as caught:
        engine.predict(data)
    assert str(caught.value).startswith("Input 'x' ")
    assert str(caught.value).endswith(".")
    assert caught.value.status in (415, 422)
    # It still answers.
    assert engine.predict(good(kind))


@pytest.mark.usefixtures("_little_memory")
@pytest.mark.parametrize(("kind", "form"), ENDED)
def test_refuses_a_file_that_is_cut_off_anywhere(
    open_kind: Callable[[str], Engine], kind: str, form: str
) -> None:
    engine = open_kind(kind)
    data = GOOD[kind, form]
    assert engine.predict(data)
    tracemalloc.start()
    # Pillow goes without the end mark of a PNG, in its last bytes.
    ends = [int(len(data) * share / 100) for share in range(0, 100, 4)]
    for end in ends if form == "png" else [*ends, len(data) - 1]:
        with pytest.raises(InputError) as caught:
            engine.predict(data[:end])
        assert caught.value.status in (415, 422)


@pytest.mark.usefixtures("_little_memory")
@pytest.mark.parametrize(("kind", "form"), GOOD)
def test_no_damage_gets_past_as_a_surprise(
    open_kind: Callable[[str], Engine], kind: str, form: str
) -> None:
    engine = open_kind(kind)
    data = GOOD[kind, form]
    # The first bytes say the most; damage all over a long file would seldom meet them.
    reach = min(len(data), 400)
    random = np.random.default_rng(1)
    tracemalloc.start()
    for _ in range(100):
        damaged = bytearray(data)
        for place in random.integers(0, reach, 3):
            damaged[place] = random.integers(0, 256)
        try:
            engine.predict(bytes(damaged))
        except InputError as error:
            assert error.status in (415, 422)  # noqa: PT017 (some damage isn't seen)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "file"])
def test_refuses_files_of_other_kinds(open_kind: Callable[[str], Engine], kind: str) -> None:
    engine = open_kind(kind)
    input = input_of(kind)
    accepted = accepted_types(input.kind, input.media_types)
    foreign = [data for data in GOOD.values() if sniff(data) not in (None, *accepted)]
    assert len(foreign) >= 5
    for data in foreign:
        with pytest.raises(MediaTypeRefused, match=r"accepts .*; got"):
            engine.predict(data)


@pytest.mark.parametrize("kind", KINDS)
def test_refuses_nothing_at_all(open_kind: Callable[[str], Engine], kind: str) -> None:
    with pytest.raises(InputError, match="Input 'x' is empty"):
        open_kind(kind).predict(b"")
