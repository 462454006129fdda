"""Limits on what is read. Each is checked before the bytes behind it are decoded."""

from __future__ import annotations

#: Pixels of an image: 64 megapixels.
MAX_PIXELS = 64_000_000

#: Elements of an array: 512 × 512 × 512.
MAX_ELEMENTS = 2**27

#: Bytes of the text header of a .npy file; numpy's own limit.
MAX_NPY_HEADER = 10_000

#: Bytes of the JSON header of a frame between front and worker: 16 MiB.
MAX_FRAME_HEADER = 16 * 2**20

#: Bytes of the body of a frame, and of standard input: 256 MiB.
MAX_BODY = 256 * 2**20
