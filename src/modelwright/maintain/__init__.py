"""The last room: a release and new rows become health, with one thing to do.

- `health`: the room's function, and the same for rows of a table
- `window`: which live rows are judged
- `due`: the next window that nobody has judged yet
- `live_rows`: live rows with their answers and labels, from the ledger or a table
- `labels`: labels that arrive later
- `rules`: the data contract on live rows
- `drift`: whether each column, and the answers, are as in training
- `comparison`: the test behind it, for rows that depend on each other
- `blocks`: which rows depend on each other
- `faults`, `units`: changes that look like broken input
- `performance`: the realised score against the promised one
- `recalibration`: whether correcting the probabilities would mend the model
- `causes`: what explains an alarm
- `action`: the one thing to do
- `contest`, `contest_rows`, `contest_description`: champion against challenger as labels come
- `signs`: what of it is worth an alarm
- `messages`: how people are told of alarms
- `watch`: windows judged one after another, each beside the accepted past
- `watching`, `state`: the same of the server's log, and what is kept of it between runs
- `past`, `tallies`, `grids`, `misses`: what is kept and counted of a window
- `look`, `surprise`: what is counted beside the past, and how surprising it is
- `losses`: how much the loss grew, and should have grown
- `detectors`: what has changed, one kind of change a file
- `verdict`: what is news, what is known, and what is only worth a note
- `gameday`: known faults in a copy of traffic, and what is found of them
- `description`, `wording`: how it is said
"""
