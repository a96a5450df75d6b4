"""What became of a question, written to a tracking server of MLflow too.

- `story`: what is written, as plain values
- `run`: the documents of a workspace as a run with its trials
- `judgement`: a judgement of the live model as metrics
- `shelf`: which bundles the registry should hold, and which of them the aliases name
- `server`: what a tracking server can do, as far as it is needed
- `mlflow`: one that MLflow's client speaks to; the one module that imports `mlflow`
- `track`: brings a server up to what a workspace says
"""
