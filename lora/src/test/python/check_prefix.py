"""Has peft load prefixes that this library wrote: each that golden_methods.py had peft make, read and written again.

Versions: Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, peft 0.21.0.

    R=lora/src/test/resources
    mvn -pl lora test -Dtest=PrefixGoldenFiles -Dgolden.out=/tmp/prefixes
    python lora/src/test/python/check_prefix.py $R /tmp/prefixes
"""

import json
import pathlib
import sys

import torch
from golden_methods import DECODERS, ENCODERS, Causal, Classifying
from peft import PeftModel
from safetensors.torch import load_file


def classifier(golden):
    return {n: torch.tensor(v).reshape((3, -1) if n.endswith("weight") else (3,)) for n, v in golden.items()}


def main(resources, written):
    resources, worst = pathlib.Path(resources), 0
    for name in DECODERS + list(ENCODERS):
        task = Causal(resources, name) if name in DECODERS else Classifying(resources, name)
        directory = resources / "methods" / name / "prefix"
        golden = json.loads((directory / "golden.json").read_text())
        ours = pathlib.Path(written) / name
        model = PeftModel.from_pretrained(task.base(), ours).eval()
        found = task.logits(model, classifier(golden["classifier"]))
        difference = max(
            abs(x - y)
            for text, expected in zip(found, golden["logits"], strict=True)
            for row, wanted in zip(text, expected, strict=True)
            for x, y in zip(row, wanted, strict=True)
        )
        theirs = load_file(directory / "adapter" / "adapter_model.safetensors")
        same = load_file(ours / "adapter_model.safetensors")
        equal = theirs.keys() == same.keys() and all(torch.equal(theirs[key], same[key]) for key in theirs)
        print(f"{name}: logits differ by at most {difference:.1e}, tensors equal: {equal}")
        if difference > 1e-4 or not equal:
            sys.exit(1)
        worst = max(worst, difference)
    print(f"largest difference: {worst:.1e}")


if __name__ == "__main__":
    main(*sys.argv[1:])
