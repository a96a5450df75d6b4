"""Related tables in words: relations, features with their gain, the worth of supplied data."""

from modelwright.data.relations.relation import Relation
from modelwright.documents import Findings, Request, Supplied
from modelwright.report.terminal.layout import aligned, field, left_out, title
from modelwright.report.words import clip, gain, listed, metric_title, percent, plural

_SHOWN = 8
_LONG = 300


def related_lines(findings: Findings) -> list[str]:
    """Return the lines about related tables that stand in the findings."""
    kept = [each for each in findings.requests if each.kept]
    refused = [each for each in findings.requests if not each.kept]
    untried = sum(each.gain is None for each in refused)
    count = len(findings.features.features)
    made = [f"{plural(count, 'feature')} of related tables, as known before each row's moment"]
    return [
        *field("Relations", *aligned(_relation(each) for each in findings.relations)),
        *field("Unrelated", *(clip(each, _LONG) for each in findings.unrelated[:_SHOWN])),
        *field("", *left_out(len(findings.unrelated) - _SHOWN, "in findings.json")),
        *field("Features", *(made if count else [])),
        *field("", *aligned((clip(each.name, 40), gain(each.gain)) for each in kept[:_SHOWN])),
        *field("", *left_out(len(kept) - _SHOWN, "in findings.json")),
        *field("Requests", *_others(len(refused) - untried, untried)),
    ]


def describe_features(findings: Findings) -> str:
    """Return the ranked requests and the worth of supplied data as text for a terminal."""
    if not findings.requests:
        none = "No features of related tables were tried. Name a table: --related NAME=SOURCE"
        return "\n".join([title("Features"), *field("None", none), *related_lines(findings)])
    tried = len(findings.requests)
    level = next((each.gain.level for each in findings.requests if each.gain), None)
    measured = f"gain in {metric_title(findings.plan.metric)}"
    if level is not None:
        measured += f", {percent(level)} intervals: corrected for the number of comparisons"
    blocks = [
        line for number, each in enumerate(findings.requests, 1) for line in _block(number, each)
    ]
    return "\n".join(
        [
            title("Features"),
            *field("Tried", plural(tried, "group"), measured),
            *field("Relations", *aligned(_relation(each) for each in findings.relations)),
            *field("Unrelated", *(clip(each, _LONG) for each in findings.unrelated)),
            *blocks,
            title("Worth of what is supplied"),
            *aligned(_supplied(each) for each in findings.supplied),
        ]
    )


def _others(tried: int, untried: int) -> list[str]:
    """Say how many features are not kept, and why."""
    said = [f"{tried:,} more were tried: modelwright features"] * (tried > 0)
    if untried:
        said.append(
            f"{untried:,} could not be measured, and are not used: a larger --budget has more time"
        )
    return said


def _block(number: int, request: Request) -> list[str]:
    sign = "✓" if request.kept else "✗"
    return [
        "",
        f"{sign} {number}. {clip(request.name, 70)}",
        *field(
            "Gain", f"{gain(request.gain) if request.gain else 'not measured'}  {request.reason}"
        ),
        *field("Meaning", listed([clip(each, 90) for each in request.meaning], 4)),
        *field("Cost", request.cost),
        *field("Freshness", request.freshness),
    ]


def _relation(relation: Relation) -> tuple[str, str]:
    pairs = (
        f"{ours} = {theirs}" for ours, theirs in zip(relation.columns, relation.keys, strict=True)
    )
    time = f", known by {relation.time}" if relation.time else ", without a time"
    return (
        clip(relation.name, 30),
        f"{clip(', '.join(pairs), 60)}, {relation.shape}{time}; "
        f"{percent(relation.matched)} of rows have any",
    )


def _supplied(worth: Supplied) -> tuple[str, str, str]:
    name = f"{worth.table}: {listed(worth.columns, 3)}" if worth.table else worth.columns[0]
    said = "pays" if worth.pays else "no gain shown" if worth.gain else "not measured"
    return clip(name, 44), said, gain(worth.gain) if worth.gain else ""
