"""Files that a container can't see: what to type so that it can."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

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
    mount, inside = mounted(file)
    lines = [f"docker run --rm -v {mount} IMAGE {command} {inside}"]
    if command == "predict":
        lines.insert(0, f"docker run --rm -i IMAGE predict - < {file}")
    else:
        lines[0] = (
            f'docker run --rm -v {mount} -v "$PWD/out:/out" IMAGE {command} {inside} --out /out'
        )
    raise NotMounted(
        f"{file}: the container can't see this file; it sees only what it is given. Give it with\n"
        + "\n".join(f"    {line}" for line in lines)
    )


def mounted(file: str) -> tuple[str, str]:
    """Return what -v needs so that the file is seen, and its path in the container."""
    path = PurePosixPath(file)
    if path.is_absolute() and str(path.parent) == path.root:
        # Nobody wants the whole machine in there.
        return f'"{path}:/in/{path.name}:ro"', f"/in/{path.name}"
    if path.is_absolute() or ".." in path.parts:
        folder = str(path.parent) if path.is_absolute() else f"$PWD/{path.parent}"
        return f'"{folder}:/in:ro"', f"/in/{path.name}"
    return '"$PWD:/in:ro"', f"/in/{path}"


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
