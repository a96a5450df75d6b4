"""What clients may ask, protocol by protocol.

- `plain`: rows with named columns, the simplest way to ask
- `batch`: a file of rows in, its answers out while they are made
- `download`: the answers to a file
- `explaining`: why a row got its answer
- `protocol`: the Open Inference Protocol, version 2
- `infer`: what its clients send and get
- `tensors`: rows as that protocol's tensors, and back
- `datatypes`: which values its datatypes hold
- `binary`: tensors as raw bytes behind the JSON
- `mlflow`: what MLflow's clients ask
- `sagemaker`: SageMaker's
- `vertex`: Vertex AI's
- `invocations`: rows in any form, predictions in the form that is accepted
- `asked`: what such a request asks, by its content type
- `predictions`: answers as bare predictions
- `quick`: which requests are answered while they are read
"""
