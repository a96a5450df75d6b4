"""A YAML text as entries that know their line, so that a message can say where a fault is.

Nothing is constructed from tags, scalars stay as they were written until they are asked for
(`no` is a word, not a truth value, until someone asks for one), and aliases are not multiplied.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from modelwright.errors import InputError, nearest

_LONGEST_BYTES = 50_000_000
_DEEPEST = 50
_NULL = "tag:yaml.org,2002:null"
_TRUTH = {"true": True, "false": False}


@dataclass(frozen=True)
class Entry:
    """A part of a YAML text.

    Parameters
    ----------
    node
        As the parser composed it.
    document
        What the text is, for messages: "The contract".
    """

    node: yaml.Node
    document: str

    def fault(self, found: str, remedy: str = "") -> InputError:
        """Return an error that says where it is."""
        mark = self.node.start_mark
        place = f", line {mark.line + 1}" if mark else ""
        return InputError(f"{self.document}{place}: {found}", remedy)

    def fields(self) -> "dict[str, Entry]":
        """Return the entries of a mapping by key; those that are null are left out.

        Raises
        ------
        InputError
            If this is no mapping, or a key occurs twice.
        """
        if not isinstance(self.node, yaml.MappingNode):
            raise self.fault(f"There should be keys and values, but {self._shown} was found.")
        found: dict[str, Entry] = {}
        for key_node, value_node in self.node.value:
            key = self._at(key_node).text()
            if key in found:
                raise self._at(key_node).fault(f"The key {key!r} stands there twice.", "Leave one.")
            found[key] = self._at(value_node)
        return {key: entry for key, entry in found.items() if entry.node.tag != _NULL}

    def get(self, key: str) -> "Entry | None":
        """Return the entry of a key, or None when it is not there or null."""
        return self.fields().get(key)

    def need(self, key: str) -> "Entry":
        """Return the entry of a key that must be there.

        Raises
        ------
        InputError
            With the nearest key that is there.
        """
        fields = self.fields()
        if key not in fields:
            raise self.fault(f"The key {key!r} is missing.", nearest(key, fields) if fields else "")
        return fields[key]

    def items(self) -> "list[Entry]":
        """Return the entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.fault(f"There should be a list, but {self._shown} was found.")
        return [self._at(node) for node in self.node.value]

    def items_of(self, key: str) -> "list[Entry]":
        """Return the list of a key; an empty one when it is not there."""
        entry = self.get(key)
        return [] if entry is None else entry.items()

    def texts(self) -> tuple[str, ...]:
        """Return a list of texts, as they are written; null is left out."""
        return tuple(entry.text() for entry in self.items() if entry.node.tag != _NULL)

    def text(self) -> str:
        """Return a scalar as it is written."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.fault(f"There should be one value, but {self._shown} was found.")
        return str(self.node.value)

    def text_of(self, key: str) -> str:
        """Return the text of a key; empty when it is not there."""
        entry = self.get(key)
        return "" if entry is None else entry.text()

    def number(self) -> float:
        """Return a scalar as a finite number."""
        try:
            number = float(self.text())
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self.fault(f"There should be a number, but {self._shown} was found.")
        return number

    def whole(self) -> int:
        """Return a scalar as a whole number."""
        if not self.number().is_integer():
            raise self.fault(f"There should be a whole number, but {self._shown} was found.")
        return int(self.number())

    def truth(self) -> bool:
        """Return a scalar as true or false."""
        truth = _TRUTH.get(self.text().lower())
        if truth is None:
            raise self.fault(f"There should be true or false, but {self._shown} was found.")
        return truth

    def plain(self) -> object:
        """Return dictionaries, lists, None and texts as they are written."""
        if isinstance(self.node, yaml.MappingNode):
            return {key: entry.plain() for key, entry in self.fields().items()}
        if isinstance(self.node, yaml.SequenceNode):
            return [entry.plain() for entry in self.items()]
        return None if self.node.tag == _NULL else self.text()

    @property
    def _shown(self) -> str:
        if isinstance(self.node, yaml.ScalarNode):
            return repr(str(self.node.value)[:40])
        return "a list" if isinstance(self.node, yaml.SequenceNode) else "a mapping"

    def _at(self, node: yaml.Node) -> "Entry":
        return Entry(node, self.document)


def parse_yaml(text: str, *, document: str) -> Entry:
    """Parse a YAML text.

    Parameters
    ----------
    document
        What the text is, for messages.

    Raises
    ------
    InputError
        If it is no valid YAML, with the line; or if it is empty, too long or nested too deeply.

    Examples
    --------
    >>> parse_yaml("a: [1, 2]", document="The contract").need("a").texts()
    ('1', '2')
    >>> parse_yaml("a: b: c", document="The contract")
    Traceback (most recent call last):
    ...
    modelwright.errors.InputError: The contract is no valid YAML: line 1, column 5: mapping values
    are not allowed in this context.
    """
    if len(text) > _LONGEST_BYTES:
        raise InputError(f"{document} has {len(text):,} characters; {_LONGEST_BYTES:,} are read.")
    # The pure Python loader is ten times slower, and libyaml is not in every build of PyYAML.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_nesting(yaml.parse(text, Loader=loader), document)
        node = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        raise InputError(f"{document} is no valid YAML: {_in_words(error)}.") from error
    if node is None:
        raise InputError(f"{document} is empty.")
    return Entry(node, document)


def _check_nesting(events: Iterable[yaml.Event], document: str) -> None:
    """Refuse what makes composing dangerous: it recurses in C, and follows aliases."""
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise InputError(f"{document} is nested deeper than {_DEEPEST} levels.")
        if isinstance(event, yaml.AliasEvent):
            raise InputError(f"{document} has an alias, *{event.anchor}.", "Write it out.")


def _in_words(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}" if mark else problem
