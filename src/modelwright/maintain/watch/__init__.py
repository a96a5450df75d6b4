"""Windows judged one after another, each beside the accepted past.

- `watch`: the watch
- `watching`, `state`: the same of the server's log, and what is kept of it between runs
- `erasure`: what is erased from the ledger is erased from what is kept
- `known`, `verdict`: what was alarmed and lasts; what is news, and what is only worth a note
- `usual_season`: what was so in the same season of training
- `creep`, `slow`: harm that is too slow to be seen in one window
- `volume`, `flow`: how many rows come, beside the same hours of the weeks before
"""
