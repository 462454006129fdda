"""Media type of a file by its first bytes."""

from __future__ import annotations

#: First bytes enough for `sniff`.
HEAD_BYTES = 132

NPY = "application/x-npy"

#: Signatures at the file's start. The last ones are never read; naming them makes for a good error.
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x93NUMPY", NPY),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x89HDF\r\n\x1a\n", "application/x-hdf5"),
)

#: Other names under which the same media types go about.
ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-bmp": "image/bmp",
    "image/x-ms-bmp": "image/bmp",
    "image/tif": "image/tiff",
    "application/npy": NPY,
    "application/x-numpy": NPY,
    "application/vnd.numpy": NPY,
}


def sniff(head: bytes) -> str | None:
    """Return the media type that the first HEAD_BYTES bytes tell; None for an unknown kind."""
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    # "BM" alone begins many a text; the four reserved bytes after the size are zero.
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "image/bmp"
    if head[128:132] == b"DICM":
        return "application/dicom"
    return None


def canonical(media_type: str) -> str:
    """Return a media type under its one name, without parameters such as charset."""
    bare = media_type.split(";", 1)[0].strip().lower()
    return ALIASES.get(bare, bare)
