"""The one door: suffixes, schemes, registered sources, and files that are not there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from modelwright import _plugins
from modelwright.data.sources.base import Deferred, Reading
from modelwright.data.sources.open import FILES, open_source
from modelwright.data.sources.selection import Selection
from modelwright.errors import SourceError


def test_paths_and_texts_are_the_same(tmp_path: Path) -> None:
    path = tmp_path / "a.CSV"
    path.write_text("a\n1\n")
    assert open_source(path).read().equals(open_source(str(path)).read())
    assert open_source(path).address == str(path)


def test_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "a.csv").write_text("a\n1\n")
    assert open_source("~/a.csv").read().height == 1


def test_a_source_reads_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")
    source = open_source(path)
    path.write_text("a\n2\n")
    assert source.read()["a"].to_list() == ["2"]
    path.write_text("a\n3\n")
    assert source.read()["a"].to_list() == ["2"]
    assert open_source(path).read()["a"].to_list() == ["3"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("flihgts.csv", "There is no file {}/flihgts.csv. Did you mean 'flights.csv'?"),
        ("dataa/a.csv", "There is no folder {}/dataa. Did you mean 'data'?"),
        ("flights.csv/a.csv", "{}/flights.csv/a.csv leads through a file"),
        ("notes.docx", "it ends in '.docx'. Known: '.csv'"),
        ("flights.cvs", "Did you mean '.csv'?"),
        ("README", "it ends without a suffix"),
        ("folder.csv", "holds no Parquet file (found: nothing)"),
    ],
)
def test_addresses_that_lead_nowhere(tmp_path: Path, name: str, expected: str) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "folder.csv").mkdir()
    for present in ("flights.csv", "notes.docx", "README"):
        (tmp_path / present).write_text("a\n1\n")
    if name == "flights.cvs":
        (tmp_path / name).write_text("a\n1\n")
    with pytest.raises(SourceError) as caught:
        open_source(tmp_path / name)
    assert expected.format(tmp_path) in str(caught.value)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("", "is empty"),
        ("postgrsql://h/d", "Did you mean 'postgresql'?"),
        ("https://example.org/a.csv", "Nothing reads addresses that begin with https://"),
        ("duckdb:///nowhere.duckdb", "There is no file nowhere.duckdb"),
    ],
)
def test_addresses_that_nothing_reads(address: str, expected: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(address)
    assert expected in str(caught.value)


@pytest.mark.parametrize("scheme", ["postgresql", "mysql", "mariadb", "my-sql", "pg"])
@pytest.mark.parametrize("slashes", ["://", ":/", ":", ":///"])
def test_a_password_in_a_misspelt_address_is_not_repeated(scheme: str, slashes: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_source(f"{scheme}{slashes}me:hu/sh@127.0.0.1:1/d").read()
    assert "sh@" not in str(caught.value)
    assert "hu" not in str(caught.value).replace("https", "")


def test_a_file_may_look_like_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a:b@c.csv", "mysql:b@c.csv"):
        (tmp_path / name).write_text("a\n1\n")
    assert open_source("a:b@c.csv").read().height == 1
    assert open_source("./mysql:b@c.csv").read().height == 1


@pytest.mark.parametrize("selection", [{"table": "t"}, {"query": "SELECT 1"}])
def test_a_file_of_one_table_takes_no_selection(tmp_path: Path, selection: dict[str, str]) -> None:
    (tmp_path / "a.csv").write_text("a\n1\n")
    with pytest.raises(SourceError, match="is one table"):
        open_source(tmp_path / "a.csv", **selection)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything, so give its rights up for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.parametrize("suffix", [suffix for suffix in FILES if suffix != ".txt"])
def test_permission_denied(tmp_path: Path, suffix: str) -> None:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o755)
    path = folder / f"a{suffix}"
    path.write_bytes(b"a\n1\n")
    path.chmod(0)
    for parent in (tmp_path, *tmp_path.parents[:2]):
        parent.chmod(0o755)
    with as_nobody(), pytest.raises(SourceError, match="permission denied"):
        open_source(path).read()
    folder.chmod(0)
    with as_nobody(), pytest.raises(SourceError, match="permission denied"):
        open_source(path).read()
    folder.chmod(0o755)


def test_registered_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def opener(address: str, selection: Selection) -> Deferred:
        frame = pl.DataFrame({"address": [address], "table": [selection.table]})
        return Deferred(address, lambda: Reading(frame))

    monkeypatch.setattr(_plugins, "registered", lambda group: {".sav": opener, "mysql": opener})
    address = "mysql+driver://host/database"
    assert open_source(address, table="t").read().rows() == [(address, "t")]
    assert open_source(tmp_path / "a.SAV").read().height == 1
