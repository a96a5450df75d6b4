"""A workspace for agents, by the Model Context Protocol; the one module that imports `mcp`.

Tools answer with what a person would read and whether the answer is yes; the documents are
resources. What the brief does not let an agent do alone is put to the person at the other end by
the protocol itself (an elicitation): an agent cannot answer that in the person's place. A client
that cannot ask a person is told what to type instead.
"""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from pathlib import Path
from typing import Annotated, Any, TypeVar

import anyio.to_thread
from mcp.server.mcpserver import (
    AcceptedElicitation,
    Context,
    Elicit,
    ElicitationResult,
    MCPServer,
    Resolve,
)
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp_types import ToolAnnotations
from pydantic import BaseModel, Field

from modelwright._version import __version__
from modelwright.agents.desk import READABLE, Desk, Report, Told
from modelwright.errors import ModelwrightError, nearest

Answer = TypeVar("Answer")

_INSTRUCTIONS = """\
One workspace of modelwright: a question about a table, answered by a model that is planned,
explored, built, released and watched. The steps are ask, plan, explore, build, deploy, maintain;
each makes what it needs before it, and a document that stands is not made again. `yes` says whether
the answer is yes (the model is worth it, every gate is green, it is healthy); a no is an answer and
no fault. The resources hold the documents in full."""

_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
_RELEASES = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=False)


class _Server(MCPServer[Any]):
    """Refuses arguments that a tool does not have: a misspelt budget would be none."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context | None = None
    ) -> Any:
        known = {
            tool.name: tool.input_schema.get("properties", {}) for tool in await self.list_tools()
        }
        for argument in arguments:
            if name in known and argument not in known[name]:
                meant = nearest(argument, known[name])
                raise ToolError(f"{name} has no argument {argument!r}. {meant}".rstrip())
        return await super().call_tool(name, arguments, context)


class Consent(BaseModel):
    """What a person answers before a release changes."""

    consent: bool = Field(description="Whether it may be done")


def serve_agents(folder: Path) -> None:
    """Answer an agent over standard input and output, until it goes away.

    Parameters
    ----------
    folder
        The workspace; it need not be there yet.
    """
    make_server(Desk(folder)).run("stdio")


def make_server(desk: Desk) -> MCPServer[Any]:
    """Return the server of a workspace.

    Parameters
    ----------
    desk
        Where the agent asks.
    """
    server = _Server(
        "modelwright", instructions=_INSTRUCTIONS, version=__version__, log_level="ERROR"
    )
    _add_steps(server, desk)
    _add_answers(server, desk)
    _add_releases(server, desk)
    _add_documents(server, desk)
    return server


def _add_steps(server: MCPServer[Any], desk: Desk) -> None:
    @server.tool(annotations=_WRITES)
    async def ask(
        ctx: Context,
        data: str,
        target: str,
        question: str = "",
        budget: str = "",
        metric: str = "",
        time: str = "",
        group: str = "",
        exclude: list[str] | None = None,
        goal: str = "",
    ) -> Told:
        """Ask a question of a table, or change the one that is there.

        data: a file, folder, glob or database URL (no passwords). target: the column to predict.
        budget: such as "5m". metric: such as "roc_auc". time, group: columns with that role.
        exclude: columns never to use. goal: such as "roc_auc >= 0.85".
        """
        asked = {
            "data": data,
            "target": target,
            "question": question,
            "budget": budget,
            "metric": metric,
            "time": time,
            "group": group,
            "exclude": exclude,
            "goal": goal,
        }
        return await _at_work(ctx, lambda report: desk.ask(asked, report))

    @server.tool(annotations=_WRITES)
    async def plan(ctx: Context) -> Told:
        """Plan: task, metric, split, schemes with their expected time and score, and risks."""
        return await _at_work(ctx, desk.plan)

    @server.tool(annotations=_WRITES)
    async def explore(ctx: Context) -> Told:
        """Explore: leaks, what data works, the data contract, and whether a model is worth it."""
        return await _at_work(ctx, desk.explore)

    @server.tool(annotations=_WRITES)
    async def build(ctx: Context, budget: str = "") -> Told:
        """Build a candidate within a budget (such as "5m") and judge it once on the holdout."""
        return await _at_work(ctx, lambda report: desk.build(budget, report))

    @server.tool(annotations=_WRITES)
    async def maintain(ctx: Context, data: str = "") -> Told:
        """Judge the released model on what was served, or on the rows of a file."""
        return await _at_work(ctx, lambda report: desk.maintain(data, report))


def _add_answers(server: MCPServer[Any], desk: Desk) -> None:
    @server.tool(annotations=_READS)
    async def predict(ctx: Context, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Answer rows, each an object of named columns, with the champion."""
        return await _at_work(ctx, lambda _: desk.predict(rows))

    @server.tool(annotations=_READS)
    async def explain(ctx: Context, row: dict[str, Any]) -> Told:
        """Say why a row gets its answer, and what would change it."""
        return await _at_work(ctx, lambda _: desk.explain(row))

    @server.tool(annotations=_READS)
    async def alarms(ctx: Context) -> Told:
        """List the alarms about the released model that are not closed."""
        return await _at_work(ctx, lambda _: desk.alarms())


def _add_releases(server: MCPServer[Any], desk: Desk) -> None:
    def person(errand: str, command: str, sentence: str) -> Callable[..., Any]:
        async def consented(ctx: Context) -> Consent | Elicit[Consent]:
            if errand in desk.deputy.may:
                return Consent(consent=True)
            able = ctx.client_capabilities
            if able is None or able.elicitation is None:
                raise ToolError(
                    f"A person decides whether to {errand}, and this client cannot ask one. "
                    f"Let the person run: {command} --workspace {desk.folder}"
                )
            return Elicit(sentence, Consent)

        return consented

    deploying = person(
        "deploy",
        "modelwright deploy",
        "An agent wants to test the candidate and, when every gate is green, to release it: it "
        "becomes the champion that answers. May it?",
    )
    returning = person(
        "roll back",
        "modelwright rollback",
        "An agent wants to make the previous release the champion again. May it?",
    )

    @server.tool(annotations=_RELEASES)
    async def deploy(
        ctx: Context, consent: Annotated[ElicitationResult[Consent], Resolve(deploying)]
    ) -> Told:
        """Test the candidate as a client would, and release it; a person is asked before."""
        return await _when_agreed(consent, _at_work, ctx, desk.deploy)

    @server.tool(annotations=_RELEASES)
    async def roll_back(
        ctx: Context, consent: Annotated[ElicitationResult[Consent], Resolve(returning)], why: str
    ) -> Told:
        """Make the previous release the champion again; a person is asked before."""
        return await _when_agreed(
            consent, _at_work, ctx, lambda report: desk.roll_back(why, report)
        )


async def _when_agreed(
    consent: ElicitationResult[Consent],
    work: Callable[[Context, Callable[[Report], Told]], Awaitable[Told]],
    ctx: Context,
    call: Callable[[Report], Told],
) -> Told:
    if isinstance(consent, AcceptedElicitation) and consent.data.consent:
        return await work(ctx, call)
    return Told("The person said no; nothing was changed.", False)


def _add_documents(server: MCPServer[Any], desk: Desk) -> None:
    for name in READABLE:
        media_type = "application/json" if name.endswith(".json") else "text/plain"

        def read(name: str = name) -> str:
            return _read(lambda: desk.read(name))

        server.resource(f"workspace://{name}", name=name, mime_type=media_type)(_no_arguments(read))
    server.resource("workspace://summary.md", name="summary.md", mime_type="text/markdown")(
        lambda: _read(desk.summary)
    )


def _no_arguments(read: Callable[..., str]) -> Callable[[], str]:
    return lambda: read()


def _read(call: Callable[[], str]) -> str:
    try:
        return call()
    except ModelwrightError as error:
        raise ResourceError(str(error)) from error


async def _at_work(ctx: Context, call: Callable[[Report], Answer]) -> Answer:
    """Run a call beside the loop, tell its progress, and turn a fault into a sentence."""
    told, loop = count(1), asyncio.get_running_loop()

    async def tell(message: str) -> None:
        await ctx.report_progress(next(told), None, message)

    def report(room: str, sentence: str) -> None:
        # Learners that race report from threads of their own, which the loop has not started.
        asyncio.run_coroutine_threadsafe(tell(f"{room}: {sentence}"), loop).result()

    try:
        return await anyio.to_thread.run_sync(call, report)
    except ModelwrightError as error:
        raise ToolError(str(error)) from error
