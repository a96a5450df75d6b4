"""The released model is looked after.

- `watching`, `against`: each new window of live rows is judged, and held against other tables
- `alarms`, `messages`: what judgements said, what people answered, and who is told
- `patient`, `school`: what is known of the model, and who can teach it
- `remedies`, `proposals`, `suggestions`: what may be done, tested on the past
- `care`: all of it, one after the other
- `imports`, `quarantine`: logs of other systems, and rows that are set aside
- `gameday`: the maintenance is drilled
"""
