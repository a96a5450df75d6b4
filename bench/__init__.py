"""The bench: modelwright and its peers on the same tables, one after another.

``python -m bench --data DIR`` runs it; `docs/benchmarks/automl.md` tells how it measures.
"""
