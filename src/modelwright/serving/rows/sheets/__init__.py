"""Rows of an uploaded file, read column by column: `open_pieces` begins.

- `sheet`: some rows in columns, and how they are to be read
- `columns`: makes them of what a file holds
- `csv`, `lines`, `parquet`: one kind of file each
- `pieces`: chooses among them, and reads one by one what cannot be read at once

A sheet has the bits of its rows read one by one by `rows_in`; where that is not sure, or a value is
refused, they are read one by one.
"""
