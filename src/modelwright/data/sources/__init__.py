"""Where tables come from, one module per kind of source.

- `open`: `open_source`, the one door, and the registries of suffixes and schemes
- `base`: what a source is; who calls it and what it may assume
- `delimited`, `lines`, `parquet`, `arrow`, `excel`: files
- `duckdb`, `sqlite`, `postgresql`, `mysql` with `mysql_values`: databases, always read-only
- `databases`: which addresses are theirs
- `url`, `postgresql_address`, `mysql_address`: where a server is; `quoting`: names and texts in SQL
- `sampling`: a random part of the rows of a database
- `frames`: tables that are in memory already
- `files`, `encoding`, `dialect`, `decimals`: finding, decoding and reading text files
- `selection`, `order`: which table is wanted, and in which order
- `columns`: names and types that every source agrees on
"""
