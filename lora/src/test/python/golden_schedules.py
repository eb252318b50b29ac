"""The factors of transformers' schedules with warm-up.

Versions: Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0.

    pip install torch==2.13.0 transformers==5.18.0
    python lora/src/test/python/golden_schedules.py lora/src/test/resources/golden/schedules.json
"""

import json
import pathlib
import sys

import torch
from transformers import get_cosine_schedule_with_warmup, get_linear_schedule_with_warmup

SCHEDULES = {"LINEAR": get_linear_schedule_with_warmup, "COSINE": get_cosine_schedule_with_warmup}


def factors(make, warmup, total):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = make(optimizer, warmup, total)
    result = []
    for _ in range(total + 1):
        result.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return result


golden = [
    {"decay": decay, "warmup": warmup, "total": total, "factors": factors(make, warmup, total)}
    for decay, make in SCHEDULES.items()
    for warmup, total in [(10, 100), (0, 4), (3, 7)]
]
pathlib.Path(sys.argv[1]).write_text(json.dumps(golden) + "\n")
