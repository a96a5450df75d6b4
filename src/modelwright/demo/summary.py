"""What the demo says at the end."""

from modelwright.demo.flights import Demo
from modelwright.report.terminal.describe import describe


def say_demo(demo: Demo) -> str:
    """Return the end of the demo: score, leaks refused, gates, health, addresses, what to type."""
    workspace = demo.project.workspace.path
    parts = [
        describe(demo.findings),
        describe(demo.candidate),
        describe(demo.release),
        *([describe(demo.health)] if demo.health else []),
        f"Report    {demo.page}",
    ]
    if demo.release.released:
        parts += [
            f"Bundle    {workspace / demo.release.bundle_path}",
            f"Next      modelwright serve --workspace {workspace}",
        ]
    return "\n".join(parts)
