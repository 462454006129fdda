"""Media type of a file by its first bytes."""

from __future__ import annotations

from .archives import gunzip_head

#: First bytes enough for `sniff`; in a gzip file, enough for the bytes that it takes to see inside.
HEAD_BYTES = 4096

OCTETS = "application/octet-stream"
NPY = "application/x-npy"
NPZ = "application/x-npz"
HDF5 = "application/x-hdf5"
NIFTI = "application/x-nifti"
NRRD = "application/x-nrrd"
DICOM = "application/dicom"
ZIP = "application/zip"
GZIP = "application/gzip"
WAV = "audio/wav"
FLAC = "audio/flac"
CSV = "text/csv"
JSON = "application/json"

#: Signatures at the file's start. PDF is never read; naming it makes for a good error.
SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    # BigTIFF, whose files may be larger than 4 GiB.
    (b"II+\x00", "image/tiff"),
    (b"MM\x00+", "image/tiff"),
    (b"\x93NUMPY", NPY),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
    (b"\x89HDF\r\n\x1a\n", HDF5),
    (b"NRRD000", NRRD),
    (b"fLaC", FLAC),
)

#: All that `sniff` can tell; a file of another kind has no signature that we know.
SNIFFED = {media_type for _, media_type in SIGNATURES}.union(
    ("image/webp", "image/bmp", WAV, NPZ, ZIP, GZIP, DICOM, NIFTI)
)

#: Other names under which the same media types go about; media-types.ts of the front has the same.
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
    "application/npz": NPZ,
    "application/hdf5": HDF5,
    "application/x-hdf": HDF5,
    "application/nii": NIFTI,
    "application/nii-gzip": NIFTI,
    "application/nifti": NIFTI,
    "application/vnd.nifti": NIFTI,
    "application/x-nifti+gzip": NIFTI,
    "image/nifti": NIFTI,
    "application/nrrd": NRRD,
    "image/nrrd": NRRD,
    "image/x-nrrd": NRRD,
    "image/dicom": DICOM,
    "application/x-dicom": DICOM,
    "application/x-zip-compressed": ZIP,
    "application/x-gzip": GZIP,
    "audio/x-wav": WAV,
    "audio/wave": WAV,
    "audio/vnd.wave": WAV,
    "audio/x-flac": FLAC,
    "application/csv": CSV,
    "text/tab-separated-values": CSV,
}


def sniff(head: bytes) -> str | None:
    """Return the media type that the first HEAD_BYTES bytes tell; None for an unknown kind."""
    if is_dicom(head):
        # First, since its preamble may make it a TIFF too.
        return DICOM
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": WAV}.get(head[8:12])
    # "BM" alone begins many a text; the four reserved bytes after the size are zero.
    if head[:2] == b"BM" and head[6:10] == b"\x00\x00\x00\x00":
        return "image/bmp"
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return NPZ if first_entry(head).endswith(b".npy") else ZIP
    if is_nifti(head):
        return NIFTI
    if head[:2] == b"\x1f\x8b":
        return NIFTI if is_nifti(gunzip_head(head, 348)) else GZIP
    return None


def first_entry(head: bytes) -> bytes:
    """Return the name of the first file in a zip archive."""
    return head[30 : 30 + int.from_bytes(head[26:28], "little")]


def is_dicom(head: bytes) -> bool:
    """Whether it is DICOM: by its mark, or, in files older than that, by its first element.

    Those begin with a short element of group 8: its tag, then a VR of two letters, or a length.
    """
    if head[128:132] == b"DICM":
        return True
    if head[:2] != b"\x08\x00" or len(head) < 132:
        return False
    explicit = head[4:6].isalpha() and head[4:6].isupper()
    return head[3] == 0 and (explicit or int.from_bytes(head[4:8], "little") <= 64)


def is_nifti(head: bytes) -> bool:
    """Whether it is the header of a single file, of version 1 or 2, in either byte order."""
    return head[344:348] == b"n+1\x00" or head[4:12] == b"n+2\x00\r\n\x1a\n"


def canonical(media_type: str) -> str:
    """Return a media type under its one name, without parameters such as charset."""
    bare = media_type.split(";", 1)[0].strip().lower()
    return ALIASES.get(bare, bare)
