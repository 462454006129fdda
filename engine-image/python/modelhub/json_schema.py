"""Whether a JSON value is as a JSON Schema says.

A library for it would have to fit into every author's runtime. So the engine has its own, for the
keywords that describe data, and refuses schemas with keywords that it doesn't hold values to.
"""

from __future__ import annotations

import json
import operator
import re
from typing import Any, Callable, Iterator, Mapping

from .errors import ConfigError

Schema = Mapping[str, Any]

#: What is for readers, or is only found by a `$ref`.
ANNOTATIONS = ("$schema", "$id", "$comment", "$defs", "title", "description", "default", "examples")

#: What a keyword holds: a schema, a list of schemas, schemas by name, and what is none.
ONE = ("items", "additionalProperties", "not")
LIST = ("allOf", "anyOf", "oneOf")
NAMED = ("properties", "$defs")
PLAIN = ("type", "enum", "const", "pattern", "required", "$ref")

TYPES: dict[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "number": lambda value: is_number(value),
    "integer": lambda value: is_number(value) and value == int(value),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}

#: How far values of a type go: that type, what holds, and words for it.
BOUNDS: dict[str, tuple[str, Callable[[Any, Any], bool], str]] = {
    "minimum": ("number", operator.ge, "at least {}"),
    "maximum": ("number", operator.le, "at most {}"),
    "exclusiveMinimum": ("number", operator.gt, "more than {}"),
    "exclusiveMaximum": ("number", operator.lt, "less than {}"),
    "minItems": ("array", operator.ge, "at least {} items"),
    "maxItems": ("array", operator.le, "at most {} items"),
    "minLength": ("string", operator.ge, "at least {} characters"),
    "maxLength": ("string", operator.le, "at most {} characters"),
    "minProperties": ("object", operator.ge, "at least {} keys"),
    "maxProperties": ("object", operator.le, "at most {} keys"),
}


def misfit(value: Any, schema: Schema) -> str | None:
    """Return what is wrong with a value; None if nothing.

    Such as `a.0: expected type string, got 7`.
    """
    try:
        return next(wrongs(value, schema, schema, ""), None)
    except RecursionError:
        return "expected a value that doesn't nest so deep, got one that does"


def require_known(schema: Any, root: Any = None) -> None:
    """Raise ConfigError for a schema with keywords that values aren't held to."""
    if isinstance(schema, bool):
        return
    if not isinstance(schema, dict):
        raise ConfigError(f"a schema is an object; got {shown(schema)}.")
    root = schema if root is None else root
    for keyword, inner in schema.items():
        if keyword not in (*ANNOTATIONS, *ONE, *LIST, *NAMED, *PLAIN, *BOUNDS):
            raise ConfigError(f"the engine holds no values to {keyword}, which the schema has.")
        if keyword == "$ref":
            referred(inner, root)
        for one in held(keyword, inner):
            require_known(one, root)


def held(keyword: str, inner: Any) -> list[Any]:
    """Return the schemas that a keyword holds."""
    if keyword in ONE:
        return [inner]
    if keyword in LIST:
        return list(inner)
    return list(inner.values()) if keyword in NAMED else []


def wrongs(value: Any, schema: Any, root: Schema, place: str) -> Iterator[str]:
    """Yield what is wrong with the value at a place, and in it."""
    if schema is False:
        yield wrong(value, place, "nothing")
    if not isinstance(schema, dict):
        return
    yield from of_value(value, schema, place)
    yield from of_members(value, schema, root, place)
    yield from of_schemas(value, schema, root, place)


def of_value(value: Any, schema: Schema, place: str) -> Iterator[str]:
    """Yield what is wrong with the value itself."""
    types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if types and not any(TYPES[name](value) for name in types):
        yield wrong(value, place, f"type {' or '.join(types)}")
    choices = schema.get("enum", [schema["const"]] if "const" in schema else [])
    if choices and not any(same(value, choice) for choice in choices):
        yield wrong(value, place, " or ".join(map(shown, choices)))
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        yield wrong(value, place, f"a text that matches {schema['pattern']}")
    for keyword, (name, holds, words) in BOUNDS.items():
        if keyword in schema and TYPES[name](value):
            measure = value if name == "number" else len(value)
            if not holds(measure, schema[keyword]):
                yield wrong(value, place, words.format(schema[keyword]))


def of_members(value: Any, schema: Schema, root: Schema, place: str) -> Iterator[str]:
    """Yield what is wrong with the keys of an object, or the items of an array."""
    if isinstance(value, dict):
        named = schema.get("properties", {})
        for key in schema.get("required", ()):
            if key not in value:
                yield wrong(value, place, f"the key {key}")
        for key, inner in value.items():
            own = named.get(key, schema.get("additionalProperties", True))
            yield from wrongs(inner, own, root, f"{place}.{key}")
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from wrongs(inner, schema.get("items", True), root, f"{place}.{index}")


def of_schemas(value: Any, schema: Schema, root: Schema, place: str) -> Iterator[str]:
    """Yield what is wrong by the schemas that this one is made of."""

    def fits(inner: Any) -> bool:
        return next(wrongs(value, inner, root, place), None) is None

    if "$ref" in schema:
        yield from wrongs(value, referred(schema["$ref"], root), root, place)
    for inner in schema.get("allOf", ()):
        yield from wrongs(value, inner, root, place)
    if "anyOf" in schema and not any(map(fits, schema["anyOf"])):
        yield wrong(value, place, f"one of {len(schema['anyOf'])} forms")
    if "oneOf" in schema and sum(map(fits, schema["oneOf"])) != 1:
        yield wrong(value, place, f"just one of {len(schema['oneOf'])} forms")
    if "not" in schema and fits(schema["not"]):
        yield wrong(value, place, "another form")


def referred(reference: str, root: Schema) -> Any:
    """Return the schema that is meant, such as by #/$defs/point. Raises ConfigError."""
    found: Any = root
    start, *path = reference.split("/")
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    if start != "#" or not path or found is None:
        raise ConfigError(f"the schema has no {reference}.")
    return found


def wrong(value: Any, place: str, expected: str) -> str:
    """Return the sentence, from its place on."""
    return f"{place[1:] + ': ' if place else ''}expected {expected}, got {shown(value)}"


def shown(value: Any) -> str:
    """Return a value in JSON, cut short."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def is_number(value: Any) -> bool:
    """Whether it is a number; JSON's true and false are none."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same(value: Any, other: Any) -> bool:
    """Whether two JSON values are the same; 1 and true aren't."""
    return bool(value == other) and isinstance(value, bool) == isinstance(other, bool)
