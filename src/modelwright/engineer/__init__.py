"""Upstairs: who alone knows the order of the rooms.

- `project`: a workspace and what can be done with it
- `rooms`: each room, given what it needs from the workspace
- `archive`: documents stand until what they were made from changes
- `asking`, `brief_file`, `revision`, `address`: `modelwright.toml`, asked again, where the data is
- `plan_file`: `plan.json` after a person edited it
- `intake`: the question's table, its training rows and its sealed holdout
- `alarms`: what judgements of the live model said, and the alarms that people answer
- `checkup`: one verdict over the model and all that it stands on
- `watching`: each new window of live rows, judged once
- `messages`: who is told of them
- `remedies`: tested on the past, kept as bundles, applied through the gates
- `patient`, `suggestions`, `proposals`: what is known for that, what needs no program, which it is
- `shift`, `progress`, `foreseen`: a command at work, what it tells, and how long it will take
- `contest`: what its server logged of both
- `backfill`: columns that clients do not send yet, for a challenger
- `rollout`, `who`: champion and challenger, and who decides about them
- `compatible`: two bundles as their clients see them
- `tracking`: what became of the question, on a tracking server of MLflow too
- `gameday`: the maintenance is drilled
- `against`: what the server saw beside a table of the same rows
- `champion`, `batch`: which bundle answers, and its answers for tables of any size
"""
