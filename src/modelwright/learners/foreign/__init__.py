"""Models that somebody else trained, as programs.

- `base`: what such a model is
- `opening`: a file as a model
- `draft`: a program while it is written
- `boosters`, `booster_file`: LightGBM and XGBoost
- `pipeline_file`, `pipeline`: scikit-learn, from the raw columns to the answer
- `scaling`, `levels`: its transformers of numbers and of categories
- `normal`: numbers that are to be spread as normal ones
- `asked`: encoders of categories of another library
- `estimators`: its models
- `spelled`: columns that a library names otherwise than the table
- `converted`: a pipeline that no program says, as a graph of ONNX
- `adopted`: a learner that has nothing left to learn
"""
