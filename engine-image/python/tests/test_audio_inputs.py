from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
import pytest
import soundfile
from prepared import CHANNEL, TIME, prepare, sized

from modelhub.errors import ConfigError, InputOutsideLimits, InputUndecodable
from modelhub.recordings import Recording

RATE = 8000


def tone(hertz: float = 440, rate: int = RATE, seconds: float = 0.25) -> Any:
    return np.sin(2 * np.pi * hertz * np.arange(int(rate * seconds)) / rate) * 0.5


def recording(samples: Any, rate: int = RATE, form: str = "WAV", subtype: str = "PCM_16") -> bytes:
    stream = io.BytesIO()
    soundfile.write(stream, samples, rate, format=form, subtype=subtype)
    return stream.getvalue()


def wav(form: int, channels: int, bits: int, data: bytes, more: bytes = b"") -> bytes:
    header = struct.pack("<HHIIHH", form, channels, RATE, 0, 0, bits) + more
    chunks = b"fmt " + struct.pack("<I", len(header)) + header
    chunks += b"LIST\x03\0\0\0abc\0" + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WAVE" + chunks


@pytest.mark.parametrize(
    ("form", "subtype", "error"),
    [
        ("WAV", "PCM_U8", 1 / 128),
        ("WAV", "PCM_16", 1 / 2**15),
        ("WAV", "PCM_24", 1 / 2**23),
        ("WAV", "PCM_32", 1e-7),
        ("WAV", "FLOAT", 1e-7),
        ("WAV", "DOUBLE", 1e-7),
        ("WAVEX", "PCM_24", 1 / 2**23),
        ("FLAC", "PCM_16", 1 / 2**15),
        ("FLAC", "PCM_24", 1 / 2**23),
    ],
)
def test_reads_every_form_of_samples(form: str, subtype: str, error: float) -> None:
    prepared = prepare("audio", recording(tone(), form=form, subtype=subtype))
    assert isinstance(prepared.native, Recording)
    assert prepared.native.sample_rate == RATE
    assert prepared.array.dtype == np.float32
    np.testing.assert_allclose(prepared.array, tone(), atol=error * 1.01)


def test_integers_keep_their_sign_and_scale() -> None:
    data = wav(1, 1, 24, bytes.fromhex("000080 ffffff 000000 ffff7f"))
    np.testing.assert_allclose(
        prepare("audio", data).array, [-1, -1 / 2**23, 0, 1 - 1 / 2**23], rtol=1e-6
    )


def test_bytes_stand_around_128() -> None:
    array = prepare("audio", wav(1, 1, 8, bytes([0, 128, 255]))).array
    assert array.tolist() == [-1, 0, 127 / 128]


def test_a_piece_of_a_sample_at_the_end_is_left_out() -> None:
    data = wav(1, 2, 16, struct.pack("<hhh", 16384, -16384, 16384) + b"\0")
    assert prepare("audio", data, axes=[TIME, CHANNEL]).array.tolist() == [[0.5, -0.5]]


def test_chunks_that_it_doesnt_know_are_skipped_also_where_they_are_odd() -> None:
    array = prepare("audio", wav(1, 1, 16, struct.pack("<hh", 16384, -32768))).array
    assert array.tolist() == [0.5, -1]


@pytest.mark.parametrize(
    ("axes", "array"),
    [
        ([TIME], [0.5, 0]),
        ([{"name": "batch", "type": "batch"}, TIME], [[0.5, 0]]),
        ([TIME, sized(CHANNEL, 1)], [[0.5], [0]]),
        ([TIME, CHANNEL], [[1, 0], [0.5, -0.5]]),
        ([sized(CHANNEL, 2), TIME], [[1, 0.5], [0, -0.5]]),
    ],
)
def test_gives_channels_as_the_config_has_them(axes: Any, array: Any) -> None:
    data = recording(np.array([[1, 0], [0.5, -0.5]]), subtype="FLOAT")
    np.testing.assert_allclose(prepare("audio", data, axes=axes).array, array)


def test_a_single_channel_becomes_as_many_as_the_axis_takes() -> None:
    array = prepare("audio", recording(tone()), axes=[TIME, sized(CHANNEL, 2)]).array
    assert array.shape == (2000, 2)
    np.testing.assert_array_equal(array[:, 0], array[:, 1])


def test_refuses_channels_that_it_cant_bring_about() -> None:
    data = recording(np.zeros((9, 3)))
    with pytest.raises(InputOutsideLimits, match="has 3 channels; axis channel takes 2"):
        prepare("audio", data, axes=[TIME, sized(CHANNEL, 2)])


def test_an_input_of_integers_gets_full_scale() -> None:
    data = recording(np.array([0.5, -1.0, 1.0]), subtype="FLOAT")
    array = prepare("audio", data, dtype="int16").array
    assert array.tolist() == [16384, -32768, 32767]


@pytest.mark.parametrize(
    ("have", "want"), [(44_100, 16_000), (8000, 16_000), (48_000, 8000), (8000, 11_025)]
)
def test_resamples_what_lies_in_both_bands(have: int, want: int) -> None:
    data = recording(tone(1000, have), have, subtype="FLOAT")
    array = prepare("audio", data, sampleRate=want).array
    expected = tone(1000, want)
    assert abs(len(array) - len(expected)) <= 1
    middle = slice(200, len(expected) - 200)
    np.testing.assert_allclose(array[middle], expected[middle], atol=2e-4)


def test_resampling_lets_nothing_through_beyond_the_new_band() -> None:
    data = recording(tone(6000, 44_100), 44_100, subtype="FLOAT")
    array = prepare("audio", data, sampleRate=8000).array
    assert np.abs(array[200:-200]).max() < 2e-4


def test_resampling_keeps_a_constant() -> None:
    data = recording(np.full(4000, 0.5), 8000, subtype="FLOAT")
    array = prepare("audio", data, sampleRate=6000).array
    np.testing.assert_allclose(array[200:-200], 0.5, atol=1e-6)


def test_holds_the_time_axis_against_the_resampled_recording() -> None:
    with pytest.raises(InputOutsideLimits) as caught:
        prepare("audio", recording(tone()), sampleRate=16_000, axes=[sized(TIME, 16_000)])
    assert str(caught.value) == ("is 4000 (time); axis time takes 16000; it lasts 0.25 seconds.")
    axes = [sized(TIME, {"min": 4000, "max": 4000})]
    assert prepare("audio", recording(tone()), sampleRate=16_000, axes=axes).array.size == 4000


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (recording(tone())[:-10], "has 4,034 bytes; its header says 4,044"),
        (recording(tone())[:40], "is truncated: it has no samples"),
        (recording(tone(), subtype="ULAW"), "format 7 with 8 bits; read are integers"),
        (wav(1, 0, 16, b"1234"), "format 1 with 16 bits"),
        (wav(1, 99, 16, bytes(198)), "has 99 channels of 8,000 samples"),
        (wav(3, 1, 32, struct.pack("<f", float("nan"))), "holds NaN or infinity"),
        (b"RIFF\0\0\0\0WAVEdata\x04\0\0\0abcd", "doesn't say how its samples are stored"),
        (b"RIFF\0\0\0\0WAVEfmt \x04\0\0\0abcd", "truncated in its header"),
        (recording(tone(), form="FLAC")[:20], "truncated in its header"),
        (recording(tone(), form="FLAC")[:300], "can't be decoded as audio/flac|has .* samples"),
    ],
)
def test_refuses(data: bytes, sentence: str) -> None:
    with pytest.raises(InputUndecodable, match=sentence):
        prepare("audio", data)


def test_refuses_a_recording_without_samples() -> None:
    with pytest.raises(InputOutsideLimits, match="has no samples"):
        prepare("audio", recording(tone()[:0]))


@pytest.mark.parametrize("axes", [[CHANNEL], [TIME, TIME], [TIME, {"name": "x", "type": "space"}]])
def test_a_config_that_no_recording_fits_doesnt_load(axes: Any) -> None:
    with pytest.raises(ConfigError, match="Input 'x': a recording has one time axis"):
        prepare("audio", recording(tone()), axes=axes)
