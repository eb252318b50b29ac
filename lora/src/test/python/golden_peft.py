"""Makes the golden files of this module with the reference implementation.

Versions: Python 3.11, torch 2.13.0 (CPU), transformers 5.18.0, peft 0.21.0, tokenizers as transformers pins it.

    pip install torch==2.13.0 transformers==5.18.0 peft==0.21.0
    R=lora/src/test/resources
    python lora/src/test/python/golden_peft.py tiny $R/tiny-bert
    # the test GoldenFiles writes an encoder and an adapter over it, both from fixed seeds:
    mvn -pl lora test -Dtest=GoldenFiles -Dgolden.out=/tmp/golden
    python lora/src/test/python/golden_peft.py logits $R/tiny-bert /tmp/golden/tiny-bert-adapter $R/golden/tiny-bert.json
    python lora/src/test/python/golden_peft.py logits /tmp/golden/all-minilm-l6-v2 \\
        /tmp/golden/all-minilm-l6-v2-adapter $R/golden/all-minilm-l6-v2.json
"""

import json
import pathlib
import string
import sys

import torch
from peft import PeftModel
from safetensors.torch import load_file
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, BertConfig, BertModel, PreTrainedTokenizerFast

TEXTS = [
    "ok",
    "my router restarts every evening",
    "what is the balance of my account and when is the next bill due",
    "please cancel it now",
]


def tiny(directory):
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "my", "is", "the", "what", "please"]
    words += list(string.ascii_lowercase) + ["##" + letter for letter in string.ascii_lowercase]
    vocabulary = {word: index for index, word in enumerate(words)}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=32,
        max_position_embeddings=64,
        initializer_range=0.3,
    )
    model = BertModel(config, add_pooling_layer=False)
    for name, parameter in model.named_parameters():
        if name.endswith("bias"):  # zero by default, which would hide a mistake
            torch.nn.init.normal_(parameter, std=0.1)
    model.save_pretrained(directory)
    tokenizer.save(str(pathlib.Path(directory) / "tokenizer.json"))


def encode(tokenizer, texts):
    return tokenizer(texts, padding=True, return_tensors="pt", return_token_type_ids=False)


def embed(model, batch):
    hidden = model(**batch).last_hidden_state
    mask = batch["attention_mask"].unsqueeze(-1).float()
    return torch.nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


@torch.no_grad()
def logits(encoder, adapter, out):
    tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(pathlib.Path(encoder) / "tokenizer.json"), pad_token="[PAD]")
    batch = encode(tokenizer, TEXTS)
    base = AutoModel.from_pretrained(encoder, add_pooling_layer=False).eval()
    vectors = embed(base, batch)
    model = PeftModel.from_pretrained(base, adapter).eval()
    head = load_file(pathlib.Path(adapter) / "classifier.safetensors")
    adapted = embed(model, batch)
    result = {
        "texts": TEXTS,
        "embeddings": vectors.tolist(),
        "logits": torch.nn.functional.linear(adapted, head["classifier.weight"], head["classifier.bias"]).tolist(),
    }
    result["embeddings"] = [[round(x, 7) for x in row] for row in result["embeddings"]]
    result["logits"] = [[round(x, 6) for x in row] for row in result["logits"]]
    pathlib.Path(out).write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    {"tiny": tiny, "logits": logits}[sys.argv[1]](*sys.argv[2:])
