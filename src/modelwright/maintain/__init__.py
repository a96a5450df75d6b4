"""The last room: a release and new rows become health, with one thing to do.

- `health`: the room's function, and the same for rows of a table
- `champion`: the model that answers, and the rows that it was asked about
- `log`: which rows came, with their answers and labels
- `inputs`: the contract and the columns beside training
- `score`: the realised and the estimated score beside the promised one
- `shares`: why the loss changed: causes with their shares
- `causes`, `action`: what explains an alarm, and the one thing to do
- `look`, `truths`: a window beside the windows before, without labels and with them
- `detectors`: what has changed, one kind of change a file
- `watch`: windows judged one after another
- `signs`, `messages`: what is worth an alarm, and how people are told
- `remedies`: what would mend it, tried on the past
- `retraining`: how often to learn anew, and on which rows
- `contest`: champion against challenger as labels come
- `skew`: what the server saw beside what a table says of the same rows
- `gameday`: known faults in a copy of traffic, and what is found of them
- `wording`: how numbers are said
"""
