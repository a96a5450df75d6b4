"""A page: one file of HTML that answers rows without a server or a network."""

import base64
import hashlib
import html
import json
from collections.abc import Callable, Mapping

from modelwright.predictor.bundle import Bundle
from modelwright.predictor.emitters.base import Tools
from modelwright.predictor.emitters.facts import gather
from modelwright.predictor.emitters.javascript import FILTERS, javascript_facts
from modelwright.predictor.emitters.page_facts import learned_from, page_facts, related_tables
from modelwright.predictor.emitters.rendering import render, template_text
from modelwright.predictor.emitters.rows_file import rows_file
from modelwright.predictor.emitters.whole_graph import refusal_of_graph


class BrowserEmitter:
    """Writes a page with a form, and a program that replays rows by its script."""

    name = "browser"
    title = "a page that answers without a server"
    tolerance = 1e-9
    tools = Tools(needs=("node",), build=(), replay=("node", "replay.mjs"))

    def refusal(self, bundle: Bundle) -> str:
        """Return why a graph of ONNX has no such form; every other program has."""
        return refusal_of_graph(bundle)

    def emit(self, bundle: Bundle) -> Mapping[str, bytes]:
        """Return the page, and what replays rows by its script."""
        gathered = gather(bundle)
        facts = javascript_facts(gathered, tolerance=self.tolerance)
        facts["page"] = page_facts(gathered)
        facts["learned"] = learned_from(bundle)
        facts["related"] = related_tables(bundle)
        facts["compare"] = render("javascript/compare.js", facts, FILTERS)
        script = render("browser/script.js", facts, _FILTERS)
        facts["script"] = script + template_text("browser/page.js")
        facts["style"] = template_text("browser/style.css")
        names = ("index.html", "replay.mjs", "README.md")
        files = {name: render(f"browser/{name}", facts, _FILTERS) for name in names}
        return {
            **{path: content.encode() for path, content in files.items()},
            "cases.rows": rows_file(bundle, [case.record for case in bundle.cases]),
        }


def _html(text: object) -> str:
    return html.escape(str(text))


def _json(value: object) -> str:
    # Every "<" could be the begin of what ends a script.
    return json.dumps(value, allow_nan=False).replace("<", "\\u003c")


def _sha256(text: str) -> str:
    """Return the hash by which a policy names a script or a style."""
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


_FILTERS: Mapping[str, Callable[..., str]] = {
    **FILTERS,
    "html": _html,
    "json": _json,
    "sha256": _sha256,
}

BROWSER = BrowserEmitter()
