"""Makes the golden files of decoders with the reference implementation: tiny random models in Hugging Face layout, an
adapter of each by peft, and what both compute.

Versions: Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, peft 0.21.0.

    pip install torch==2.13.0 transformers==5.18.0 peft==0.21.0
    R=lora/src/test/resources/decoder
    python lora/src/test/python/golden_decoder.py make $R
    # the test DecoderGoldenFiles reads each adapter and writes it again with this library; peft must read that the same:
    mvn -pl lora test -Dtest=DecoderGoldenFiles -Dgolden.out=/tmp/golden
    python lora/src/test/python/golden_decoder.py check $R /tmp/golden
"""

import json
import pathlib
import sys

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM, LlamaConfig, Qwen2Config
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

VOCABULARY = 29
# The prompt is what the loss leaves out: a text's first tokens.
LENGTHS = [9, 4, 1, 17]
PROMPTS = [3, 1, 1, 8]
IGNORED = -100
NEW_TOKENS = 12
RATE, DECAY, CLIP, STEPS = 5e-3, 0.01, 1.0, 10

SIZES = dict(vocab_size=VOCABULARY, hidden_size=16, intermediate_size=20, num_hidden_layers=2, eos_token_id=2)
ALL = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def rope(theta, **more):
    return {"rope_theta": theta, **({"rope_type": "default"} | more)}


LLAMA3 = dict(factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=32)

# config, element type, bytes in a shard, spelling of version 4, adapter
MODELS = {
    # Grouped queries, heads wider than D / H, untied.
    "llama": (
        LlamaConfig(
            **SIZES, num_attention_heads=4, num_key_value_heads=2, head_dim=8, max_position_embeddings=64,
            rope_parameters=rope(10000.0), tie_word_embeddings=False,
        ),
        torch.float32, None, False, LoraConfig(r=2, lora_alpha=4, target_modules=ALL),
    ),
    # A key to each query, biases everywhere, tied, Llama 3.1's rotary scaling, shards, names of version 4.
    "llama3-scaled": (
        LlamaConfig(
            **SIZES, num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=128, attention_bias=True,
            mlp_bias=True, rope_parameters=rope(100.0, rope_type="llama3", **LLAMA3), tie_word_embeddings=True,
        ),
        torch.float32, 6000, True,
        LoraConfig(
            r=2, lora_alpha=4, target_modules=ALL,
            rank_pattern={"v_proj": 3, r"layers\.1\.mlp\.(up|down)_proj": 1, "^model.layers.0.self_attn.o_proj": 4},
            alpha_pattern={"model.layers.1.self_attn.v_proj": 7, "gate_proj": 1},
        ),
    ),
    "qwen2-tied": (
        Qwen2Config(
            **SIZES, num_attention_heads=4, num_key_value_heads=1, max_position_embeddings=64,
            rope_parameters=rope(1000000.0), tie_word_embeddings=True,
        ),
        torch.bfloat16, None, False, LoraConfig(r=3, lora_alpha=4, use_rslora=True, target_modules=ALL),
    ),
    "qwen2-shards": (
        Qwen2Config(
            **SIZES, num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=64,
            rope_parameters=rope(10000.0, rope_type="linear", factor=2.0), tie_word_embeddings=False,
        ),
        torch.float16, 6000, True,
        LoraConfig(
            r=2, lora_alpha=3, use_rslora=True, target_modules=["q_proj", "v_proj", "down_proj"],
            rank_pattern={"down_proj": 4}, alpha_pattern={"model.layers.0.mlp.down_proj": 6},
        ),
    ),
}


def with_names_of_version_4(file):
    config = json.loads(file.read_text())
    parameters = config.pop("rope_parameters")
    config["torch_dtype"] = config.pop("dtype")
    config["rope_theta"] = parameters.pop("rope_theta")
    if parameters["rope_type"] == "linear":  # from before the key was renamed
        parameters["type"] = parameters.pop("rope_type")
    config["rope_scaling"] = parameters
    config["eos_token_id"] = [config["eos_token_id"], 3]
    file.write_text(json.dumps(config, indent=2) + "\n")


def save_model(directory, config, dtype, shard_bytes, version_4):
    model = AutoModelForCausalLM.from_config(config)
    for name, parameter in model.named_parameters():
        # Zero biases and norms of one would hide a mistake.
        mean, deviation = (1, 0.2) if "norm" in name else (0, 0.3)
        torch.nn.init.normal_(parameter, mean=mean, std=deviation)
    more = {} if shard_bytes is None else {"max_shard_size": shard_bytes}
    model.to(dtype).save_pretrained(directory, **more)
    (directory / "generation_config.json").unlink(missing_ok=True)
    if version_4:
        with_names_of_version_4(directory / "config.json")


def load(directory):
    return AutoModelForCausalLM.from_pretrained(directory, dtype=torch.float32).eval()


def texts():
    return [torch.randint(VOCABULARY, (length,)).tolist() for length in LENGTHS]


def batch(rows):
    longest = max(map(len, rows))
    ids = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
    attention = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": attention}


@torch.no_grad()
def logits(model, rows):
    output = model(**batch(rows)).logits
    return [[[round(x, 6) for x in token] for token in output[i, : len(row)].tolist()] for i, row in enumerate(rows)]


@torch.no_grad()
def greedy(model, rows):
    """The next tokens of each text by itself, by generate with its own cache."""
    result = []
    for row in rows:
        output = model.generate(
            torch.tensor([row]), attention_mask=torch.ones(1, len(row), dtype=torch.long), max_new_tokens=NEW_TOKENS,
            do_sample=False, eos_token_id=None, pad_token_id=0,
        )
        result.append(output[0, len(row) :].tolist())
    return result


def loss(model, rows):
    inputs = batch(rows)
    labels = inputs["input_ids"].masked_fill(inputs["attention_mask"] == 0, IGNORED)
    for label, prompt in zip(labels, PROMPTS):
        label[:prompt] = IGNORED
    return model(**inputs, labels=labels).loss


def saved_name(name):
    return name.replace(".default.", ".")


def losses(model, rows):
    parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=RATE, weight_decay=DECAY)
    result = []
    for _ in range(STEPS):
        value = loss(model, rows)
        result.append(value.item())
        optimizer.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(parameters, CLIP)
        optimizer.step()
    return result


def make(resources):
    for seed, (name, (config, dtype, shard_bytes, version_4, lora)) in enumerate(MODELS.items()):
        torch.manual_seed(seed)
        directory = pathlib.Path(resources) / name
        save_model(directory, config, dtype, shard_bytes, version_4)
        rows = texts()
        base = load(directory)
        golden = {"texts": rows, "prompts": PROMPTS, "logits": logits(base, rows)}
        lora.task_type, lora.init_lora_weights = "CAUSAL_LM", False
        model = get_peft_model(base, lora)
        model.peft_config["default"].base_model_name_or_path = name
        model.save_pretrained(directory / "adapter")
        (directory / "adapter" / "README.md").unlink()
        golden["adapted"] = logits(model, rows)
        golden["greedy"] = greedy(model, rows)
        value = loss(model, rows)
        value.backward()
        golden["loss"] = value.item()
        gradients = {saved_name(n): p.grad.clone() for n, p in model.named_parameters() if p.requires_grad}
        save_file(gradients, directory / "gradients.safetensors")
        golden["losses"] = losses(model, rows)
        (directory / "golden.json").write_text(json.dumps(golden) + "\n")
    rotary(resources)


@torch.no_grad()
def rotary(resources):
    """Frequencies at the sizes of real models, and the last position's angles, where rounding shows."""
    result = []
    for position, parameters in [
        (131071, rope(500000.0, rope_type="llama3", **(LLAMA3 | {"factor": 32.0, "original_max_position_embeddings": 8192}))),
        (32767, rope(1000000.0)),
        (8191, rope(10000.0, rope_type="linear", factor=4.0)),
    ]:
        config = LlamaConfig(
            hidden_size=128, num_attention_heads=2, max_position_embeddings=position + 1, rope_parameters=dict(parameters)
        )
        module = LlamaRotaryEmbedding(config)
        cosine, sine = module(torch.zeros(1, 1, 128), torch.tensor([[position]]))
        result.append(
            {
                "position": position,
                "parameters": parameters,
                "frequencies": module.inv_freq.tolist(),
                "cosine": cosine[0, 0].tolist(),
                "sine": sine[0, 0].tolist(),
            }
        )
    (pathlib.Path(resources) / "rotary.json").write_text(json.dumps(result) + "\n")


def check(resources, written):
    for name in MODELS:
        directory = pathlib.Path(resources) / name
        golden = json.loads((directory / "golden.json").read_text())
        ours = pathlib.Path(written) / name
        model = PeftModel.from_pretrained(load(directory), ours).eval()
        difference = max(
            abs(x - y)
            for text, expected in zip(logits(model, golden["texts"]), golden["adapted"])
            for token, wanted in zip(text, expected)
            for x, y in zip(token, wanted)
        )
        theirs = load_file(directory / "adapter" / "adapter_model.safetensors")
        same = load_file(ours / "adapter_model.safetensors")
        equal = theirs.keys() == same.keys() and all(torch.equal(theirs[key], same[key]) for key in theirs)
        print(f"{name}: logits differ by at most {difference:.1e}, tensors equal: {equal}")
        if difference > 1e-4 or not equal:
            sys.exit(1)


if __name__ == "__main__":
    {"make": make, "check": check}[sys.argv[1]](*sys.argv[2:])
