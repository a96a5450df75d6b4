"""Moments that a table keeps as digits are read by databases as they are here."""

import sqlite3
from datetime import datetime
from typing import Any

import duckdb
import pytest

from modelwright.data.relations.dialect import dialect_named
from modelwright.data.relations.moment_sql import moment_sql, require_readable
from modelwright.data.relations.row_query import RowQuery
from modelwright.data.schema import Column, Kind
from modelwright.errors import SourceError
from tests.data.relations.examples import MOMENTS, feature_set, home


def column(kept: str) -> Column:
    return Column(name="at", kind=Kind.DATETIME, datetime_format=kept)


@pytest.mark.parametrize(("kept", "digits", "moment"), MOMENTS)
def test_files_read_digits_as_moments(kept: str, digits: str, moment: datetime | None) -> None:
    lite: Any = sqlite3.connect(":memory:")
    written = moment_sql(column(kept), digits, dialect_named("sqlite"))
    wanted = f"SELECT {written} IS CAST(strftime('%s', '{moment}') AS INTEGER)"
    assert lite.execute(wanted).fetchone() == (1,)
    lite.close()
    written = moment_sql(column(kept), digits, dialect_named("duckdb"))
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {written}").fetchone() == (moment,)


def test_texts_of_another_order_are_refused_with_what_to_do() -> None:
    with pytest.raises(SourceError, match=r"'%d\.%m\.%Y', which databases read otherwise"):
        require_readable(feature_set(kept="%d.%m.%Y"))
    require_readable(feature_set(kept="%Y"))


def test_what_is_sent_is_a_moment_and_what_is_kept_are_digits() -> None:
    text = RowQuery(feature_set(kept="%Y"), home("sqlite")).statement(1)
    assert "strftime('%s', m.\"now\")" in text
    assert "substr(CAST(c.\"at\" AS TEXT), 1, 4) || '-01-01'" in text
