"""Tables: where they come from, what they hold, and how they are tested and divided.

- `sources`: files, databases and data frames, read as they are
- `pieces`: the same a piece at a time, for tables that memory does not hold
- `pushed`: questions that a database answers itself
- `schema`: the columns of a table, their kinds and roles
- `inference`: kinds and roles from the values, with reasons
- `values`: the grammar of a value, of a moment, and of whole columns of them
- `conform`, `records`, `record_columns`, `prepare`: tables and JSON rows as a program reads them,
  to the same bits
- `free_name`: a name that no column has
- `splitting`: the sealed holdout and the folds
- `checks`: data tests, all in one pass
- `contracts`, `odcs`: the data contract, its derivation, its file
- `relations`: several tables, and the features that they give
"""
