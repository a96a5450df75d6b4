"""The page: whole, safe, readable, and true to the documents."""

import base64
import dataclasses
import hashlib
import re
from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace

from html_page import Page
from modelwright.documents import (
    ColumnProfile,
    Delivered,
    Deliveries,
    Document,
    Validation,
    write_document,
)
from modelwright.errors import WorkspaceError
from modelwright.report.dossier import Dossier
from modelwright.report.page import render_page, write_report
from modelwright.report.words import interval
from modelwright.workspace.folder import Workspace

_NAMES = ("flights", "houses", "penguins", "wide")
_LIMIT_BYTES = 2_000_000


@pytest.fixture(params=_NAMES)
def dossier(request: pytest.FixtureRequest) -> Dossier:
    found: Dossier = request.getfixturevalue(request.param)
    return found


def parts(documents: tuple[Document, ...]) -> Iterator[tuple[Document, ...]]:
    for count in range(1, len(documents) + 1):
        yield from combinations(documents, count)


def test_every_subset_of_documents_is_a_page(flights: Dossier, tmp_path: Path) -> None:
    for index, part in enumerate(parts(flights.documents)):
        workspace = Workspace.create(tmp_path / str(index))
        for document in part:
            write_document(document, workspace)
        page = Page(write_report(workspace).read_text(encoding="utf-8"))
        assert "late" in page.text
        assert "None" not in page.text


def test_it_is_one_file_without_hosts_or_scripts(dossier: Dossier) -> None:
    html = render_page(dossier)
    page = Page(html)
    tags = {name for name, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base"}
    for _, attributes in page.elements:
        assert not any(name.startswith("on") or name in ("style", "src") for name in attributes)
        assert re.fullmatch(r"#\w+|\.\./\w+\.json", attributes.get("href", "#x"))
    assert "@import" not in html
    assert "url(" not in html
    assert len(html.encode()) < _LIMIT_BYTES


def test_the_policy_allows_only_the_one_style(flights: Dossier) -> None:
    html = render_page(flights)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(each for each in Page(html).named("meta") if "http-equiv" in each)["content"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")


def test_whatever_came_from_the_data_is_only_text(wide: Dossier) -> None:
    html = render_page(wide)
    page = Page(html)
    assert "<script>alert('a')</script>" in page.text
    assert "<em>this</em>" in page.text
    assert "<b>bold</b>" in page.text
    assert "x{{ 7 * 7 }}" in page.text
    assert not {"script", "em", "i", "u", "s", "hr"} & {name for name, _ in page.elements}
    assert not {"\x1b", "\u202e"} & set(html)
    assert "出发机场的平均延误时间分钟" in page.text


def test_it_can_be_read_without_seeing_it(dossier: Dossier) -> None:
    page = Page(render_page(dossier))
    assert page.named("html")[0]["lang"] == "en"
    levels = [int(name[1]) for name, _ in page.elements if re.fullmatch(r"h\d", name)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for svg in page.named("svg"):
        assert svg.get("aria-hidden") == "true" or svg["aria-label"]
    assert all("scope" in each for each in page.named("th"))
    identities = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    inside = {each["href"] for each in page.named("a") if each["href"].startswith("#")}
    assert inside <= {f"#{each}" for each in identities}


def test_each_plot_has_its_table(flights: Dossier) -> None:
    page = Page(render_page(flights))
    plots = [each for each in page.named("figure") if "/curves/" in each["data-source"]]
    assert len(plots) == 3
    assert page.text.count("As a table") == 3


@pytest.mark.parametrize("name", ["flights", "houses", "penguins"])
def test_figures_are_those_of_the_documents(name: str, request: pytest.FixtureRequest) -> None:
    dossier = request.getfixturevalue(name)
    text = Page(render_page(dossier)).text
    evaluation = dossier.candidate.evaluation
    for score in (evaluation.score, evaluation.baseline_score, *evaluation.others.values()):
        assert interval(score) in text
    for gate in (*dossier.candidate.gates, *(dossier.release.gates if dossier.release else ())):
        assert gate.name in text
        assert gate.evidence in text
    assert f"{evaluation.rows:,} rows" in text


def test_no_line_breaks_between_a_number_and_its_unit(flights: Dossier) -> None:
    html = render_page(flights)
    shown = re.sub(r"<(style|pre|code)\b.*?</\1>", "", html, flags=re.DOTALL)
    assert "\u00a0%" in shown
    assert not re.search(r">[^<]*\d (%|ms|s|min|MB)\b", shown)


def test_leaks_are_told_with_their_evidence(flights: Dossier) -> None:
    assert flights.findings
    text = Page(render_page(flights)).text
    assert all(leak.evidence in text for leak in flights.findings.leaks)
    assert all(refusal.reason in text for refusal in flights.findings.refused)


def test_what_was_foreseen_is_told(flights: Dossier) -> None:
    assert flights.findings
    assert flights.findings.outlook
    outlook = flights.findings.outlook
    text = Page(render_page(flights)).text
    assert outlook.sentence in text
    assert outlook.feasibility
    assert outlook.feasibility.sentence in text
    for each in (*outlook.expected, *outlook.growth):
        assert interval(each.score) in text


def test_another_evaluation_is_another_page(flights: Dossier) -> None:
    assert flights.candidate
    evaluation = replace(flights.candidate.evaluation, warned_right=3_066, openings=4)
    changed = replace(flights.candidate, evaluation=evaluation)
    text = Page(render_page(Dossier(candidate=changed))).text
    assert "Of 100 cases that it warns about, 60 were “late”." in text
    assert "opened 4 times" in text


def test_how_an_interval_was_made_is_told_in_full(flights: Dossier) -> None:
    assert flights.candidate
    seen = flights.candidate.evaluation
    method = "bootstrap over groups, for 240 new, as wide as 320 other rows say, in later periods"
    other = replace(seen, score=replace(seen.score, method=method))
    candidate = replace(flights.candidate, evaluation=other)
    assert method in render_page(dataclasses.replace(flights, candidate=candidate))


def test_what_needs_care_comes_before_how_good_it_was(flights: Dossier, wide: Dossier) -> None:
    for dossier, first in ((flights, False), (wide, True)):
        html = render_page(dossier)
        assert (html.index("How it does now") < html.index("How good, and how sure")) == first
        assert html.count("What to do next") == 1


def test_a_refused_release_says_why(houses: Dossier) -> None:
    text = Page(render_page(houses)).text
    assert "Not released" in text
    assert "Mend “the budget is kept”" in text
    assert "no test was run: a gate after building was shut" in text


def test_where_a_release_was_taken_is_told(flights: Dossier) -> None:
    assert flights.release
    checks = (
        Validation("it answers the same", True, "10,000 rows <b>"),
        Validation("x", None, "y"),
    )
    here, elsewhere = (
        Delivered(target, "The model in C++.", "out", digest, checks)
        for target, digest in (("cpp", flights.release.bundle_hash), ("java", "other"))
    )
    told = dataclasses.replace(flights, deliveries=Deliveries(delivered=(here, elsewhere)))
    page = Page(render_page(told))
    assert "Delivered for cpp" in page.text
    assert "10,000 rows <b>" in page.text
    assert "java" not in page.text
    assert {"not checked", "passed"} <= {each.get("aria-label") for each in page.named("span")}


def test_thousands_of_columns_are_bounded(wide: Dossier) -> None:
    assert wide.findings
    profile = tuple(
        ColumnProfile(
            name=f"column {index} " + "x" * 300,
            kind="categorical",
            missing=0.0,
            distinct=9,
            levels=(("y" * 300, 0.5),) * 10,
        )
        for index in range(5_000)
    )
    html = render_page(Dossier(plan=wide.plan, findings=replace(wide.findings, profile=profile)))
    assert len(html.encode()) < _LIMIT_BYTES
    assert "And 4,600 more in" in html


def test_the_same_documents_give_the_same_page(dossier: Dossier) -> None:
    assert render_page(dossier) == render_page(dossier)


def test_it_is_written_into_the_workspace(flights: Dossier, tmp_path: Path) -> None:
    workspace = Workspace.create(tmp_path)
    for document in flights.documents:
        write_document(document, workspace)
    path = write_report(workspace)
    assert path == tmp_path / "reports" / "report.html"
    assert path.read_text(encoding="utf-8") == render_page(flights)


def test_an_empty_workspace_has_no_report(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="no document to report on"):
        write_report(Workspace.create(tmp_path))


def palettes(html: str) -> list[dict[str, str]]:
    return [
        dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", block))
        for block in re.findall(r":root \{(.*?)\}", html, re.DOTALL)
    ]


def contrast(first: str, second: str) -> float:
    """Contrast of two colours by WCAG 2.2."""
    lights = sorted((luminance(first), luminance(second)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_stands_out_from_its_ground(flights: Dossier) -> None:
    found = palettes(render_page(flights))
    assert len(found) == 3, "light, dark and print"
    for palette in found:
        for ground in ("paper", "sheet"):
            for ink in ("ink", "soft", "model", "plain", "good", "care", "bad", "open"):
                assert contrast(palette[ink], palette[ground]) >= 4.5
