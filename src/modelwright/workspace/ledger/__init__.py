"""What the server predicted and what turned out to be true (`ledger.db`).

- `ledger`: all that can be done with it
- `rows`: what stands in it
- `tables`: its tables, and how older ones become these
- `store`, `postgresql`: where it is kept: a SQLite file, or PostgreSQL for several servers
- `address`: which of them an address names, and where answers wait for it
- `writer`: how it is written in the background
- `reader`, `sampling`: windows of rows, and what is drawn from them
- `labels`: how labels are written: late, twice, corrected, in any order
- `flow`, `summary`: when labels come; what is in it, and how late its labels come
- `pairs`: what champion and challenger answered to the same rows
- `quarantine`: rows that are set aside and let back
- `upkeep`: the rows of one person, and what is older than it may be, are taken out
"""
