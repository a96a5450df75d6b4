"""C++: one header, C++17, without dependencies."""

from collections.abc import Mapping
from typing import Any

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.base import Tools
from modelwright.predictor.emitters.facts import Facts, gather
from modelwright.predictor.emitters.identifiers import identifiers
from modelwright.predictor.emitters.rendering import render, template_text
from modelwright.predictor.emitters.row_calls import Argument, RowCall, row_calls
from modelwright.predictor.emitters.row_calls import Cell as RowCell
from modelwright.predictor.emitters.row_fields import RowField, row_fields, runtime_parts
from modelwright.predictor.emitters.rows_file import rows_file
from modelwright.predictor.emitters.runtime import select
from modelwright.predictor.emitters.whole_graph import refusal_of_graph

_FILES = (
    "replay.cpp",
    "example.cpp",
    "library.cpp",
    "Makefile",
    "CMakeLists.txt",
    "README.md",
)
_TYPES = {
    "number": ("double", " = missing"),
    "string": ("std::optional<std::string>", ""),
    "datetime": ("std::int64_t", " = no_moment"),
}


class CppEmitter:
    """Writes a header, with programs that replay rows and show a call."""

    name = "cpp"
    title = "a C++ header"
    tolerance = 1e-9
    tools = Tools(needs=("make", "g++"), build=(("make", "replay"),), replay=("./replay",))

    def refusal(self, bundle: Bundle) -> str:
        """Return why a graph of ONNX has no such form; every other program has."""
        return refusal_of_graph(bundle)

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the files of a C++ project."""
        facts = _facts(gather(bundle), tolerance=self.tolerance)
        filters = {"text": text, "number": number}
        files = {name: render(f"cpp/{name}", facts, filters) for name in _FILES}
        files[str(facts["header"])] = render("cpp/model.hpp", facts, filters)
        return {
            **{name: content.encode() for name, content in files.items()},
            "cases.rows": rows_file(bundle, [case.record for case in bundle.cases]),
        }


def text(value: object) -> str:
    """Write a text as a literal of bytes in UTF-8, whatever the compiler takes sources to be in.

    Examples
    --------
    >>> print(text('a"b\\\\é'))
    "a\\"b\\\\\\303\\251"
    """
    return '"' + "".join(map(_byte, str(value).encode(errors="replace"))) + '"'


def number(value: float) -> str:
    """Write a number as a literal of the same double.

    Examples
    --------
    >>> number(0.1), number(3), number(float("-inf")), number(True)
    ('0.1', '3', '-INFINITY', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).replace("inf", "INFINITY") if isinstance(value, float) else str(value)


def _byte(code: int) -> str:
    if code in b'"\\':
        return f"\\{chr(code)}"
    # "?" is escaped because older compilers read "??/" as a backslash.
    return chr(code) if 32 <= code < 127 and code != ord("?") else f"\\{code:03o}"


class _Field(RowField):
    """A field of the row."""

    types = _TYPES

    @property
    def example(self) -> str:
        if self.value is None:
            return ""
        if self.column.value_type == "string":
            return text(self.value)
        return str(self.value) if self.column.value_type == "datetime" else number(self.value)


def _facts(facts: Facts, *, tolerance: float) -> dict[str, Any]:
    # Keywords, common macros, and names that stand beside the fields of a row.
    reserved = template_text("cpp/reserved.txt").split()
    fields = row_fields(facts, _Field, reserved=reserved)
    by_type = {
        kind: [field for field in fields if field.column.value_type == kind] for kind in _TYPES
    }
    calls = [*row_calls(facts.layout.calls)]
    wanted = {"core", *runtime_parts(facts, calls)}
    (namespace,) = identifiers([facts.name.lower()], reserved=reserved)
    return {
        **facts.shared(),
        "namespace": namespace,
        "header": f"{namespace}.hpp",
        "cells": fields,
        "numbers": by_type["number"],
        "texts": by_type["string"],
        "moments": by_type["datetime"],
        "calls": [_written(call) for call in calls],
        "runtime": select(template_text("cpp/runtime.hpp"), wanted),
        "tolerance": tolerance,
    }


def _written(call: RowCall) -> str:
    return f"{call.function}(v, {', '.join(map(_argument, call.arguments))})"


def _argument(argument: Argument) -> str:
    if isinstance(argument, RowCell):
        return f"{argument.list}[{argument.place}]"
    return number(argument)


CPP = CppEmitter()
