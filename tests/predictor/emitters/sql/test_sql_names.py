from modelwright.predictor.emitters.sql.duckdb import DUCKDB
from modelwright.predictor.emitters.sql.mysql import MYSQL
from modelwright.predictor.emitters.sql.names import column_names
from modelwright.predictor.emitters.sql.postgresql import POSTGRESQL


def test_a_name_stays_where_the_database_has_it():
    names = ["Age", "age", 'a"b', "Größe", "x" * 70]
    assert column_names(names, POSTGRESQL.names, taken=()) == [*names[:-1], "x" * 63]


def test_names_that_a_database_takes_for_one_are_told_apart():
    assert column_names(["Age", "AGE"], DUCKDB.names, taken=["age"]) == ["Age_2", "AGE_3"]
    assert column_names(["é", "e"], MYSQL.names, taken=()) == ["é", "e_2"]


def test_a_long_name_is_cut_between_characters():
    assert column_names(["日" * 30], POSTGRESQL.names, taken=()) == ["日" * 21]
    long = ["y" * 70 + "1", "y" * 70 + "2"]
    assert column_names(long, POSTGRESQL.names, taken=()) == ["y" * 63, "y" * 61 + "_2"]


def test_characters_that_a_database_does_not_take_are_replaced():
    assert column_names(["\U0001f6f8 ", "\0", ""], MYSQL.names, taken=()) == [
        "_",
        "column",
        "column_2",
    ]


def test_quotes_within_a_name_are_doubled():
    assert MYSQL.names.quoted("a`b") == "`a``b`"
    assert POSTGRESQL.names.shown("probability_no") == "probability_no"
    assert POSTGRESQL.names.shown('probability_"') == '"probability_"""'
