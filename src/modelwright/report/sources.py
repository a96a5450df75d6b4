"""Where in the documents a figure of a page comes from."""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec
from markupsafe import Markup, escape

from modelwright.documents import Document


class Part(NamedTuple):
    """A field of a part of a document."""

    of: object
    field: str


class Said(str):
    """A sentence that knows which parts of documents its figures come from.

    Parameters
    ----------
    text
        The sentence.
    about
        Values of documents, or `Part` for a field that is a plain number or text.

    Examples
    --------
    >>> from modelwright.tasks.interval import Interval
    >>> score = Interval(value=0.7, low=0.6, high=0.8, method="bootstrap")
    >>> Said("It scores 0.7.", score).about[0].value
    0.7
    """

    about: tuple[object, ...]

    def __new__(cls, text: str, *about: object) -> "Said":
        made = super().__new__(cls, text)
        made.about = about
        return made


class Sources:
    """Names parts of documents by the file and the place in it, as a JSON pointer (RFC 6901).

    Parameters
    ----------
    documents
        Those that a page shows; the first that holds a part names it.
    beside
        Other values that it shows, by the file that keeps them.

    Examples
    --------
    >>> from modelwright.documents import Gate, Release
    >>> from modelwright.tasks.task import Task
    >>> gate = Gate(name="it starts", passed=True, evidence="after 2 s")
    >>> task = Task(kind="regression")
    >>> made = Release(target="price", task=task, metric="mae", released=True, gates=(gate,))
    >>> sources = Sources([made])
    >>> str(sources(gate)), str(sources(made, "released"))
    (' data-source="release.json#/gates/0"', ' data-source="release.json#/released"')
    """

    def __init__(
        self, documents: Sequence[Document], beside: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        # A part is found by its identity, so what has parts must outlive the places.
        self._kept = (documents, beside)
        self._places: dict[int, str] = {}
        for document in documents:
            _note(document, f"{document.file_name}#", self._places)
        for name, value in beside.items():
            _note(value, f"{name}#", self._places)

    def __call__(self, part: object, *fields: str) -> Markup:
        """Return the attribute that names a part, or fields of it; nothing for no part.

        Parameters
        ----------
        part
            A value of a document; or a `Said`, for all that it is about.
        fields
            Names within the part.
        """
        about = part.about if isinstance(part, Said) else (part,)
        if fields:
            about = tuple(Part(part, field) for field in fields)
        named = [place for place in map(self._place, about) if place]
        return Markup(f' data-source="{escape(" ".join(named))}"') if named else Markup("")

    def _place(self, part: object) -> str:
        if not isinstance(part, Part):
            return self._places.get(id(part), "")
        whole = self._places.get(id(part.of))
        return f"{whole}/{_escaped(part.field)}" if whole else ""


def _note(part: object, place: str, places: dict[int, str]) -> None:
    """Note where a value that has parts is, and all of them."""
    if isinstance(part, msgspec.Struct):
        inside: Iterable[tuple[object, object]] = (
            (name, getattr(part, name)) for name in part.__struct_fields__
        )
    elif dataclasses.is_dataclass(part):
        inside = ((each.name, getattr(part, each.name)) for each in dataclasses.fields(part))
    elif isinstance(part, tuple | list):
        inside = enumerate(part)
    elif isinstance(part, Mapping):
        inside = ((_escaped(str(key)), value) for key, value in part.items())
    else:
        return
    places.setdefault(id(part), place)
    for key, value in inside:
        _note(value, f"{place}/{key}", places)


def _escaped(key: str) -> str:
    """Return a key as a part of a pointer in an attribute: spaces stand between pointers."""
    return key.replace("~", "~0").replace("/", "~1").replace("%", "%25").replace(" ", "%20")
