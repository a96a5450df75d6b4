"""The page of a release."""

from modelwright.compute.limits import format_latency
from modelwright.documents import Release
from modelwright.report.terminal.layout import field, title
from modelwright.report.terminal.phrases import NAMES, SENTENCE, gate_lines, sign
from modelwright.report.words import clip, size


def release_page(release: Release) -> list[str]:
    """Return the lines of a release."""
    verdict = "released" if release.released else "not released: a gate is shut"
    verdict = "on trial beside the champion" if release.on_trial else verdict
    return [
        title("Release"),
        *field("Verdict", f"{sign(release.released)} {clip(release.target, NAMES)}: {verdict}"),
        *field("Gates", *gate_lines(release.gates)),
        *(_bundle(release) if release.bundle_path else []),
        *([] if release.released else field("Look into", *_looking_into(release))),
    ]


def _looking_into(release: Release) -> list[str]:
    """Return how a person finds out why a gate is red."""
    red = "; ".join(gate.name for gate in release.gates if not gate.passed)
    return [
        f"{clip(red, SENTENCE)}: the whole evidence is in release.json.",
        "What was judged is the folder candidate of the workspace; serve it, and ask it yourself.",
    ]


def _bundle(release: Release) -> list[str]:
    return [
        *field("Bundle", f"{clip(release.bundle_path)}, {size(release.bundle_bytes)}"),
        *field("Hash", clip(release.bundle_hash)),
        *field("Before", *([clip(release.previous_hash)] if release.previous_hash else [])),
        *field("Latency", *_latency(release.row_latency_s)),
    ]


def _latency(seconds: float | None) -> list[str]:
    return [] if seconds is None else [f"{format_latency(seconds)} for one row"]
