"""Sources read a piece at a time, so that no table has to fit into memory.

- `base`: what a piece is, and where a reader that was interrupted goes on
- `open`: the one door, as `sources.open` is for whole tables
- `parquet`, `delimited`, `lines`, `database`: who reads in pieces
- `forward`: Parquet whose groups of rows are large
- `whole`: everything else is read once and cut
- `cut`: pieces of an even size from frames of any
"""
