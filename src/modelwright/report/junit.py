"""The results of a check as JUnit XML, which every build server reads."""

import re
from xml.etree import ElementTree as ET

from modelwright.data.checks.base import CheckResult
from modelwright.data.contracts.contract import CheckReport

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_of(report: CheckReport, *, name: str, seconds: float) -> str:
    """Return a check as one test suite with a test case for each rule.

    A broken rule of severity "error" is a failure; a broken warning passes, and its sentence is
    told as the output of its case. Rules that nothing can check are skipped cases.

    Parameters
    ----------
    report
        What was found.
    name
        Of the suite: the table.
    seconds
        How long the check took.

    Examples
    --------
    >>> from modelwright.data.contracts.contract import CheckReport
    >>> print(junit_of(CheckReport(rows=0, results=()), name="orders.csv", seconds=0.5))
    <?xml version='1.0' encoding='utf-8'?>
    <testsuites tests="0" failures="0" errors="0" skipped="0" time="0.500">
      <testsuite name="orders.csv" tests="0" failures="0" errors="0" skipped="0" time="0.500" />
    </testsuites>
    """
    failures = sum(_is_failure(result) for result in report.results)
    counts = {
        "tests": str(len(report.results) + len(report.unchecked)),
        "failures": str(failures),
        "errors": "0",
        "skipped": str(len(report.unchecked)),
        "time": f"{seconds:.3f}",
    }
    suites = ET.Element("testsuites", counts)
    suite = ET.SubElement(suites, "testsuite", {"name": _plain(name), **counts})
    for result in report.results:
        _add_case(suite, result)
    for sentence in report.unchecked:
        case = ET.SubElement(
            suite, "testcase", {"name": _plain(sentence), "classname": "table", "time": "0"}
        )
        ET.SubElement(case, "skipped", {"message": "nothing here can check it"})
    ET.indent(suites)
    text: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return text.decode("utf-8")


def _add_case(suite: ET.Element, result: CheckResult) -> None:
    about = {"name": _plain(result.check), "classname": _plain(result.column or "table")}
    case = ET.SubElement(suite, "testcase", {**about, "time": "0"})
    if _is_failure(result):
        told = {"message": _plain(result.sentence), "type": result.dimension}
        ET.SubElement(case, "failure", told).text = _rows(result)
    elif not result.passed:
        ET.SubElement(case, "system-out").text = _plain(f"warning: {result.sentence}")


def _is_failure(result: CheckResult) -> bool:
    return not result.passed and result.severity == "error"


def _rows(result: CheckResult) -> str:
    return _plain("\n".join(f"row {row:,}: {value!r}" for row, value in result.examples))


def _plain(text: str) -> str:
    """Return a text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)
