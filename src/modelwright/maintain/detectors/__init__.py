"""What is looked for in a window of live rows, one kind of change a file.

- `base`: what a detector is given and what it may assume
- `registry`: every detector by name
- `missing`, `levels`, `units`, `stuck`, `swapped`: broken columns
- `repeated`, `clock`, `label_flow`: broken feeds
- `mix`, `relation`: a world that changes
"""
