"""The tools, asked by the official client of the protocol."""

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import anyio
import pytest

mcp = pytest.importorskip("mcp")

from mcp import Client, StdioServerParameters  # noqa: E402
from mcp_types import ElicitResult  # noqa: E402

from modelwright.agents.desk import Desk, Told  # noqa: E402
from modelwright.agents.server import make_server  # noqa: E402
from modelwright.errors import InputError  # noqa: E402
from orders_example import finished_folder, orders  # noqa: E402


def with_client(folder: Path, test: Any, **client: Any) -> None:
    async def main() -> None:
        async with Client(make_server(Desk(folder)), **client) as connected:
            await test(connected)

    anyio.run(main)


def text_of(result: Any) -> str:
    return "".join(part.text for part in result.content)


@pytest.fixture
def shop(tmp_path):
    orders(400, seed=0).write_csv(tmp_path / "orders.csv")
    return tmp_path


def test_an_agent_asks_plans_and_reads(shop):
    steps: list[str] = []

    async def progress(done: float, total: float | None, message: str | None) -> None:
        steps.append(message or "")

    async def test(client):
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert set(tools) >= {"ask", "plan", "explore", "build", "deploy", "maintain", "explain"}
        assert tools["predict"].annotations.read_only_hint
        assert "consent" not in tools["deploy"].input_schema.get("properties", {})
        missing = await client.call_tool("plan", {})
        assert missing.is_error
        assert "There is no workspace" in text_of(missing)
        misspelt = await client.call_tool("build", {"budgt": "5s"})
        assert misspelt.is_error
        assert "build has no argument 'budgt'. Did you mean 'budget'?" in text_of(misspelt)
        asked = {"data": str(shop / "orders.csv"), "target": "returned", "budget": "20s"}
        assert not (await client.call_tool("ask", asked)).is_error
        planned = await client.call_tool("plan", {}, progress_callback=progress)
        assert planned.structured_content["yes"]
        assert planned.structured_content["file"] == "plan.json"
        assert "returned" in planned.structured_content["text"]
        resources = {str(each.uri) for each in (await client.list_resources()).resources}
        assert "workspace://plan.json" in resources
        read = await client.read_resource("workspace://plan.json")
        assert '"target"' in read.contents[0].text
        told = await client.read_resource("workspace://summary.md")
        assert "**Planned.**" in told.contents[0].text

    with_client(shop / "model", test)
    assert any(step.startswith("plan: ") for step in steps)


def test_what_an_agent_misspells_does_not_stay_in_the_brief(shop):
    desk, told = Desk(shop / "model"), []
    asked = {"data": str(shop / "orders.csv"), "target": "returned"}
    for key, value in (("time", "wehn"), ("metric", "rocauc_")):
        desk.ask({**asked, key: value}, lambda *said: told.append(said[1]))
        with pytest.raises(InputError):
            desk.plan(lambda *said: told.append(said[1]))
        assert f"`{key}` is taken back: modelwright.toml says of it what it said before" in told
    written = (shop / "model" / "modelwright.toml").read_text()
    assert "wehn" not in written
    assert "rocauc_" not in written


def test_what_a_person_mends_before_an_agent_plans_stays(shop):
    desk, toml = Desk(shop / "model"), shop / "model" / "modelwright.toml"
    desk.ask({"data": str(shop / "orders.csv"), "target": "returned", "time": "wehn"}, ignore)
    toml.write_text(toml.read_text().replace("wehn", "when"))
    with pytest.raises(InputError):
        desk.plan(ignore)
    assert "when" in toml.read_text()


def ignore(*_: str) -> None:
    """Tell nobody."""


def test_a_released_model_is_asked(tmp_path, tmp_path_factory):
    shutil.copytree(finished_folder(tmp_path_factory.getbasetemp()), tmp_path / "shop")
    asked: list[str] = []

    async def agree(context: Any, params: Any) -> ElicitResult:
        asked.append(params.message)
        return ElicitResult(action="accept", content={"consent": True})

    async def test(client):
        row = {"amount": 80.0, "country": "FR", "items": 2}
        answered = await client.call_tool("predict", {"rows": [row, {**row, "country": "DE"}]})
        assert not answered.is_error, text_of(answered)
        first, second = answered.structured_content["result"]
        assert set(first["probabilities"]) == {"no", "yes"}
        assert first["probabilities"]["yes"] > second["probabilities"]["yes"]
        explained = await client.call_tool("explain", {"row": row})
        assert "country" in explained.structured_content["text"]
        wrong = await client.call_tool("predict", {"rows": [{"amount": "much"}]})
        assert wrong.is_error
        assert "amount" in text_of(wrong)
        assert (await client.call_tool("alarms", {})).structured_content["yes"]
        deployed = await client.call_tool("deploy", {})
        assert deployed.structured_content["file"] == "release.json"
        assert len(asked) == 1
        back = await client.call_tool("roll_back", {"why": "a drill"})
        assert "nothing to roll back to" in text_of(back)

    folder = tmp_path / "shop" / "orders-model"
    with_client(folder, test, elicitation_callback=agree)


def test_what_a_person_did_not_allow_is_refused_with_how_to_allow_it(shop):
    folder = shop / "model"

    async def test(client):
        asked = {"data": str(shop / "orders.csv"), "target": "returned"}
        await client.call_tool("ask", asked)
        brief = folder / "modelwright.toml"
        brief.write_text(brief.read_text() + '\n[agent]\nmay = ["ask", "plan"]\n')
        built = await client.call_tool("build", {"budget": "20s"})
        assert built.is_error
        assert '[agent] may = ["ask", "plan", "build"]' in text_of(built)
        # A new question does not give back what was taken away.
        await client.call_tool("ask", {**asked, "target": "amount"})
        assert 'may = [\n    "ask",\n    "plan",\n]' in brief.read_text()
        code = await client.call_tool("ask", {**asked, "metric": "own.py:score"})
        assert "its code is run" in text_of(code)

    with_client(folder, test)


def test_nothing_is_released_without_a_person(shop):
    async def refuse(context: Any, params: Any) -> ElicitResult:
        assert "release" in params.message
        return ElicitResult(action="decline")

    async def alone(client):
        await client.call_tool("ask", {"data": str(shop / "orders.csv"), "target": "returned"})
        done = await client.call_tool("deploy", {})
        assert done.is_error
        assert "Let the person run: modelwright deploy" in text_of(done)

    async def declined(client):
        done = await client.call_tool("deploy", {})
        assert done.structured_content == {
            "text": "The person said no; nothing was changed.",
            "yes": False,
            "file": "",
        }

    with_client(shop / "model", alone)
    with_client(shop / "model", declined, elicitation_callback=refuse)
    assert not (shop / "model" / "release.json").exists()


def test_what_works_in_threads_tells_its_progress(tmp_path, monkeypatch):
    def build(desk, budget, report):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(report, ["build"] * 2, ["raced", "blended"]))
        return Told("built", yes=True, file="candidate.json")

    async def progress(done: float, total: float | None, message: str | None) -> None:
        steps.append((done, message))

    async def test(client):
        built = await client.call_tool("build", {}, progress_callback=progress)
        assert not built.is_error, text_of(built)

    steps: list[tuple[float, str | None]] = []
    monkeypatch.setattr(Desk, "build", build)
    with_client(tmp_path, test)
    assert [done for done, _ in steps] == [1, 2]
    assert {message for _, message in steps} == {"build: raced", "build: blended"}


def test_it_speaks_over_standard_input_and_output(tmp_path):
    async def main() -> None:
        command = ["-m", "modelwright", "mcp", "--workspace", str(tmp_path / "none")]
        async with Client(
            StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))
        ) as client:
            assert client.server_info.name == "modelwright"
            assert "There is no workspace" in text_of(await client.call_tool("alarms", {}))

    anyio.run(main)
