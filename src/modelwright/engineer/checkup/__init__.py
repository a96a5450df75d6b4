"""The checkup: one verdict over a model and all that it stands on.

- `base`: an item, and what it may look at
- `model`, `rows`, `labels`, `contract`: what the workspace and its ledger say
- `server`, `certificate`, `disk`, `dependencies`: what it runs on
- `registry`: the items in their order
- `verdict`: all of them, and as text
"""
