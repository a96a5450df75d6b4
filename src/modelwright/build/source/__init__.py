"""A model as a small Python project that learns it again without modelwright.

- `origin`: what the table was that the model learned from
- `columns`: the encoding of a program as features that a person would name
- `carrying`: members that are carried over as they were learned
- `members`: what learns, with which settings and weight
- `needs`: the versions of the libraries that it rests on
- `literals`: values as Python source
- `lines`: the design matrix of a linear model
- `writing`, `sets`: features as source code, written once for those that read the same
- `features`, `fitting`, `describing`: what the templates are told
- `rendering`: templates filled in
- `project`: the whole, or why there is none
"""
