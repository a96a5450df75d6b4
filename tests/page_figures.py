"""Whether every figure of a page is in the document that it names, or derived from it anew."""

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from math import ceil
from types import MappingProxyType
from typing import Any

import msgspec

from modelwright.compute.budget import format_duration
from modelwright.compute.limits import format_latency
from modelwright.report import words
from modelwright.report.dossier import Dossier
from modelwright.report.voice import ENGLISH, Voice
from modelwright.tasks.costs import Costs
from modelwright.tasks.interval import Interval
from modelwright.tasks.metrics import METRICS
from modelwright.tasks.savings import Counts

ISO = re.compile(r"\d{4}-\d\d-\d\d(T|$)")
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
        if tag not in {"meta", "br", "input", "link"}:
            self._open.append((tag, given))

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        # Ticks of an axis are no figures, and the version is that of the program itself; what a
        # clock tells is of no document.
        tag, given = self._open[-1]
        if tag in {"style", "text"} or {"version", "clock"} & set(given.get("class", "").split()):
            return
        sources = [each["data-source"] for _, each in self._open if "data-source" in each]
        self.found.append((data, tuple(" ".join(reversed(sources)).split())))


class Origin:
    """The documents as JSON, and what may be told of each place in them."""

    def __init__(self, dossier: Dossier, shown: Counter[str], beside: Mapping[str, Any]) -> None:
        known = {each.file_name: each for each in dossier.told} | dict(beside)
        self._files = {
            name: msgspec.json.decode(msgspec.json.encode(value)) for name, value in known.items()
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
        costs = next((each for each in places if is_costs(each)), None)
        if costs and len(numbers) == len(Counts.__struct_fields__):
            allowed |= set(worths(costs, numbers))
            curves = [place for place in places if isinstance(place, dict) and "x" in place]
            allowed |= {each for curve in curves for each in paid(costs, numbers, curve)}
        for part, whole in itertools.permutations(numbers, 2):
            shares = ((whole - part) / whole, part / whole) if whole else ()
            allowed |= {words.of_100(share, 1) for share in shares if 0 <= share <= 1}
        for pointer, place in zip(pointers, places, strict=True):
            if isinstance(place, list):
                allowed |= set(self._left_out(pointer, place))
            if pointer.endswith("#/seconds"):
                # How long it shall be given the next time: in tens.
                allowed |= {str(ceil(times * place / 10) * 10) for times in (1.2, 2.5)}
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
        yield place[:12]
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
        yield from of_object(place)
        for value in place.values():
            yield from tokens(value)
    elif isinstance(place, list):
        yield f"{len(place):,}"
        yield from shares(place)
        for value in place:
            yield from tokens(value)
    elif isinstance(place, int | float) and not isinstance(place, bool):
        yield from of_number(place)
    elif isinstance(place, str) and ISO.match(place):
        yield from place[:10].lstrip("0").replace("-0", "-").split("-")


def of_object(place: dict[str, Any]) -> Iterator[str]:
    """Yield what the fields of an object tell together."""
    if {"value", "low", "high"} <= place.keys():
        yield from of_interval(msgspec.convert(place, Interval))
    if {"loss", "low", "high"} <= place.keys():
        ends = {end: place[end] for end in ("low", "high")}
        yield from NUMBER.findall(words.value(Interval(value=place["loss"], **ends, method="")))
    if place.keys() == set(Counts.__struct_fields__):
        negatives, alarms = place["rows"] - place["positives"], place["warned"]
        alarms -= place["warned_right"]
        yield from of_100(place["warned"], place["rows"])
        yield from of_100(place["warned_right"], place["positives"])
        yield from of_100(alarms, negatives)
    if {"started", "ended"} <= place.keys() and place["ended"]:
        took = datetime.fromisoformat(place["ended"]) - datetime.fromisoformat(place["started"])
        yield from NUMBER.findall(format_duration(took / timedelta(seconds=1)))


def shares(items: list[Any]) -> Iterator[str]:
    """Yield the share that each of some items has of what is counted of them."""
    counted = [item for item in items if isinstance(item, dict)]
    for key in counted[0] if counted else ():
        counts = [item.get(key) for item in counted]
        if all(type(each) is int for each in counts) and any(counts):
            for each in counts:
                yield from NUMBER.findall(words.percent(each / sum(counts)))


def of_number(value: float) -> Iterator[str]:
    written = [words.number(value), words.percent(value), format_latency(value)]
    written += [f"{value:,}", f"{100 * value:g}", f"{100 * value:.0f}", format_duration(value)]
    if 0 <= value <= 1:
        written += [words.percent(1 - value), words.association(value)]
    if isinstance(value, int) and value >= 0:
        written.append(words.size(value))
    elif value >= 0:
        written.append(words.size(int(value)))
    for each in written:
        yield from NUMBER.findall(each)


def of_100(part: int, whole: int) -> Iterator[str]:
    """Yield a share of a hundred with its range by Wilson's formula, solved anew."""
    share, z = part / whole, 1.959963985
    squared = z * z / whole
    middle = (share + squared / 2) / (1 + squared)
    half = ((squared * share * (1 - share) + squared**2 / 4) ** 0.5) / (1 + squared)
    low, high = middle - half, middle + half
    yield from of_interval(Interval(value=share, low=low, high=high, method="Wilson"))


def of_interval(score: Interval) -> Iterator[str]:
    yield from NUMBER.findall(words.ends_of_100(score))
    for each in (score, words.scaled(score, 100)):
        yield from NUMBER.findall(words.interval(each) + " " + words.gain(each))


def is_costs(place: Any) -> bool:
    return isinstance(place, dict) and place.keys() == set(Costs.__struct_fields__)


def worths(costs: Mapping[str, Any], counts: list[float]) -> Iterator[str]:
    """Yield what a thousand answers save, by adding up what every kind of answer costs."""
    rows, positives, warned, right = counts
    told = {"tp": right, "fp": warned - right, "fn": positives - right}
    told["tn"] = rows - sum(told.values())
    price = {
        "tp": costs["true_positive"],
        "fp": costs["false_positive"],
        "fn": costs["false_negative"],
        "tn": costs["true_negative"],
    }
    never = {"tp": price["fn"], "fp": price["tn"], "fn": price["fn"], "tn": price["tn"]}
    always = {"tp": price["tp"], "fp": price["fp"], "fn": price["tp"], "tn": price["fp"]}
    for constant in (never, always):
        saved = {kind: constant[kind] - price[kind] for kind in told}
        mean = sum(saved[kind] * told[kind] for kind in told) / rows
        spread = sum(told[kind] * (saved[kind] - mean) ** 2 for kind in told) / rows
        half = 1.96 * (spread / rows) ** 0.5
        for sign in (1_000, -1_000):
            each = Interval(value=mean, low=mean - half, high=mean + half, method="normal")
            yield from NUMBER.findall(words.interval(words.scaled(each, sign)))


def paid(costs: Mapping[str, Any], counts: list[float], curve: Mapping[str, Any]) -> Iterator[str]:
    """Yield what a thousand cases cost at each point of a ROC curve, and the share warned about."""
    rows, positives, _, _ = counts
    rate = positives / rows
    for alarms, found in zip(curve["x"], curve["y"], strict=True):
        hit, false = rate * found, (1 - rate) * alarms
        cost = hit * costs["true_positive"] + false * costs["false_positive"]
        cost += (rate - hit) * costs["false_negative"]
        cost += (1 - rate - false) * costs["true_negative"]
        yield from of_number(hit + false)
        yield from of_number(1_000 * cost)


def astray(
    html: str,
    dossier: Dossier,
    *,
    beside: Mapping[str, Any] = MappingProxyType({}),
    voice: Voice = ENGLISH,
) -> list[str]:
    """Return the words with figures that are not derived from what they name."""
    figures = Figures(html)
    origin = Origin(dossier, figures.shown, beside)
    units = units_of(voice)
    return [
        f"{word} of {text[:80]!r}, from {pointers}"
        for text, pointers in figures.found
        for word in figures_in(text, voice)
        if word not in units and not origin.tells(word, pointers)
    ]


def count_figures(html: str) -> int:
    """Return how many words with figures a page has."""
    return sum(1 for text, _ in Figures(html).found for _ in figures_in(text))


def units_of(voice: Voice) -> set[str]:
    """Return the figures that are words of a language's messages, as in “1,000 answers”."""
    if voice is ENGLISH:
        return set()
    told = " ".join(re.sub(r"{.*?}", "", each) for each in voice.messages.values())
    return set(NUMBER.findall(in_english(told, voice)))


def in_english(text: str, voice: Voice) -> str:
    """Return a text with the marks of English in its figures."""
    return text.translate(str.maketrans(voice.group + voice.point, ",."))


def figures_in(text: str, voice: Voice = ENGLISH) -> Iterator[str]:
    # In the marks of English; “of 100” is a unit, as “%” is; and a clipped text is two halves.
    text = in_english(text, voice)
    if voice is not ENGLISH:
        yield from (each.rstrip(",") for each in NUMBER.findall(text))
        return
    for word in re.sub(r"[Oo]f 100\b|1,000 answers", "", text).split():
        for half in word.strip("()[].,:;“”'…").split("…"):
            if NUMBER.search(half) and half not in TITLES:
                yield half
