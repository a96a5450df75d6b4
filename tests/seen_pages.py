"""What a real browser says of a page."""

import os
from pathlib import Path

AXE = os.environ.get("MODELWRIGHT_AXE", "")
"""The file axe.min.js; empty where nobody judges accessibility."""


def judged(page, *schemes: str) -> list[str]:
    """Return what axe finds wrong by WCAG 2.2 AA, with everything unfolded; nothing without axe."""
    if not AXE:
        return []
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    # Of text over a shade axe cannot tell the contrast.
    page.evaluate(
        "document.querySelectorAll('.wide').forEach((each) => { each.style.background = 'none'; })"
    )
    # Evaluated by the browser's own tools: no policy of the page stands in the way.
    page.evaluate(Path(AXE).read_text(encoding="utf-8"))
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    asked = {"runOnly": tags, "resultTypes": ["violations"]}
    found = []
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        found += page.evaluate("(asked) => axe.run(asked)", asked)["violations"]
    return [f"{page.url}: {each['id']}: {each['nodes'][0]['html'][:200]}" for each in found]


def overflow(page) -> int:
    """Return by how many pixels a page is wider than the screen."""
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
