"""Java: one class, Java 11, without dependencies."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import numpy as np

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
from modelwright.predictor.emitters.tables import Tables
from modelwright.predictor.emitters.versions import version_of
from modelwright.predictor.emitters.whole_graph import refusal_of_graph

_TYPES = {
    "number": ("double", " = MISSING"),
    "string": ("String", ""),
    "datetime": ("long", " = NO_MOMENT"),
}
_MOST = 5_000
"""Columns or classes: what names and sets them must fit what a method and a class file can hold."""
_LONGEST_PIECE = 60_000
"""Characters of a constant: a class file holds no more than 65,535 bytes of one."""
_LONGEST_EXAMPLE = 2_000


class JavaEmitter:
    """Writes a class, with programs that replay rows and show a call."""

    name = "java"
    title = "a Java class"
    tolerance = 1e-9
    tools = Tools(
        needs=("sh", "javac", "jar", "java"),
        build=(("sh", "build.sh"),),
        replay=("java", "-jar", "model.jar"),
    )

    def refusal(self, bundle: Bundle) -> str:
        """Return why a class has no room for a program; most have."""
        columns, classes = len(bundle.program.inputs), len(bundle.program.task.classes)
        if max(columns, classes) <= _MOST:
            return refusal_of_graph(bundle)
        found = f"{columns:,} columns" + (f" and {classes:,} classes" if classes else "")
        return f"A Java class has room for {_MOST:,} columns or classes; the program has {found}."

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the files of a Java project, as Maven has them."""
        facts = _facts(gather(bundle), tolerance=self.tolerance)
        source = f"src/main/java/{facts['package']}"
        names = {
            f"{source}/{facts['class']}.java": "Model.java",
            f"{source}/Replay.java": "Replay.java",
            f"{source}/Example.java": "Example.java",
            "build.sh": "build.sh",
            "pom.xml": "pom.xml",
        }
        filters = {"text": text, "number": number, "comment": _plain_comment}
        files = {path: render(f"java/{name}", facts, filters) for path, name in names.items()}
        files["README.md"] = render("java/README.md", facts, {"text": text, "number": number})
        return {
            **{path: content.encode() for path, content in files.items()},
            "cases.rows": rows_file(bundle, [case.record for case in bundle.cases]),
        }


def text(value: object) -> str:
    """Write a text as a literal of ASCII, whatever the compiler takes sources to be in.

    Examples
    --------
    >>> print(text('a"b\\\\é'))
    "a\\"b\\\\\\u00e9"
    """
    return f'"{"".join(map(_character, str(value)))}"'


def number(value: float) -> str:
    """Write a number as a literal of the same double.

    Examples
    --------
    >>> number(0.1), number(3), number(float("-inf")), number(True)
    ('0.1', '3', '-Double.POSITIVE_INFINITY', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    written = repr(value)
    return written.replace("inf", "Double.POSITIVE_INFINITY")


def _character(character: str) -> str:
    code = ord(character)
    if character in '"\\':
        return f"\\{character}"
    if 32 <= code < 127:
        return character
    # Escapes by \u are read before anything else: one for the end of a line would end it.
    return f"\\{code:03o}" if code < 128 else _units(character)


def _units(character: str) -> str:
    units = character.encode("utf-16-be", errors="surrogatepass")
    return "".join(f"\\u{units[i : i + 2].hex()}" for i in range(0, len(units), 2))


def _plain_comment(text: object) -> str:
    """Return what may stand in a comment, or in XML, in ASCII; a comment knows escapes too."""
    plain = comment(text).replace("&", "+").replace("<", "(").replace(">", ")").replace("@", "(at)")
    return "".join(each if each.isascii() else _units(each) for each in plain)


class _Field(RowField):
    """A field of the row."""

    types = _TYPES

    @property
    def target(self) -> str:
        lists = {"number": "v", "string": "texts", "datetime": "moments"}
        return f"{lists[self.column.value_type]}[{self.place}]"

    @property
    def example(self) -> str:
        if self.value is None:
            return ""
        if self.column.value_type == "string":
            return text(self.value[:_LONGEST_EXAMPLE])
        return f"{self.value}L" if self.column.value_type == "datetime" else number(self.value)


def _facts(facts: Facts, *, tolerance: float) -> dict[str, Any]:
    reserved = template_text("java/reserved.txt").split()
    fields = row_fields(facts, _Field, reserved=reserved)
    calls = [*row_calls(facts.layout.calls)]
    wanted = runtime_parts(facts, calls)
    shared = facts.shared()
    wanted |= {"above"} if shared["ranges"] else set()
    words = bool(facts.layout.cells_of("string"))
    (package,) = identifiers([facts.name.lower()], reserved=reserved)
    return {
        **shared,
        "packed": _packed(facts.layout.tables, words=words),
        "package": package,
        "class": _class_name(facts.name),
        "version": version_of(facts.bundle.facts.made_at),
        "cells": fields,
        "texts": facts.layout.cells_of("string"),
        "moments": facts.layout.cells_of("datetime"),
        "words": words,
        "reads": in_functions(fields),
        "steps": in_functions([in_camel_case(call, number) for call in calls]),
        "iso_8601": pattern_of("").replace("(?P<", "(?<"),
        "runtime": select(template_text("java/Runtime.java"), wanted),
        "tolerance": tolerance,
    }


def _class_name(name: str) -> str:
    (plain,) = identifiers([name], reserved=())
    return "".join(word[:1].upper() + word[1:] for word in plain.split("_")) + "Model"


def _packed(tables: Tables, *, words: bool) -> dict[str, list[str]]:
    """Return the lists in pieces; places of dictionaries too, as no method has room for many."""
    packed = tables.packed()
    places = [(each.texts, each.count, each.numbers) for each in tables.dictionaries]
    packed["dictionaries"] = b64encode(np.array(places, dtype="<i4").tobytes()).decode()
    wanted = packed if words else ("doubles", "wholes")
    return {name: _pieces(packed[name]) for name in wanted}


def _pieces(text: str) -> list[str]:
    starts = range(0, max(1, len(text)), _LONGEST_PIECE)
    return [text[start : start + _LONGEST_PIECE] for start in starts]


JAVA = JavaEmitter()
