"""Which table is wanted, and which queries count as one SELECT."""

import pytest

from modelwright.data.sources.quoting import quoted
from modelwright.data.sources.selection import Selection, one_select, pick_table, refuse_locked
from modelwright.errors import SourceError


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1",
        "select ';' as a",
        'SELECT 1 AS ";"',
        "(SELECT 1) UNION (SELECT 2)",
        "-- DROP; \nSELECT 1",
        "/* ; */ WITH a AS (SELECT $$;$$) SELECT * FROM a",
        "SELECT $x$ ; ' $x$, 'it''s; '",
    ],
)
def test_one_select_passes_unchanged(query: str) -> None:
    assert one_select(query) == query
    assert one_select(f" {query} ;\n-- end; ") == query


@pytest.mark.parametrize(
    "query",
    [
        "",
        "  ",
        ";",
        "-- SELECT",
        "DROP TABLE t",
        "SELECT 1; SELECT 2",
        "EXPLAIN SELECT 1",
        "'SELECT'",
    ],
)
def test_everything_else_is_refused(query: str) -> None:
    with pytest.raises(SourceError):
        one_select(query)


def test_many_tables_are_not_all_listed() -> None:
    known = [f"table_{position:03}" for position in range(500)]
    with pytest.raises(SourceError) as caught:
        pick_table(Selection(), known, "a.db")
    assert "holds 500 tables" in str(caught.value)
    assert len(str(caught.value)) < 500


def test_quotes_in_names_are_doubled() -> None:
    assert quoted('a"; DROP TABLE b; --') == '"a""; DROP TABLE b; --"'


def test_a_table_that_may_not_be_read_is_not_told_as_missing() -> None:
    locked = [("Sales Data", "Order"), ("public", "notes")]
    for said in ('"Sales Data"."Order"', "Sales Data.Order", "public.notes"):
        with pytest.raises(SourceError, match="may not read it") as caught:
            refuse_locked(Selection(said), locked, "db")
    assert 'GRANT SELECT ON "public"."notes"' in str(caught.value)
    refuse_locked(Selection("orders"), locked, "db")
    refuse_locked(Selection(), locked, "db")
