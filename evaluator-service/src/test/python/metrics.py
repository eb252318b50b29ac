"""Golden values for the metrics, from scikit-learn, and for the Wilson interval, from scipy.

    python3 -m venv v && v/bin/pip install scikit-learn==1.9.1 scipy==1.17.1
    v/bin/python metrics.py > ../resources/golden/metrics.json
"""

import json
import random
import sys

import scipy
import sklearn
from scipy.stats import binomtest
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

LABELS = ["billing", "outage", "router", "slow", "tv"]


def answers(seed, size, accuracy, never=(), absent=()):
    generator = random.Random(seed)
    truth = [generator.choice([l for l in LABELS if l not in absent]) for _ in range(size)]
    allowed = [l for l in LABELS if l not in never]
    predicted = [
        t if t in allowed and generator.random() < accuracy else generator.choice(allowed) for t in truth
    ]
    return truth, predicted


def case(name, truth, predicted):
    occurring = sorted(set(truth))
    precision, recall, f1, support = precision_recall_fscore_support(
        truth, predicted, labels=occurring, zero_division=0
    )
    right = sum(t == p for t, p in zip(truth, predicted))
    wilson = binomtest(right, len(truth)).proportion_ci(0.95, method="wilson")
    return {
        "name": name,
        "truth": truth,
        "predicted": predicted,
        "accuracy": accuracy_score(truth, predicted),
        "accuracyLower": wilson.low,
        "accuracyUpper": wilson.high,
        "macroF1": f1_score(truth, predicted, labels=occurring, average="macro", zero_division=0),
        "labels": [
            {"label": l, "precision": float(p), "recall": float(r), "f1": float(f), "support": int(s)}
            for l, p, r, f, s in zip(occurring, precision, recall, f1, support)
        ],
    }


if __name__ == "__main__":
    versions = f"Python {sys.version.split()[0]}, scikit-learn {sklearn.__version__}, scipy {scipy.__version__}"
    cases = [
        case("mostly right", *answers(1, 60, 0.8)),
        case("a label is never predicted", *answers(2, 40, 0.7, never=("tv",))),
        case("a predicted label does not occur", *answers(3, 40, 0.6, absent=("slow",))),
        case("all right", *answers(4, 12, 1.1)),
        case("all wrong", ["tv"] * 5 + ["slow"] * 4, ["slow"] * 5 + ["router"] * 4),
    ]
    print(json.dumps({"source": "metrics.py, " + versions, "cases": cases}, indent=1))
