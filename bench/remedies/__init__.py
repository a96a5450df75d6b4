"""How much of the loss that a fault does is brought back by remedies, beside an oracle."""
