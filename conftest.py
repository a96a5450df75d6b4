"""Modules of optional libraries are not looked at where the library is missing."""

from importlib.util import find_spec
from pathlib import Path

_LEARNERS = Path(__file__).parent / "src" / "modelwright" / "learners"
_MODULES = {
    "keras": ("keras/lessons.py",),
    "torch": ("torch/device.py", "torch/losses.py", "torch/tensors.py", "torch/training.py"),
}
"""What imports a library when it is imported."""

collect_ignore = [
    str(_LEARNERS / module)
    for library, modules in _MODULES.items()
    if find_spec(library) is None
    for module in modules
]
