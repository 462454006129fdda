from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from medical import bare_dicom, bundled, dicom
from prepared import CHANNEL, X, Y, input_of, prepare, sized
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    RLELossless,
)

from modelhub.converters import converters
from modelhub.errors import InputOutsideLimits, InputUndecodable, MediaTypeRefused
from modelhub.geometry import Geometry

CT = np.array([[-1024, 0, 40], [1000, 2000, 3071]], np.int16)
ROOM = {"range": {"min": -1024, "max": 3071}}


def test_an_image_keeps_hounsfield_units_where_the_range_has_room() -> None:
    data = dicom((CT + 1024).astype(np.uint16), RescaleSlope=1, RescaleIntercept=-1024)
    prepared = prepare("image", data, **ROOM)
    assert prepared.native.mode == "I"
    np.testing.assert_array_equal(prepared.array, CT)


def test_an_image_keeps_fractions_where_the_range_has_room() -> None:
    prepared = prepare("image", dicom(CT, RescaleSlope=0.5), **ROOM)
    assert prepared.native.mode == "F"
    np.testing.assert_array_equal(prepared.array, CT * 0.5)


@pytest.mark.parametrize(
    ("elements", "pixels"),
    [
        ({"WindowCenter": 40, "WindowWidth": 400}, [[0, 102, 128], [255, 255, 255]]),
        ({"WindowCenter": [40, 500], "WindowWidth": [400, 9]}, [[0, 102, 128], [255, 255, 255]]),
        (
            {"WindowCenter": 40, "WindowWidth": 4, "VOILUTFunction": "LINEAR_EXACT"},
            [[0, 0, 128], [255, 255, 255]],
        ),
        (
            {"WindowCenter": 500, "WindowWidth": 2000, "VOILUTFunction": "SIGMOID"},
            [[12, 69, 73], [186, 243, 254]],
        ),
        ({}, [[0, 64, 66], [126, 188, 255]]),
        ({"PhotometricInterpretation": "MONOCHROME1"}, [[255, 191, 189], [129, 67, 0]]),
    ],
    ids=["window", "several windows", "exact", "sigmoid", "no window", "inverted"],
)
def test_an_image_of_8_bits_has_the_window_of_the_file(elements: Any, pixels: Any) -> None:
    prepared = prepare("image", dicom(CT, **elements), dtype="uint8")
    assert prepared.native.mode == "L"
    np.testing.assert_array_equal(prepared.array, pixels)


def test_values_with_room_are_not_inverted() -> None:
    data = dicom(CT, PhotometricInterpretation="MONOCHROME1")
    np.testing.assert_array_equal(prepare("image", data, **ROOM).array, CT)


def test_an_even_image_of_8_bits_is_black() -> None:
    assert not prepare("image", dicom(CT * 0)).array.any()


def test_reads_colours() -> None:
    colours = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    array = prepare("image", dicom(colours), axes=[Y, X, sized(CHANNEL, 3)]).array
    np.testing.assert_array_equal(array, colours)


@pytest.mark.parametrize(
    "name", ["SC_ybr_full_422_uncompressed.dcm", "SC_rgb_jpeg_dcmtk.dcm", "SC_rgb_rle.dcm"]
)
def test_every_kind_of_colour_becomes_red_green_and_blue(name: str) -> None:
    array = prepare("image", bundled(name), axes=[Y, X, sized(CHANNEL, 3)]).array
    bars = array[[5, 25, 45, 75], 50]
    assert np.abs(bars - [[255, 0, 0], [0, 255, 0], [0, 0, 255], [64, 64, 64]]).max() < 8


def test_reads_the_colours_of_a_palette() -> None:
    colours = {"axes": [Y, X, sized(CHANNEL, 3)]}
    array = prepare("image", bundled("examples_palette.dcm"), **colours).array
    # The maker's bar at the top is blue, and what is written on it white.
    assert array.shape == (350, 800, 3)
    np.testing.assert_array_equal(array[20, 700], [37, 62, 94])
    assert (array[:40] == 255).all(axis=2).sum() > 100


def test_says_that_a_palette_is_missing() -> None:
    data = dicom(CT.astype(np.uint8), PhotometricInterpretation="PALETTE COLOR")
    with pytest.raises(InputUndecodable, match="has no palette that can be read"):
        prepare("image", data)
    with pytest.raises(InputUndecodable, match="holds a slice in colour"):
        prepare("volume", data)


def test_an_image_of_many_frames_says_that_one_is_read() -> None:
    with pytest.raises(InputUndecodable, match="holds 30 frames; an image is one"):
        prepare("image", bundled("examples_ybr_color.dcm"))


def test_knows_where_a_slice_lies_until_it_is_resized() -> None:
    prepared = prepare("image", dicom(CT, z=7, SliceThickness=2))
    assert prepared.geometry == Geometry((0.25, 0.5, 2), (-10, 20, 7), (1, 0, 0, 0, 1, 0, 0, 0, 1))
    assert converters(input_of("image"))[0].geometry(prepared.native.resize((9, 9))) is None


@pytest.mark.parametrize("kind", ["image", "volume"])
@pytest.mark.parametrize("bits", [8, 16])
def test_reads_a_file_from_before_transfer_syntaxes(kind: str, bits: int) -> None:
    pixels = np.arange(6, dtype=f"u{bits // 8}").reshape(2, 3)
    array = prepare(kind, bare_dicom(pixels), **ROOM).array
    np.testing.assert_array_equal(array.reshape(2, 3), pixels)


def test_unpacks_pixels_of_12_bits() -> None:
    pixels = bytes.fromhex("341278 ff0f00".replace(" ", ""))
    data = bare_dicom(np.zeros((2, 2), np.uint16), BitsAllocated=12, PixelData=pixels)
    array = prepare("image", data, **ROOM).array
    np.testing.assert_array_equal(array, [[0x234, 0x781], [0xFFF, 0x000]])


@pytest.mark.parametrize("syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian])
def test_reads_every_plain_transfer_syntax(syntax: Any) -> None:
    name = {ImplicitVRLittleEndian: "MR_small_implicit", ExplicitVRBigEndian: "MR_small_bigendian"}
    expected = prepare("volume", bundled("MR_small.dcm"))
    found = prepare("volume", bundled(f"{name[syntax]}.dcm"))
    np.testing.assert_array_equal(found.array, expected.array)
    assert found.geometry == expected.geometry
    assert expected.array.max() > 2000


@pytest.mark.parametrize("name", ["MR_small_RLE.dcm", "MR_small_jp2klossless.dcm"])
def test_unpacks_pixels_that_pydicom_can_unpack(name: str) -> None:
    expected = prepare("volume", bundled("MR_small.dcm")).array
    np.testing.assert_array_equal(prepare("volume", bundled(name)).array, expected)


def test_reads_a_ct_of_a_scanner() -> None:
    prepared = prepare("volume", bundled("CT_small.dcm"))
    assert prepared.array.shape == (1, 128, 128)
    assert (prepared.array.min(), prepared.array.max()) == (-896, 1167)


def test_says_which_compression_it_may_be() -> None:
    with pytest.raises(InputUndecodable, match=r"JPEG-LS Lossless .*; `gdcmconv --raw IN OUT`"):
        prepare("volume", bundled("MR_small_jpeg_ls_lossless.dcm"))


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (lambda: bundled("MR_truncated.dcm"), "holds 8,130 bytes of pixels; its header says 8,192"),
        (lambda: bundled("image_dfl.dcm"), "is a deflated DICOM file"),
        (lambda: bundled("rtplan.dcm"), "holds no pixels"),
        (lambda: dicom(CT, PhotometricInterpretation="ARGB"), "colours of another kind"),
        (lambda: bundled("SC_rgb_rle_16bit.dcm"), "colours of more than 8 bits"),
        (lambda: bundled("badVR.dcm"), "can't be decoded as application/dicom"),
        (lambda: dicom(CT, Rows=0), "holds no pixels"),
        (lambda: dicom(CT, ModalityLUTSequence=[Dataset()]), "keeps its values in a table"),
    ],
)
@pytest.mark.parametrize("kind", ["image", "volume"])
def test_refuses(kind: str, data: Any, sentence: str) -> None:
    with pytest.raises(InputUndecodable, match=sentence):
        prepare(kind, data())


def test_refuses_more_pixels_than_are_read_before_decoding() -> None:
    data = dicom(CT, syntax=RLELossless, Rows=60_000, Columns=60_000, PixelData=b"\xfe\xff\x00\xe0")
    with pytest.raises(InputOutsideLimits, match="at most 64 megapixels"):
        prepare("image", data)
    with pytest.raises(InputOutsideLimits, match="has 3,600,000,000 elements"):
        prepare("volume", data)


def test_holds_the_axes_against_the_header() -> None:
    with pytest.raises(InputOutsideLimits, match=r"is 2 × 3 \(y, x\); axis x takes 4"):
        prepare("image", dicom(CT), axes=[Y, sized(X, 4)])


def test_an_image_that_declares_no_dicom_refuses_it() -> None:
    with pytest.raises(MediaTypeRefused, match="accepts image/png; got application/dicom"):
        prepare("image", dicom(CT), mediaTypes=["image/png"])


def test_no_deflated_transfer_syntax_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zlib.decompress", lambda *_: pytest.fail("was unpacked"))
    data = bundled("image_dfl.dcm").read_bytes()
    assert DeflatedExplicitVRLittleEndian.encode() in data
    with pytest.raises(InputUndecodable, match="deflated"):
        prepare("volume", data)
