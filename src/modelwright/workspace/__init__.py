"""The workspace: one folder, good for git, that survives being killed at any moment.

- `folder`: the folder itself, its documents and its lock
- `aliases`: which bundle is champion and which is challenger, who decided it, and the way back
- `trial`, `rollout_policy`: how a challenger is tried, and what may happen without asking
- `artifacts`: finished folders, stored under the hash of what they hold
- `journal`: what happened: events, runs, openings of the holdout (`journal.db`)
- `ledger`: what the server predicted and what turned out to be true (`ledger.db`)
- `ledger_rows`: what stands in it
- `ledger_tables`: its tables, and how older ones become these
- `ledger_store`: where it is kept: a SQLite file
- `ledger_labels`: how labels are written: late, twice, corrected, in any order
- `ledger_pairs`: what champion and challenger answered to the same rows
- `ledger_postgresql`: the same in a schema of PostgreSQL, for several servers
- `ledger_address`: which of them an address names, and where answers wait for it
- `ledger_upkeep`: the rows of one person, and what is older than it may be, are taken out
- `ledger_summary`: what is in it, and how late its labels come
- `ledger_writer`: the same, written in the background
- `spool`: answers that are on disk and not in the ledger yet
- `moving`, `moving_process`: how they get there, and who takes them beside a server
- `log_file`: what commands told, line by line (`modelwright.log`)
- `logbook`: what judgements of the live model said, and the alarms (`logbook.db`)
- `outbox`: messages about them that wait to be sent, in the same file
- `alarm`: one trouble, from when it was first seen until it is gone
- `history`: what past runs of this person took, in all workspaces
- `draft`: files and folders that become visible only when they are finished
- `lock`: one command at a time
- `database`: how the SQLite files are opened and how their faults are told
"""
