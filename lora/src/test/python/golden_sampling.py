"""Kept tokens and probabilities of transformers' temperature and top-p warpers for random logits.

Versions: Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0.

    pip install torch==2.13.0 transformers==5.18.0
    python lora/src/test/python/golden_sampling.py lora/src/test/resources/golden/sampling.json
"""

import json
import pathlib
import sys

import torch
from transformers import TemperatureLogitsWarper, TopPLogitsWarper

SETTINGS = [(1.0, 1.0), (1.0, 0.9), (0.7, 0.9), (0.7, 0.5), (1.5, 0.95), (2.0, 0.01), (0.1, 0.99), (5.0, 0.3)]


def logits():
    torch.manual_seed(11)
    yield "flat", torch.randn(40) * 0.1
    yield "usual", torch.randn(60) * 3
    yield "peaked", torch.cat([torch.tensor([30.0]), torch.randn(20)])
    yield "masked", torch.randn(30).masked_fill(torch.rand(30) < 0.5, float("-inf"))
    yield "long", torch.randn(300) * 2
    yield "one", torch.tensor([0.25])
    yield "huge", torch.tensor([1e4, 1e4 - 3, -1e4, 9999.0])


def warped(scores, temperature, top_p):
    row = scores.unsqueeze(0)
    if temperature != 1.0:
        row = TemperatureLogitsWarper(temperature)(None, row)
    if top_p < 1.0:
        row = TopPLogitsWarper(top_p)(None, row)
    probabilities = torch.softmax(row, dim=-1)[0]
    kept = torch.isfinite(row[0]).nonzero().flatten().tolist()
    return kept, [probabilities[i].item() for i in kept]


def main(out):
    cases = []
    for name, scores in logits():
        settings = []
        for temperature, top_p in SETTINGS:
            kept, probabilities = warped(scores, temperature, top_p)
            settings.append({"temperature": temperature, "topP": top_p, "kept": kept, "probabilities": probabilities})
        cases.append({
            "name": name,
            # exact: a float written with nine digits reads back as itself; minus infinity is null
            "logits": [None if x == float("-inf") else float(f"{x:.9g}") for x in scores.tolist()],
            "greedy": scores.argmax().item(),
            "settings": settings,
        })
    for case in cases:
        for setting in case["settings"]:
            setting["probabilities"] = [float(f"{p:.7g}") for p in setting["probabilities"]]
    pathlib.Path(out).write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
