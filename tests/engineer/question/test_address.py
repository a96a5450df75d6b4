from pathlib import Path

import pytest

from modelwright.engineer.question.address import (
    address_from_brief,
    address_in_brief,
    refuse_password,
)
from modelwright.errors import BriefError


@pytest.mark.parametrize("address", ["a.csv", "data/a.csv", "../a.csv", "data/*.parquet"])
@pytest.mark.parametrize("workspace", ["w", "deep/w", "."])
def test_a_relative_path_is_found_again_from_the_same_folder(address, workspace):
    kept = address_in_brief(address, Path(workspace))
    assert address_from_brief(kept, Path(workspace)) == address


def test_a_relative_path_is_found_from_another_folder(tmp_path, monkeypatch):
    (tmp_path / "a.csv").touch()
    monkeypatch.chdir(tmp_path)
    kept = address_in_brief("a.csv", Path("w"))
    (tmp_path / "w").mkdir()
    monkeypatch.chdir(tmp_path / "w")
    assert Path(address_from_brief(kept, Path())).exists()


@pytest.mark.parametrize("address", ["/data/a.csv", "~/a.csv", "duckdb:///a.duckdb", ""])
def test_other_addresses_stay_as_they_are(address):
    assert address_in_brief(address, Path("w")) == address
    assert address_from_brief(address, Path("w")) == address


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://me:secret@host/shop",
        "postgres+psycopg://me:s@c/r@host/shop",
        "postgresql://:secret@host/shop",
        "postgresql:/me:secret@host/shop",
        "postgresql:me:secret@host/shop",
        "postgresql://me@host/shop?sslmode=require&password=secret",
        "postgresql://me@host/shop?sslpassword=secret",
    ],
)
def test_a_password_is_refused_and_not_repeated(address):
    with pytest.raises(BriefError, match="PGPASSWORD") as caught:
        refuse_password(address)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["mysql", "mariadb", "mysql+pymysql"])
def test_a_password_of_mysql_goes_into_its_own_variable(scheme):
    with pytest.raises(BriefError, match="MYSQL_PWD") as caught:
        refuse_password(f"{scheme}://me:secret@host/shop")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address", ["postgresql://me@host:5432/shop", "postgresql://host/shop", "a:b@c.csv", "C:/a.csv"]
)
def test_an_address_without_a_password_passes(address):
    refuse_password(address)
