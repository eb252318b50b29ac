"""Makes tiny language models with tokenizers of the three published kinds, adapters of each, and what transformers and
peft make of them: tokens, chat prompts, greedy text, stop strings, log-probabilities.

Versions: Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, tokenizers 0.23.2, peft 0.21.0.

    pip install torch==2.13.0 transformers==5.18.0 peft==0.21.0
    python lora/src/test/python/golden_language.py lora/src/test/resources/language lora/src/test/resources/chat
"""

import copy
import json
import pathlib
import sys

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoModelForCausalLM, LlamaConfig, PreTrainedTokenizerFast, Qwen2Config

CORPUS = [
    "the router is dead and the light is red", "what is the price of the plan this month", "the answer is here: no",
    "hello there, how are you today?", "please restart the router and wait for the green light", "I don't know, it's 42",
    "the the the and and is is of of", "你好，世界", "naïve café", "line one\nline two\n\n  indented",
]
TEXTS = [
    "the router is dead", "Hello there!", " leading and  double   spaces ", "it's 2024\n\n\tor not?", "你好 naïve 😀👩‍👩‍👧 e\u0301",
    "x", "ends with a special<|end|> token", "\r\n windows\r\n",
]
PROMPTS = ["the router is", "Hello", "what is the price of the plan this month and", "你好 😀"]
CHAT = [("system", "Be brief."), ("user", "Is the router dead? <b>{{x}}</b>")]
SCORED = [("", "the router is dead and the light is red"), ("what is the", " price of the plan?"), ("Hello", " there, 你好")]
NEW_TOKENS = 24

LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN2 = LLAMA3.replace(r"\p{N}{1,3}", r"\p{N}")


def byte_level(expression, vocabulary, specials, normalizer=None):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(expression), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in specials])
    return tokenizer


def llama3():
    tokenizer = byte_level(LLAMA3, 300, ["<|begin|>", "<|end|>", "<|start|>"])
    begin = tokenizer.token_to_id("<|begin|>")
    tokenizer.post_processor = processors.Sequence(
        [
            processors.ByteLevel(trim_offsets=False),
            processors.TemplateProcessing(
                single="<|begin|> $A", pair="<|begin|> $A <|begin|> $B", special_tokens=[("<|begin|>", begin)]
            ),
        ]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<|begin|>", eos_token="<|end|>")


def qwen2():
    tokenizer = byte_level(QWEN2, 290, ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|end|>"], normalizers.NFC())
    tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|im_end|>", pad_token="<|endoftext|>"
    )


def llama2():
    """SentencePiece's BPE: a mark for spaces, unknown characters as bytes."""
    mark = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    trained = Tokenizer(models.BPE())
    trained.normalizer = mark
    trained.pre_tokenizer = pre_tokenizers.Split("▁", "merged_with_next")
    trained.train_from_iterator(CORPUS[:-3], trainers.BpeTrainer(vocab_size=80, show_progress=False))
    model = json.loads(trained.to_str())["model"]
    names = ["<unk>", "<s>", "</s>"] + [f"<0x{byte:02X}>" for byte in range(256)]
    names += [token for token, _ in sorted(model["vocab"].items(), key=lambda entry: entry[1])]
    tokenizer = Tokenizer(
        models.BPE(
            vocab={name: id for id, name in enumerate(names)},
            merges=[tuple(merge) for merge in model["merges"]],
            unk_token="<unk>", byte_fallback=True, fuse_unk=True,
        )
    )
    tokenizer.normalizer = mark
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in ["<unk>", "<s>", "</s>"]])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A <s>:1 $B:1", special_tokens=[("<s>", 1)]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>", unk_token="<unk>")


SIZES = dict(hidden_size=16, intermediate_size=20, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2)
# tokenizer, chat template, configuration
MODELS = {
    "llama3": (llama3, None, lambda more: LlamaConfig(**SIZES, **more, max_position_embeddings=96)),
    "qwen2": (qwen2, "chatml", lambda more: Qwen2Config(**SIZES, **more, max_position_embeddings=96, tie_word_embeddings=True)),
    "llama2": (llama2, "mistral-v0.1", lambda more: LlamaConfig(**SIZES, **more, max_position_embeddings=96)),
}
ADAPTERS = {
    "adapter-a": LoraConfig(r=2, lora_alpha=4, target_modules=["q_proj", "v_proj"]),
    "adapter-b": LoraConfig(r=4, lora_alpha=4, target_modules=["q_proj", "k_proj", "o_proj", "up_proj", "down_proj"]),
}


@torch.no_grad()
def generated(model, ids, **more):
    with_defaults = dict(max_new_tokens=NEW_TOKENS, do_sample=False, pad_token_id=0, return_dict_in_generate=True) | more
    output = model.generate(
        torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), output_scores=True, **with_defaults
    )
    scores = model.compute_transition_scores(output.sequences, output.scores, normalize_logits=True)[0]
    return output.sequences[0, len(ids) :].tolist(), scores.tolist()


def continuation(tokenizer, ids, tokens, stops):
    """As transformers' text-generation pipeline: what the whole text has beyond the prompt's."""
    shown = tokens[:-1] if tokens and tokens[-1] in stops else tokens
    whole = tokenizer.decode(ids + shown, skip_special_tokens=True)
    return whole[len(tokenizer.decode(ids, skip_special_tokens=True)) :]


@torch.no_grad()
def log_probabilities(model, ids, first):
    logits = model(torch.tensor([ids])).logits[0].log_softmax(-1)
    return [logits[i - 1, ids[i]].item() for i in range(first, len(ids))]


def scored(model, tokenizer, prompt, text):
    ids = tokenizer(prompt + text)["input_ids"]
    given = tokenizer(prompt)["input_ids"] if prompt else []
    common = 0
    while common < min(len(ids), len(given)) and ids[common] == given[common]:
        common += 1
    first = max(1, common)
    result = log_probabilities(model, ids, first)
    return {
        "prompt": prompt, "text": text, "tokens": ids[first:], "logProbabilities": result,
        "perplexity": torch.tensor(result).double().neg().mean().exp().item(),
    }


def greedy(model, tokenizer, stops, **more):
    result = []
    for prompt in PROMPTS:
        ids = tokenizer(prompt)["input_ids"]
        tokens, scores = generated(model, ids, eos_token_id=stops, **more)
        text = continuation(tokenizer, ids, tokens, stops)
        result.append({"prompt": prompt, "tokens": tokens, "logProbabilities": scores, "text": text})
    return result


def stopped(model, tokenizer, stops):
    """Stop strings from the middle of what the model says, found by transformers' own criteria."""
    result = []
    for case in greedy(model, tokenizer, stops):
        text = case["text"]
        whole = [i for i in range(3, len(text) - 3) if "\ufffd" not in text[i : i + 3]]
        if not whole:
            continue
        at = whole[len(whole) // 2]
        stop = text[at : at + 3]
        ids = tokenizer(case["prompt"])["input_ids"]
        tokens, _ = generated(model, ids, eos_token_id=stops, stop_strings=[stop, "never said"], tokenizer=tokenizer)
        said = continuation(tokenizer, ids, tokens, stops)
        result.append({"prompt": case["prompt"], "stop": stop, "tokens": tokens, "text": said[: said.index(stop)]})
    assert result
    return result


def make(directory, chat, name):
    new_tokenizer, template, config = MODELS[name]
    tokenizer = new_tokenizer()
    if template:
        tokenizer.chat_template = (chat / f"{template}.jinja").read_text(encoding="utf-8")
    tokenizer.save_pretrained(directory)
    more = {} if tokenizer.bos_token_id is None else {"bos_token_id": tokenizer.bos_token_id}
    base = AutoModelForCausalLM.from_config(
        config(dict(vocab_size=len(tokenizer) + 3, eos_token_id=tokenizer.eos_token_id, **more))
    ).eval()
    for parameter_name, parameter in base.named_parameters():
        mean, deviation = (1, 0.2) if "norm" in parameter_name else (0, 0.4)
        torch.nn.init.normal_(parameter, mean=mean, std=deviation)
    if name == "llama2":
        # Never likeliest: of bytes that are no text, the library's decoder and a stream make different marks.
        base.lm_head.weight.data[3:259] = 0
    first, _ = generated(base, tokenizer(PROMPTS[0])["input_ids"], eos_token_id=None)
    stops = [tokenizer.eos_token_id, first[9]]
    base.generation_config.eos_token_id = stops
    base.save_pretrained(directory)
    golden = {"stopTokens": stops, "texts": [], "greedy": greedy(base, tokenizer, stops)}
    for text in TEXTS:
        plain = tokenizer(text, add_special_tokens=False)["input_ids"]
        ids = tokenizer(text)["input_ids"]
        golden["texts"].append(
            {"text": text, "tokens": ids, "plain": plain, "decoded": tokenizer.decode(ids, skip_special_tokens=True)}
        )
    golden["stopped"] = stopped(base, tokenizer, stops)
    golden["scores"] = [scored(base, tokenizer, *case) for case in SCORED]
    if template:
        turns = CHAT if name != "llama2" else CHAT[1:]
        messages = [{"role": role, "content": content} for role, content in turns]
        prompt = tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        ids = tokenizer(prompt, add_special_tokens=False)["input_ids"]
        tokens, _ = generated(base, ids, eos_token_id=stops, max_new_tokens=8)
        text = continuation(tokenizer, ids, tokens, stops)
        golden["chat"] = {"messages": messages, "promptTokens": ids, "tokens": tokens, "text": text}
    golden["adapted"] = {}
    for adapter, lora in copy.deepcopy(ADAPTERS).items():
        lora.task_type, lora.init_lora_weights = "CAUSAL_LM", False
        model = get_peft_model(AutoModelForCausalLM.from_pretrained(directory), lora).eval()
        for parameter_name, parameter in model.named_parameters():
            if "lora_" in parameter_name:
                torch.nn.init.normal_(parameter, std=0.3)
        model.peft_config["default"].base_model_name_or_path = name
        model.save_pretrained(directory / adapter)
        (directory / adapter / "README.md").unlink()
        golden["adapted"][adapter] = greedy(model, tokenizer, stops)
    (directory / "golden.json").write_text(json.dumps(golden) + "\n")


def main(resources, chat):
    for seed, name in enumerate(MODELS):
        torch.manual_seed(seed)
        make(pathlib.Path(resources) / name, pathlib.Path(chat), name)


if __name__ == "__main__":
    main(*sys.argv[1:])
