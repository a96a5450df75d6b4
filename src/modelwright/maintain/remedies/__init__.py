"""What may mend a model, one remedy a file; each is tested on the past before it is proposed.

- `base`: what a remedy is given and what it may assume
- `registry`: every remedy by name
- `past`: labelled rows in their order
- `onset`: since when something is wrong
- `losses`: what each answer costs
- `replay`: a remedy on past windows, fitted before and scored after
- `proposals`: all remedies, the worthiest first
- `mended`: a bundle that reads, learns or answers otherwise
- `columns`: which columns changed, and how
- `units`, `swaps`, `levels`, `held`: a broken input is undone, or not looked at
- `recalibration`, `threshold`: other answers from the same model
- `retraining`, `features`: the model learns again, from other rows or other columns
- `earlier`: a release before
- `quarantine`: bad rows are put aside
"""
