"""The server beside others: ``python -m bench.serve``.

- `table`: the rows that all models learn from
- `contestants`: how each server is started and asked
- `peers`: what runs in the peers' own environments
- `floor`: the same stack without a model
- `client`: clients that measure
- `running`: a server that runs, how soon it was ready and what memory it takes
- `overload`: ten times more than a server can take
- `soak`: thousands of requests that nobody should send
- `figures`: what was measured, as a page
"""
