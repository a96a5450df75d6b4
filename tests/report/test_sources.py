"""Every figure of the report is in the document that it names, and is derived from it anew."""

import dataclasses
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import msgspec
import pytest

from modelwright.compute.budget import format_duration
from modelwright.documents import Dependence, Disturbance
from modelwright.report import words
from modelwright.report.dossier import Dossier
from modelwright.report.page import render_page
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import METRICS

NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
TITLES = " ".join(words.metric_title(name) for name in METRICS)


class Figures(HTMLParser):
    """Every text of a page with the pointers of the elements around it, the innermost first."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.shown: Counter[str] = Counter()
        self._open: list[tuple[str, dict[str, str]]] = [("", {})]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.shown.update(given.get("data-source", "").split(" "))
        if tag not in {"meta", "br"}:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        # Ticks of an axis are no figures, and the version is that of the program itself.
        tag, given = self._open[-1]
        if tag in {"style", "text"} or given.get("class") == "version":
            return
        sources = [each["data-source"] for _, each in self._open if "data-source" in each]
        self.found.append((data, tuple(" ".join(reversed(sources)).split())))


class Origin:
    """The documents as JSON, and what may be told of each place in them."""

    def __init__(self, dossier: Dossier, shown: Counter[str]) -> None:
        documents = [*dossier.documents, *filter(None, [dossier.deliveries])]
        self._files = {
            each.file_name: msgspec.json.decode(msgspec.json.encode(each)) for each in documents
        }
        self._shown = shown

    def tells(self, word: str, pointers: tuple[str, ...]) -> bool:
        """Whether a word with a figure is derived from what is at some pointers."""
        places = [self.at(pointer) for pointer in pointers]
        known = [self._known(pointer) for pointer in pointers]
        if any(word in text for _, told in known for text in told):
            return True
        allowed = {token for found, _ in known for token in found}
        numbers = [place for place in places if isinstance(place, int | float)]
        for part, whole in itertools.permutations(numbers, 2):
            shares = ((whole - part) / whole, part / whole) if whole else ()
            allowed |= {words.of_100(share, 1) for share in shares if 0 <= share <= 1}
        for pointer, place in zip(pointers, places, strict=True):
            if isinstance(place, list):
                allowed |= set(self._left_out(pointer, place))
        found = NUMBER.findall(word)
        return all(each in allowed or each.rstrip(",") in allowed for each in found)

    @cache  # noqa: B019  it lives as long as a test
    def _known(self, pointer: str) -> tuple[frozenset[str], frozenset[str]]:
        place = self.at(pointer)
        return frozenset(tokens(place)), frozenset(texts(place))

    def at(self, pointer: str) -> Any:
        """Return what is at a pointer."""
        name, _, path = pointer.partition("#")
        place = self._files[name]
        for key in filter(None, path.split("/")):
            plain = key.replace("%20", " ").replace("%25", "%").replace("~1", "/")
            plain = plain.replace("~0", "~")
            place = place[int(plain) if isinstance(place, list) else plain]
        return place

    def _left_out(self, pointer: str, place: list[Any]) -> Iterator[str]:
        """Yield how many items there are, of each kind too, and how many are not shown before."""
        shown = [at for at in range(len(place)) if self._shown[f"{pointer}/{at}"]]
        kinds = Counter(
            value
            for item in place
            if isinstance(item, dict)
            for value in item.values()
            if isinstance(value, str | None)
        )
        for count in (len(place), len(place) - len(shown), *kinds.values()):
            yield f"{count:,}"
            yield f"{len(place) - count:,}"
        # A list that unfolds says how many more there are.
        yield from (
            f"{count - first:,}" for count in (len(place), *kinds.values()) for first in FOLDS
        )


FOLDS = (6, 10, 20, 25, 40, 50, 60, 300, 400)
"""How many items stand before those that unfold."""


def texts(place: Any) -> Iterator[str]:
    """Yield every text in a place, as it may stand on a page."""
    if isinstance(place, str):
        yield place
        yield words.clip(place, 10_000)
        yield words.moment(place)
    elif isinstance(place, dict):
        for key, value in place.items():
            yield key
            yield from texts(value)
    elif isinstance(place, list):
        for value in place:
            yield from texts(value)


def tokens(place: Any) -> Iterator[str]:
    """Yield every figure that a page may draw from a place."""
    if isinstance(place, dict):
        if {"value", "low", "high"} <= place.keys():
            yield from of_interval(msgspec.convert(place, Interval))
        for value in place.values():
            yield from tokens(value)
    elif isinstance(place, list):
        yield f"{len(place):,}"
        for value in place:
            yield from tokens(value)
    elif isinstance(place, int | float) and not isinstance(place, bool):
        yield from of_number(place)


def of_number(value: float) -> Iterator[str]:
    written = [words.number(value), words.percent(value), words.number(1000 * value)]
    written += [f"{value:,}", f"{100 * value:g}", f"{100 * value:.0f}", format_duration(value)]
    if isinstance(value, int) and value >= 0:
        written.append(words.size(value))
    elif value >= 0:
        written.append(words.size(int(value)))
    for each in written:
        yield from NUMBER.findall(each)


def of_interval(score: Interval) -> Iterator[str]:
    for each in (score, words.scaled(score, 100)):
        yield from NUMBER.findall(words.interval(each) + " " + words.gain(each))


def with_behaviour(dossier: Dossier) -> Dossier:
    """Return a dossier whose candidate says how it behaves."""
    assert dossier.candidate is not None
    loss = Interval(value=0.0712, low=0.051, high=0.0914, method="paired bootstrap")
    lost = [
        Disturbance(kind=kind, column="carrier", amount=amount, rows=2_000, score=0.6931, loss=loss)
        for kind, amount in (("missing column", 1.0), ("noise", 0.1), ("unit change", 1_000.0))
    ]
    follows = Dependence(
        column="dep_hour",
        of=True,
        values=(5.5, 12.25, 21.0),
        answers=(0.1234, 0.2345, 0.4567),
        low=(0.05, 0.1, 0.2),
        high=(0.3, 0.4, 0.8),
        rows=288,
    )
    levels = msgspec.structs.replace(
        follows, column="carrier 7", values=("B6", "2014-03-01T10:00:00", "9E")
    )
    evaluation = msgspec.structs.replace(
        dossier.candidate.evaluation, robustness=tuple(lost), dependences=(follows, levels)
    )
    made = msgspec.structs.replace(dossier.candidate, evaluation=evaluation)
    return dataclasses.replace(dossier, candidate=made)


def astray(html: str, dossier: Dossier) -> list[str]:
    """Return the words with figures that are not derived from what they name."""
    figures = Figures(html)
    origin = Origin(dossier, figures.shown)
    return [
        f"{word} of {text[:80]!r}, from {pointers}"
        for text, pointers in figures.found
        for word in figures_in(text)
        if not origin.tells(word, pointers)
    ]


def figures_in(text: str) -> Iterator[str]:
    # “Of 100” is a unit, as “%” is; and a clipped text is two halves.
    for word in re.sub(r"[Oo]f 100\b", "", text).split():
        for half in word.strip("()[].,:;“”'…").split("…"):
            if NUMBER.search(half) and half not in TITLES:
                yield half


@pytest.mark.parametrize(("name", "most"), [("flights", 600), ("houses", 250), ("penguins", 150)])
def test_every_figure_is_derived_from_the_document_that_it_names(name, most, request):
    dossier = with_behaviour(request.getfixturevalue(name))
    html = render_page(dossier)
    assert astray(html, dossier) == []
    assert sum(1 for text, _ in Figures(html).found for _ in figures_in(text)) > most


def test_a_page_of_300_columns_names_its_sources_too(wide):
    assert astray(render_page(wide), wide) == []


@pytest.mark.parametrize(
    ("field", "place", "value"),
    [
        ("training_rows", None, 27_123),
        ("trials", 0, {"score": 0.6213}),
        ("evaluation", "score", {"value": 0.6123}),
        ("evaluation", "gain", {"low": 0.0444}),
        ("evaluation", "warned_right", 4_321),
    ],
)
def test_a_figure_that_is_not_in_the_document_is_found_out(field, place, value, flights):
    html = render_page(flights)
    made = getattr(flights.candidate, field)
    if isinstance(place, int):
        changed = (msgspec.structs.replace(made[place], **value), *made[place + 1 :])
    elif place is None:
        changed = value
    elif isinstance(value, dict):
        part = msgspec.structs.replace(getattr(made, place), **value)
        changed = msgspec.structs.replace(made, **{place: part})
    else:
        changed = msgspec.structs.replace(made, **{place: value})
    candidate = msgspec.structs.replace(flights.candidate, **{field: changed})
    assert astray(html, dataclasses.replace(flights, candidate=candidate))
