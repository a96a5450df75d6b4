"""Upstairs: who alone knows the order of the rooms.

- `project`: a workspace and what can be done with it
- `office`, `workshop`, `practice`: its question, the way to a release, and the model looked after
- `rooms`, `chain`: each room, given what it needs, and their order
- `archive`: documents stand until what they were made from changes
- `question`: what is asked, and the rows that it is about
- `care`, `checkup`: the released model, and one verdict over all that it stands on
- `rollout`: champion and challenger
- `shift`, `staff`, `progress`, `foreseen`, `who`: a command at work, who does it, what it tells
- `adoption`, `checking`: models of others, and contracts checked by a crew
- `champion`, `batch`: which bundle answers, and its answers for tables of any size
- `tracking`: what became of the question, on a tracking server of MLflow too
"""
