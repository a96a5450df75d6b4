"""The description that tools read (OpenAPI 3.1), made from the model's own schema.

- `document`: all of it
- `rows`: what `/predict` reads and answers
- `inference`: the Open Inference Protocol
- `platforms`: what the clients of MLflow, SageMaker and Vertex AI ask
- `examples`: recorded rows with their recorded answers
- `parts`: what the others are put together from
"""
