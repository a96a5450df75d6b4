"""`modelwright compatible`: what clients would notice."""

from pathlib import Path

import click

from modelwright.cli.options import json_option, ledger_option
from modelwright.cli.output import print_json


@click.command("compatible")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@ledger_option
@json_option
def command(old: Path, new: Path, *, as_json: bool) -> int:
    """Say what clients of OLD would notice if NEW answered them: what they must change.

    Each is a bundle, or a workspace, whose champion is meant. The recorded cases of OLD are tried
    on NEW, and so are requests that its workspace has logged. Exits with 1 when a
    request that is answered today would be refused.

    \b
    Example:
      modelwright compatible flights-model new-model/bundles/late-5c8e0f1a2b3c
    """
    from modelwright.engineer.rollout.compatible import compare_bundles
    from modelwright.report.terminal.compatibility import describe_compatibility

    found = compare_bundles(old, new)
    if as_json:
        print_json(found)
    else:
        click.echo(describe_compatibility(found))
    return 0 if found.is_compatible else 1
