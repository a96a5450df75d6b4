"""How the brief writes a Python function of the person's own, and where it is found.

Reading it runs the person's file: only what the person's own brief or program names is read,
never what a bundle names.
"""

import hashlib
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, Self, cast

from modelwright.errors import BriefError, nearest

Direction = Literal["maximize", "minimize"]

_NAME = re.compile(
    r"(?:(?P<direction>maximize|minimize)\s+)?(?P<home>[^:\s][^:]*):(?P<function>[\w.<>]+)"
)


@dataclass(frozen=True)
class FunctionName:
    """How a document writes a function.

    Parameters
    ----------
    home
        The file, as the brief writes it; for a function given in Python, its module.
    function
        Its name.
    direction
        Whether more or less is better; None where the function itself says.

    Examples
    --------
    >>> name = FunctionName.parse("minimize ../costs.py:cost_per_order")
    >>> name.home, name.title, str(name)
    ('../costs.py', 'cost per order', 'minimize ../costs.py:cost_per_order')
    >>> FunctionName.parse("rmse") is None
    True
    """

    home: str
    function: str
    direction: Direction | None = None

    @classmethod
    def parse(cls, name: str) -> Self | None:
        """Return what a name says, None when it names no function."""
        match = _NAME.fullmatch(name.strip())
        if match is None or not (match["home"].endswith(".py") or match["direction"]):
            return None
        return cls(match["home"], match["function"], cast("Direction | None", match["direction"]))

    @property
    def title(self) -> str:
        """What people read."""
        words = self.function.rpartition(".")[2].strip("_").replace("_", " ")
        return "function of your own" if words == "<lambda>" else words

    @property
    def in_file(self) -> bool:
        """Whether it can be read from a file."""
        return self.home.endswith(".py")

    def moved(self, move: Callable[[str], str]) -> Self:
        """Return the name with its file as another folder sees it."""
        return replace(self, home=move(self.home)) if self.in_file else self

    def path(self, folder: Path) -> Path:
        """Return where the file is; a relative path begins at the folder."""
        return folder / Path(self.home).expanduser()

    def __str__(self) -> str:
        return f"{self.direction or ''} {self.home}:{self.function}".strip()


def read_function(name: FunctionName, folder: Path) -> Callable[..., Any]:
    """Run a person's file and return the function in it.

    Parameters
    ----------
    name
        As the brief writes it.
    folder
        Where a relative path begins.

    Raises
    ------
    BriefError
        The file or the function is missing, or the file does not run.
    """
    path = name.path(folder)
    if not path.is_file():
        raise BriefError(
            f"The metric '{name}' needs the file {path}, which is not there.",
            "Write the path of the file as seen from modelwright.toml.",
        )
    function = getattr(_module_of(path, name), name.function, None)
    if callable(function):
        return cast(Callable[..., Any], function)
    own = [each for each, value in vars(_module_of(path, name)).items() if callable(value)]
    raise BriefError(
        f"The file {path} has no function {name.function!r}.",
        nearest(name.function, own) if own else "Write it there.",
    )


def _module_of(path: Path, name: FunctionName) -> ModuleType:
    facts = path.stat()
    try:
        return _run(path.resolve(), (facts.st_mtime_ns, facts.st_size))
    except (Exception, SystemExit) as error:  # a file of the person's own may raise anything
        raise BriefError(
            f"The file {path} of the metric '{name}' raised {type(error).__name__}: {error}.",
            "Mend the file.",
        ) from error


@lru_cache(maxsize=8)
def _run(path: Path, version: tuple[int, int]) -> ModuleType:
    """Run a file; the next room that asks for the same version gets the same module."""
    place = hashlib.sha256(f"{path} {version}".encode()).hexdigest()[:16]
    spec = spec_from_file_location(f"modelwright_metric_{place}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    # Dataclasses look up the module that they are defined in.
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module
