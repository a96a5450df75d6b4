"""The dashboard in a real browser: every page as people see it, and everything that they do.

It needs playwright's package and Debian's chromium; axe-core judges accessibility, of every page
and of the states that people bring about, in light and dark, where the environment variable
MODELWRIGHT_AXE names its axe.min.js. Pictures of all pages are kept in the folder that
MODELWRIGHT_SCREENSHOTS names.
"""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import msgspec
import polars as pl
import pytest
from msgspec.structs import replace

from dossiers import flights_dossier, flights_gameday, wide_dossier
from example_bundle import ROWS, make_covered_bundle
from modelwright.documents import Proposal, write_document
from modelwright.engineer.progress import PROGRESS
from modelwright.maintain.signs import signs_of
from modelwright.predictor.bundle_folder import write_bundle
from modelwright.report.dashboard.pages import PAGES
from modelwright.tasks.interval import Interval
from modelwright.workspace.aliases import Aliases
from modelwright.workspace.artifacts import draft_folder, store_folder
from modelwright.workspace.folder import Workspace
from modelwright.workspace.journal import Journal
from modelwright.workspace.logbook import LOGBOOK, Logbook
from modelwright.workspace.trial import Trial
from seen_pages import judged, overflow

_PICTURES = os.environ.get("MODELWRIGHT_SCREENSHOTS", "")
_TOKEN = "not-a-secret"
_WIDE = "wide 出发机场 متوسط"
_SIZES = [(1280, "light"), (390, "dark")]
"""Each width and each scheme once."""

_SAVES = Interval(value=0.62, low=-0.1, high=0.81, method="blocks")
_REMEDIES = (
    Proposal(
        remedy="fix units",
        sentence="Read 'amount' / 100.",
        columns=("amount",),
        saves=_SAVES,
        worst=-0.1,
        windows=6,
        rows=1_200,
        bundle_path="remedies/fix-units",
        bundle_hash="c0ffee",
    ),
    Proposal(remedy="call a person", sentence="Let somebody look at the rows."),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Two workspaces: flights with alarms and a canary, and one with 300 columns."""
    made = tmp_path_factory.mktemp("projects")
    _flights(Workspace.create(made / "flights"))
    wide = Workspace.create(made / _WIDE)
    for document in wide_dossier().documents:
        write_document(document, wide)
    return made


def _flights(workspace: Workspace) -> None:
    dossier = flights_dossier()
    workspace.write_text("modelwright.toml", 'data = "flights.csv"\ntarget = "late"\n')
    now = datetime.now(UTC)
    first, second = (_store(workspace, card) for card in ("first", "second"))
    ill = replace(
        dossier.health,
        healthy=False,
        action="call a person",
        sentence="It fell.",
        bundle_hash=first,
        remedies=_REMEDIES,
    )
    for document in (*dossier.documents, ill, flights_gameday()):
        write_document(document, workspace)
    with Logbook.open(workspace.path / LOGBOOK) as logbook:
        for day, health in enumerate([dossier.health, dossier.health, ill]):
            at = now - timedelta(days=3 - day)
            told = replace(health, made_at=at.isoformat())
            logbook.record(msgspec.json.encode(told), signs_of(told), at=at)
    trial = Trial(role="canary", share=0.1)
    aliases = Aliases().assign("champion", first, at=now)
    aliases.assign("challenger", second, at=now, trial=trial).write(workspace)


def _store(workspace: Workspace, card: str) -> str:
    draft = draft_folder(workspace, "made")
    bundle = dataclasses.replace(make_covered_bundle(), card_text=card)
    digest = write_bundle(bundle, draft)
    store_folder(workspace, draft, "left")
    return digest


@pytest.fixture(scope="module")
def address(folder) -> Iterator[str]:
    command = [sys.executable, "-m", "modelwright", "ui", str(folder), "--port", "0", "--json"]
    environment = {**os.environ, "MODELWRIGHT_TOKEN": _TOKEN}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())["address"]
        process.terminate()


@pytest.fixture(scope="module")
def signed_in(browser, address):
    """Sign in once, as Ann, and return the cookies."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto("/sign-in")
    faults = judged(page, "light", "dark")
    page.get_by_label("Token").fill("wrong")
    page.get_by_label("Your name").fill("Ann")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("That is not the token.").wait_for()
    faults += judged(page, "light", "dark")
    page.get_by_label("Token").fill(_TOKEN)
    page.get_by_label("Your name").fill("Ann")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    kept = context.storage_state()
    context.close()
    assert faults == []
    return kept


@pytest.fixture
def page(browser, address, signed_in):
    """A page of a person who signed in."""
    page = _open(browser, address, signed_in, 1280, "light")
    yield page
    page.context.close()


def _open(browser, address: str, signed_in, width: int, scheme: str):
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        storage_state=signed_in,
    )
    return context.new_page()


@pytest.mark.parametrize(("width", "scheme"), _SIZES)
def test_every_page_fits_and_asks_no_other_host(width, scheme, browser, address, signed_in):
    page = _open(browser, address, signed_in, width, scheme)
    faults, hosts = [], set()
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    for path in _paths():
        page.goto(path)
        assert overflow(page) <= 0, path
        _keep(page, path, width, scheme)
        if scheme == "light" or quote(_WIDE) not in path:  # Its colours are those of the flights.
            faults += judged(page, scheme)
    page.context.close()
    assert faults == []
    assert hosts == {address.removeprefix("http://")}


def _paths() -> list[str]:
    return [
        "/",
        "/p/flights/contest",
        *(f"/p/{quote(name)}/{page}" for name in ("flights", _WIDE) for page in PAGES),
    ]


def _keep(page, path: str, width: int, scheme: str) -> None:
    if _PICTURES:
        name = path.strip("/").removeprefix("p/").replace("/", "-") or "projects"
        page.screenshot(path=f"{_PICTURES}/{name}-{width}-{scheme}.png", full_page=True)


def test_who_may_only_read_and_who_is_lost_see_pages_too(browser, address):
    page = browser.new_context(base_url=address).new_page()
    page.goto("/p/flights/health")
    assert page.get_by_text("Take it").count() == 0
    faults = judged(page, "light", "dark")
    page.goto("/p/nowhere/")
    page.get_by_text("There is no such project.").wait_for()
    faults += judged(page, "light", "dark")
    page.context.close()
    assert faults == []


def test_the_keyboard_goes_past_the_navigation(page):
    page.goto("/p/flights/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


_OPEN = "document.querySelectorAll('details').forEach((each) => { each.open = true; })"
_FOCUSED = "document.activeElement.dataset.place || ''"
_NUMBERED = """() => {
    const all = [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
        .filter((each) => each.type !== "hidden" && !each.disabled && each.checkVisibility());
    all.forEach((each, place) => { each.dataset.place = String(place); });
    return all.length;
}"""


@pytest.mark.parametrize("path", ["health", "release", "try", "candidate"])
def test_everything_on_a_page_is_reached_by_keyboard(path, page):
    page.goto(f"/p/flights/{path}")
    page.wait_for_load_state("networkidle")
    page.evaluate(_OPEN)
    places = {str(place) for place in range(page.evaluate(_NUMBERED))}
    for _ in range(3 * len(places)):
        page.keyboard.press("Tab")
        places.discard(page.evaluate(_FOCUSED))
        if not places:
            break
    assert places == set()


def test_a_picture_tells_its_figures_where_it_is_pointed_at_and_as_a_table(page):
    page.goto("/p/flights/candidate")
    assert page.locator("svg:visible title").first.text_content()
    picture = page.locator("figure").filter(has=page.get_by_text("As a table")).first
    picture.get_by_text("As a table").press("Enter")
    assert picture.locator("tbody td").first.is_visible()


def test_alarms_are_answered(page):
    page.goto("/p/flights/health")
    alarm = page.locator("article.alarm").first
    alarm.get_by_text("Answer it").click()
    alarm.get_by_label("What to remember").fill("asked the supplier")
    alarm.get_by_role("button", name="Acknowledge").click()
    page.get_by_text("You acknowledged the alarm.").wait_for()
    assert "by Ann: asked the supplier" in page.locator("article.alarm").first.inner_text()
    page.locator("article.alarm").first.get_by_text("Answer it").click()
    page.locator("article.alarm").first.get_by_role("button", name="Be silent").click()
    page.get_by_text("silent until").wait_for()
    assert judged(page, "light", "dark") == []


def test_the_comparison_comes_after_the_page(page):
    page.goto("/p/flights/release")
    page.get_by_role("rowheader", name="Share of them").wait_for()
    assert judged(page, "light", "dark") == []


def test_a_challenger_is_promoted_and_the_champion_comes_back(page, folder):
    page.goto("/p/flights/release")
    before = Aliases.read(Workspace.open(folder / "flights")).bundle("champion")
    page.get_by_text("Promote the challenger").click()
    page.get_by_label("Why").first.fill("better by 0.02")
    page.get_by_role("button", name="Promote now").click()
    page.get_by_text("The challenger is the champion now.").wait_for()
    page.get_by_text("Roll back", exact=True).click()
    page.get_by_role("button", name="Roll back now").click()
    page.get_by_text("The champion before is the champion again.").wait_for()
    assert Aliases.read(Workspace.open(folder / "flights")).bundle("champion") == before


def test_a_remedy_that_may_not_help_needs_a_reason(page):
    page.goto("/p/flights/health")
    remedy = page.locator("article.remedy").first
    remedy.get_by_text("Take it", exact=True).click()
    remedy.get_by_role("button", name="Take it now").click()
    assert remedy.get_by_label("Why").evaluate("each => each.validity.valueMissing")


def test_a_row_and_a_file_are_tried(page, tmp_path):
    page.goto("/p/flights/try")
    page.get_by_label("age", exact=True).fill("39")
    page.get_by_label("job", exact=True).select_option("clerk")
    page.get_by_role("button", name="Predict", exact=True).click()
    page.get_by_role("heading", name="The answer").wait_for()
    assert page.locator(".big").inner_text() in ("no", "yes")
    assert judged(page, "light", "dark") == []
    pl.DataFrame(ROWS).write_csv(tmp_path / "rows.csv")
    page.get_by_label("File").set_input_files(tmp_path / "rows.csv")
    with page.expect_download() as download:
        page.get_by_role("button", name="Predict the file").click()
    assert "prediction" in pl.read_csv(download.value.path()).columns


def test_work_is_followed_until_it_has_ended(page, folder):
    workspace = Workspace.open(folder / "flights")
    with workspace.lock("run"), Journal.open(workspace.path / "journal.db") as journal:
        run = journal.start_run("run")
        journal.record(PROGRESS, room="plan", sentence="Reading what the columns hold")
        page.goto("/p/flights/")
        page.get_by_text("Reading what the columns hold").wait_for()
        journal.record(PROGRESS, room="explore", sentence="Writing the data contract")
        page.get_by_text("Writing the data contract").wait_for()
        assert judged(page, "light", "dark") == []
        journal.end_run(run, exit_code=0)
    page.locator(".work").wait_for(state="detached")
