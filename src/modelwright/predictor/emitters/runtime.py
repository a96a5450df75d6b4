"""The functions of a language's runtime that a program needs.

A runtime is a file of functions in its own language. A line such as ``// == scale: bounded`` begins
a part, by the name of its operation, and names the parts that it needs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_MARK = re.compile(r"^\S+ == (?P<name>\w+)(?:: (?P<needs>[\w, ]+))?$", re.MULTILINE)


@dataclass(frozen=True)
class _Part:
    text: str
    needs: tuple[str, ...]


def select(runtime: str, wanted: Iterable[str]) -> str:
    """Return the parts of a runtime that are wanted and those that they need, in their order.

    Examples
    --------
    >>> select("// == one\\nuno\\n// == two: one\\ndue\\n// == three\\ntre\\n", ["two"])
    'uno\\n\\ndue\\n'
    """
    parts = _parts(runtime)
    found: set[str] = set()
    waiting = [*wanted]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(parts[name].needs)
    return "\n".join(part.text for name, part in parts.items() if name in found)


def _parts(runtime: str) -> dict[str, _Part]:
    marks = [*_MARK.finditer(runtime)]
    ends = [*(mark.start() for mark in marks[1:]), len(runtime)]
    return {
        mark["name"]: _Part(
            runtime[mark.end() : end].strip("\n") + "\n",
            tuple(mark["needs"].split(", ")) if mark["needs"] else (),
        )
        for mark, end in zip(marks, ends, strict=True)
    }
