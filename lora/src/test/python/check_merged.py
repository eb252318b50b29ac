"""Shows that transformers opens the merged directories that this library writes, and that they compute what peft's
merge_and_unload makes of the same base and adapter.

Versions: Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, peft 0.21.0.

    pip install torch==2.13.0 transformers==5.18.0 peft==0.21.0
    # MergedExamples merges the tiny models of the tests, decoders with the adapters that peft made:
    mvn -pl lora test -Dtest=MergedExamples -Dgolden.out=/tmp/merged
    python lora/src/test/python/check_merged.py lora/src/test/resources /tmp/merged
"""

import json
import pathlib
import sys

import torch
from peft import PeftConfig, PeftModel
from transformers import AutoModel, AutoModelForCausalLM
from transformers.utils import logging

DECODERS = ["llama", "llama3-scaled", "qwen2-tied", "qwen2-shards"]
ENCODERS = ["roberta", "roberta-mlm", "bert-sharded", "bert-bf16", "bert-old-names"]
TOLERANCE = 1e-4


def load(kind, directory, **more):
    """With nothing missing: a weight that is not in the file would be random."""
    model, info = kind.from_pretrained(directory, output_loading_info=True, **more)
    missing = {key for key in info["missing_keys"] if "pooler" not in key}
    assert not missing, missing
    return model.eval()


def reference(kind, base, adapter):
    config = PeftConfig.from_pretrained(adapter)
    if kind is AutoModel:
        config.task_type = None  # generation is for decoders
    model = PeftModel.from_pretrained(load(kind, base, dtype=torch.float32), adapter, config=config)
    return model.eval().merge_and_unload()


def ids(model):
    torch.manual_seed(0)
    return torch.randint(5, model.config.vocab_size, (3, 11))


@torch.no_grad()
def outputs(model):
    result = model(input_ids=ids(model))
    return result.logits if hasattr(result, "logits") else result.last_hidden_state


def report(name, difference, more=""):
    print(f"{name}: outputs differ by at most {difference:.1e}{more}")
    if not difference <= TOLERANCE:
        sys.exit(1)


def largest(a, b):
    return (a - b).abs().max().item()


def exact(name, kind, base, adapter, merged):
    theirs, ours = reference(kind, base, adapter), load(kind, merged)
    assert all(parameter.dtype == torch.float32 for parameter in ours.parameters()), "stored as float32"
    mine = ours.state_dict()
    worst = max(largest(value, mine[key]) for key, value in theirs.state_dict().items() if "pooler" not in key)
    bare = largest(outputs(load(kind, base, dtype=torch.float32)), outputs(theirs))
    report(name, largest(outputs(theirs), outputs(ours)), f", weights by {worst:.1e}; the adapter changes outputs by {bare:.2f}")


def rounded(name, base, adapter, merged):
    """Stored as the base is: peft's sum in 32 bits, rounded by torch."""
    theirs, ours = reference(AutoModelForCausalLM, base, adapter), load(AutoModelForCausalLM, merged)
    stored = load(AutoModelForCausalLM, base).dtype
    assert ours.dtype == stored, (ours.dtype, stored)
    mine = ours.state_dict()
    pairs = [(value.to(stored), mine[key]) for key, value in theirs.state_dict().items()]
    other = sum((a != b).sum().item() for a, b in pairs)
    total = sum(a.numel() for a, _ in pairs)
    for parameter in theirs.parameters():  # not the buffers, which hold rotary frequencies
        parameter.data = parameter.data.to(stored).to(torch.float32)
    print(f"{name}: {stored}, {other} of {total} weights are not torch's rounding of peft's sum")
    if stored != torch.float32 and other > total / 1000:
        sys.exit(1)
    report(name, largest(outputs(theirs), outputs(ours.to(torch.float32))))


@torch.no_grad()
def untied(base, merged):
    """A head of its own, which a tied base has not."""
    ours = load(AutoModelForCausalLM, merged)
    old = load(AutoModelForCausalLM, base, dtype=torch.float32)
    assert not ours.config.tie_word_embeddings and not torch.equal(ours.lm_head.weight, ours.model.embed_tokens.weight)
    assert torch.equal(old.model.embed_tokens.weight, ours.model.embed_tokens.weight)
    head = old.model.embed_tokens.weight.clone().flatten()
    head[::3] += 0.5
    expected = old.model(input_ids=ids(old)).last_hidden_state @ head.view_as(ours.lm_head.weight).T
    report("untied", largest(expected, outputs(ours)))


def check(resources, written):
    logging.disable_progress_bar()
    logging.set_verbosity_error()
    resources, written = pathlib.Path(resources), pathlib.Path(written)
    for name in DECODERS:
        base = resources / "decoder" / name
        exact(name, AutoModelForCausalLM, base, base / "adapter", written / f"decoder-{name}-F32")
        rounded(name, base, base / "adapter", written / f"decoder-{name}-AS_BASE")
    for name in ENCODERS:
        base, merged = resources / "encoders" / name, written / f"encoder-{name}-F32"
        index = json.loads((merged / "model.safetensors.index.json").read_text())
        print(f"{name}: {len(set(index['weight_map'].values()))} shards")
        exact(name, AutoModel, base, written / f"adapter-{name}", merged)
    untied(resources / "decoder" / "qwen2-tied", written / "untied")


if __name__ == "__main__":
    check(*sys.argv[1:])
