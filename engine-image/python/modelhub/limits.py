"""Limits on what is read. Each is checked before the bytes behind it are decoded."""

from __future__ import annotations

#: Pixels of an image: 64 megapixels.
MAX_PIXELS = 64_000_000

#: Elements of an array: 512 × 512 × 512.
MAX_ELEMENTS = 2**27

#: Bytes of the text header of a .npy file; numpy's own limit.
MAX_NPY_HEADER = 10_000

#: Bytes of the text header of a .nrrd file.
MAX_NRRD_HEADER = 65_536

#: Bytes before the voxels of a NIfTI file: its header and extensions.
MAX_NIFTI_HEADER = 2**20

#: Bytes of a chunk of an HDF5 dataset, which is unpacked as a whole.
MAX_CHUNK = 64 * 2**20

#: Bytes that come out of a compressed file.
MAX_UNPACKED = 2**31

#: How many times more bytes may come out than went in ...
MAX_RATIO = 200

#: ... beyond this many: small files pack tighter, a segmentation of a brain 213 times.
FREE_UNPACKED = 32 * 2**20

#: Files of a series, and entries of an archive.
MAX_FILES = 2048

#: Bytes of a text.
MAX_TEXT = 16 * 2**20

#: Bytes, rows and cells of a table.
MAX_TABLE = 16 * 2**20
MAX_ROWS = 100_000
MAX_CELLS = 1_000_000

#: Lists and objects within each other in JSON.
MAX_DEPTH = 32

#: Hz of a recording; what schema and microphones know of.
MAX_SAMPLE_RATE = 768_000

#: Channels of a recording.
MAX_CHANNELS = 64

#: Bytes of the JSON header of a frame between front and worker: 16 MiB.
MAX_FRAME_HEADER = 16 * 2**20

#: Bytes of the body of a frame, and of standard input: 256 MiB.
MAX_BODY = 256 * 2**20
