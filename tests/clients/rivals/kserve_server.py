"""A toy model behind KServe's own server."""

import argparse

import numpy as np
from kserve import InferOutput, InferRequest, InferResponse, Model, ModelServer, model_server

DATATYPES = {"age": "FP64", "member": "BOOL", "job": "BYTES", "seen": "BYTES"}


class AgeModel(Model):
    """Answers whether somebody is older than 30."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.ready = True

    async def get_input_types(self):
        return [
            {"name": name, "datatype": datatype, "shape": [-1]}
            for name, datatype in DATATYPES.items()
        ]

    async def get_output_types(self):
        return [{"name": "answer", "datatype": "BYTES", "shape": [-1]}]

    def predict(self, payload: InferRequest, headers=None, response_headers=None):
        ages = next(each for each in payload.inputs if each.name == "age").as_numpy().ravel()
        answers = np.array(["yes" if age > 30 else "no" for age in ages], dtype=object)
        output = InferOutput("answer", [len(answers)], "BYTES")
        output.set_data_from_numpy(answers, binary_data=False)
        return InferResponse(payload.id, self.name, [output])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(parents=[model_server.parser])
    parser.parse_args()
    ModelServer().start([AgeModel("left")])
