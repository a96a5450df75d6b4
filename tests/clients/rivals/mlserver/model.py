"""A toy model behind MLServer."""

from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse


class AgeModel(MLModel):
    """Answers whether somebody is older than 30."""

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        by_name = {tensor.name: tensor for tensor in payload.inputs}
        ages = NumpyCodec.decode_input(by_name["age"]).ravel()
        answers = ["yes" if age > 30 else "no" for age in ages]
        return InferenceResponse(
            model_name=self.name,
            model_version=self.version,
            id=payload.id,
            outputs=[StringCodec.encode_output("answer", answers)],
        )
