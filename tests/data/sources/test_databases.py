"""Which part of an address names a table."""

from pathlib import Path

import pytest

from modelwright.data.sources.databases import split_table


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////home/me/C#/shop.db",
        "duckdb:/data#2/shop.duckdb",
        "postgresql://host/shop?user=me&password=a#b",
        "postgresql://host/shop?password=a#b&sslmode=require",
        "mysql://me:a#b@host/shop",
    ],
)
def test_what_is_no_table_stays_in_the_address(address: str) -> None:
    assert split_table(address) == (address, "")


def test_a_file_that_is_there_is_no_table_of_another(tmp_path: Path) -> None:
    path = tmp_path / "a.db#1.db"
    path.touch()
    for address in (str(path), f"sqlite:///{path}", f"sqlite:///{str(path)[1:]}"):
        assert split_table(address) == (address, "")
    assert split_table(f"{path}#orders") == (str(path), "orders")


def test_a_table_stands_behind_the_options_too() -> None:
    address = "postgresql://me@host/shop?sslmode=verify-full"
    assert split_table(f"{address}#sales.orders") == (address, "sales.orders")
