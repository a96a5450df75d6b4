"""A document as plain text: at most some thirty lines, each with its label."""

from modelwright.documents import Candidate, Document, Findings, Health, Plan, Release
from modelwright.report.terminal.candidate import candidate_page
from modelwright.report.terminal.findings import findings_page
from modelwright.report.terminal.health import health_page
from modelwright.report.terminal.layout import title
from modelwright.report.terminal.plan import plan_page
from modelwright.report.terminal.release import release_page


def describe(document: Document) -> str:
    """Return a document as text for a terminal, without colours and without a final newline.

    Parameters
    ----------
    document
        A plan, findings, candidate, release or health.
    """
    match document:
        case Plan():
            lines = plan_page(document)
        case Findings():
            lines = findings_page(document)
        case Candidate():
            lines = candidate_page(document)
        case Release():
            lines = release_page(document)
        case Health():
            lines = health_page(document)
        case _:
            lines = [title(type(document).__name__)]
    return "\n".join(lines)
