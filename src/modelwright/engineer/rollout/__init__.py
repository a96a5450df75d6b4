"""Champion and challenger of a workspace.

- `rollout`: who may change it, and what the journal remembers
- `contest`, `compatible`: both on what the server logged, and as their clients see them
- `departures`: people are told of who had to go
- `backfill`: columns that clients do not send yet
"""
