from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from conftest import BATCH, MODELS, RGB, OpenModel, WriteModel, X, Y, image_input
from PIL import Image

from modelhub.errors import (
    ConfigError,
    EngineError,
    InputOutsideLimits,
    InputUndecodable,
    MediaTypeRefused,
)

EVERY_FORMAT = ("PNG", "JPEG", "BMP", "WEBP", "TIFF")


def encoded(image: Image.Image, form: str = "PNG", **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG that is as large as its header says, and tiny in bytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1 + (width + 7) // 8) * height, 9)
    parts = (b"IHDR", header), (b"IDAT", pixels), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def small() -> Image.Image:
    return Image.new("RGB", (6, 4), (200, 40, 16))


def array_of(open_model: OpenModel, folder: Any, data: bytes) -> np.ndarray[Any, Any]:
    [output] = open_model(folder).predict(data)
    return np.asarray(output.value)


@pytest.mark.parametrize("form", EVERY_FORMAT)
def test_reads_every_format(open_model: OpenModel, write_model: WriteModel, form: str) -> None:
    folder = write_model(inputs=[image_input(Y, X, RGB)])
    array = array_of(open_model, folder, encoded(small(), form))
    assert array.shape == (4, 6, 3)
    assert abs(array.astype(int) - [200, 40, 16]).max() < 12


def test_reads_bigtiff(open_model: OpenModel, write_model: WriteModel) -> None:
    data = encoded(small(), "TIFF", big_tiff=True)
    assert data.startswith(b"II+")
    array = array_of(open_model, write_model(inputs=[image_input(Y, X, RGB)]), data)
    np.testing.assert_array_equal(array, np.asarray(small()))


@pytest.mark.parametrize("form", EVERY_FORMAT)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_refuses_a_truncated_file(open_model: OpenModel, form: str, share: float) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (40, 40, 3), np.uint8)
    data = encoded(Image.fromarray(noise), form)
    with pytest.raises((InputUndecodable, MediaTypeRefused)) as caught:
        open_model("colours").predict(data[: int(len(data) * share)])
    assert str(caught.value).startswith("Input 'image' ")


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_no_damage_gets_past_as_a_surprise(open_model: OpenModel, form: str) -> None:
    engine = open_model("colours")
    data = encoded(small(), form)
    random = np.random.default_rng(1)
    for _ in range(300):
        damaged = bytearray(data)
        for place in random.integers(0, len(data), 4):
            damaged[place] = random.integers(0, 256)
        try:
            engine.predict(bytes(damaged))
        except EngineError as error:
            assert error.status in (415, 422)  # noqa: PT017 (some damage isn't seen)


@pytest.mark.parametrize("sides", [(13_300, 13_300), (8_001, 8_000), (60_000, 60_000)])
def test_refuses_an_image_bomb_by_its_header(
    open_model: OpenModel, sides: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = bomb(*sides) if sides[0] < 20_000 else bomb(8, 8)
    if sides[0] > 20_000:
        data = data[:16] + struct.pack(">II", *sides) + data[24:]
        data = data[:29] + struct.pack(">I", zlib.crc32(data[12:29])) + data[33:]
    engine = open_model("colours")
    # Whoever decodes has lost.
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("was decoded"))
    with pytest.raises(InputOutsideLimits, match="at most 64 megapixels"):
        engine.predict(data)


def test_the_bomb_is_caught_also_where_a_model_lifted_pillows_limit(
    open_model: OpenModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    with pytest.raises(InputOutsideLimits, match=r"13300 × 13300 = 176\.9"):
        open_model("colours").predict(bomb(13_300, 13_300))


def test_pillows_warning_of_a_bomb_is_an_error(
    open_model: OpenModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("modelhub.loaders.image.MAX_PIXELS", 10**12)
    with pytest.raises(InputOutsideLimits, match="too many pixels"):
        open_model("colours").predict(bomb(13_300, 13_300))


def test_says_what_is_accepted_and_what_came(open_model: OpenModel) -> None:
    engine = open_model("colours")
    gif = encoded(Image.new("P", (3, 3)), "GIF")
    with pytest.raises(MediaTypeRefused) as caught:
        engine.predict(gif)
    assert str(caught.value) == "Input 'image' accepts image/png, image/jpeg; got image/gif."
    assert caught.value.status == 415


@pytest.mark.parametrize("data", [b"hello", b"BMore than a text", b"\x00" * 200])
def test_refuses_bytes_of_no_known_kind(open_model: OpenModel, data: bytes) -> None:
    with pytest.raises(MediaTypeRefused, match="got bytes of no kind it knows"):
        open_model("colours").predict(data)


def test_refuses_an_empty_file(open_model: OpenModel) -> None:
    with pytest.raises(InputUndecodable, match="Input 'image' is empty"):
        open_model("colours").predict(b"")


def test_reads_the_first_frame_of_a_gif_that_is_declared(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    frames = [Image.new("RGB", (6, 4), colour) for colour in ("red", "blue")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    folder = write_model(inputs=[image_input(Y, X, RGB, mediaTypes=["image/gif"])])
    assert array_of(open_model, folder, data)[0, 0].tolist() == [255, 0, 0]


def test_stands_upright_as_exif_says(open_model: OpenModel, write_model: WriteModel) -> None:
    folder = write_model(inputs=[image_input(("y", "space", 6), ("x", "space", 4), RGB)])
    image = small()
    image.putpixel((0, 0), (0, 0, 0))
    exif = Image.Exif()
    exif[0x0112] = 6
    for form in ("PNG", "TIFF"):
        array = array_of(open_model, folder, encoded(image, form, exif=exif))
        assert array.shape == (6, 4, 3)
        assert array[0, 3].tolist() == [0, 0, 0]


def test_holds_the_size_of_the_upright_image(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    y = ("y", "space", {"min": 1, "max": 4})
    engine = open_model(write_model(inputs=[image_input(y, X, RGB)]))
    exif = Image.Exif()
    exif[0x0112] = 6
    assert engine.predict(encoded(small()))
    with pytest.raises(InputOutsideLimits, match=r"is 6 × 4 \(y, x\); axis y takes 1 to 4"):
        engine.predict(encoded(small(), exif=exif))


def test_only_the_decoder_of_the_signature_sees_the_bytes(
    open_model: OpenModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_model("colours")
    asked = []
    monkeypatch.setattr(Image, "open", lambda _, formats: asked.append(formats))
    for form in ("PNG", "JPEG"):
        with pytest.raises(InputUndecodable):
            engine.predict(encoded(small(), form))
    assert asked == [["PNG"], ["JPEG"]]


@pytest.mark.parametrize(
    ("axes", "shape"),
    [
        ((Y, X, RGB), (4, 6, 3)),
        ((RGB, Y, X), (3, 4, 6)),
        ((BATCH, RGB, Y, X), (1, 3, 4, 6)),
        ((X, Y), (6, 4)),
        ((BATCH, Y, X, ("c", "channel", 1)), (1, 4, 6, 1)),
        ((Y, X, ("c", "channel", 4)), (4, 6, 4)),
    ],
)
def test_gives_axes_in_the_configs_order(
    open_model: OpenModel, write_model: WriteModel, axes: Any, shape: tuple[int, ...]
) -> None:
    folder = write_model(inputs=[image_input(*axes, dtype="float32")])
    array = array_of(open_model, folder, encoded(small()))
    assert array.shape == shape
    assert array.dtype == np.float32
    if RGB in axes:
        for channel, value in enumerate([200, 40, 16]):
            assert (np.take(array, channel, axis=axes.index(RGB)) == value).all()


def test_the_model_may_change_the_array_in_place(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    code = "def load(context): ...\ndef infer(model, x):\n  x += 1\n  return x"
    folder = write_model(code, inputs=[image_input(Y, X, RGB)])
    assert array_of(open_model, folder, encoded(small()))[0, 0].tolist() == [201, 41, 17]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK"])
def test_takes_every_mode_of_an_image(
    open_model: OpenModel, write_model: WriteModel, mode: str
) -> None:
    folder = write_model(inputs=[image_input(Y, X, RGB)])
    form = "TIFF" if mode == "CMYK" else "PNG"
    array = array_of(open_model, folder, encoded(Image.new("RGB", (6, 4)).convert(mode), form))
    assert array.shape == (4, 6, 3)


@pytest.mark.parametrize(
    ("keys", "pixel"),
    [
        ({"dtype": "uint8"}, 128),
        ({"dtype": "float32"}, 128),
        ({"dtype": "uint16"}, 32_769),
        ({"dtype": "float32", "range": {"min": 0, "max": 65_535}}, 32_769),
    ],
)
def test_brings_16_bits_to_8_unless_the_config_has_room(
    open_model: OpenModel, write_model: WriteModel, keys: dict[str, Any], pixel: int
) -> None:
    image = Image.fromarray(np.full((4, 6), 32_769, np.uint16))
    for axes in ((Y, X), (Y, X, RGB)):
        array = array_of(
            open_model, write_model(inputs=[image_input(*axes, **keys)]), encoded(image)
        )
        assert np.unique(array).tolist() == [pixel]


def test_refuses_pixels_that_the_dtype_cant_hold(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    folder = write_model(inputs=[image_input(Y, X)])
    with pytest.raises(InputOutsideLimits, match="pixels of float32; the model takes integers"):
        open_model(folder).predict(encoded(Image.new("F", (6, 4)), "TIFF"))


def test_refuses_a_size_outside_the_axes_by_the_header(
    open_model: OpenModel, write_model: WriteModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    y = ("y", "space", {"min": 8, "max": 32, "step": 8})
    engine = open_model(write_model(inputs=[image_input(y, ("x", "space", 7), RGB)]))
    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", lambda _: pytest.fail("was decoded"))
    with pytest.raises(InputOutsideLimits) as caught:
        engine.predict(encoded(small()))
    assert str(caught.value) == (
        "Input 'x' is 4 × 6 (y, x); axis y takes 8 to 32 in steps of 8, axis x takes 7."
    )


RESIZES = """
def load(context): ...
def preprocess_native(image): return image.resize((8, 8))
def infer(model, x): return x
"""


def test_preprocessing_may_bring_an_image_to_a_fixed_size(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    folder = write_model(RESIZES, inputs=[image_input(("y", "space", 8), ("x", "space", 8), RGB)])
    assert array_of(open_model, folder, encoded(small())).shape == (8, 8, 3)


def test_a_range_is_held_against_the_file_also_with_preprocessing(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    y = ("y", "space", {"min": 10})
    folder = write_model(RESIZES, inputs=[image_input(y, X, RGB)])
    with pytest.raises(InputOutsideLimits, match="axis y takes 10 or more"):
        open_model(folder).predict(encoded(small()))
    assert array_of(open_model, folder, encoded(Image.new("RGB", (20, 20)))).shape == (8, 8, 3)


def test_a_fixed_size_holds_after_preprocessing(
    open_model: OpenModel, write_model: WriteModel
) -> None:
    code = (
        "def load(c): ...\ndef preprocess(array): return array / 2\ndef infer(model, x): return x"
    )
    inputs = [image_input(("y", "space", 9), X, RGB, dtype="float32")]
    with pytest.raises(InputOutsideLimits, match=r"4 × 6 × 3 \(y, x, channel\); axis y takes 9"):
        open_model(write_model(code, inputs=inputs)).predict(encoded(small()))


@pytest.mark.parametrize(
    ("axes", "dtype"),
    [
        ((Y, RGB), "uint8"),
        ((Y, X, ("t", "time", 3)), "uint8"),
        ((("batch", "batch", 2), Y, X), "uint8"),
        ((Y, X, ("c", "channel", 5)), "uint8"),
        ((Y, X, RGB), "int8"),
    ],
)
def test_a_config_that_no_image_fits_doesnt_load(
    open_model: OpenModel, write_model: WriteModel, axes: Any, dtype: str
) -> None:
    with pytest.raises(ConfigError, match="Input 'x': an image has"):
        open_model(write_model(inputs=[image_input(*axes, dtype=dtype)]))


def test_takes_a_file_by_its_path(open_model: OpenModel) -> None:
    [output] = open_model("colours").predict(MODELS / "colours/samples/brick.png")
    assert output.value[0] == ("red", 0.78125)


def test_says_that_a_file_cant_be_read_without_its_name(open_model: OpenModel) -> None:
    with pytest.raises(InputUndecodable) as caught:
        open_model("colours").predict("patient-jones.png")
    assert str(caught.value) == "Input 'image' can't be read: no such file or directory."
    with pytest.raises(InputUndecodable, match="no regular file"):
        open_model("colours").predict(MODELS)
