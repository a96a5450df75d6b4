"""`modelwright mcp`: the workspace for agents."""

from pathlib import Path

import click

from modelwright.cli.options import workspace_option


@click.command("mcp")
@workspace_option
def command(workspace: Path) -> int:
    """Let an agent do the job in a workspace, by the Model Context Protocol.

    It speaks over standard input and output, so an agent's program starts it. What an agent may do
    without a person stands in `modelwright.toml` as `[agent] may`; before it releases or rolls
    back, a person is asked.

    \b
    Example:
      modelwright mcp --workspace flights-model
    """
    from modelwright._plugins import require

    require("mcp", extra="mcp")
    from modelwright.agents.server import serve_agents

    serve_agents(workspace)
    return 0
