from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from prepared import KINDS, prepare, sized
from test_array_inputs import npy

from modelhub.errors import ConfigError, InputOutsideLimits, InputUndecodable, MediaTypeRefused

ROWS = [{"age": 40, "weight": 80.5, "note": "x"}, {"age": 50, "weight": 70, "note": "y"}]
ARRAY = [[40, 80.5], [50, 70]]
LISTS = {"columns": ["weight", "age"], "rows": [[80.5, 40], [70, 50]]}

TABLES = {
    "CSV": b"weight,note,age\n80.5,x,40\n70,y,50\n",
    "CSV from Windows": b'\xef\xbb\xbf"weight","note","age"\r\n80.5,"a, b",40\r\n\r\n70,y,5e1',
    "CSV with semicolons": b'"note";weight;age\r\n"1,5";80.5;40\r\n;70;50\r\n',
    "tabs of a spreadsheet": b"weight\tnote; age, weight\tage\n80.5\tx\t40\n70\ty, z\t50\n",
    "a list of objects": json.dumps(ROWS).encode(),
    "columns and rows": b" \n" + json.dumps(LISTS).encode(),
}


@pytest.mark.parametrize("name", TABLES)
def test_gives_the_columns_of_the_config_in_its_order(name: str) -> None:
    array = prepare("table", TABLES[name]).array
    assert array.dtype == np.float32
    np.testing.assert_array_equal(array, ARRAY)


@pytest.mark.parametrize("declared", ["text/csv", "text/tab-separated-values"])
def test_tabs_come_under_either_name(declared: str) -> None:
    data = TABLES["tabs of a spreadsheet"]
    array = prepare("table", data, "text/tab-separated-values", mediaTypes=[declared]).array
    np.testing.assert_array_equal(array, ARRAY)


def test_hands_the_model_rows_with_all_columns() -> None:
    assert prepare("table", TABLES["a list of objects"]).native == ROWS
    assert prepare("table", TABLES["CSV"]).native[0] == {"weight": "80.5", "note": "x", "age": "40"}


def test_without_columns_in_the_config_takes_those_of_the_file() -> None:
    array = prepare("table", b"a,b,c\n1,2,3\n", columns=None).array
    assert array.tolist() == [[1, 2, 3]]


def test_takes_an_array_in_the_order_of_the_columns() -> None:
    assert prepare("table", npy(np.array(ARRAY, "f4"))).array.tolist() == ARRAY


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"age,weight\n1,2\n3,four\n", "has no finite number in row 2, column weight"),
        (b"age,weight\n1,\n", "has no finite number in row 1, column weight"),
        (b"age,weight\n1,nan\n", "has no finite number in row 1, column weight"),
        (b"age,weight\n1,12_3\n", "has no finite number in row 1, column weight"),
        ("age,weight\n1,١\n".encode(), "has no finite number in row 1, column weight"),
        (b"age,weight\n1,1e999\n", "has no finite number in row 1, column weight"),
        (b"age,weight\n1\n", "a row that doesn't have 2 cells"),
        (b"age,weight,age\n1,2,3\n", "two columns of one name"),
        (b"age,weight\n", "has no rows"),
        (b"\n\n", "has no rows"),
        (b"age,height\n1,2\n", "lacks the column weight in row 1; the model takes age, weight"),
        (b'age,weight\n1,"2\n', "is no CSV: unexpected end of data in line 2"),
        (b"age,weight\n1," + b"2" * 200_000, "is no CSV: field larger than field limit"),
        (b"age,weight\n1,\xff\n", "is no text in UTF-8: byte 14 belongs to no character"),
        (b"[]", "has no rows"),
        (b"[1]", "neither a list of objects nor an object with the lists columns and rows"),
        (b'{"columns": ["age"]}', "neither a list of objects"),
        (b'{"columns": ["age"], "rows": [1]}', "a row that doesn't have 1 cells"),
        (b'{"columns": ["age", "weight"], "rows": [[1, null]]}', "no finite number in row 1"),
        (b'[{"age": 1, "weight": [2]}]', "no finite number in row 1, column weight"),
        (b'[{"age": 1, "weight": NaN}]', "holds NaN; a table has finite numbers"),
        (b'[{"age": 1, "weight": 1e999}]', "no finite number in row 1, column weight"),
        (b'[{"age": 1, "weight": 2}, {"age": 1}]', "lacks the column weight in row 2"),
        (b'[{"age": 1, ', "is no JSON"),
        (b"[" * 40 + b"]" * 40, "nests deeper than 32 lists and objects"),
    ],
)
def test_refuses(data: bytes, sentence: str) -> None:
    with pytest.raises(InputUndecodable, match=sentence):
        prepare("table", data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"age,weight\n" + b"1,2\n" * 100_001, "has more than 100,000 rows of 2 columns"),
        (b"[" + b"{}," * 100_009 + b"{}]", "has more than 100,000 rows"),
        (b"age,weight\n" + b"#" * (16 * 2**20), "at most 16,777,216 of a table are read"),
        (b",".join(b"%d" % i for i in range(2000)) + (b"\n" + b"," * 1999) * 501, "500 rows of 2"),
    ],
)
def test_refuses_more_than_a_table_holds(data: bytes, sentence: str) -> None:
    with pytest.raises(InputOutsideLimits, match=sentence):
        prepare("table", data)


def test_holds_the_axes_against_the_rows() -> None:
    row, column = KINDS["table"]["axes"]
    with pytest.raises(InputOutsideLimits, match=r"is 2 × 2 \(row, column\); axis row takes 1"):
        prepare("table", TABLES["CSV"], axes=[sized(row, 1), column])


def test_a_config_that_no_table_fits_doesnt_load() -> None:
    with pytest.raises(ConfigError, match="Input 'x': a table has two axes"):
        prepare("table", TABLES["CSV"], axes=KINDS["table"]["axes"][:1])


def test_a_declared_media_type_must_be_one_of_the_configs() -> None:
    with pytest.raises(MediaTypeRefused, match="accepts text/csv; got application/json"):
        prepare("table", b"age,weight\n1,2\n", "application/json", mediaTypes=["text/csv"])
    with pytest.raises(MediaTypeRefused, match="accepts text/csv; got bytes of no kind it knows"):
        prepare("table", TABLES["columns and rows"], mediaTypes=["text/csv"])


@pytest.mark.parametrize("data", ["grüße\n", "\ufeffgrüße\n"])
def test_the_model_gets_a_text_as_it_is(data: str) -> None:
    array: Any = prepare("text", data.encode(), "text/plain; charset=utf-8").array
    assert array == "grüße\n"


def test_any_media_type_may_be_a_text() -> None:
    array: Any = prepare("text", b"# Title", "text/markdown", mediaTypes=["text/markdown"]).array
    assert array == "# Title"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"caf\xe9", "is no text in UTF-8: byte 4 belongs to no character"),
        ("grüße".encode("utf-16"), "is no text in UTF-8: byte 1 "),
        (b"a\0b", "is no text: it holds a zero byte"),
    ],
)
def test_refuses_what_is_no_text(data: bytes, sentence: str) -> None:
    with pytest.raises(InputUndecodable, match=sentence):
        prepare("text", data)


def test_holds_the_axis_against_the_characters() -> None:
    axes = [sized(KINDS["text"]["axes"][0], {"min": 1, "max": 4})]
    assert prepare("text", "größ".encode(), axes=axes)
    with pytest.raises(InputOutsideLimits, match=r"is 5 \(character\); axis character takes 1 to"):
        prepare("text", "größe".encode(), axes=axes)


def test_the_model_gets_a_file_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x89PNG\r\n\x1a\n and so on")
    array: Any = prepare("file", tmp_path / "a").array
    assert array == b"\x89PNG\r\n\x1a\n and so on"


@pytest.mark.parametrize(
    ("media_types", "data", "taken"),
    [
        (["application/pdf"], b"%PDF-1.7", True),
        (["application/pdf"], b"no PDF", False),
        (["application/pdf"], b"\x89PNG\r\n\x1a\n", False),
        (["chemical/x-pdb"], b"HEADER", True),
        (["chemical/x-pdb"], b"%PDF-1.7", False),
    ],
)
def test_a_file_has_the_signature_of_its_media_type(
    media_types: list[str], data: bytes, taken: bool
) -> None:
    if taken:
        assert prepare("file", data, mediaTypes=media_types).native == data
    else:
        with pytest.raises(MediaTypeRefused, match=f"accepts {media_types[0]}"):
            prepare("file", data, mediaTypes=media_types)


def test_holds_the_axis_against_the_bytes() -> None:
    with pytest.raises(InputOutsideLimits, match=r"is 5 \(byte\); axis byte takes 4"):
        prepare("file", b"12345", axes=[sized(KINDS["file"]["axes"][0], 4)])
