"""What networks in torch keep small."""

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits, log_softmax

from modelwright.learners.networks.loss import NetworkLoss

_MOST_RAW = 30.0
"""Where the raw score is a logarithm."""
_SURE = 1e-7
"""The least probability that counts: single precision has none nearer to 1."""


def mean_loss(loss: NetworkLoss, raw: Tensor, wanted: Tensor, weight: Tensor) -> Tensor:
    """Return the weighted sum of losses over the sum of weights, averaged over members.

    Parameters
    ----------
    loss
        Which one.
    raw : Tensor of shape (members, n, outputs)
    wanted : Tensor of shape (n, outputs)
    weight : Tensor of shape (n,)
        Shares of the batch, which add up to 1 over all its parts.
    """
    each = _losses(loss, raw.float(), wanted).sum(dim=-1)
    return (each * weight).sum() / len(raw)


def mean_raw(loss: NetworkLoss, raw: Tensor) -> Tensor:
    """Return the raw scores that all members together give, of shape (n, outputs).

    Probabilities are averaged, and so are the raw scores of numbers.
    """
    if loss.kind == "binary":
        return torch.logit(torch.sigmoid(raw).mean(dim=0), eps=_SURE)
    if loss.kind == "multiclass":
        return log_softmax(raw, dim=-1).exp().mean(dim=0).clamp(min=_SURE).log()
    return raw.mean(dim=0)


def _losses(loss: NetworkLoss, raw: Tensor, wanted: Tensor) -> Tensor:
    match loss.kind:
        case "binary":
            return binary_cross_entropy_with_logits(raw, wanted.expand_as(raw), reduction="none")
        case "multiclass":
            return -wanted * log_softmax(raw, dim=-1)
        case "squared":
            return 0.5 * (raw - wanted) ** 2
        case "poisson":
            return torch.exp(torch.clamp(raw, max=_MOST_RAW)) - wanted * raw
    over = raw - wanted
    return torch.maximum(over * (1 - loss.level), -over * loss.level)
