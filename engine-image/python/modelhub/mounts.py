"""Files that a container can't see: what to type so that it can."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath
from shlex import quote

from .arguments import UsageError


class NotMounted(UsageError):
    """A path is not in the container, or not to be written to; the sentence has the remedy."""

    hint = ""


def in_container() -> bool:
    """Whether this runs in an image of ModelHub: it has a file that says which."""
    return Path(os.environ.get("MODELHUB_IDENTITY") or "").is_file()


def require_visible(command: str, files: list[str]) -> None:
    """Raise NotMounted, in a container, for a file that isn't there: most likely it is outside."""
    unseen = [file for file in files if not os.path.exists(file)]
    if not unseen or not in_container():
        return
    file = unseen[0]
    if command == "batch":
        mount, inside = mounted_folder(file)
        lines = [
            "mkdir -p out",
            f'docker run --rm -v {mount} -v "$PWD/out:/out" --user "$(id -u)" '
            f"IMAGE batch {quote(inside)} --out /out",
        ]
    else:
        mount, inside = mounted(file)
        lines = [
            f"docker run --rm -i IMAGE predict - < {quote(file)}",
            f"docker run --rm -v {mount} IMAGE predict {quote(inside)}",
        ]
    raise NotMounted(
        f"{file}: the container can't see this file; it sees only what it is given. Give it with\n"
        + "\n".join(f"    {line}" for line in lines)
    )


def mounted(file: str) -> tuple[str, str]:
    """Return what -v needs so that a file is seen, and its path in the container."""
    path = PurePosixPath(file)
    if is_inside(path):
        return mount("$PWD"), file
    if path.is_absolute() and str(path.parent) == path.root:
        # Nobody wants the whole machine in there.
        return mount(within_quotes(str(path)), f"/in/{path.name}"), f"/in/{path.name}"
    if path.is_absolute() or ".." in path.parts:
        return mount(outside(path.parent)), f"/in/{path.name}"
    return mount("$PWD"), f"/in/{path}"


def mounted_folder(place: str) -> tuple[str, str]:
    """Return the same for what batch takes: a folder of its own is mounted alone."""
    path = PurePosixPath(place)
    is_folder = not path.suffix and path.name not in ("", "..")
    if is_inside(path) or not is_folder:
        return mounted(place)
    if path.is_absolute() or ".." in path.parts:
        return mount(outside(path)), "/in"
    return mount("$PWD"), f"/in/{path}"


def is_inside(path: PurePosixPath) -> bool:
    """Whether this is already the path in the container, as the guides have it."""
    return path.parts[:2] == ("/", "in")


def mount(place: str, inside: str = "/in") -> str:
    """Return the word after -v."""
    return f'"{place}:{inside}:ro"'


def outside(path: PurePosixPath) -> str:
    """Return a path on the user's machine, to stand between double quotes."""
    return within_quotes(str(path)) if path.is_absolute() else f"$PWD/{within_quotes(str(path))}"


def within_quotes(text: str) -> str:
    """Return a text as a shell reads it between double quotes."""
    return re.sub(r'(["$`\\])', r"\\\1", text)


def require_writable(folder: Path) -> None:
    """Make the folder for outputs. Raises NotMounted where nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        refused = None if os.access(folder, os.W_OK) else "permission denied"
    except OSError as error:
        refused = (error.strerror or "unknown error").lower()
    if refused is None:
        return
    hint = (
        '\n    docker run --rm --user "$(id -u)" -v "$PWD/out:/out" … IMAGE … --out /out'
        if in_container()
        else ""
    )
    raise NotMounted(f"--out {folder} can't be written to: {refused}.{hint}")
