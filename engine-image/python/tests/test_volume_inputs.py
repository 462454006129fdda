from __future__ import annotations

import gzip
import random
from pathlib import Path
from typing import Any, Callable

import nibabel
import numpy as np
import pytest
from medical import bundled, dicom, enhanced, nifti, nifti_gz, nrrd
from prepared import CHANNEL, TIME, X, Y, Z, input_of, prepare, sized, zipped
from pydicom.uid import RLELossless
from test_array_inputs import npy

from modelhub.converters import converters
from modelhub.errors import (
    ConfigError,
    InputOutsideLimits,
    InputUndecodable,
    MediaTypeRefused,
    WrongInputs,
)
from modelhub.geometry import Geometry
from modelhub.volumes import Volume, to_simpleitk

GRID = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
"""Of the axes x, y, z."""


@pytest.mark.parametrize(
    ("axes", "array"),
    [
        ([X, Y, Z], GRID),
        ([Z, Y, X], GRID.transpose(2, 1, 0)),
        ([{"name": "depth", "type": "space"}, Y, X], GRID.transpose(2, 1, 0)),
        ([{"name": "batch", "type": "batch"}, CHANNEL, X, Y, Z], GRID[None, None]),
        ([X, Y, Z, TIME], GRID[..., None]),
    ],
)
@pytest.mark.parametrize("make", [nifti, nifti_gz, nrrd])
def test_gives_axes_in_the_configs_order(axes: Any, array: Any, make: Any) -> None:
    found = prepare("volume", make(GRID), axes=axes).array
    assert found.dtype == np.float32
    assert found.flags.c_contiguous
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("dtype", ["u1", "i2", ">i2", "i4", "f4", "f8", ">f8", "u2", "i8"])
def test_reads_every_kind_of_number_in_nifti(version: int, dtype: str) -> None:
    data = nifti(GRID.astype(dtype), version=version)
    np.testing.assert_array_equal(prepare("volume", data, axes=[X, Y, Z]).array, GRID)


def test_hands_the_model_an_image_of_nibabel() -> None:
    image = prepare("volume", nifti_gz(GRID)).native
    assert isinstance(image, nibabel.Nifti1Image)
    np.testing.assert_array_equal(np.asarray(image.dataobj), GRID)


def test_rescales_as_the_header_says() -> None:
    array = prepare("volume", nifti(GRID, slope=0.5), axes=[X, Y, Z]).array
    np.testing.assert_allclose(array, GRID * 0.5)


def test_turns_niftis_world_into_dicoms() -> None:
    affine = [[0, 0, -3, 10], [-1, 0, 0, 20], [0, 2, 0, 30], [0, 0, 0, 1]]
    geometry = prepare("volume", nifti(GRID, affine)).geometry
    assert geometry == Geometry(
        spacing=(1, 2, 3), origin=(-10, -20, 30), direction=(0, 0, 1, 1, 0, 0, 0, 1, 0)
    )


def test_an_affine_that_makes_no_space_gives_no_geometry() -> None:
    data = bytearray(nifti(GRID))
    # The row of the affine for x.
    data[280:296] = bytes(16)
    assert prepare("volume", bytes(data)).geometry is None


def test_takes_a_file_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "a.nii.gz").write_bytes(nifti_gz(GRID))
    assert prepare("volume", tmp_path / "a.nii.gz", "application/gzip").array.shape == (4, 3, 2)


def test_reads_gzip_in_several_streams() -> None:
    data = nifti(GRID)
    packed = gzip.compress(data[:360]) + gzip.compress(data[360:])
    np.testing.assert_array_equal(prepare("volume", packed, axes=[X, Y, Z]).array, GRID)


def test_leaves_out_axes_of_one_at_the_end() -> None:
    np.testing.assert_array_equal(
        prepare("volume", nifti(GRID[..., None, None]), axes=[X, Y, Z]).array, GRID
    )


@pytest.mark.parametrize("encoding", ["raw", "gzip"])
@pytest.mark.parametrize(
    ("fields", "geometry"),
    [
        (
            {
                "space": "left-posterior-superior",
                "space_directions": "(0,2,0) (1,0,0) (0,0,3)",
                "space_origin": "(5,6,7)",
            },
            Geometry((2, 1, 3), (5, 6, 7), (0, 1, 0, 1, 0, 0, 0, 0, 1)),
        ),
        (
            {
                "space": "RAS",
                "space_directions": "(1,0,0) (0,2,0) (0,0,3)",
                "space_origin": "(5,6,7)",
            },
            Geometry((1, 2, 3), (-5, -6, 7), (-1, 0, 0, 0, -1, 0, 0, 0, 1)),
        ),
        (
            {
                "space": "left-anterior-superior",
                "space_directions": "(1,0,0) (0,2,0) (0,0,3)",
                "space_origin": "(5,6,7)",
            },
            Geometry((1, 2, 3), (5, -6, 7), (1, 0, 0, 0, -1, 0, 0, 0, 1)),
        ),
        ({"spacings": "1 2 3"}, Geometry((1, 2, 3), (0, 0, 0), (1, 0, 0, 0, 1, 0, 0, 0, 1))),
        ({"space": "scanner-xyz", "spacings": "1 2 3"}, None),
        ({}, None),
    ],
)
def test_reads_where_an_nrrd_lies(encoding: str, fields: Any, geometry: Any) -> None:
    data = nrrd(GRID, "# a comment", "key:=value", encoding=encoding, **fields)
    prepared = prepare("volume", data, axes=[X, Y, Z])
    assert prepared.geometry == geometry
    np.testing.assert_array_equal(prepared.array, GRID)


@pytest.mark.parametrize("colours_first", [True, False])
def test_brings_an_axis_of_nrrd_that_is_no_space_to_its_place(colours_first: bool) -> None:
    colours = np.stack([GRID, GRID + 100], axis=0 if colours_first else -1)
    steps = ["(1,0,0)", "(0,1,0)", "(0,0,1)"]
    steps.insert(0 if colours_first else 3, "none")
    data = nrrd(colours, space="lps", space_directions=" ".join(steps))
    array = prepare("volume", data, axes=[CHANNEL, X, Y, Z]).array
    np.testing.assert_array_equal(array, np.stack([GRID, GRID + 100]))


@pytest.mark.parametrize("skip", [{"line_skip": "1"}, {"byte_skip": "-1"}])
def test_an_nrrd_that_begins_elsewhere_is_refused(skip: dict[str, str]) -> None:
    with pytest.raises(InputUndecodable, match="skips bytes before its voxels"):
        prepare("volume", nrrd(GRID, **skip))


def test_reads_big_endian_nrrd() -> None:
    data = nrrd(GRID.astype(">i2"), endian="big")
    np.testing.assert_array_equal(prepare("volume", data, axes=[X, Y, Z]).array, GRID)


def series(gap: float = 2.5, count: int = 4, **elements: Any) -> list[bytes]:
    return [
        dicom(GRID[:, :, i].T, z=i * gap, RescaleSlope=2, RescaleIntercept=-1000, **elements)
        for i in range(count)
    ]


def test_the_frames_of_one_file_are_its_slices() -> None:
    one = prepare("volume", enhanced(GRID[:, :, [2, 0, 3, 1]], [5, 0, 7.5, 2.5]), axes=[X, Y, Z])
    np.testing.assert_array_equal(one.array, GRID * 2.0 - 1)
    assert one.geometry == Geometry((0.25, 0.5, 2.5), (-10, 20, 0), (1, 0, 0, 0, 1, 0, 0, 0, 1))
    assert [float(frame.ImagePositionPatient[2]) for frame in one.native] == [0, 2.5, 5, 7.5]


def test_frames_are_held_against_the_axes_before_they_are_decoded() -> None:
    data = enhanced(GRID, [0, 1, 2, 3], NumberOfFrames=2_000_000_000)
    with pytest.raises(InputUndecodable, match="its header says 24,000,000,000"):
        prepare("volume", data)
    data = enhanced(GRID, [0, 1, 2, 3], NumberOfFrames=2_000_000_000, syntax=RLELossless)
    with pytest.raises(InputOutsideLimits, match="has 12,000,000,000 elements"):
        prepare("volume", data)


def written(folder: Path, files: list[bytes]) -> list[Path]:
    paths = [folder / f"IM{i:04}" for i in range(len(files))]
    for path, data in zip(paths, files):
        path.write_bytes(data)
    return paths


def shuffled(files: list[bytes]) -> list[bytes]:
    return random.Random(2).sample(files, len(files))


@pytest.mark.parametrize("archive", [True, False])
def test_stacks_a_series_by_position_and_rescales_it(tmp_path: Path, archive: bool) -> None:
    files = shuffled(series())
    content: Any = written(tmp_path, files)
    if archive:
        names = {f"study/IM{i}": data for i, data in enumerate(files)}
        content = zipped({**names, "README.txt": b"notes", "study/empty": b""})
    prepared = prepare("volume", content, axes=[X, Y, Z])
    np.testing.assert_array_equal(prepared.array, GRID * 2.0 - 1000)
    assert prepared.geometry == Geometry(
        (0.25, 0.5, 2.5), (-10, 20, 0), (1, 0, 0, 0, 1, 0, 0, 0, 1)
    )
    assert [float(one.ImagePositionPatient[2]) for one in prepared.native] == [0, 2.5, 5, 7.5]


def test_a_single_slice_is_a_series_of_its_thickness() -> None:
    prepared = prepare("volume", dicom(GRID[:, :, 0].T, SliceThickness=3))
    assert prepared.array.shape == (1, 3, 2)
    assert prepared.geometry is not None
    assert prepared.geometry.spacing == (0.25, 0.5, 3)


def test_follows_the_normal_of_oblique_slices(tmp_path: Path) -> None:
    # Sagittal: x runs to the back, y to the feet, so the slices run to the right.
    plane: dict[str, Any] = {"ImageOrientationPatient": [0, 1, 0, 0, 0, -1]}
    files = [
        dicom(GRID[:, :, i].T, ImagePositionPatient=[10 - i, 0, 0], **plane) for i in (2, 0, 3, 1)
    ]
    prepared = prepare("volume", written(tmp_path, files), axes=[X, Y, Z])
    np.testing.assert_array_equal(prepared.array, GRID)
    assert prepared.geometry is not None
    assert prepared.geometry.direction == (0, 0, -1, 1, 0, 0, 0, -1, 0)


BROKEN_SERIES: dict[str, tuple[Callable[[], list[bytes]], str]] = {
    "a gap": (
        lambda: [dicom(GRID[:, :, 0].T, z=z) for z in (0, 2.5, 7.5)],
        "lie 2.5 to 5 mm apart; slices are missing",
    ),
    "a slice twice": (lambda: series()[:2] + series()[1:], "two slices at one place"),
    "two series": (
        lambda: [*series(count=2), dicom(GRID[:, :, 0].T, z=5, SeriesInstanceUID="1.2")],
        "holds slices of 2 series",
    ),
    "two sizes": (
        lambda: [*series(count=2), dicom(GRID[:1, :, 0].T, z=5)],
        "holds slices of several sizes",
    ),
    "slices that aren't parallel": (
        lambda: [
            *series(count=2),
            dicom(GRID[:, :, 0].T, z=5, ImageOrientationPatient=[0, 1, 0, 0, 0, -1]),
        ],
        "aren't parallel",
    ),
    "slices without a place": (
        lambda: series(ImagePositionPatient=None),
        "without ImagePositionPatient",
    ),
    "a slope that is no number": (
        lambda: [dicom(GRID[:, :, 0].T, RescaleSlope=1.5).replace(b"1.5 ", b"1.x ")],
        "whose RescaleSlope is no number",
    ),
    "fewer frames than it says": (
        lambda: [dicom(GRID[:, :, 0].T, NumberOfFrames=5)],
        "holds 12 bytes of pixels; its header says 60",
    ),
    "a file of many frames besides others": (
        lambda: [enhanced(GRID, [0, 1, 2, 3]), *series()],
        "and 4 frames in one of them",
    ),
    "frames that don't say where they lie": (
        lambda: [bundled("rtdose.dcm").read_bytes()],
        "holds two slices at one place",
    ),
    "colours": (lambda: [dicom(np.zeros((3, 2, 3), np.uint8))], "a slice in colour"),
    "a file of another kind": (lambda: [*series(), nifti(GRID)], "a file that is no DICOM"),
}


@pytest.mark.parametrize("name", BROKEN_SERIES)
def test_refuses_a_series_with(tmp_path: Path, name: str) -> None:
    make, sentence = BROKEN_SERIES[name]
    with pytest.raises(InputUndecodable, match=sentence):
        prepare("volume", written(tmp_path, make()))


def test_only_a_series_comes_in_several_files(tmp_path: Path) -> None:
    with pytest.raises(WrongInputs, match="comes in 2 files; only a DICOM series may"):
        prepare("volume", written(tmp_path, [nifti(GRID), nifti(GRID)]))


def test_refuses_a_grid_outside_the_axes_before_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nibabel.Nifti1Image.from_bytes", lambda _: pytest.fail("was decoded"))
    axes = [sized(Z, {"min": 8, "max": 32, "step": 8}), Y, sized(X, 2)]
    with pytest.raises(InputOutsideLimits) as caught:
        prepare("volume", nifti(GRID), axes=axes)
    assert str(caught.value) == "is 4 × 3 × 2 (z, y, x); axis z takes 8 to 32 in steps of 8."


def test_preprocessing_may_bring_a_volume_to_a_fixed_size() -> None:
    axes = [sized(Z, 9), Y, X]
    assert prepare("volume", nifti(GRID), axes=axes, resized=True).array.shape == (4, 3, 2)


def test_refuses_more_axes_than_the_config_has() -> None:
    with pytest.raises(InputOutsideLimits, match=r"has 4 axes; expected 3 \(z, y, x\)"):
        prepare("volume", nifti(np.stack([GRID] * 5, axis=3)))


@pytest.mark.parametrize(
    ("array", "keys", "sentence"),
    [
        (GRID + 0.5, {"dtype": "int16"}, "holds fractions from 0.5 to 23.5; the model takes int"),
        (GRID - 1, {"dtype": "uint8"}, "values from -1 to 22; the model takes integers from 0 to"),
        (GRID, {"range": {"min": 0, "max": 9}}, "from 0 to 23; the model takes 0 to 9"),
        (GRID, {"range": {"min": 5, "max": 99}}, "from 0 to 23; the model takes 5 to 99"),
    ],
)
def test_refuses_values_that_the_input_doesnt_take(array: Any, keys: Any, sentence: str) -> None:
    with pytest.raises(InputOutsideLimits, match=sentence):
        prepare("volume", nifti(array), **keys)


def test_whole_numbers_may_become_integers() -> None:
    array = prepare("volume", nifti(GRID.astype("f8")), dtype="uint8", axes=[X, Y, Z]).array
    assert array.dtype == np.uint8
    np.testing.assert_array_equal(array, GRID)


def test_takes_an_array_in_the_axes_of_the_config() -> None:
    prepared = prepare("volume", npy(GRID.astype("f4")), "application/x-npy")
    np.testing.assert_array_equal(prepared.array, GRID)
    assert prepared.geometry is None


def test_takes_volumes_that_preprocessing_made() -> None:
    volume = Volume(GRID, Geometry((1, 2, 3), (0, 0, 0), (1, 0, 0, 0, 1, 0, 0, 0, 1)))
    [converter, _] = converters(input_of("volume"))
    assert converter.accepts(volume)
    assert converter.geometry(volume) == volume.geometry
    np.testing.assert_array_equal(converter.convert(volume), GRID.transpose(2, 1, 0))


def test_takes_and_makes_images_of_simpleitk() -> None:
    pytest.importorskip("SimpleITK", reason="262 MB, so not among what the tests need")
    affine = [[0, 0, -3, 10], [-1, 0, 0, 20], [0, 2, 0, 30], [0, 0, 0, 1]]
    prepared = prepare("volume", nifti(GRID, affine))
    image = to_simpleitk(prepared.native)
    [converter, _] = converters(input_of("volume"))
    assert image.GetSize() == GRID.shape
    assert converter.geometry(image) == prepared.geometry
    np.testing.assert_array_equal(converter.convert(image), prepared.array)


def test_refuses_gzip_that_holds_something_else() -> None:
    with pytest.raises(MediaTypeRefused, match="got application/gzip"):
        prepare("volume", gzip.compress(b"text"))


@pytest.mark.parametrize("axes", [[Y, X], [Z, Y, X, TIME, CHANNEL], [Z, Y, Y]])
def test_a_config_that_no_volume_fits_doesnt_load(axes: Any) -> None:
    with pytest.raises(ConfigError, match="Input 'x': a volume has the axes x, y and z"):
        prepare("volume", nifti(GRID), axes=axes, resized=True)
