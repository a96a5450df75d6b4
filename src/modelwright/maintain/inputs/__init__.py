"""Inputs and answers beside those of training, column by column.

- `rules`: the data contract on live rows
- `drift`, `comparison`: whether each is distributed as in training; the test behind it
- `blocks`: which rows depend on each other
- `faults`, `units`: changes that look like broken input
- `description`: how a column changed, in everyday words
"""
