"""The log of a model: what was asked and answered, and what turned out to be true.

- `window`, `due`: which rows are judged; the next ones that nobody has judged yet
- `live_rows`, `record`: rows with their answers and labels; what there is of a window
- `labels`: labels that arrive later
- `foreign_columns`, `checked_log`, `foreign_log`: the log of another system is read and comes in
- `black_box`: a model of which there is only a log
"""
