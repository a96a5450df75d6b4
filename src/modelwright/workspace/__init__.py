"""The workspace: one folder, good for git, that survives being killed at any moment.

- `folder`: the folder itself, its documents and its lock
- `aliases`: which bundle is champion and which is challenger, who decided it, and the way back
- `trial`, `rollout_policy`: how a challenger is tried, and what may happen without asking
- `artifacts`: finished folders, stored under the hash of what they hold
- `journal`: what happened: events, runs, openings of the holdout (`journal.db`)
- `ledger`: what the server predicted and what turned out to be true (`ledger.db`)
- `spool`: answers that are on disk and not in the ledger yet, and how they get there
- `log_file`: what commands told, line by line (`modelwright.log`)
- `logbook`: what judgements of the live model said, and the alarms (`logbook.db`)
- `outbox`: messages about them that wait to be sent, in the same file
- `alarm`: one trouble, from when it was first seen until it is gone
- `history`: what past runs of this person took, in all workspaces
- `draft`: files and folders that become visible only when they are finished
- `lock`: one command at a time
- `priority`: how little of a busy machine a process asks for
- `database`: how the SQLite files are opened and how their faults are told
"""
