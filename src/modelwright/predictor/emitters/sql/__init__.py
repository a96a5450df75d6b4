"""A program as a view of a database.

- `emitter`: the emitters, one for each dialect
- `dialect`: what differs between databases; `postgresql`, `duckdb`, `sqlite`, `mysql`
- `literals`, `names`: numbers and texts as literals, names of columns in a table
- `query`: the whole view
- `steps`: operations as columns: `inputs`, `numbers`, `categories`, `dates`, `trees`, `sums`,
  `curves`, `answers`
- `results`: what the view shows
- `sheet`, `cell`, `choice`: columns in layers; what is known of one; choosing by a number
- `form`: the files beside the view
"""
