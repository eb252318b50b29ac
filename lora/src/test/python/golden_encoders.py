"""Makes tiny random encoders and the vectors that transformers gives for them.

Versions: Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0.

    pip install torch==2.13.0 transformers==5.18.0
    python lora/src/test/python/golden_encoders.py lora/src/test/resources/encoders

Each directory holds a model and golden.json: texts, their last hidden states and their pooled, normalised vectors.
  roberta          RobertaModel, byte-level BPE, one token type, pad_token_id 1
  roberta-mlm      RobertaForMaskedLM (tensors prefixed with roberta.), pad_token_id 4: another position offset
  bert-sharded     BertModel in three shards with an index
  bert-bf16        BertModel in bfloat16; the vectors are those of its values widened to float32
  bert-old-names   BertModel whose layer norms are called gamma and beta, tensors prefixed with bert.
"""

import json
import pathlib
import shutil
import string
import sys

import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertModel,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForMaskedLM,
    RobertaModel,
)

TEXTS = [
    "ok",
    "my router restarts every evening",
    "what is the balance of my account and when is the next bill due",
    "Please cancel it now!",
]


def bpe(first, second, words, merges, directory):
    vocabulary = {word: index for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", second), ("<s>", first), add_prefix_space=False)
    tokenizer.save(str(directory / "tokenizer.json"))
    return len(words)


def roberta_tokenizer(directory, pad):
    special = ["<s>", "</s>", "<unk>", "<mask>"]
    special.insert(pad, "<pad>")
    merges = [("Ġ", "t"), ("h", "e"), ("Ġt", "he"), ("m", "y"), ("e", "r"), ("i", "s"), ("Ġ", "is")]
    words = special + list(string.ascii_letters + string.punctuation) + ["Ġ"] + [a + b for a, b in merges]
    return bpe(special.index("<s>"), special.index("</s>"), words, merges, directory)


def randomise(model):
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):  # zero by default, which would hide a mistake
            torch.nn.init.normal_(parameter, std=0.1)
        if "LayerNorm.weight" in name:
            torch.nn.init.normal_(parameter, mean=1, std=0.1)
    return model.eval()


SHAPE = dict(
    hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, initializer_range=0.3
)


def roberta(directory, pad, with_head):
    vocabulary = roberta_tokenizer(directory, pad)
    config = RobertaConfig(
        vocab_size=vocabulary,
        max_position_embeddings=66 + pad,
        type_vocab_size=1,
        pad_token_id=pad,
        layer_norm_eps=1e-5,
        **SHAPE,
    )
    if with_head:
        model = randomise(RobertaForMaskedLM(config))
        model.save_pretrained(directory)
        return model.roberta
    model = randomise(RobertaModel(config, add_pooling_layer=False))
    model.save_pretrained(directory)
    return model


def bert(directory, tokenizer, **save):
    shutil.copy(tokenizer, directory / "tokenizer.json")
    config = BertConfig(vocab_size=62, max_position_embeddings=64, **SHAPE)
    model = randomise(BertModel(config, add_pooling_layer=False))
    model.save_pretrained(directory, **save)
    return model


def rename(directory):
    file = directory / "model.safetensors"
    renamed = {}
    for name, tensor in load_file(file).items():
        old = name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")
        renamed["bert." + old] = tensor
    save_file(renamed, file, {"format": "pt"})


@torch.no_grad()
def golden(model, directory, pad_token):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(directory / "tokenizer.json"), pad_token=pad_token)
    batch = tokenizer(TEXTS, padding=True, return_tensors="pt", return_token_type_ids=False)
    hidden = model(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1).float()
    vectors = torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)
    lengths = batch["attention_mask"].sum(1).tolist()
    result = {
        "texts": TEXTS,
        "ids": [ids[:n] for ids, n in zip(batch["input_ids"].tolist(), lengths)],
        "hidden": [[round(x, 6) for x in rows[:n].flatten().tolist()] for rows, n in zip(hidden, lengths)],
        "embeddings": [[round(x, 7) for x in row] for row in vectors.tolist()],
    }
    (directory / "golden.json").write_text(json.dumps(result) + "\n")


def main(out):
    out = pathlib.Path(out)
    tokenizer = out.parent / "tiny-bert" / "tokenizer.json"
    for name in ["roberta", "roberta-mlm", "bert-sharded", "bert-bf16", "bert-old-names"]:
        directory = out / name
        directory.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(11)
        if name == "roberta":
            golden(roberta(directory, 1, False), directory, "<pad>")
        elif name == "roberta-mlm":
            golden(roberta(directory, 4, True), directory, "<pad>")
        elif name == "bert-sharded":
            golden(bert(directory, tokenizer, max_shard_size="12KB"), directory, "[PAD]")
        elif name == "bert-bf16":
            bert(directory, tokenizer)
            BertModel.from_pretrained(directory, dtype=torch.bfloat16, add_pooling_layer=False).save_pretrained(directory)
            golden(
                BertModel.from_pretrained(directory, dtype=torch.float32, add_pooling_layer=False).eval(),
                directory,
                "[PAD]",
            )
        else:
            model = bert(directory, tokenizer)
            golden(model, directory, "[PAD]")
            rename(directory)


if __name__ == "__main__":
    main(*sys.argv[1:])
