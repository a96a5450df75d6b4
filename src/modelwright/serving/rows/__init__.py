"""Rows in the forms in which clients send them.

- `record`: a row, by column
- `shapes`: rows as JSON, in the shapes of other servers' clients
- `delimited`: rows as CSV
- `columnar`: rows as Parquet
- `mediatypes`: the headers Content-Type and Accept
- `upload`: rows of a file, a few at a time
- `sheets`: the same, column by column
"""
