"""Answers into a table of a database, each exactly once by its key.

- `door`: what a database must do for it
- `table`: the table, its rows set aside, and the progress of jobs beside it
- `sqlite`, `duckdb`, `postgresql`, `mysql`: the doors
- `open`: which door an address means
"""
