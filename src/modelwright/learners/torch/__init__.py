"""Networks that PyTorch trains; what they learned is a program without it.

- `network`: networks for tables, as learners; asks for torch only when it fits
- `layout`: how large such a network is
- `tensors`: its way from rows to raw scores, in torch
- `training`: epochs, on a processor or a GPU
- `device`: where to compute, how precisely, and what to do when memory ends
- `host`: rows that stay on the host, moved a part at a time
- `losses`: what is kept small
- `writing`: its weights as a program
"""
