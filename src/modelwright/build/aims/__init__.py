"""What learners aim at when a number is predicted.

- `aim`: a loss, and a scale of the target
- `aims`: which of them are worth trying
- `aimed`: a learner with one
"""
