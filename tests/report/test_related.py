"""What related tables add, in words."""

import msgspec

from modelwright.documents import Request
from modelwright.report.dossier import Dossier
from modelwright.report.related import related_lines
from modelwright.tasks.interval import Interval


def request(name: str, gain: Interval | None) -> Request:
    return Request(
        name=name,
        features=(name,),
        meaning=(name,),
        sql="",
        gain=gain,
        kept=False,
        reason="",
        cost="",
        freshness="",
    )


def test_what_was_tried_is_told_apart_from_what_there_was_no_time_for(flights: Dossier) -> None:
    none = Interval(value=0.0, low=-1.0, high=1.0, method="stated")
    assert flights.findings is not None
    findings = msgspec.structs.replace(
        flights.findings,
        requests=(request("tried", none), request("late", None)),
        unrelated=tuple(f"t{place}: no." for place in range(9)),
    )
    said = "\n".join(related_lines(findings))
    assert "1 more were tried" in said
    assert "1 could not be measured, and are not used" in said
    assert "and 1 more in findings.json" in said
