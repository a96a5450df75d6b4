"""Networks of Keras 3; what they learned is a program without it.

- `network`: a model that you wrote, as a learner
- `lessons`: its epochs
- `reading`: a model as steps
- `file`: a `.keras` file that is adopted
"""
