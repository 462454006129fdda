from __future__ import annotations

from typing import Any

import pytest
from test_array_inputs import npy

from modelhub import Engine
from modelhub.config import read_output
from modelhub.errors import ConfigError, OutputError
from modelhub.json_schema import misfit

POINT = {
    "type": "object",
    "properties": {"x": {"type": "number"}, "name": {"enum": ["a", "b"]}},
    "required": ["x"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("schema", "right", "wrong", "sentence"),
    [
        ({"type": "string"}, "a", 1, "expected type string, got 1"),
        ({"type": ["integer", "null"]}, 2.0, 2.5, "expected type integer or null, got 2.5"),
        ({"type": "number"}, 1, True, "expected type number, got true"),
        ({"const": 1}, 1, True, "expected 1, got true"),
        ({"enum": ["a", None]}, None, "b", 'expected "a" or null, got "b"'),
        ({"pattern": "^a+$"}, "aa", "ab", 'expected a text that matches ^a+$, got "ab"'),
        ({"minimum": 0}, 0, -1, "expected at least 0, got -1"),
        ({"exclusiveMaximum": 1}, 0.9, 1, "expected less than 1, got 1"),
        ({"maxItems": 1}, [1], [1, 2], "expected at most 1 items, got [1, 2]"),
        ({"minLength": 2}, "ab", "a", 'expected at least 2 characters, got "a"'),
        (POINT, {"x": 1, "name": "a"}, {"name": "a"}, "expected the key x, got"),
        (POINT, {"x": 1}, {"x": 1, "y": 2}, "y: expected nothing, got 2"),
        (POINT, {"x": 1}, {"x": 1, "name": "c"}, 'name: expected "a" or "b", got "c"'),
        ({"items": {"items": {"type": "null"}}}, [[None]], [[], [0]], "1.0: expected type null"),
        ({"anyOf": [{"type": "null"}, {"maximum": 3}]}, 3, 4, "expected one of 2 forms, got 4"),
        ({"oneOf": [{"minimum": 2}, {"maximum": 3}]}, 1, 2, "just one of 2 forms, got 2"),
        ({"allOf": [{"minimum": 2}, {"maximum": 3}]}, 3, 4, "expected at most 3, got 4"),
        ({"not": {"type": "array"}}, {}, [], "expected another form, got []"),
        (
            {
                "$ref": "#/$defs/tree",
                "$defs": {"tree": {"items": {"$ref": "#/$defs/tree"}, "type": "array"}},
            },
            [[], [[]]],
            [[], [1]],
            "1.0: expected type array, got 1",
        ),
    ],
)
def test_holds_a_value_to(schema: Any, right: Any, wrong: Any, sentence: str) -> None:
    assert misfit(right, schema) is None
    assert sentence in str(misfit(wrong, schema))


@pytest.mark.parametrize(
    ("schema", "sentence"),
    [
        ({"patternProperties": {}}, "holds no values to patternProperties"),
        ({"items": {"anyOf": [{"format": "date"}]}}, "holds no values to format"),
        ({"$ref": "#/$defs/point"}, "the schema has no #/$defs/point"),
        ({"items": [POINT]}, "a schema is an object; got"),
    ],
)
def test_a_schema_with_more_than_is_checked_is_refused(schema: Any, sentence: str) -> None:
    with pytest.raises(ConfigError) as raised:
        read_output({"id": "y", "type": "custom", "schema": schema})
    assert str(raised.value).startswith("Output 'y': ")
    assert sentence in str(raised.value)


def test_a_reference_to_itself_ends() -> None:
    loop = {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}
    assert "nest so deep" in str(misfit(1, loop))


def test_a_custom_output_that_is_not_as_declared_is_the_models_mistake(write_model: Any) -> None:
    output = {"id": "y", "type": "custom", "schema": POINT}
    code = "def load(context): ...\ndef infer(model, x): return {'x': str(x[0])}"
    with Engine(write_model(code, outputs=[output])) as engine, pytest.raises(
        OutputError
    ) as raised:
        engine.predict(npy([1.0]))
    assert str(raised.value) == (
        "Output 'y': model gave a value that the config's schema refuses: "
        'x: expected type number, got "1.0".'
    )
