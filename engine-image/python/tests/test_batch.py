"""Batches: from folders, patterns, series and manifests into files and a log."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any, Iterator

import numpy as np
import pytest
from conftest import MODELS, TESTS, WriteModel, environment
from test_array_inputs import npy

from modelhub import Engine
from modelhub.errors import EngineError, InputError, LoadError, OutputError
from modelhub.lanes import Died
from modelhub.processor import Result

COLOURS = MODELS / "colours"

#: Sleeps for as long as the first number says, and dies of a negative one.
TOUCHY = """
import os, signal, time
def load(context): ...
def infer(model, x):
    if x[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(float(x[0]))
    return x * 2
"""


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for name in ("a/brick.png", "b/deep/sea.jpg", ".hidden/brick.png"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(COLOURS / "samples" / Path(name).name, folder / name)
    (folder / "notes.txt").write_text("no image")
    return folder


def run(*words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "modelhub", *map(str, words)],
        env=environment(**more),
        capture_output=True,
        text=True,
        check=False,
    )


def batch(*words: str | Path, out: Path, model: Path = COLOURS) -> subprocess.CompletedProcess[str]:
    return run("batch", *words, "--out", out, "--model", model)


def log(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]


def tree(folder: Path) -> dict[str, bytes]:
    """Return the files below a folder; of the log, without the times."""
    return {
        path.relative_to(folder).as_posix(): without_times(path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def without_times(content: bytes) -> bytes:
    lines = [line for line in content.split(b"\n") if line]
    if not all(line.startswith(b'{"input"') for line in lines):
        return content
    return b"\n".join(json.dumps({**json.loads(line), "seconds": 0}).encode() for line in lines)


def test_a_folder_is_predicted_with_all_below_it(photos: Path, tmp_path: Path) -> None:
    done = batch(photos, out=tmp_path / "out")
    assert done.returncode == 0
    assert done.stdout == f"{tmp_path / 'out/results.jsonl'}\n"
    assert "left out 1 of 3 files: no image/png, image/jpeg" in done.stderr
    assert "2 of 2 done." in done.stderr
    rows = log(tmp_path / "out")
    assert [row["input"] for row in rows] == ["a/brick.png", "b/deep/sea.jpg"]
    assert rows[0]["outputs"] == ["a/brick.png.json"]
    assert rows[0]["error"] is None
    reply = json.loads((tmp_path / "out/a/brick.png.json").read_text())
    assert reply["output"][0]["prediction"][0] == {"label": "red", "probability": 0.78125}
    assert reply["model"]["weights"] == rows[0]["model"]["weights"]


def test_the_outputs_may_lie_in_the_folder_that_is_predicted(photos: Path) -> None:
    first = batch(photos, out=photos / "out")
    shutil.copy(COLOURS / "samples/brick.png", photos / "out/a/brick.png.png")
    again = batch(photos, out=photos / "out")
    assert first.returncode == again.returncode == 0
    assert [row["input"] for row in log(photos / "out")] == ["a/brick.png", "b/deep/sea.jpg"]


def test_a_file_that_is_named_twice_is_predicted_once(photos: Path, tmp_path: Path) -> None:
    batch(photos, photos / "a/brick.png", out=tmp_path / "out")
    assert [row["input"] for row in log(tmp_path / "out")] == ["a/brick.png", "b/deep/sea.jpg"]


def test_a_pattern_picks_files_and_one_that_fits_none_is_refused(
    photos: Path, tmp_path: Path
) -> None:
    assert batch(f"{photos}/**/*.jpg", out=tmp_path / "out").returncode == 0
    assert [row["input"] for row in log(tmp_path / "out")] == ["sea.jpg"]
    refused = batch(f"{photos}/*.gif", out=tmp_path / "out")
    assert refused.returncode == 2
    assert "no file fits it as a pattern" in refused.stderr


def test_what_fails_is_told_and_the_rest_goes_on(photos: Path, tmp_path: Path) -> None:
    shutil.copy(TESTS / "files/truncated.jpg", photos / "a/broken.jpg")
    done = batch(photos, out=tmp_path / "out")
    assert done.returncode == 1
    sentence = "Input 'image' can't be decoded as image/jpeg."
    assert f"a/broken.jpg: {sentence}" in done.stderr
    assert "3 of 3 done, 1 failed." in done.stderr
    [failed] = [row for row in log(tmp_path / "out") if row["error"]]
    assert failed["error"]["detail"] == sentence
    assert failed["outputs"] == []


def test_several_processes_give_the_same_files_as_one(photos: Path, tmp_path: Path) -> None:
    batch(photos, out=tmp_path / "one")
    batch(photos, "--workers", "3", out=tmp_path / "three")
    assert tree(tmp_path / "one") == tree(tmp_path / "three")


@pytest.mark.parametrize("form", ["npy", "hdf5", "csv"])
def test_files_come_in_the_format_that_is_asked_for(
    write_model: WriteModel, tmp_path: Path, form: str
) -> None:
    pytest.importorskip("h5py" if form == "hdf5" else "numpy")
    (tmp_path / "x.npy").write_bytes(npy(np.ones(3, "f4")))
    model = write_model()
    done = batch(tmp_path / "x.npy", "--format", form, out=tmp_path / "out", model=model)
    assert done.returncode == 0, done.stderr
    [file] = log(tmp_path / "out")[0]["outputs"]
    assert file.startswith("x.npy.")
    if form == "npy":
        np.testing.assert_array_equal(np.load(tmp_path / "out" / file), np.ones(3, "f4"))


def test_resume_leaves_out_what_stands_and_redoes_what_doesnt(photos: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    batch(photos, out=out)
    whole = tree(out)
    mark(out)
    (out / "a/brick.png.json").unlink()
    assert batch(photos, "--resume", out=out).returncode == 0
    assert marked(out) == ["b/deep/sea.jpg"]
    # What was redone stands in its place again.
    assert tree(out) == whole
    shutil.copy(COLOURS / "samples/brick.png", photos / "b/deep/sea.jpg")
    mark(out)
    batch(photos, "--resume", out=out)
    assert marked(out) == ["a/brick.png"]


def test_resume_redoes_what_was_done_in_another_format_or_by_another_model(
    photos: Path, tmp_path: Path
) -> None:
    out, model = tmp_path / "out", tmp_path / "model"
    shutil.copytree(COLOURS, model)
    batch(photos, out=out, model=model)
    mark(out)
    batch(photos, "--resume", "--format", "csv", out=out, model=model)
    assert marked(out) == []
    assert all(row["format"] == "csv" for row in log(out))
    mark(out)
    config = json.loads((model / "modelhub.json").read_text())
    (model / "modelhub.json").write_text(json.dumps({**config, "id": "other-colours"}))
    batch(photos, "--resume", "--format", "csv", out=out, model=model)
    assert marked(out) == []


def mark(out: Path) -> None:
    """Write into each row of the log a time that no prediction takes."""
    rows = [{**row, "seconds": 4.25} for row in log(out)]
    (out / "results.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def marked(out: Path) -> list[str]:
    """Return the inputs whose rows stand as they were."""
    return [row["input"] for row in log(out) if row["seconds"] == 4.25]


def test_a_batch_that_was_killed_ends_the_same_when_it_is_run_again(
    write_model: WriteModel, tmp_path: Path
) -> None:
    model = write_model(TOUCHY)
    (tmp_path / "in").mkdir()
    for i in range(8):
        (tmp_path / f"in/{i}.npy").write_bytes(npy(np.array([0.05, i], "f4")))
    batch(tmp_path / "in", out=tmp_path / "whole", model=model)
    out = tmp_path / "out"
    words = ["batch", tmp_path / "in", "--out", out, "--model", model]
    killed = subprocess.Popen(
        [sys.executable, "-m", "modelhub", *map(str, words)],
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until(lambda: (out / "results.jsonl").exists() and len(log_names(out)) >= 2)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    # What a kill in the middle of a write leaves behind.
    with (out / "results.jsonl").open("a") as lines:
        lines.write('{"input": "3.n')
    (out / ".3.npy.json.part").write_text("{")
    before = log_names(out)
    assert 0 < len(before) < 8
    assert batch(tmp_path / "in", "--resume", out=out, model=model).returncode == 0
    (out / ".3.npy.json.part").unlink(missing_ok=True)
    assert tree(out) == tree(tmp_path / "whole")


def log_names(out: Path) -> list[str]:
    lines = (out / "results.jsonl").read_text().split("\n")[:-1]
    return [json.loads(line)["input"] for line in lines]


def until(condition: Any) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.01)


def test_an_input_that_kills_the_process_fails_alone(
    write_model: WriteModel, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    for name, number in (("0", 0), ("1", -1), ("2", 0)):
        (tmp_path / f"in/{name}.npy").write_bytes(npy(np.array([number], "f4")))
    done = batch(tmp_path / "in", out=tmp_path / "out", model=write_model(TOUCHY))
    assert done.returncode == 1
    details = [row["error"] and row["error"]["detail"] for row in log(tmp_path / "out")]
    assert details == [None, "The model's process ended with signal SIGKILL.", None]


def test_a_manifest_says_which_files_go_together(tmp_path: Path) -> None:
    samples = MODELS / "both/samples"
    for name in ("grey.png", "grey.npy"):
        shutil.copy(samples / name, tmp_path / name)
    # As Excel writes it, with a mark before the first column's name.
    table = "id,image,numbers\nfirst,grey.png,grey.npy\n"
    (tmp_path / "list.csv").write_text(table, encoding="utf-8-sig")
    rows = [{"image": "grey.png", "numbers": "grey.npy"}]
    (tmp_path / "list.json").write_text(json.dumps(rows))
    for file, name in (("list.csv", "first"), ("list.json", "grey.png")):
        out = tmp_path / file[:-4]
        done = batch("--manifest", tmp_path / file, out=out, model=MODELS / "both")
        assert done.returncode == 0, done.stderr
        [row] = log(out)
        assert row["input"] == name
        assert sorted(row["sha256"]) == ["image", "numbers"]
        assert (out / f"{name}.json").is_file()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("image\ngrey.png\n", "item 1: no file for input numbers"),
        ("image,numbers\na,b\na,c\n", "2 items would be written as 'a'; a column `id`"),
        (None, "can't be read: No such file"),
    ],
)
def test_a_manifest_that_cant_be_used_says_why(
    tmp_path: Path, text: str | None, sentence: str
) -> None:
    if text is not None:
        (tmp_path / "list.csv").write_text(text)
    done = batch("--manifest", tmp_path / "list.csv", out=tmp_path / "o", model=MODELS / "both")
    assert done.returncode == 2
    assert sentence in done.stderr


def test_an_item_is_never_written_outside_the_folder(tmp_path: Path) -> None:
    shutil.copy(COLOURS / "samples/brick.png", tmp_path / "brick.png")
    (tmp_path / "list.csv").write_text("id,image\n../../evil,brick.png\n")
    batch("--manifest", tmp_path / "list.csv", out=tmp_path / "deep/out")
    assert (tmp_path / "deep/out/evil.json").is_file()


def test_a_model_with_several_inputs_wants_a_manifest(tmp_path: Path) -> None:
    done = batch(tmp_path, out=tmp_path / "out", model=MODELS / "both")
    assert done.returncode == 2
    assert "takes image, numbers: --manifest FILE" in done.stderr


def test_a_folder_of_dicom_files_is_one_item(write_model: WriteModel, tmp_path: Path) -> None:
    from modelhub.items import find_items

    model = write_model(
        inputs=[
            {
                "id": "scan",
                "kind": "volume",
                "mediaTypes": ["application/dicom"],
                "axes": [{"name": name, "type": "space"} for name in "zyx"],
                "dtype": "float32",
            }
        ]
    )
    for name in ("p1/1", "p1/2", "p2/1"):
        (tmp_path / "in" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / name).write_bytes(bytes(128) + b"DICM" + name.encode())
    [input] = Engine(model).config.inputs
    items = find_items([str(tmp_path / "in")], input, tmp_path / "out").items
    assert [(item.name, len(item.files["scan"])) for item in items] == [("p1", 2), ("p2/1", 1)]


def test_where_nothing_can_be_written_is_told_before_the_model_is_loaded(
    photos: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    done = batch(photos, out=tmp_path / "file", model=MODELS / "broken")
    assert done.returncode == 2
    assert f"--out {tmp_path / 'file'} can't be written to" in done.stderr


def test_a_model_that_doesnt_load_ends_the_batch(tmp_path: Path) -> None:
    (tmp_path / "x.npy").write_bytes(npy(np.ones(1, "f4")))
    done = batch(tmp_path / "x.npy", out=tmp_path / "out", model=MODELS / "broken")
    assert done.returncode == 1
    assert "model.py raised RuntimeError: no luck" in done.stderr


def test_the_python_api_predicts_an_iterable_in_order() -> None:
    brick, sea = COLOURS / "samples/brick.png", COLOURS / "samples/sea.jpg"
    files: list[Path | bytes] = [brick, b"no image", sea]
    with Engine(COLOURS) as engine:
        first, second, third = engine.batch(files)
    assert isinstance(first, Result)
    assert isinstance(second, InputError)
    assert isinstance(third, Result)
    assert first.outputs[0].value[0] == ("red", 0.78125)
    assert third.outputs[0].value[0][0] == "blue"


def test_the_python_api_predicts_in_several_processes(write_model: WriteModel) -> None:
    data = (npy(np.array([number], "f4")) for number in (0.02, 0, -1, float("nan"), 0.01))
    slow, fast, dead, wrong, last = Engine(write_model(TOUCHY)).batch(data, workers=2)
    for outcome, number in ((slow, 0.04), (fast, 0), (last, 0.02)):
        assert isinstance(outcome, Result)
        assert outcome.outputs[0].prediction == [pytest.approx(number)]
    assert isinstance(dead, Died)
    assert isinstance(wrong, InputError)
    assert str(wrong) == "Input 'x' holds NaN or infinity."


def test_a_slow_input_holds_up_how_much_is_read_ahead(write_model: WriteModel) -> None:
    taken = []

    def data() -> Iterator[bytes]:
        for number in [1.0] + 60 * [0.0]:
            taken.append(number)
            yield npy(np.array([number], "f4"))

    batch: Any = Engine(write_model(TOUCHY)).batch(data(), workers=2)
    with closing(batch) as outcomes:
        assert isinstance(next(outcomes), Result)
        # Four for each process, and what both work on.
        assert len(taken) <= 10
        assert len(list(outcomes)) == 60


def test_a_batch_that_is_left_ends_in_the_middle_of_its_work(write_model: WriteModel) -> None:
    outcomes: Any = Engine(write_model(TOUCHY)).batch(arrays(1, 60), workers=2)
    next(outcomes)
    start = time.monotonic()
    outcomes.close()
    assert time.monotonic() - start < 20


def test_a_model_that_doesnt_load_in_a_process_says_why() -> None:
    with pytest.raises(LoadError, match="no luck"):
        list(Engine(MODELS / "broken").batch([b"x"], workers=2))


#: Adds up how many requests came at once.
TOGETHER = """
def load(context): return []
def infer(model, x):
    model.append(1)
    return x
def infer_batch(model, x):
    model.append(len(x))
    if any(array[0] < 0 for array in x):
        raise ValueError("negative")
    return [array * 10 for array in x]
def postprocess(output): return output + 1
"""


def together(write_model: WriteModel, code: str = TOGETHER) -> Engine:
    return Engine(write_model(code, model={"batch": {"maxSize": 4}})).load()


def arrays(*numbers: float) -> list[bytes]:
    return [npy(np.array([number], "f4")) for number in numbers]


def test_a_model_that_takes_batches_runs_once_for_all(write_model: WriteModel) -> None:
    with together(write_model) as engine:
        outcomes = list(engine.batch(arrays(1, 2, 3, 4, 5)))
    found = [outcome.outputs[0].prediction for outcome in outcomes if isinstance(outcome, Result)]
    # The fifth was alone.
    assert found == [[11.0], [21.0], [31.0], [41.0], [6.0]]


def test_a_wrong_input_is_its_own_failure_alone(write_model: WriteModel) -> None:
    with together(write_model) as engine:
        first, wrong, last = engine.batch([*arrays(1), b"no array", *arrays(3)])
    assert isinstance(wrong, InputError)
    assert isinstance(first, Result)
    assert isinstance(last, Result)
    assert last.outputs[0].prediction == [31.0]


def test_where_a_batch_fails_each_request_runs_by_itself(
    write_model: WriteModel, capfd: pytest.CaptureFixture[str]
) -> None:
    with together(write_model) as engine:
        outcomes = list(engine.batch(arrays(1, -2)))
    assert [isinstance(outcome, Result) for outcome in outcomes] == [True, True]
    assert outcomes[0].outputs[0].prediction == [2.0]  # type: ignore[union-attr]
    assert "ValueError: negative" in capfd.readouterr().err


def test_of_a_batch_that_kills_the_process_each_request_is_tried_by_itself(
    write_model: WriteModel,
) -> None:
    code = TOUCHY + "def infer_batch(model, x): return [infer(model, each) for each in x]\n"
    engine = Engine(write_model(code, model={"batch": {"maxSize": 4}}))
    first, dead, last = engine.batch(arrays(0, -1, 0), workers=2)
    assert isinstance(first, Result)
    assert isinstance(dead, Died)
    assert isinstance(last, Result)


def test_a_batch_of_the_wrong_length_is_no_answer(
    write_model: WriteModel, capfd: pytest.CaptureFixture[str]
) -> None:
    code = TOGETHER.replace("[array * 10 for array in x]", "[x[0]]")
    with together(write_model, code) as engine:
        outcomes = list(engine.batch(arrays(1, 2)))
    assert [isinstance(outcome, Result) for outcome in outcomes] == [True, True]
    assert "infer_batch returned 1 values for 2 requests" in capfd.readouterr().err


def test_infer_batch_must_take_the_configs_inputs(write_model: WriteModel) -> None:
    code = TOGETHER.replace("infer_batch(model, x)", "infer_batch(model, images)")
    with pytest.raises(EngineError, match=r"infer_batch\(model, images\) doesn't take"):
        together(write_model, code)


def test_an_output_of_one_request_that_is_wrong_is_its_own_failure(
    write_model: WriteModel,
) -> None:
    code = TOGETHER.replace("array * 10", "array / array")
    with together(write_model, "import numpy\nnumpy.seterr(all='ignore')\n" + code) as engine:
        wrong, right = engine.batch(arrays(0, 2))
    assert isinstance(wrong, OutputError)
    assert isinstance(right, Result)
