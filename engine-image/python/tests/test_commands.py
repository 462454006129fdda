"""What commands write and refuse, where a story can't hold it."""

from __future__ import annotations

import io
import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import MODELS, TESTS, WriteModel, environment
from test_array_inputs import npy
from test_batch import run, until

from modelhub import Engine

COLOURS = MODELS / "colours"
BRICK = COLOURS / "samples/brick.png"
IDENTITY = str(TESTS / "files/identity.json")

RANDOM = """
import random
import numpy as np
def load(context): ...
def infer(model, x): return [random.random(), np.random.rand()]
"""


def test_predict_writes_files_and_prints_their_paths(tmp_path: Path) -> None:
    done = run("predict", BRICK, "--out", tmp_path / "out", "--model", COLOURS)
    assert done.stdout == f"{tmp_path / 'out/brick.png.json'}\n"
    [output] = json.loads((tmp_path / "out/brick.png.json").read_text())["output"]
    assert output["prediction"][0]["label"] == "red"


def test_files_of_the_same_name_dont_overwrite_each_other(tmp_path: Path) -> None:
    files = []
    for name in "ab":
        (tmp_path / name).mkdir()
        files.append(tmp_path / name / "same.png")
        files[-1].write_bytes(BRICK.read_bytes())
    run("predict", *files, "--out", tmp_path / "out", "--model", COLOURS)
    written = sorted((tmp_path / "out").rglob("*.json"))
    assert [path.parent.name for path in written] == ["a", "b"]


def test_one_file_of_a_format_goes_to_stdout_as_it_is(write_model: WriteModel) -> None:
    words = ["predict", "-", "--format", "npy", "--model", str(write_model())]
    done = subprocess.run(
        [sys.executable, "-m", "modelhub", *words],
        env=environment(),
        input=npy(np.arange(3, dtype="f4")),
        capture_output=True,
        check=True,
    )
    np.testing.assert_array_equal(np.load(io.BytesIO(done.stdout)), np.arange(3, dtype="f4"))


def test_several_files_of_a_format_want_a_folder(write_model: WriteModel, tmp_path: Path) -> None:
    code = "def load(context): ...\ndef infer(model, x): return {'y': x, 'z': x}"
    model = write_model(code, outputs=[{"id": id, "type": "vector"} for id in "yz"])
    (tmp_path / "x.npy").write_bytes(npy(np.ones(1, "f4")))
    words = ("predict", tmp_path / "x.npy", "--format", "npy", "--model", model)
    done = run(*words)
    assert done.returncode == 2
    assert "as npy the outputs are 2 files: --out DIR takes them." in done.stderr
    assert run(*words, "--out", tmp_path / "out").returncode == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "x.npy.y.npy",
        "x.npy.z.npy",
    ]


def test_an_output_that_a_format_cant_hold_is_told(tmp_path: Path) -> None:
    done = run("predict", BRICK, "--format", "nifti", "--model", COLOURS)
    assert done.returncode == 1
    assert "Output 'colours' can't be given as nifti" in done.stderr


@pytest.mark.parametrize(
    ("file", "mount", "inside"),
    [
        ("photo.jpg", '"$PWD:/in:ro"', "/in/photo.jpg"),
        ("sub/photo.jpg", '"$PWD:/in:ro"', "/in/sub/photo.jpg"),
        ("../photo.jpg", '"$PWD/..:/in:ro"', "/in/photo.jpg"),
        ("/home/me/photo.jpg", '"/home/me:/in:ro"', "/in/photo.jpg"),
        ("/photo.jpg", '"/photo.jpg:/in/photo.jpg:ro"', "/in/photo.jpg"),
    ],
)
def test_a_file_that_the_container_cant_see_comes_with_both_ways_to_give_it(
    file: str, mount: str, inside: str
) -> None:
    done = run("predict", file, "--model", COLOURS, MODELHUB_IDENTITY=IDENTITY)
    assert done.returncode == 2
    assert done.stderr == (
        f"modelhub: {file}: the container can't see this file; it sees only what it is given. "
        "Give it with\n"
        f"    docker run --rm -i IMAGE predict - < {file}\n"
        f"    docker run --rm -v {mount} IMAGE predict {inside}\n"
    )


@pytest.mark.parametrize(
    ("place", "mount", "inside"),
    [
        ("scans", '"$PWD:/in:ro"', "/in/scans"),
        ("my scans/first", '"$PWD:/in:ro"', "'/in/my scans/first'"),
        ("../scans", '"$PWD/../scans:/in:ro"', "/in"),
        ("/home/me/scans", '"/home/me/scans:/in:ro"', "/in"),
        ("/home/me/$cans", r'"/home/me/\$cans:/in:ro"', "/in"),
        ("/home/me/scan.nii", '"/home/me:/in:ro"', "/in/scan.nii"),
        ("/data", '"/data:/in:ro"', "/in"),
        ("/in", '"$PWD:/in:ro"', "/in"),
        ("/in/scans", '"$PWD:/in:ro"', "/in/scans"),
    ],
)
def test_a_batch_says_how_to_mount_its_folders(
    tmp_path: Path, place: str, mount: str, inside: str
) -> None:
    words = ("batch", place, "--out", tmp_path, "--model", COLOURS)
    done = run(*words, MODELHUB_IDENTITY=IDENTITY)
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert lines[1:] == [
        "    mkdir -p out",
        f'    docker run --rm -v {mount} -v "$PWD/out:/out" --user "$(id -u)" '
        f"IMAGE batch {inside} --out /out",
    ]


RESUME = "; what is written stays, and --resume goes on with the rest"


@pytest.mark.parametrize(("command", "way_on"), [("predict", ""), ("batch", RESUME)])
def test_a_full_disk_is_told_in_a_sentence(tmp_path: Path, command: str, way_on: str) -> None:
    words = [sys.executable, "-m", "modelhub", command, str(BRICK), "--out", str(tmp_path)]
    done = subprocess.run(
        ["sh", "-c", 'ulimit -f 0; "$@"', "sh", *words, "--model", str(COLOURS)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.endswith(f"modelhub: can't write: file too large{way_on}.\n")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("command", "way_on"), [("predict", ""), ("batch", RESUME)])
def test_ctrl_c_is_told_in_a_sentence(
    write_model: WriteModel, tmp_path: Path, command: str, way_on: str
) -> None:
    code = f"""
import time
from pathlib import Path
def load(context): ...
def infer(model, x):
    Path({str(tmp_path / "started")!r}).touch()
    time.sleep(60)
"""
    (tmp_path / "a.npy").write_bytes(npy(np.arange(3, dtype="f4")))
    words = [command, tmp_path / "a.npy", "--out", tmp_path / "out", "--model", write_model(code)]
    running = subprocess.Popen(
        [sys.executable, "-m", "modelhub", *map(str, words)],
        env=environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    until((tmp_path / "started").exists)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert said.endswith(f"modelhub: stopped{way_on}.\n")
    assert "Traceback" not in said


@pytest.mark.parametrize("command", ["predict", "batch"])
def test_paths_hold_where_a_model_changes_the_folder_as_it_loads(
    write_model: WriteModel, tmp_path: Path, command: str
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    code = (
        f"import os\ndef load(context): os.chdir({str(elsewhere)!r})\ndef infer(model, x): return x"
    )
    write_model(code)
    (tmp_path / "a.npy").write_bytes(npy(np.arange(3, dtype="f4")))
    words = [command, "a.npy", "--out", "out", "--model", "model", "--weights", "."]
    done = subprocess.run(
        [sys.executable, "-m", "modelhub", *words],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    printed = {"predict": "out/a.npy.json\n", "batch": "out/results.jsonl\n"}
    assert (done.returncode, done.stdout) == (0, printed[command]), done.stderr
    assert (tmp_path / "out/a.npy.json").exists()
    assert not list(elsewhere.iterdir())


def test_a_log_that_no_batch_wrote_is_not_gone_on_from(tmp_path: Path) -> None:
    (tmp_path / "results.jsonl").write_text("my notes\n")
    done = run("batch", BRICK, "--out", tmp_path, "--resume", "--model", COLOURS)
    assert done.returncode == 2
    assert done.stderr.startswith(f"modelhub: {tmp_path}/results.jsonl is no log of a batch: ")
    assert (tmp_path / "results.jsonl").read_text() == "my notes\n"


def test_a_prediction_that_takes_longer_than_its_author_said_is_told_and_goes_on(
    write_model: WriteModel, tmp_path: Path
) -> None:
    model = write_model(
        "import time\ndef load(context): ...\ndef infer(model, x): time.sleep(0.5); return x",
        outputs=[{"id": "y", "type": "vector"}],
        resources={"timeoutSeconds": 0.2},
    )
    (tmp_path / "a.npy").write_bytes(npy(np.arange(3, dtype="f4")))
    done = run("predict", tmp_path / "a.npy", "--model", model)
    assert done.returncode == 0
    assert done.stderr.count("still at work after 0.2 s, the timeoutSeconds") == 1


def test_samples_write_what_the_model_gives_as_what_is_expected(write_model: WriteModel) -> None:
    model = write_model(
        "def load(context): ...\ndef infer(model, x): return {'few': x[:2], 'many': x}",
        outputs=[{"id": "few", "type": "vector"}, {"id": "many", "type": "vector"}],
        samples=[
            {"id": "a", "title": "A", "inputs": {"x": "a.npy"}, "expected": "out/a.expected.json"}
        ],
    )
    (model / "a.npy").write_bytes(npy(np.arange(65, dtype="f4")))
    assert run("samples", "--model", model).returncode == 1
    written = run("samples", "--write", "--model", model)
    assert written.returncode == 0
    assert "written: out/a.many.npy, out/a.expected.json" in written.stdout
    assert json.loads((model / "out/a.expected.json").read_text()) == {
        "few": [0.0, 1.0],
        "many": {"file": "out/a.many.npy"},
    }
    assert run("samples", "--model", model).returncode == 0


def test_only_samples_can_be_written() -> None:
    done = run("predict", BRICK, "--write", "--model", COLOURS)
    assert done.returncode == 2
    assert "--write is for samples, not for predict." in done.stderr


def test_an_engine_finds_the_model_of_its_image(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELHUB_MODEL", str(COLOURS))
    with Engine() as engine:
        [colours] = engine.predict(BRICK)
    assert colours.prediction[0]["label"] == "red"


def test_deterministic_gives_the_same_each_time(write_model: WriteModel, tmp_path: Path) -> None:
    model = write_model(RANDOM)
    (tmp_path / "x.npy").write_bytes(npy(np.ones(1, "f4")))
    words = ("predict", tmp_path / "x.npy", tmp_path / "x.npy", "--json", "--model", model)

    def predicted(*more: str, **variables: str) -> list[list[float]]:
        lines = run(*words, *more, **variables).stdout.splitlines()
        return [json.loads(line)["output"][0]["prediction"] for line in lines]

    first, second = predicted("--deterministic")
    assert first == second
    assert predicted(MODELHUB_DETERMINISTIC="1") == [first, first]
    without = predicted()
    assert without[0] != without[1]


def test_licences_are_told_with_their_texts(write_model: WriteModel) -> None:
    model = write_model(licenses={"code": "MIT", "weights": "CC-BY-4.0", "sampleData": "CC0-1.0"})
    (model / "licenses").mkdir()
    (model / "licenses/weights.txt").write_text("Terms of the weights.")
    engine = model.parent / "engine"
    (engine / "licenses").mkdir(parents=True)
    (engine / "LICENSE").write_text("Terms of the engine.")
    (engine / "licenses/hono.txt").write_text("Terms of Hono.")
    done = run("licenses", "--model", model, MODELHUB_ENGINE=str(engine))
    assert "weights   CC-BY-4.0" in done.stdout
    for text in ("Terms of the weights.", "Terms of the engine.", "Terms of Hono."):
        assert text in done.stdout
    found = json.loads(run("licenses", "--json", "--model", model).stdout)
    assert found["code"] == "MIT"
    assert found["texts"] == [{"file": "licenses/weights.txt", "text": "Terms of the weights."}]


def test_a_reader_that_has_enough_ends_it_quietly(tmp_path: Path) -> None:
    command = f"{sys.executable} -m modelhub predict --json {f'{BRICK} ' * 200} --model {COLOURS}"
    done = subprocess.run(
        ["bash", "-c", f"{command} | head -n 1"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
