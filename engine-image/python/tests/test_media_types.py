"""Names of media types: one list for the front and the worker."""

from __future__ import annotations

import re

import pytest
from conftest import TESTS

from modelhub.signatures import ALIASES, canonical

FRONT = TESTS.parents[1] / "front"


def test_the_front_goes_by_the_same_names() -> None:
    text = (FRONT / "media-types.ts").read_text(encoding="utf-8")
    assert dict(re.findall(r'"(\S+)": "(\S+)"', text)) == ALIASES


@pytest.mark.parametrize(
    "given", ["image/jpeg", "image/JPG", " image/pjpeg ; q=1", "image/jpeg;charset=utf-8"]
)
def test_a_media_type_has_one_name_without_parameters(given: str) -> None:
    assert canonical(given) == "image/jpeg"
