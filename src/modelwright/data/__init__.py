"""Tables: where they come from, what they hold, and how they are tested and divided.

- `sources`: files, databases and data frames, read as they are
- `pieces`: the same a piece at a time, for tables that memory does not hold
- `schema`: the columns of a table, their kinds and roles
- `infer`: kinds and roles from the values, with reasons; `kinds`, `number_kinds`, `text_kinds`,
  `tally`, `verdict` are its parts
- `cells`, `moments`, `names`: the grammar of a value, of a date and of a column's name; `series`,
  `moment_series`: of whole columns
- `conform`, `records`, `prepare`: tables and JSON rows as a program reads them, to the same bits
- `free_name`: a name that no column has
- `splits`, `partitions`, `codes`: the sealed holdout and the folds
- `checks`: data tests, all in one pass
- `contract`, `contract_rules`, `column_rules`, `odcs`: the data contract, its derivation, its file
"""
