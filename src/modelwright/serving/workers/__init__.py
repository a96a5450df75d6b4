"""The processes that answer.

- `crew`: several workers that share one socket, and their parent
- `worker`: one of them
- `supply`: where the bundles come from, and whether there are others
- `retention`: what the ledger may keep no longer is forgotten
"""
