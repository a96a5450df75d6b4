"""Sources are checked in parts, so that memory holds no whole table.

- `source`: any source, a few columns or rows at a time; `pieces`: files of Parquet
- `keys`, `variety`: rules that no single part can judge
- `failing_rows`: the rows that break rules
"""
