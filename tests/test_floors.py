"""The house: a file imports only from the floors below it, or from its own folder."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "surveyor"

FLOORS = {
    "errors": -1, "arrays": -1, "shown": -1,  # what every floor stands on
    "format": 0, "expressions": 0, "files": 0, "waiting": 0, "threads": 0,
    "statistics": 1, "intervals": 1, "significance": 1, "multiplicity": 1, "questionnaire": 1,
    "design": 2, "estimate": 2,
    "survey": 3,
    "reading": 4, "writing": 4,
    "checking": 5, "compare": 5, "measure": 5, "plan": 5,
    "study": 6,
    "show": 7,
    "report": 8,
    "cli": 9, "__main__": 10,
}  # fmt: skip

#: Results name what shows them, and Survey the verbs above it, inside methods only, so that
#: `survey.compare(...)` and `comparison.plot()` read well.
MAY_LOOK_UP = {
    "shown.py",
    "survey/survey.py",
    "estimate/estimate.py",
    "compare/comparison.py",
    "measure/cfa.py",
    "measure/compounds/result.py",
    "measure/measurement.py",
    "measure/invariance/invariance.py",
    "measure/reliability/result.py",
    "checking/findings.py",
    "study/study.py",
}

#: `design` may use `estimate`, both on floor 2.
SIDEWAYS = {("design", "estimate")}

#: What only one floor may touch.
ONLY = {"matplotlib": {"show"}, "seaborn": {"show"}, "nbformat": {"report"}, "nbclient": {"report"},
        "pyreadstat": {"reading", "writing"}, "pyarrow": {"reading", "writing"},
        "openpyxl": {"reading", "writing", "questionnaire"}, "docx": {"questionnaire"},
        "click": {"cli"}, "yaml": {"questionnaire"}, "threadpoolctl": {"threads"}}  # fmt: skip


def files() -> list[Path]:
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path.name != "__init__.py" or path.parent != PACKAGE]


def room(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[str, bool]]:
    """Every imported module, and whether the import stands inside a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []

    def visit(node: ast.AST, inside: bool) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                continue
            if isinstance(child, ast.Import):
                found.extend((alias.name, inside) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"{path}: relative import"
                found.append((child.module or "", inside))
            visit(child, inside or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef))

    visit(tree, False)
    return found


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    here = room(path)
    for module, inside in imports(path):
        parts = module.split(".")
        if parts[0] != "surveyor":
            assert here in ONLY.get(parts[0], {here}), (
                f"{path.name} imports {module}, which belongs to {ONLY[parts[0]]}"
            )
            continue
        if len(parts) == 1:
            continue  # the package itself: version and place
        there = parts[1]
        allowed = there == here or FLOORS[there] < FLOORS[here] or (here, there) in SIDEWAYS
        if inside and str(path.relative_to(PACKAGE).as_posix()) in MAY_LOOK_UP:
            continue
        assert allowed, f"{path.relative_to(PACKAGE)} (floor {FLOORS[here]}) imports {module} (floor {FLOORS[there]})"


def test_statistics_need_numpy_and_scipy_only() -> None:
    for path in (PACKAGE / "statistics").rglob("*.py"):
        outside = {m.split(".")[0] for m, _ in imports(path)} - {"surveyor", *sys.stdlib_module_names}
        assert outside <= {"numpy", "scipy"}, path.name


def test_only_format_rounds() -> None:
    """No round(), no '{:.2f}' outside format.py; '{:g}' shows a code as it stands."""
    for path in files():
        if path.name == "format.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id != "round", path
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                assert node.func.attr != "round", path
            if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
                assert ast.unparse(node.format_spec) in ("f'g'", 'f"g"'), f"{path}: {ast.unparse(node)}"


def test_no_file_is_long() -> None:
    long = {str(path): n for path in files() if (n := len(path.read_text(encoding="utf-8").splitlines())) > 400}
    assert not long
