"""What is asked, and the rows that it is about.

- `asking`, `revision`: a question is asked, and asked again
- `brief_file`, `plan_file`: `modelwright.toml`, and `plan.json` after a person edited it
- `address`: where the data is
- `intake`, `beyond`: its training rows and its sealed holdout, and the rows that were not drawn
- `neighbours`, `related`, `pushed_features`: related tables, found, read, and computed elsewhere
"""
