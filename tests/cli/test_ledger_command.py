import json
from pathlib import Path

import msgspec
import polars as pl
import pytest
from click.testing import CliRunner

from modelwright.cli.main import cli
from modelwright.workspace.ledger.ledger import Ledger, Prediction
from modelwright.workspace.ledger.rows import Gap


@pytest.fixture
def file(tmp_path: Path) -> Path:
    with Ledger.open(tmp_path / "ledger.db") as ledger:
        ledger.append(
            [
                Prediction(
                    id=f"p{n}",
                    at=n * 10**6,
                    version="a" * 64,
                    inputs=msgspec.json.encode({"customer": n % 3}),
                    output=b"1",
                    latency_s=0.0,
                    host="h",
                )
                for n in range(9)
            ]
        )
        ledger.label([("p1", True, 61 * 10**6)], 99)
    return tmp_path / "ledger.db"


def run(*words: str, answer: str | None = None) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["ledger", *words], input=answer, standalone_mode=False)
    assert done.exception is None, done.exception
    return done.return_value, done.output


def test_show(file: Path) -> None:
    code, told = run("show", "--workspace", str(file.parent))
    assert code == 0
    assert "aaaaaaaaaaaa as champion: 9 answers from 1970-01-01 00:00" in told
    assert "1 with a label, 9 with inputs, from 1 machine" in told
    assert "Labels come after 0:01:00 (half of them)" in told
    summary = json.loads(run("show", "--json", "--ledger", str(file))[1])
    assert summary["delays_s"] == [60.0, 60.0, 60.0]


def test_erase_asks_first(file: Path) -> None:
    words = ("erase", "--where", "customer=1", "--ledger", str(file))
    code, told = run(*words, answer="n\n")
    assert code == 1
    assert "Erase the answers to 3 ids for good?" in told
    assert run(*words, "--yes") == (0, "3 answers erased.\n")
    assert run(*words, "--yes") == (1, "There is no such answer.\n")
    with Ledger.open(file) as ledger:
        assert ledger.count() == 6


def test_keep(file: Path) -> None:
    code, told = run("keep", "90d", "--ledger", str(file))
    assert (code, told.split(" from")[0]) == (0, "9 answers")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("keep", "soon"), "no age"),
        (("erase",), "Name what to erase"),
        (("erase", "--where", "customer"), "no condition"),
        (("show",), "There is no ledger"),
    ],
)
def test_what_cannot_be_done(tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    done = CliRunner().invoke(
        cli, ["ledger", *words, "--workspace", str(tmp_path)], standalone_mode=False
    )
    assert told in str(done.exception)


def test_the_log_of_another_system(call, finished) -> None:
    orders = pl.read_csv("later.csv").rename({"amount": "total"})
    orders.with_columns(at=pl.lit("2026-01-01"), said=pl.lit("yes")).write_parquet("log.parquet")
    words = ("ledger", "import", "log.parquet", "--id", "order_id", "--time", "at", "-w")
    words = (*words, "orders-model", "--prediction", "said")
    assert "no column 'amount'" in call(*words).sentence
    done = call(*words, "--input", "amount=total")
    assert done.code == 0
    assert done.out.startswith("300 of 300 answers are new in the ledger.\n300 labels joined, 0 of")
    assert "of 300 logged answers are not what the bundle answers" in done.out
    assert call(*words, "--input", "amount=total", "--json").json["new"] == 0
    judged = call("maintain", "-w", "orders-model", "--json").json
    assert (judged["rows"], judged["labelled"], judged["record"]["answers"]) == (300, 300, 300)
    with Ledger.open(Path("orders-model/ledger.db")) as ledger:
        ledger.note_gap(Gap(at=2 * 10**15, until=2 * 10**15, host="h", answers=7, why="disk full"))
    told = call("maintain", "-w", "orders-model").out
    assert "! 7 answers that clients got are not in the ledger: disk full" in told
    aside = ("ledger", "quarantine", "-w", "orders-model")
    assert call(*aside).out == "Nothing is set aside.\n"
    assert "Say why" in call(*aside, "--id", "B00001").sentence
    assert call(*aside, "--id", "B00001", "--why", "a test").out == "1 answer is set aside.\n"
    early = call(*aside, "--id", "B00001", "--id", "soon", "--why", "a test")
    assert early.code == 1
    assert early.out.startswith(
        "0 answers are set aside.\n! No answer in the ledger has 1 id: soon. "
    )
    assert call(*aside).out == "B00001: a test\n"
    assert "1 of 300 answers are set aside" in call("maintain", "-w", "orders-model").out
    assert call(*aside, "--id", "B00001", "--back").code == 0
    assert call(*aside, "--broken").out == "0 answers are set aside.\n"
