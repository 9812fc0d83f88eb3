"""Files written whole or not at all: a reader finds the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from surveyor.errors import FileError


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to, which takes its place once everything is written.

    Where the block fails, `path` stays as it was. Raises FileError where the folder cannot be written to.

    >>> target = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with whole(target) as draft:
    ...     _ = draft.write_text("all of it")
    >>> target.read_text()
    'all of it'
    """
    if path.is_symlink():
        raise FileError("this is a link to another place", where=str(path), remedy="Name a file that is not a link")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=f".part{path.suffix}")
    except OSError as error:
        raise _unwritable(path, error) from None
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb+") as stream:
            os.fsync(stream.fileno())
        draft.chmod(0o644)
        draft.replace(path)
        _settle(path.parent)
    except OSError as error:
        raise _unwritable(path, error) from None
    finally:
        draft.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Make the new name of the file last through a power cut, where the system can."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unwritable(path: Path, error: OSError) -> FileError:
    return FileError(
        f"the file could not be written ({error.strerror or error})",
        where=str(path),
        remedy="Choose another folder, or make room on the disk; an earlier file is as it was",
    )
