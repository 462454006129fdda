from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any, Mapping

import numpy as np
import pytest
from conftest import OpenModel, WriteModel
from PIL import Image

from modelhub.arrays import Array
from modelhub.config import read_output
from modelhub.encoders import FORMATS, Encoded, dicom_dataset, encode, worker_result
from modelhub.errors import FormatRefused
from modelhub.geometry import Geometry
from modelhub.outputs import Prediction, predictions
from modelhub.processor import Result
from modelhub.sources import Source

IDENTITY = {
    "id": "tiny",
    "version": "1.0.0",
    "revision": None,
    "weights": {"w": "0" * 64},
    "config": "1" * 64,
    "inputs": {"scan": "2" * 64},
    "engine": "2.0.0",
}
#: x runs to the left, y to the front, z to the head: 2, 1 and 3 mm apart.
GRID = Geometry((2.0, 1.0, 3.0), (10.0, 20.0, 30.0), (1, 0, 0, 0, -1, 0, 0, 0, 1))
BOXES = [
    {"label": "cat", "score": 0.5, "box": [1, 2, 3, 4]},
    {"label": "café, au lait", "score": 0.25, "box": [0, 0, 9.5, 9]},
]
Z_Y_X = [{"name": name, "type": "space"} for name in "zyx"]


def one(value: Any, type: str, geometry: Geometry | None = None, **keys: Any) -> Prediction:
    output = read_output({"id": "y", "type": type, "grid": "scan", **keys})
    [prediction] = predictions([output], value, {"scan": geometry})
    return prediction


def volume(**keys: Any) -> Prediction:
    """A mask of the shape z 3, y 4, x 5 with a voxel at x 1, y 2, z 0."""
    array = np.zeros((3, 4, 5), np.uint8)
    array[0, 2, 1] = 1
    array[2, 3, 4] = 2
    labels = {"1": "liver", "2": "lesion"}
    return one(array, "mask", GRID, axes=Z_Y_X, labels=labels, description="Organs.", **keys)


def encoded(
    output: Prediction, format: str, sources: Mapping[str, Source] | None = None
) -> Encoded:
    [file] = encode([output], format, IDENTITY, sources)
    return file


def stream(output: Prediction, format: str) -> io.BytesIO:
    return io.BytesIO(encoded(output, format).content)


def picture(output: Prediction) -> Any:
    return Image.open(stream(output, "png"))


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("shape", [(5, 7), (5, 7, 1), (5, 7, 3), (5, 7, 4)])
def test_png_holds_an_image_as_it_is(shape: tuple[int, ...], dtype: str) -> None:
    array = np.random.default_rng(0).integers(0, np.iinfo(dtype).max, shape).astype(dtype)
    if dtype == "uint16" and shape[-1] in (3, 4):
        # Pillow reads these in 8 bits only.
        found, expected = np.asarray(picture(one(array, "image"))), (array >> 8).astype(np.uint8)
        assert np.abs(found.astype(int) - expected).max() <= 1
        return
    found = np.asarray(picture(one(array, "image")))
    assert (found == array.squeeze()).all()


def test_png_of_channels_first_follows_the_axes() -> None:
    array = np.arange(3 * 2 * 4, dtype=np.uint8).reshape(1, 3, 2, 4)
    names = [("batch", "batch"), ("channel", "channel"), ("y", "space"), ("x", "space")]
    axes = [{"name": name, "type": type} for name, type in names]
    found = np.asarray(picture(one(array, "image", axes=axes)))
    assert (found == array[0].transpose(1, 2, 0)).all()


def test_png_of_fractions_has_8_bits() -> None:
    assert np.asarray(picture(one([[0.0, 0.5, 1.0]], "image"))).tolist() == [[0, 128, 255]]


def test_png_of_a_mask_keeps_its_values_and_clears_the_background() -> None:
    found = picture(one([[0, 1, 9]], "mask"))
    assert found.mode == "P"
    assert np.asarray(found).tolist() == [[0, 1, 9]]
    colours = np.asarray(found.convert("RGBA"))[0]
    assert colours[0, 3] == 0
    assert colours[1].tolist() == colours[2].tolist() == [238, 102, 119, 255]


def test_png_of_a_mask_of_many_values_is_grey() -> None:
    assert np.asarray(picture(one([[0, 60_000]], "mask"))).tolist() == [[0, 60_000]]


def test_png_of_a_heatmap_tells_its_range() -> None:
    found = picture(one(np.array([[-1.0, 0.0, 3.0]]), "heatmap"))
    assert np.asarray(found).tolist() == [[0, 16384, 65535]]
    assert found.text["range"] == "-1.0 3.0"
    assert np.asarray(picture(one([[2.0, 2.0]], "heatmap"))).tolist() == [[0, 0]]


def test_png_says_which_model_made_it() -> None:
    found = picture(one([[0, 1]], "mask"))
    assert json.loads(found.text["modelhub"])["id"] == "tiny"


def test_a_format_that_holds_no_output_is_refused_with_the_ones_that_do() -> None:
    with pytest.raises(FormatRefused) as caught:
        encode([volume()], "png", IDENTITY)
    assert caught.value.status == 406
    assert str(caught.value) == (
        "Output 'y' can't be given as png: it is 3 × 4 × 5; png holds one plane. "
        "It comes as json, hdf5, npy, nifti, dicom-seg."
    )
    with pytest.raises(FormatRefused, match=r"it is a text; npy holds arrays. It comes as json, h"):
        encode([one("ja", "text")], "npy", IDENTITY)


def test_outputs_that_the_format_cant_hold_are_left_out() -> None:
    files = encode([one("ja", "text", id="says"), volume()], "npy", IDENTITY)
    assert [file.file for file in files] == ["y.npy"]


def test_npy_is_read_back() -> None:
    assert (np.load(stream(volume(), "npy")) == volume().value).all()


def test_json_holds_half_a_character() -> None:
    found = json.loads(encoded(one("größer \ud83d", "text"), "json").content)
    assert found["output"][0]["prediction"] == "größer \ud83d"


def test_json_is_the_reply() -> None:
    found = json.loads(encoded(one(BOXES, "bounding_boxes"), "json").content)
    assert found["output"] == [one(BOXES, "bounding_boxes").as_json()]
    assert found["model"] == IDENTITY


@pytest.mark.parametrize(
    ("type", "value", "keys", "lines"),
    [
        ("label_list", [("a", 0.5)], {}, [["label", "probability"], ["a", "0.5"]]),
        ("vector", [1.5, 2], {}, [["value"], ["1.5"], ["2.0"]]),
        ("vector", [1, 2], {"columns": ["u", "v"]}, [["u", "v"], ["1", "2"]]),
        ("vector", [[1, 2], [3, 4]], {}, [["0", "1"], ["1", "2"], ["3", "4"]]),
        ("table", {"a": ["x, y", None]}, {}, [["a"], ["x, y"], [""]]),
        (
            "bounding_boxes",
            BOXES,
            {},
            [
                ["label", "score", "xmin", "ymin", "xmax", "ymax"],
                ["cat", "0.5", "1.0", "2.0", "3.0", "4.0"],
                ["café, au lait", "0.25", "0.0", "0.0", "9.5", "9.0"],
            ],
        ),
        (
            "keypoints",
            [{"name": "nose", "point": [1, 2], "score": 0.5}],
            {},
            [["name", "score", "x", "y", "z"], ["nose", "0.5", "1.0", "2.0", ""]],
        ),
        (
            "contour",
            [{"points": [[1, 2]], "label": "a"}],
            {},
            [["contour", "label", "x", "y", "z"], ["0", "a", "1.0", "2.0", ""]],
        ),
    ],
)
def test_csv_has_a_line_for_each_entry(
    type: str, value: Any, keys: dict[str, Any], lines: list[list[str]]
) -> None:
    content = encoded(one(value, type, **keys), "csv").content.decode()
    rows = [row or [""] for row in csv.reader(io.StringIO(content))]
    assert rows == lines


def test_csv_refuses_arrays_of_three_axes() -> None:
    with pytest.raises(FormatRefused, match="csv holds tables, labels, boxes, points and vectors"):
        encode([one(np.zeros((2, 2, 2)), "vector")], "csv", IDENTITY)


def test_nifti_refuses_an_axis_longer_than_its_header_can_tell() -> None:
    assert encode([one(np.zeros((32_767, 1), np.uint8), "mask")], "nifti", IDENTITY)
    with pytest.raises(FormatRefused, match="is 32768 × 1; nifti holds x, y, z"):
        encode([one(np.zeros((32_768, 1), np.uint8), "mask")], "nifti", IDENTITY)


def hdf5(output: Prediction) -> Any:
    h5py: Any = pytest.importorskip("h5py")
    return h5py.File(stream(output, "hdf5"), "r")


def test_hdf5_compresses_integers_and_leaves_floats_as_they_are() -> None:
    mask = hdf5(volume())["y"]
    assert (mask[()] == volume().value).all()
    assert (mask.dtype, mask.compression, mask.compression_opts, mask.shuffle) == (
        np.uint8,
        "gzip",
        1,
        True,
    )
    heat = hdf5(one(np.ones((2, 3), np.float32), "heatmap"))["y"]
    assert (heat.dtype, heat.chunks) == (np.float32, None)


def test_hdf5_names_what_the_paper_names() -> None:
    file = hdf5(volume(unit="organ"))
    attributes = file["y"].attrs
    assert {key: attributes[key] for key in ("type", "name", "description", "unit")} == {
        "type": "mask",
        "name": "y",
        "description": "Organs.",
        "unit": "organ",
    }
    assert list(attributes["axes"]) == ["z", "y", "x"]
    assert json.loads(attributes["labels"]) == {"1": "liver", "2": "lesion"}
    assert attributes["spacing"].tolist() == [2, 1, 3]
    assert attributes["origin"].tolist() == [10, 20, 30]
    assert attributes["direction"].tolist() == [1, 0, 0, 0, -1, 0, 0, 0, 1]
    assert (file.attrs["model"], file.attrs["engine"]) == ("tiny", "2.0.0")
    assert json.loads(file.attrs["inputs"]) == IDENTITY["inputs"]
    assert "revision" not in file.attrs


def test_hdf5_holds_every_type() -> None:
    boxes = hdf5(one(BOXES, "bounding_boxes"))["y"]
    assert boxes["label"][1].decode() == "café, au lait"
    assert boxes["xmax"].tolist() == [3, 9.5]
    points = hdf5(one([{"name": "nose", "point": [1, 2]}], "keypoints"))["y"]
    assert np.isnan(points["z"][0])
    assert hdf5(one("ja", "text"))["y"][()] == b"ja"
    assert json.loads(hdf5(one({"a": 1}, "custom"))["y"][()]) == {"a": 1}
    assert hdf5(one(np.array([[True]]), "mask"))["y"][()].tolist() == [[1]]
    assert hdf5(one([], "bounding_boxes"))["y"].shape == (0,)


def test_hdf5_keeps_the_kind_of_a_columns_cells() -> None:
    columns = {
        "count": [1, 2**60 + 1],
        "huge": [1, 2**70],
        "share": [1, 0.5],
        "gap": [2, None],
        "name": ["a", None],
    }
    table = hdf5(one(columns, "table"))["y"]
    assert [table.dtype[name].kind for name in columns] == ["i", "f", "f", "f", "O"]
    assert table["count"][1] == 2**60 + 1
    assert np.isnan(table["gap"][1])
    assert table["name"][1] == b""


def nifti(output: Prediction) -> Any:
    nibabel: Any = pytest.importorskip("nibabel")
    content = gzip.decompress(encoded(output, "nifti").content)
    return nibabel.Nifti1Image.from_bytes(content)


def voxels(output: Prediction) -> Array:
    return np.asarray(nifti(output).dataobj)


def test_nifti_runs_along_x_y_z() -> None:
    found = voxels(volume())
    assert found.dtype == np.uint8
    assert (found == volume().value.transpose(2, 1, 0)).all()
    names = [{"name": name, "type": "space"} for name in "xyz"]
    array = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    assert (voxels(one(array, "heatmap", axes=names)) == array).all()


def test_nifti_lies_where_its_input_lies() -> None:
    found = nifti(volume())
    # From left and back to right and front; y ran to the front already.
    assert found.affine.tolist() == [[-2, 0, 0, -10], [0, 1, 0, -20], [0, 0, 3, 30], [0, 0, 0, 1]]
    assert found.header.get_zooms() == (2, 1, 3)
    assert found.header.get_xyzt_units()[0] == "mm"
    assert found.header["sform_code"] == 1


def test_nifti_of_an_unknown_place_says_so() -> None:
    found = nifti(one(np.ones((2, 3), np.float16), "heatmap"))
    assert found.shape == (3, 2, 1)
    assert found.get_data_dtype() == np.float32
    assert found.header["sform_code"] == found.header["qform_code"] == 0


def test_nifti_has_channels_behind_space() -> None:
    array = np.arange(2 * 3 * 4 * 5, dtype=np.float32).reshape(2, 3, 4, 5)
    axes = [{"name": "channel", "type": "channel"}, *Z_Y_X]
    assert (voxels(one(array, "heatmap", GRID, axes=axes)) == array.transpose(3, 2, 1, 0)).all()


def test_nifti_compresses_only_what_shrinks() -> None:
    noise = np.random.default_rng(0).random((64, 64, 64)).astype(np.float32)
    blob = np.where(noise > 0.99, noise, 0)
    for array, least, most in ((noise, 1, 1.01), (blob, 0, 0.2)):
        output = one(array, "heatmap", axes=Z_Y_X)
        size = len(encoded(output, "nifti").content)
        assert least * array.nbytes <= size <= most * array.nbytes
        np.testing.assert_array_equal(voxels(output), array.transpose(2, 1, 0))


def test_nifti_says_which_model_made_it() -> None:
    found = nifti(volume())
    [comment] = found.header.extensions
    assert json.loads(comment.get_content().rstrip(b"\0"))["inputs"] == IDENTITY["inputs"]
    assert bytes(found.header["descrip"]).rstrip(b"\0") == b"Organs."


def series(folder: Path, count: int = 3) -> Source:
    """A DICOM series on GRID, its files in another order than its slices."""
    pydicom: Any = pytest.importorskip("pydicom")
    paths = []
    for number in reversed(range(count)):
        slice: Any = pydicom.Dataset()
        slice.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
        slice.SOPInstanceUID = f"1.2.3.4.{number}"
        slice.StudyInstanceUID, slice.SeriesInstanceUID = "1.2.3", "1.2.3.4"
        slice.FrameOfReferenceUID = "1.2.3.9"
        slice.PatientID, slice.PatientName = "P1", "Doe^Jane"
        slice.ImagePositionPatient = [10, 20, 30 + 3 * number]
        slice.ImageOrientationPatient = [1, 0, 0, 0, -1, 0]
        slice.PixelSpacing = [1, 2]
        slice.Rows, slice.Columns = 4, 5
        paths.append(folder / f"{number}.dcm")
        with paths[-1].open("wb") as file:
            dicom_dataset.save(file, slice)
    return Source(paths)


def segmentation(output: Prediction, source: Source) -> Any:
    pydicom: Any = pytest.importorskip("pydicom")
    content = encoded(output, "dicom-seg", {"scan": source}).content
    return pydicom.dcmread(io.BytesIO(content))


def test_a_segmentation_has_a_frame_for_each_plane_of_a_label(tmp_path: Path) -> None:
    found = segmentation(volume(), series(tmp_path))
    assert [item.SegmentLabel for item in found.SegmentSequence] == ["liver", "lesion"]
    frames = found.pixel_array
    assert frames.shape == (2, 4, 5)
    assert np.argwhere(frames).tolist() == [[0, 2, 1], [1, 3, 4]]


def test_a_segmentation_lies_on_its_series(tmp_path: Path) -> None:
    found = segmentation(volume(), series(tmp_path))
    assert (found.PatientID, found.StudyInstanceUID) == ("P1", "1.2.3")
    assert found.FrameOfReferenceUID == "1.2.3.9"
    [shared] = found.SharedFunctionalGroupsSequence
    assert shared.PixelMeasuresSequence[0].PixelSpacing == [1, 2]
    assert shared.PlaneOrientationSequence[0].ImageOrientationPatient == [1, 0, 0, 0, -1, 0]
    places = found.PerFrameFunctionalGroupsSequence
    assert [place.PlanePositionSequence[0].ImagePositionPatient for place in places] == [
        [10, 20, 30],
        [10, 20, 36],
    ]
    sources = [place.DerivationImageSequence[0].SourceImageSequence[0] for place in places]
    assert [source.ReferencedSOPInstanceUID for source in sources] == ["1.2.3.4.0", "1.2.3.4.2"]
    assert {source.SpatialLocationsPreserved for source in sources} == {"YES"}


def test_a_segmentation_of_fewer_pixels_says_that_they_are_other_ones(tmp_path: Path) -> None:
    array = np.ones((3, 2, 5), np.uint8)
    found = segmentation(one(array, "mask", GRID, axes=Z_Y_X), series(tmp_path))
    [derivation] = found.PerFrameFunctionalGroupsSequence[0].DerivationImageSequence
    assert derivation.SourceImageSequence[0].SpatialLocationsPreserved == "NO"


def test_a_segmentation_keeps_names_in_every_script(tmp_path: Path) -> None:
    pydicom: Any = pytest.importorskip("pydicom")
    source = series(tmp_path)
    for path in tmp_path.glob("*.dcm"):
        header = pydicom.dcmread(path)
        header.SpecificCharacterSet, header.PatientName = "ISO_IR 100", "Müller^Jürgen"
        header.save_as(path)
    output = volume().output._replace(labels={1: "肝脏", 2: "größer\\links"})
    found = segmentation(Prediction(output, volume().value, GRID), source)
    assert [item.SegmentLabel for item in found.SegmentSequence] == ["肝脏", "größer/links"]
    assert found.PatientName == "Müller^Jürgen"


def test_an_empty_mask_is_one_empty_frame(tmp_path: Path) -> None:
    empty = one(np.zeros((3, 4, 5), np.uint8), "mask", GRID, axes=Z_Y_X)
    found = segmentation(empty, series(tmp_path))
    assert found.NumberOfFrames == 1
    assert not found.pixel_array.any()


def test_a_segmentation_needs_a_dicom_series() -> None:
    with pytest.raises(FormatRefused, match=r"its input 'scan' is no DICOM series. As nifti"):
        encode([volume()], "dicom-seg", IDENTITY, {"scan": Source(b"no DICOM")})
    with pytest.raises(FormatRefused, match="has no place in space"):
        encode([one([[1]], "mask")], "dicom-seg", IDENTITY)


def test_every_format_writes_into_a_folder(tmp_path: Path) -> None:
    for format in FORMATS:
        if format not in ("csv", "png", "dicom-seg"):
            file = encoded(volume(), format)
            assert file.write(tmp_path) == tmp_path / file.file
            assert len((tmp_path / file.file).read_bytes()) == len(file.content)


def reply(
    outputs: list[Prediction], format: str, folder: Path, open_model: OpenModel, model: Path
) -> Any:
    engine = open_model(model)
    return worker_result(Result(outputs, {}), format, folder, engine, {"x": Source(b"bytes")})


def test_small_arrays_stand_in_json(
    tmp_path: Path, open_model: OpenModel, write_model: WriteModel
) -> None:
    small = one(np.zeros((128, 128)), "heatmap")
    outputs, files, body = reply([small], "json", tmp_path, open_model, write_model())
    assert outputs == [small.as_json()]
    assert (files, body) == ([], b"")


def test_large_arrays_become_files_that_name_the_model(
    tmp_path: Path, open_model: OpenModel, write_model: WriteModel
) -> None:
    h5py: Any = pytest.importorskip("h5py")
    large = one(np.zeros((128, 129), np.float32), "heatmap")
    outputs, files, _ = reply([large], "json", tmp_path, open_model, write_model())
    assert outputs == [{**large.described(), "mediaType": "application/x-hdf5"}]
    path = str(tmp_path / "y.h5")
    assert files == [{"name": "y", "mediaType": "application/x-hdf5", "file": "y.h5", "path": path}]
    with h5py.File(path, "r") as file:
        assert file["y"].shape == (128, 129)
        assert file.attrs["model"] == "written"
        # sha256 of "bytes"
        assert json.loads(file.attrs["inputs"])["x"].startswith("277089d91c0bdf4f")


def test_without_h5py_large_arrays_are_npy(
    tmp_path: Path,
    open_model: OpenModel,
    write_model: WriteModel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("modelhub.encoders.hdf5.has_h5py", lambda: False)
    large = one(np.zeros((128, 129), np.float32), "heatmap")
    [output], [file], _ = reply([large], "json", tmp_path, open_model, write_model())
    assert output["mediaType"] == file["mediaType"] == "application/x-npy"
    assert np.load(file["path"]).shape == (128, 129)


def test_large_images_are_files(
    tmp_path: Path, open_model: OpenModel, write_model: WriteModel
) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (300, 300), dtype=np.uint8)
    large = one(noise, "image")
    [output], [file], _ = reply([large], "json", tmp_path, open_model, write_model())
    assert "prediction" not in output
    assert (np.asarray(Image.open(file["path"])) == noise).all()
    blank = one(np.zeros((300, 300), np.uint8), "image")
    [output], files, _ = reply([blank], "json", tmp_path, open_model, write_model())
    assert output["prediction"].startswith("data:image/png")
    assert files == []


def test_encoded_outputs_travel_together_while_they_are_small(
    tmp_path: Path, open_model: OpenModel, write_model: WriteModel
) -> None:
    a, b = volume(), one(np.ones(3), "vector")
    outputs, files, body = reply([a, b], "npy", tmp_path, open_model, write_model())
    assert outputs == [a.described(), b.described()]
    assert [(file["offset"], file["bytes"]) for file in files] == [(0, 188), (188, 152)]
    assert np.load(io.BytesIO(body[188:])).tolist() == [1, 1, 1]
    large = one(np.zeros((1025, 1024), np.uint8), "mask")
    _, [file], body = reply([large], "npy", tmp_path, open_model, write_model())
    assert (file["path"], body) == (str(tmp_path / "y.npy"), b"")
