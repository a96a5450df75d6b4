"""What clients of one bundle would notice if another one answered them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from modelwright.data.records import RecordReader
from modelwright.data.schema import Column, Kind, Schema
from modelwright.data.values.moments import said_format
from modelwright.errors import SchemaError
from modelwright.predictor.bundle import Bundle

Severity = Literal["refused", "changed", "note"]

_ORDER: tuple[Severity, ...] = ("refused", "changed", "note")


class ClientChange(msgspec.Struct, frozen=True, kw_only=True):
    """Something that clients would notice.

    Parameters
    ----------
    severity
        ``"refused"``: a request that is answered today is refused; ``"changed"``: it is answered,
        but what is sent or answered has another meaning; ``"note"``: nothing is lost.
    column
        Empty where it is about answers.
    sentence
        What is different, and what clients do about it.
    """

    severity: Severity
    column: str = ""
    sentence: str


class Compatibility(msgspec.Struct, frozen=True, kw_only=True):
    """Whether another bundle can take the place of one without a word to its clients.

    Parameters
    ----------
    old, new
        The hashes of the bundles.
    changes
        The worst first.
    replayed
        Requests that were tried on the new one: those logged, and the old one's recorded cases.
    refused
        How many of them it refuses.
    first_refusal
        What it says to the first of those.
    """

    old: str
    new: str
    changes: tuple[ClientChange, ...]
    replayed: int
    refused: int
    first_refusal: str = ""

    @property
    def is_compatible(self) -> bool:
        """Whether no request of today's clients would be refused."""
        return not self.refused and all(each.severity != "refused" for each in self.changes)


def compare_clients(
    old: Bundle, new: Bundle, *, requests: Iterable[Mapping[str, Any]] = ()
) -> Compatibility:
    """Say what clients of one bundle would notice if another one answered.

    Parameters
    ----------
    old
        What answers today.
    new
        What shall.
    requests
        Rows that clients have sent, beside the recorded cases of the old one.
    """
    found = [
        *compare_schemas(old.schema, new.schema),
        *_answers(old, new),
    ]
    replayed, refusals = _replay([*(case.record for case in old.cases), *requests], new)
    return Compatibility(
        old=old.hash,
        new=new.hash,
        changes=tuple(sorted(found, key=lambda change: _ORDER.index(change.severity))),
        replayed=replayed,
        refused=len(refusals),
        first_refusal=refusals[0] if refusals else "",
    )


def compare_schemas(old: Schema, new: Schema) -> Iterator[ClientChange]:
    """Yield what is different about the columns of a request.

    Examples
    --------
    >>> age, job = (Column(name=name, kind=Kind.NUMERIC) for name in ("age", "job"))
    >>> for change in compare_schemas(Schema(columns=(age,)), Schema(columns=(job,))):
    ...     print(f"{change.severity}: {change.sentence}")
    refused: The column 'age' is no longer read: clients leave it away.
    note: The column 'job' is new: until clients send it, it is missing.
    """
    for column in old:
        if column.name not in new:
            said = f"The column {column.name!r} is no longer read: clients leave it away."
            yield ClientChange(severity="refused", column=column.name, sentence=said)
        elif change := _column_change(column, new[column.name]):
            yield change
    for column in new:
        if column.name not in old:
            said = f"The column {column.name!r} is new: until clients send it, it is missing."
            yield ClientChange(severity="note", column=column.name, sentence=said)


def _column_change(old: Column, new: Column) -> ClientChange | None:
    name, was, becomes = old.name, _sent_as(old), _sent_as(new)
    if was != becomes:
        said = f"The column {name!r} is sent as {was} and must be sent as {becomes}."
        # Nearly everything can be read as a text; nothing else forgives.
        severity: Severity = "changed" if becomes == "a text" else "refused"
        return ClientChange(severity=severity, column=name, sentence=said)
    lost = sorted(set(old.missing_tokens) - set(new.missing_tokens))
    if lost:
        said = f"{', '.join(map(repr, lost))} no longer means that {name!r} is missing: send null."
        severity = "changed" if becomes == "a text" else "refused"
        return ClientChange(severity=severity, column=name, sentence=said)
    return None


def _sent_as(column: Column) -> str:
    if column.kind == Kind.BOOLEAN:
        return "true or false"
    if column.value_type == "number":
        return f"a number in {column.unit}" if column.unit else "a number"
    if column.value_type == "datetime":
        return f"a datetime {said_format(column.datetime_format)}"
    return "a text"


def _answers(old: Bundle, new: Bundle) -> Iterator[ClientChange]:
    was, becomes = old.program.task, new.program.task
    if was.kind != becomes.kind:
        said = f"The answer was {_kind(was.kind)} and is {_kind(becomes.kind)}."
        yield ClientChange(severity="changed", sentence=said)
    elif was.classes != becomes.classes:
        said = f"The classes were {_listed(was.classes)} and are {_listed(becomes.classes)}."
        yield ClientChange(severity="changed", sentence=said)
    levels = [
        () if bundle.program.coverage is None else bundle.program.coverage.levels
        for bundle in (old, new)
    ]
    if lost := sorted(set(levels[0]) - set(levels[1])):
        said = f"A coverage of {', '.join(f'{level:g}' for level in lost)} is no longer offered."
        yield ClientChange(severity="refused", sentence=said)
    tables = [set(bundle.features.tables) for bundle in (old, new)]
    if gone := sorted(tables[0] - tables[1]):
        said = f"Rows of {', '.join(gone)} are no longer read: clients leave them away."
        yield ClientChange(severity="refused", sentence=said)
    if more := sorted(tables[1] - tables[0]):
        said = f"Rows of {', '.join(more)} are read too: until clients send them, they are missing."
        yield ClientChange(severity="note", sentence=said)


def _kind(kind: str) -> str:
    return "a number" if kind == "regression" else "a class"


def _listed(classes: Iterable[object]) -> str:
    shown = [repr(each) for each in classes]
    return ", ".join(shown[:8]) + (", …" if len(shown) > 8 else "")


def _replay(rows: list[Mapping[str, Any]], new: Bundle) -> tuple[int, list[str]]:
    read = RecordReader(new.schema)
    refusals = []
    for row in rows:
        try:
            read([row])
        except SchemaError as error:
            refusals.append(str(error))
    return len(rows), refusals
