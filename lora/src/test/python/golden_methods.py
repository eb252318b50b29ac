"""Makes the golden files of QLoRA, prefix tuning, full and head-only fine-tuning over the tiny models that
golden_decoder.py and golden_encoders.py made.

Versions: Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, peft 0.21.0.

    pip install torch==2.13.0 transformers==5.18.0 peft==0.21.0
    python lora/src/test/python/golden_methods.py lora/src/test/resources

Each model has a directory under methods/ with a directory for each method: golden.json (logits before, loss, the losses
of ten steps, logits after), gradients.safetensors of the first step, and the adapter that it started from.

  qlora   peft's LoRA over a base whose linears in the layers are what NF4 makes of them (golden_nf4.py: bitsandbytes'
          kernels are not the definition to the last bit, and need a GPU)
  prefix  peft's prefix tuning without prefix_projection, of decoders and of encoders
  full    every tensor of the base model
  head    of a decoder lm_head alone, of an encoder the classifier alone

Decoders learn answers as in golden_decoder.py. Encoders classify: mean over the text's tokens, normalised, then a linear
that every method trains too. The optimizer is torch.optim.AdamW with one decay over all that is trained, norms and biases
included.
"""

import json
import pathlib
import sys

import torch
from golden_decoder import CLIP, DECAY, RATE, STEPS, batch, load, logits, loss, saved_name
from golden_nf4 import round_trip
from peft import LoraConfig, PeftModel, PrefixTuningConfig, get_peft_model
from safetensors.torch import save_file
from torch.nn.functional import cross_entropy, linear, normalize
from transformers import BertModel, RobertaModel

DECODERS = ["llama", "llama3-scaled", "qwen2-tied", "qwen2-shards"]
# class, id of padding
ENCODERS = {"bert-sharded": (BertModel, 0), "roberta": (RobertaModel, 1), "roberta-mlm": (RobertaModel, 4)}
TOKENS = 3
CLASSES = [0, 1, 2, 1]


def quantise(model, part):
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Linear) and part in name:
            module.weight.data = torch.from_numpy(round_trip(module.weight.detach().numpy()))


class Causal:
    """A decoder and the loss of its answers."""

    def __init__(self, resources, name):
        self.directory = resources / "decoder" / name
        golden = json.loads((self.directory / "golden.json").read_text())
        self.rows, self.layers, self.task = golden["texts"], "model.layers.", "CAUSAL_LM"

    def base(self):
        return load(self.directory)

    def lora(self, model):
        return PeftModel.from_pretrained(model, self.directory / "adapter", is_trainable=True)

    def classifier(self):
        return {}

    def logits(self, model, _):
        return logits(model, self.rows)

    def loss(self, model, _):
        return loss(model, self.rows)


class Classifying:
    """An encoder with a linear over its texts' vectors."""

    def __init__(self, resources, name):
        self.directory = resources / "encoders" / name
        self.cls, self.padding = ENCODERS[name]
        self.rows = json.loads((self.directory / "golden.json").read_text())["ids"]
        self.layers, self.task = "encoder.layer.", "FEATURE_EXTRACTION"

    def base(self):
        return self.cls.from_pretrained(self.directory, dtype=torch.float32, add_pooling_layer=False).eval()

    def lora(self, model):
        # "output.dense" is both that of the attention and that of the feed-forward block.
        targets = ["query", "key", "value", "output.dense", "intermediate.dense"]
        return get_peft_model(
            model, LoraConfig(r=2, lora_alpha=4, target_modules=targets, init_lora_weights=False, task_type=self.task)
        )

    def classifier(self):
        weight, bias = torch.randn(3, 16), torch.randn(3) * 0.1
        return {"classifier.weight": weight.requires_grad_(), "classifier.bias": bias.requires_grad_()}

    def scores(self, model, classifier):
        inputs = batch(self.rows)
        inputs["input_ids"].masked_fill_(inputs["attention_mask"] == 0, self.padding)
        hidden = model(**inputs).last_hidden_state
        mask = inputs["attention_mask"].unsqueeze(-1).float()
        vectors = normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)
        return linear(vectors, classifier["classifier.weight"], classifier["classifier.bias"])

    @torch.no_grad()
    def logits(self, model, classifier):
        return [[[round(x, 6) for x in row]] for row in self.scores(model, classifier).tolist()]

    def loss(self, model, classifier):
        return cross_entropy(self.scores(model, classifier), torch.tensor(CLASSES))


def prepared(method, task, directory, name):
    """The model and its trained tensors under the names of the golden files."""
    model = task.base()
    if method == "qlora":
        quantise(model, task.layers)
        model = task.lora(model)
    elif method == "prefix":
        config = PrefixTuningConfig(task_type=task.task, num_virtual_tokens=TOKENS)
        model = get_peft_model(model, config)
    if method in ("qlora", "prefix"):
        model.peft_config["default"].base_model_name_or_path = name
        model.save_pretrained(directory / "adapter")
        (directory / "adapter" / "README.md").unlink()
        trained = {saved_name(n): p for n, p in model.named_parameters() if p.requires_grad}
        if method == "prefix":
            (embeddings,) = trained.values()
            trained = {"prompt_embeddings": embeddings}
    else:
        chosen = ["lm_head.weight"] if method == "head" else dict(model.named_parameters())
        for n, p in model.named_parameters():
            p.requires_grad_(n in chosen)
        trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
    model.eval()  # a trained adapter would be in train mode; nothing here has dropout that is wanted
    return model, trained


def make(task, method, directory, name):
    directory.mkdir(parents=True, exist_ok=True)
    model, trained = prepared(method, task, directory, name)
    classifier = task.classifier()
    trained = trained | classifier
    golden = {"classifier": {n: t.flatten().tolist() for n, t in classifier.items()}}
    golden["logits"] = task.logits(model, classifier)
    optimizer = torch.optim.AdamW(trained.values(), lr=RATE, weight_decay=DECAY)
    losses = []
    for step in range(STEPS):
        value = task.loss(model, classifier)
        losses.append(value.item())
        optimizer.zero_grad()
        value.backward()
        if step == 0:
            gradients = {n: torch.zeros_like(t) if t.grad is None else t.grad.clone() for n, t in trained.items()}
            save_file(gradients, directory / "gradients.safetensors")
        torch.nn.utils.clip_grad_norm_(trained.values(), CLIP)
        optimizer.step()
    golden["losses"] = losses
    golden["after"] = task.logits(model, classifier)
    (directory / "golden.json").write_text(json.dumps(golden) + "\n")
    print(name, method, f"{losses[0]:.4f} -> {losses[-1]:.4f}")


def main(resources):
    resources = pathlib.Path(resources)
    for seed, name in enumerate(DECODERS + list(ENCODERS)):
        task = Causal(resources, name) if name in DECODERS else Classifying(resources, name)
        for method in ["qlora", "prefix", "full", "head"]:
            if method == "head" and name in ("llama3-scaled", "qwen2-tied"):
                continue  # the head is the word embeddings
            torch.manual_seed(seed)
            make(task, method, resources / "methods" / name / method, name)


if __name__ == "__main__":
    main(sys.argv[1])
