"""`python -m bench.serve`: the server beside others, in one run."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import click

from bench.command import end_in_words
from bench.environments import ROOT, Environment, bytes_below, held_alone, make_environments
from bench.machine import describe, describe_rest, environment_of
from bench.page import write_page
from bench.serve.client import ask_at_once, ask_in_turn
from bench.serve.contestants import CONTESTANTS, MODELWRIGHT, Contestant, Model
from bench.serve.figures import (
    MARKS,
    Seen,
    as_table,
    bars,
    overload_in_words,
    soak_in_words,
)
from bench.serve.overload import overload
from bench.serve.running import Running, running
from bench.serve.soak import soak
from bench.serve.table import REAL, SMALL, Shape, first_rows, write_table
from modelwright.compute.process import free_port
from modelwright.errors import ServiceError
from modelwright.predictor.compiled import CACHE

PAGE = ROOT / "docs" / "benchmarks" / "serving.md"
_PEERS = Path(__file__).parent / "peers"
_ROWS = 50
_COMPILED = "cache"
_NOT_A_MODEL = ("pip", "pip-*", "setuptools", "setuptools-*", "pkg_resources", "_distutils_hack")
"""What every environment has before anything is installed in it."""


@click.command(context_settings={"max_content_width": 100})
@click.option("--only", metavar="NAME;…", default="", help="These servers. [default: all]")
@click.option("--rounds", type=click.IntRange(1), default=5, show_default=True)
@click.option("--count", type=click.IntRange(100), default=1000, show_default=True, help="A round.")
@click.option("--seconds", type=float, default=6.0, show_default=True, help="Of overload.")
@click.option("--soak", "fuzzed", type=int, default=5000, show_default=True, help="Requests.")
@click.option("--seed", type=int, default=0, show_default=True)
@click.option(
    "--work",
    type=click.Path(path_type=Path),
    default=Path("~/.cache/modelwright-bench/serve"),
    help="Models, logs. [default: ~/.cache/modelwright-bench/serve]",
)
@click.option("--envs", type=click.Path(path_type=Path), help="[default: WORK/envs]")
@click.option("--page", type=click.Path(path_type=Path), help="[default: in docs/benchmarks]")
def command(
    *,
    only: str,
    rounds: int,
    count: int,
    seconds: float,
    fuzzed: int,
    seed: int,
    work: Path,
    envs: Path | None,
    page: Path | None,
) -> None:
    """Compare modelwright's server with others, and with itself doing nothing."""
    work = work.expanduser().absolute()
    work.mkdir(parents=True, exist_ok=True)
    names = [name.strip() for name in only.split(";") if name.strip()]
    known = [each.name for each in CONTESTANTS]
    if strangers := set(names).difference(known):
        raise click.BadParameter(f"{sorted(strangers)} is none of {known}.", param_hint="--only")
    chosen = [each for each in CONTESTANTS if not names or each.name in names]
    parts = [_head(rounds, count, seconds, fuzzed)]
    with held_alone((envs or work / "envs").expanduser().absolute()) as folder:
        peers = (MODELWRIGHT.environment, *(each.environment for each in chosen))
        environments, missing = make_environments(peers, folder=folder, say=click.echo)
        for shape in (SMALL, REAL):
            model, rows = _model(shape, work, environments)
            parts.append(f"## {shape.name.capitalize()}\n\n{_about(shape, model)}\n")
            with ExitStack() as stack:
                servers = _start(chosen, model, environments, work, stack)
                seen = _measure(servers, rows, environments, rounds=rounds, count=count)
            parts.append(f"{as_table(seen)}\n")
            if any(each.name == MODELWRIGHT.name for each in seen):
                parts.append(f"modelwright:\n\n{bars(seen, MODELWRIGHT.name)}\n")
            click.echo(parts[-1])
        parts.append(_strain(model, rows, environments, work, seconds, fuzzed, seed))
    parts += [f"- {sentence}" for sentence in missing]
    target = page or PAGE
    write_page(target, "\n".join(parts), marks=MARKS)
    click.echo(f"wrote {target}")


# --- what is measured ---------------------------------------------------------------------------


def _measure(
    servers: Mapping[Contestant, Running],
    rows: Sequence[Mapping[str, object]],
    environments: Mapping[str, Environment],
    *,
    rounds: int,
    count: int,
) -> list[Seen]:
    """Ask all servers in turn, round by round, so that none has the quiet moments to itself."""
    requests = {each: [each.ask(row) for row in rows] for each in servers}
    times = {each: [] for each in servers}  # type: ignore[var-annotated]
    for number in range(rounds):
        click.echo(f"round {number + 1} of {rounds}")
        for each, server in servers.items():
            # The slow ones shall not take all day.
            fewer = count if each.environment in ("serving", "uvicorn") else max(100, count // 5)
            times[each].append(ask_in_turn(server.port, requests[each], count=fewer))
    return [
        Seen(
            name=each.name,
            rounds=times[each],
            crowd=ask_at_once(server.port, requests[each][0], connections=16, seconds=3),
            start_s=server.start_s,
            memory_bytes=server.memory_bytes(),
            environment_bytes=_size(environments[each.environment]),
        )
        for each, server in servers.items()
    ]


def _strain(
    model: Model,
    rows: Sequence[Mapping[str, object]],
    environments: Mapping[str, Environment],
    work: Path,
    seconds: float,
    fuzzed: int,
    seed: int,
) -> str:
    """Ask modelwright's server for too much, and for what nobody should."""
    with ExitStack() as stack:
        (server,) = _start([MODELWRIGHT], model, environments, work, stack).values()
        found = overload(server, MODELWRIGHT.ask(rows[0]), seconds=seconds)
        click.echo(overload_in_words(found))
        before = server.memory_bytes()
        statuses = soak(server.port, rows[0], count=fuzzed, seed=seed)
        told = soak_in_words(statuses, before_bytes=before, after_bytes=server.memory_bytes())
        click.echo(told)
    return f"## Under strain\n\n{overload_in_words(found)}\n\n{told}\n"


def _size(environment: Environment) -> int:
    packages = next(Path(environment.folder).glob("lib/python*/site-packages"))
    own = sum(bytes_below(each) for name in _NOT_A_MODEL for each in packages.glob(name))
    return bytes_below(packages) - own


# --- what is needed for it ----------------------------------------------------------------------


def _model(
    shape: Shape, work: Path, environments: Mapping[str, Environment]
) -> tuple[Model, list[dict[str, object]]]:
    """Return a model in all forms, made where it is not there yet, and rows to ask about."""
    folder = work / shape.name.replace(" ", "-")
    folder.mkdir(exist_ok=True)
    table = folder / "table.csv"
    if not table.exists():
        write_table(shape, table)
    workspace = folder / "workspace"
    if not (workspace / "bundles").exists():
        click.echo(f"modelwright learns from {shape.rows:,} rows for {shape.budget}")
        run = [sys.executable, "-m", "modelwright", "run", str(table), "--target", "left"]
        _call([*run, "--budget", shape.budget, "--workspace", str(workspace), "--quiet"])
    fitted = {}
    for peer in ("mlserver", "bentoml", "mlflow"):
        if peer in environments:
            fitted[peer] = folder / peer
            if not (folder / peer / "model.joblib").exists():
                click.echo(f"fitting the model of {peer}")
                train = [str(environments[peer].python), str(_PEERS / "train.py")]
                _call([*train, str(table), str(folder / peer)])
    if "mlflow" in environments:
        fitted["mlflow bin"] = environments["mlflow"].python.parent
    (bundle,) = (workspace / "bundles").iterdir()
    return Model(bundle=bundle, compiled=work / _COMPILED, fitted=fitted), first_rows(table, _ROWS)


def _start(
    chosen: Sequence[Contestant],
    model: Model,
    environments: Mapping[str, Environment],
    work: Path,
    stack: ExitStack,
) -> dict[Contestant, Running]:
    started = {}
    for each, environment in _able(chosen, environments):
        port = free_port()
        variables = environment_of(1, ROOT, os.environ) | {CACHE: str(work / _COMPILED)}
        variables.pop("PYTHONPATH")
        try:
            click.echo(f"starting {each.name}")
            started[each] = stack.enter_context(
                running(
                    each.command(environment.python, model, port),
                    port=port,
                    ready=each.ready,
                    env=variables | each.variables(model),
                    log=work / f"{each.name}.log",
                )
            )
        except ServiceError as error:
            click.echo(f"{each.name} did not take part: {error}")
    return started


def _able(
    chosen: Sequence[Contestant], environments: Mapping[str, Environment]
) -> Iterator[tuple[Contestant, Environment]]:
    for each in chosen:
        if each.environment in environments:
            yield each, environments[each.environment]


def _call(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise ServiceError(f"{command[0]} failed.", (done.stderr or done.stdout)[-800:])


# --- what is told ---------------------------------------------------------------------------------


def _head(rounds: int, count: int, seconds: float, fuzzed: int) -> str:
    typed = f"python -m bench.serve --rounds {rounds} --count {count}"
    typed += f" --seconds {seconds:g} --soak {fuzzed}"
    machine = f"{describe(os.cpu_count() or 1)}, {describe_rest()}"
    return f"```\n{typed}\n```\n\n{datetime.now(UTC).date().isoformat()}; {machine}.\n"


def _about(shape: Shape, model: Model) -> str:
    columns = f"{shape.numbers} numbers and {shape.categories} categories"
    size = bytes_below(model.bundle) / 1e6
    return (
        f"{shape.rows:,} rows of {columns}; modelwright learned for {shape.budget}, a bundle of "
        f"{size:.1f} MB; the peers have LightGBM with 300 trees behind scikit-learn's preparation."
    )


if __name__ == "__main__":
    end_in_words(command)
