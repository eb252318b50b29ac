"""One run of PyTorch, transformers and peft for `./perennial benchmark lora`.

    python peft_run.py --versions
    python peft_run.py JOB.json RESULT.json

Eager PyTorch as its users run it: scaled dot product attention, foreach AdamW, no gradient checkpointing. The job names
the model directory, the token ids and the sizes; the result is what was measured after the warm-up.
"""

import json
import platform
import sys
import time

try:
    import peft
    import torch
    import transformers
except ImportError as missing:
    print(f"{missing.name} is not installed", file=sys.stderr)
    sys.exit(3)

CLIP_NORM = 1.0
WEIGHT_DECAY = 0.01


def peak_mebibytes():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024


def adapted(model, job, task):
    layers = job["layers"] if job["layers"] else None
    config = peft.LoraConfig(
        task_type=task,
        r=job["rank"],
        lora_alpha=job["alpha"],
        lora_dropout=0.0,
        target_modules=job["targets"],
        layers_to_transform=layers,
        layers_pattern="layer" if layers else None,
    )
    model = peft.get_peft_model(model, config)
    model.train()
    return model


class Steps:
    """Steps of AdamW, timed from the first one after the warm-up."""

    def __init__(self, model, job):
        self.model = model
        self.parameters = [p for p in model.parameters() if p.requires_grad]
        self.optimizer = torch.optim.AdamW(self.parameters, lr=1e-3, weight_decay=WEIGHT_DECAY)
        self.warmup = job["warmup"]
        self.done = 0
        self.tokens = 0
        self.seconds = 0.0
        self.first_loss = None

    def step(self, batch, tokens, begin):
        loss = self.model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, CLIP_NORM)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        value = loss.item()
        if self.first_loss is None:
            self.first_loss = value
        if self.done >= self.warmup:
            self.tokens += tokens
            self.seconds += time.perf_counter() - begin
        self.done += 1


def order(job, lengths, epoch):
    generator = torch.Generator().manual_seed(job["seed"] + epoch)
    if job["grouped"]:
        from transformers.trainer_pt_utils import LengthGroupedSampler

        return list(LengthGroupedSampler(job["batch"], lengths=lengths, generator=generator))
    return torch.randperm(len(lengths), generator=generator).tolist()


def padded(texts):
    longest = max(len(text) for text in texts)
    ids = torch.zeros(len(texts), longest, dtype=torch.long)
    mask = torch.zeros(len(texts), longest, dtype=torch.long)
    for row, text in enumerate(texts):
        ids[row, : len(text)] = torch.tensor(text)
        mask[row, : len(text)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def train_encoder(job, data):
    torch.manual_seed(job["seed"])
    model = transformers.BertForSequenceClassification.from_pretrained(
        job["model"], num_labels=max(data["labels"]) + 1, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0
    )
    steps = Steps(adapted(model, job, "SEQ_CLS"), job)
    texts, labels = data["tokens"], data["labels"]
    lengths = [len(text) for text in texts]
    for epoch in range(job["epochs"]):
        places = order(job, lengths, epoch)
        for start in range(0, len(places), job["batch"]):
            begin = time.perf_counter()
            chosen = places[start : start + job["batch"]]
            batch = padded([texts[i] for i in chosen])
            batch["labels"] = torch.tensor([labels[i] for i in chosen])
            steps.step(batch, sum(lengths[i] for i in chosen), begin)
    # The head is drawn here and fitted there: the first losses have nothing to do with each other.
    return {"tokens": steps.tokens, "seconds": steps.seconds, "firstLoss": None, "generated": []}


def train_decoder(job, data):
    model = transformers.LlamaForCausalLM.from_pretrained(job["model"], dtype=torch.float32)
    steps = Steps(adapted(model, job, "CAUSAL_LM"), job)
    texts = data["tokens"]
    for _ in range(job["epochs"]):
        for start in range(0, len(texts), job["batch"]):
            begin = time.perf_counter()
            ids = torch.tensor(texts[start : start + job["batch"]])
            steps.step({"input_ids": ids, "labels": ids}, ids.numel(), begin)
    return {"tokens": steps.tokens, "seconds": steps.seconds, "firstLoss": steps.first_loss, "generated": []}


def generate(job, data):
    model = transformers.LlamaForCausalLM.from_pretrained(job["model"], dtype=torch.float32)
    model.eval()
    texts = data["tokens"]
    tokens, seconds, generated = 0, 0.0, []
    for done, start in enumerate(range(0, len(texts), job["batch"])):
        begin = time.perf_counter()
        ids = torch.tensor(texts[start : start + job["batch"]])
        with torch.inference_mode():
            text = model.generate(
                input_ids=ids,
                attention_mask=torch.ones_like(ids),
                max_new_tokens=job["newTokens"],
                min_new_tokens=job["newTokens"],
                do_sample=False,
                use_cache=True,
                pad_token_id=0,
            )
        new = text[:, ids.shape[1] :].tolist()
        if done == 0:
            generated = new
        if done >= job["warmup"]:
            tokens += len(new) * job["newTokens"]
            seconds += time.perf_counter() - begin
    return {"tokens": tokens, "seconds": seconds, "firstLoss": None, "generated": generated}


def main():
    if sys.argv[1] == "--versions":
        print(
            f"Python {platform.python_version()}, torch {torch.__version__}, "
            f"transformers {transformers.__version__}, peft {peft.__version__}"
        )
        return
    with open(sys.argv[1]) as file:
        job = json.load(file)
    with open(job["data"]) as file:
        data = json.load(file)
    torch.set_num_threads(job["threads"])
    run = {"ENCODER": train_encoder, "DECODER": train_decoder, "GENERATION": generate}[job["kind"]]
    result = run(job, data)
    result["peakMebibytes"] = peak_mebibytes()
    with open(sys.argv[2], "w") as file:
        json.dump(result, file)


main()
