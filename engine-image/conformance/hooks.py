"""Files of each media type, so that Schemathesis sends more than noise."""

from __future__ import annotations

import os

import numpy as np
import schemathesis
from hypothesis import strategies as st

import files

numbers = st.lists(st.tuples(*[st.floats(-1000, 1000, width=32)] * 3), min_size=1, max_size=5).map(
    lambda rows: files.npy(np.array(rows, dtype=np.float32))
)

KINDS = {
    "image/png": st.integers(1, 64).map(files.png),
    "image/jpeg": st.integers(1, 64).map(files.jpeg),
    "application/x-npy": numbers,
    "text/plain": st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1)
    .filter(str.strip)
    .map(str.encode),
}
#: The kind that a model takes, which is also what it takes as bytes of a kind that isn't told.
OF_MODEL = {"picture": "image/png", "numbers": "application/x-npy", "words": "text/plain"}

for media_type, strategy in KINDS.items():
    schemathesis.openapi.media_type(media_type, strategy)
schemathesis.openapi.media_type(
    "application/octet-stream", KINDS[OF_MODEL[os.environ["CONFORMANCE_MODEL"]]]
)
