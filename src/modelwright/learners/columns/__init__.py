"""What encodings learn from a column.

- `levels`, `vocabulary`: which categories and words there are
- `target_means`: categories by what they say of the target, out of fold
- `bins`: numbers in steps; `moments`: datetimes as numbers
- `cuts`: how texts are cut into words, or into runs where no blanks divide them
- `token_counts`, `token_flags`: words as weights, and as flags
- `topics`: categories whose levels share words
- `told`: what columns tell together
"""
