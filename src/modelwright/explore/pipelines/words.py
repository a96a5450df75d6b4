"""What the checks of a pipeline found, as text for a terminal."""

from collections import Counter
from collections.abc import Sequence

import polars as pl

from modelwright.explore.pipelines.examination import Outcome
from modelwright.report.terminal.layout import aligned, field, left_out, title
from modelwright.report.words import plural

_TITLES = {
    "repeats_itself": "two runs give the same",
    "leaves_inputs_alone": "inputs are not changed in place",
    "has_unique_keys": "keys are unique and never missing",
    "keeps_the_keys": "no key is lost or made up",
    "ignores_the_order": "the order of rows does not matter",
    "ignores_repeated_rows": "rows that come twice change nothing",
    "ignores_new_columns": "a new column changes nothing",
    "survives_missing_values": "missing values lose no rows",
    "refuses_a_lost_column": "a lost column is an error",
    "refuses_numbers_as_text": "numbers as text are an error",
    "notices_another_unit": "another unit is noticed",
    "takes_late_rows": "rows that come late change nothing",
    "knows_only_the_past": "the future changes nothing",
    "is_fresh": "the newest row is new enough",
}
_SHOWN = 12


def describe_outcomes(named: str, output: pl.DataFrame, outcomes: Sequence[Outcome]) -> str:
    """Return what was found, the faults first.

    Parameters
    ----------
    named
        The pipeline.
    output
        What it gave for whole inputs.
    outcomes
        Of its checks.
    """
    by_verdict = {
        verdict: [each for each in outcomes if each.verdict == verdict]
        for verdict in ("failed", "told", "passed")
    }
    counts = Counter(_TITLES[each.check] for each in by_verdict["passed"])
    faults = plural(len(by_verdict["failed"]), "fault")
    return "\n".join(
        [
            title("Pipeline"),
            *field("Pipeline", f"{named}: {plural(len(output), 'row')}, {output.width} columns"),
            *field(
                "Verdict",
                f"{'✗' if by_verdict['failed'] else '✓'} {faults} in "
                f"{plural(len(outcomes), 'check')}, each on copies of the inputs",
            ),
            *field("Faults", *_lines("✗", by_verdict["failed"])),
            *field("Look at", *_lines("!", by_verdict["told"])),
            *field("Passed", *aligned((text, f"{count:,}") for text, count in counts.items())),
        ]
    )


def _lines(sign: str, outcomes: Sequence[Outcome]) -> list[str]:
    told = [
        f"{sign} {_where(each)}not so: “{_TITLES[each.check]}”: {each.sentence}"
        for each in outcomes[:_SHOWN]
    ]
    return [*told, *left_out(len(outcomes) - _SHOWN, "with --json")]


def _where(outcome: Outcome) -> str:
    place = ".".join(filter(None, (outcome.input, outcome.column)))
    return f"{place}: " if place else ""
