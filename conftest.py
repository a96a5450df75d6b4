"""Modules of optional libraries are not looked at where the library is missing."""

import re
from importlib.util import find_spec
from pathlib import Path

_ROOT = Path(__file__).parent
_LIBRARIES = ("keras", "torch")


def _needing(library: str) -> list[Path]:
    """Return the modules that import a library when they are imported."""
    places = (_ROOT / "src" / "modelwright" / "learners", _ROOT / "tests")
    imports = re.compile(rf"^(import|from) {library}\b", re.MULTILINE)
    return [
        path
        for place in places
        for path in place.rglob("*.py")
        if not path.name.startswith("test_") and imports.search(path.read_text(encoding="utf-8"))
    ]


collect_ignore = [
    str(path) for name in _LIBRARIES if find_spec(name) is None for path in _needing(name)
]
