"""Runs a notebook in a real kernel: parameters checked as literals, nothing of this machine kept in the result."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from surveyor.errors import FileError, ReportError, UsageError, guess
from surveyor.waiting import QUIET

# JupyterLab brings jsonschema's format checks, whose module rfc3987_syntax builds a grammar for seconds at
# import. jsonschema does without it when it is absent.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

Progress = Callable[[int, int], None]
TAG = "parameters"


def run(
    notebook: Path, parameters: Mapping[str, Any], folder: Path, progress: Progress
) -> tuple[Any, ReportError | None]:
    """The notebook executed in `folder`, and the error of the cell that failed, if one did.

    progress   called with (cells done, cells in all)

    Raises FileError where the notebook cannot be read, UsageError for a parameter it does not declare or
    of another type, ReportError where no kernel starts.
    """
    import nbformat
    from jupyter_client.kernelspec import KernelSpec
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    try:
        nb = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise FileError(f"the notebook cannot be read ({error})", where=str(notebook)) from None
    _set(nb, parameters)
    code = sum(cell.cell_type == "code" for cell in nb.cells)
    done = 0

    def tick(**_: Any) -> None:
        nonlocal done
        done += 1
        progress(done, code)

    class ThisPython(AsyncKernelManager):
        """The kernel is this very Python, whatever kernels are installed under the same name."""

        command = (sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}")
        kernel_spec = KernelSpec(argv=list(command), display_name="Python 3", language="python")

    client = NotebookClient(
        nb,
        kernel_manager_class=ThisPython,
        timeout=600,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_executed=tick,
    )
    failed = None
    try:
        client.execute(
            stderr=subprocess.DEVNULL, env={**os.environ, QUIET: "1", "PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1"}
        )
    except CellExecutionError as error:
        at = next(i for i, cell in enumerate(nb.cells, start=1) if _has_error(cell))
        failed = ReportError(
            f"cell {at} of {notebook.name} failed: {error.ename}: {error.evalue}",
            remedy="The notebook up to this cell was kept beside the report",
        )
    except CellTimeoutError:
        raise ReportError("a cell of the notebook took longer than ten minutes") from None
    except RuntimeError as error:
        raise ReportError(
            f"the notebook's kernel did not start or died ({error})",
            remedy="Check the installation with: python -m ipykernel --version",
        ) from None
    _forget_machine(nb)
    return nb, failed


def declared(source: str) -> dict[str, Any]:
    """The parameters of a cell that holds nothing but `name = literal` lines.

    Raises UsageError for any other line.

    >>> declared('lang = "en"')
    {'lang': 'en'}
    """
    found: dict[str, Any] = {}
    for node in ast.parse(source).body:
        simple = isinstance(node, ast.Assign) and len(node.targets) == 1
        if not simple or not isinstance(node.targets[0], ast.Name):  # type: ignore[attr-defined]
            raise UsageError("the parameters cell may hold only lines of the form: name = value")
        try:
            found[node.targets[0].id] = ast.literal_eval(node.value)  # type: ignore[attr-defined]
        except ValueError:
            raise UsageError("a parameter must be a plain number, text, list or None") from None
    return found


def _set(nb: Any, parameters: Mapping[str, Any]) -> None:
    """Write the parameters into the cell tagged for them, as literals that read back the same."""
    cell = next((c for c in nb.cells if TAG in c.metadata.get("tags", [])), None)
    if cell is None:
        raise UsageError(f"the notebook has no cell tagged '{TAG}'")
    values = declared(cell.source)
    for name, value in parameters.items():
        if name not in values:
            raise UsageError(f"the notebook has no parameter '{name}'", remedy=guess(name, values))
        was = values[name]
        if was is not None and value is not None and type(value) is not type(was):
            raise UsageError(
                f"the parameter '{name}' is {type(value).__name__}",
                expected=f"{type(was).__name__}, as in the notebook",
            )
        if not isinstance(value, str | int | float | bool | None):
            raise UsageError(f"the parameter '{name}' is not a plain value")
        values[name] = value
    if parameters:
        cell.source = "\n".join(f"{name} = {value!r}" for name, value in values.items())


def _has_error(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _forget_machine(nb: Any) -> None:
    """Drop what differs between machines and runs; number the cells so that two runs give the same bytes."""
    nb.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for i, cell in enumerate(nb.cells):
        cell.id = f"cell-{i}"
        cell.metadata = {"tags": cell.metadata["tags"]} if cell.metadata.get("tags") else {}
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                output.traceback = output.traceback[-1:]
