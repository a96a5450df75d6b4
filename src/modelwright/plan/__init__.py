"""The first room: a brief becomes a plan.

- `planning`: the room's function, from document to document
- `groundwork`: the table, the metric and the split, before any learner is tried
- `named_columns`: the columns that a brief names, checked against the table
- `splitting`: how rows are split, from the data
- `time_column`, `group_column`: the evidence for a split by time or by entity
- `clocks`: the columns that can be read as a time
- `names`: what the name of a column says about time and about entities
- `agreement`: how much rows that stand together agree in the target
- `growth`: columns that only grow with time
- `probes`: what learners cost and score on small samples
- `pace`: how long they will take with all rows, and which are worth their time
- `cost`: what a whole run takes, from past runs
- `schemes`: the ways to solve the task
- `risks`: what may spoil the model
- `gates`: what must hold before a release
"""
