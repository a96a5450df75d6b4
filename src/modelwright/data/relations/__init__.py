"""Tables that are related to the question's table, and what they say at a moment.

Modules
-------
relation
    `Relation`: which rows of a table belong to a row of the question, and when they are known.
feature
    `Feature`: one number or level made of those rows; `FeatureSet`: what a bundle carries.
evaluate
    Features of raw records, in Python alone: what the server does.
dialect, moment_sql, sql
    The same features as SQL, for DuckDB, PostgreSQL and SQLite.
table, keys, links, paths, clocks, find
    Related tables as they are read; keys, what leads to them in one step and in two, when their
    rows are known; relations found and verified by exact counts.
joined
    Related rows as features read them, joined with those of a table between.
propose
    Features worth trying.
compute
    Features of a whole table, by DuckDB.
proof
    Changing the future changes no feature.
"""
