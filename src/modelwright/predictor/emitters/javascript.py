"""JavaScript: one module for Node and browsers, without dependencies."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from modelwright.data.schema import Kind
from modelwright.data.values.moments import pattern_of
from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.base import Tools
from modelwright.predictor.emitters.facts import Facts, gather
from modelwright.predictor.emitters.identifiers import identifiers
from modelwright.predictor.emitters.rendering import comment, render, template_text
from modelwright.predictor.emitters.row_calls import in_camel_case, in_functions, row_calls
from modelwright.predictor.emitters.row_fields import RowField, row_fields, runtime_parts
from modelwright.predictor.emitters.rows_file import rows_file
from modelwright.predictor.emitters.runtime import select
from modelwright.predictor.emitters.versions import semantic_version_of
from modelwright.predictor.emitters.whole_graph import refusal_of_graph

_TYPES = {
    "number": "number",
    "string": "string | number | boolean | bigint",
    "datetime": "Date | string | bigint",
}
_TABLES = {
    "doubles": "DOUBLES = doublesOf",
    "wholes": "WHOLES = wholesOf",
    "texts": "[CHARACTERS, BEGINS] = charactersOf",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class JavaScriptEmitter:
    """Writes a module with its types, and programs that replay rows and show a call."""

    name = "javascript"
    title = "a JavaScript module"
    tolerance = 1e-9
    tools = Tools(needs=("node",), build=(), replay=("node", "replay.mjs"))

    def refusal(self, bundle: Bundle) -> str:
        """Return why a graph of ONNX has no such form; every other program has."""
        return refusal_of_graph(bundle)

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the files of a package of Node."""
        facts = javascript_facts(gather(bundle), tolerance=self.tolerance)
        names = {
            f"{facts['module']}.js": "model.js",
            f"{facts['module']}.d.ts": "types.d.ts",
            **{name: name for name in ("package.json", "replay.mjs", "example.mjs", "README.md")},
        }
        files = {path: render(f"javascript/{name}", facts, FILTERS) for path, name in names.items()}
        return {
            **{path: content.encode() for path, content in files.items()},
            "cases.rows": rows_file(bundle, [case.record for case in bundle.cases]),
        }


def text(value: object) -> str:
    r"""Write a text as a literal that may also stand in a page.

    Examples
    --------
    >>> print(text('a"b\\é</script>\n'))
    "a\"b\\é\u003c/script>\u000a"
    """
    return f'"{"".join(map(_character, str(value)))}"'


def number(value: float) -> str:
    """Write a number as a literal of the same double.

    Examples
    --------
    >>> number(0.1), number(3), number(float("-inf")), number(True)
    ('0.1', '3', '-Infinity', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).replace("inf", "Infinity")


def javascript_facts(facts: Facts, *, tolerance: float) -> dict[str, Any]:
    """Return what templates of JavaScript name."""
    fields = row_fields(facts, JavaScriptField, reserved=())
    calls = [*row_calls(facts.layout.calls)]
    shared = facts.shared()
    types = {field.column.value_type for field in fields}
    wanted = runtime_parts(facts, calls) - {"missing_numbers"}
    wanted |= {"number_cells"} if "number" in types else set()
    wanted |= {"moment_cells"} if "datetime" in types else set()
    tables = [name for name in _TABLES if name != "texts" or "string" in types]
    (module,) = identifiers([facts.name.lower()], reserved=())
    return {
        **shared,
        "packed": {_TABLES[name]: shared["packed"][name] for name in tables},
        "module": module,
        "package": module.replace("_", "-") + "-model",
        "version": semantic_version_of(facts.bundle.facts.made_at),
        "cells": fields,
        "moments": "datetime" in types,
        "words": "string" in types,
        "walks": _widest(facts),
        "reads": in_functions(fields),
        "steps": in_functions([in_camel_case(call, number) for call in calls]),
        "iso_8601": pattern_of("").replace("(?P<", "(?<"),
        "runtime": select(template_text("javascript/runtime.js"), wanted),
        "tolerance": tolerance,
    }


class JavaScriptField(RowField):
    """A column of the row."""

    @property
    def declared(self) -> str:
        """Its type in TypeScript."""
        if self.column.kind == Kind.BOOLEAN:
            return "boolean | 0 | 1"
        return _TYPES[self.column.value_type]

    @property
    def read(self) -> str:
        """The line that reads its cell."""
        # The row's cells stand in the order of the columns, whatever their type.
        here, cell, place = f"cells[{self.order}]", self.cell, self.place
        if self.column.value_type == "string":
            arguments = f"{self.order}, {cell.missing}, {number(cell.is_coded)}"
            return f"texts[{place}] = text({here}, {arguments})"
        if self.column.value_type == "datetime":
            return f"moments[{place}] = momentOf({here}, {self.order})"
        truth = number(self.column.kind == Kind.BOOLEAN)
        arguments = f"{self.order}, {cell.missing}, {cell.count}, {truth}"
        return f"v[{place}] = number({here}, {arguments})"

    @property
    def key(self) -> str:
        """The key of an object literal."""
        # As a plain key this one would say what the object inherits from.
        written = text(self.column.name)
        return f"[{written}]" if self.column.name == "__proto__" else written

    @property
    def example(self) -> str:
        """Its value in the example; empty where it is missing there."""
        if self.value is None:
            return ""
        if self.column.value_type == "string":
            return text(self.value)
        if self.column.value_type == "datetime":
            return text(_iso_8601(self.value))
        if self.column.kind == Kind.BOOLEAN:
            return number(bool(self.value))
        return number(self.value)


def _iso_8601(micros: int) -> str:
    return (_EPOCH + timedelta(microseconds=micros)).isoformat().replace("+00:00", "Z")


def _character(character: str) -> str:
    if character in '"\\':
        return f"\\{character}"
    # "<" is escaped because a page would read "</script>" and "<!--".
    if character.isprintable() and character != "<":
        return character
    units = character.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def _harmless(text: object) -> str:
    """Return a comment that may also stand in a page."""
    return comment(text).replace("<", "(").replace(">", ")")


def _widest(facts: Facts) -> int:
    calls = facts.layout.calls
    return max((call.reads[0].width for call in calls if call.operation == "trees"), default=0)


FILTERS = {"text": text, "number": number, "comment": _harmless}
"""How templates write what comes from data, so that it may stand in a page too."""

JAVASCRIPT = JavaScriptEmitter()
