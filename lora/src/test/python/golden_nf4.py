"""NF4 with double quantisation by its definition (arXiv:2305.14314, section 3), in numpy and nothing else.

Versions: Python 3.11, numpy 2.4.6, safetensors 0.8 (any of them will do: the arithmetic is IEEE 754).

    pip install numpy safetensors
    python lora/src/test/python/golden_nf4.py lora/src/test/resources/golden/nf4.safetensors
"""

import sys
from fractions import Fraction
from statistics import NormalDist

import numpy as np
from safetensors.numpy import save_file

F = np.float32
NF4 = np.array([
    -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635,
    -0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725,
    0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
], dtype=F)


def check_table():
    """The table of appendix E is what section 3 says: quantiles of both halves of a normal distribution."""
    normal, tail = NormalDist(), 0.9677083
    upper = [normal.inv_cdf(p) for p in np.linspace(tail, 0.5, 9)[:-1]]
    lower = [-normal.inv_cdf(p) for p in np.linspace(tail, 0.5, 8)[:-1]]
    values = np.array(sorted(upper + [0.0] + lower))
    assert np.abs(values / values.max() - NF4).max() < 1e-6


def dynamic():
    values = [Fraction(0), Fraction(1)]
    for exponent in range(-6, 1):
        parts = 2 ** (exponent + 6)
        for part in range(parts):
            middle = Fraction(1, 10) + Fraction(9, 10) * Fraction(2 * part + 1, 2 * parts)
            values += [middle * Fraction(10) ** exponent, -middle * Fraction(10) ** exponent]
    return np.array(sorted(float(value) for value in values), dtype=F)


def nearest(numbers, table):
    """Distances in 64 bits are exact enough to see every tie; argmin takes the first, which is the lower one."""
    distances = np.abs(numbers.astype(np.float64)[:, None] - table.astype(np.float64)[None, :])
    return distances.argmin(axis=1)


def blocks(flat, size):
    return np.pad(flat, (0, -len(flat) % size)).reshape(-1, size)


def quantized(numbers, size, table):
    """Codes and the largest magnitude of each block."""
    rows = blocks(numbers, size)
    scales = np.abs(rows).max(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(scales[:, None] == 0, F(0), rows / scales[:, None]).astype(F)
    return nearest(ratios.ravel(), table).reshape(rows.shape), scales


def round_trip(weight):
    codes, scales = quantized(weight.ravel(), 64, NF4)
    mean = F(scales.astype(np.float64).cumsum()[-1] / len(scales))
    table = dynamic()
    scale_codes, scale_scales = quantized((scales - mean).astype(F), 256, table)
    restored = (table[scale_codes] * scale_scales[:, None]).astype(F) + mean
    restored = restored.astype(F).ravel()[: len(scales)]
    wide = (NF4[codes] * restored[:, None]).astype(F)
    return wide.ravel()[: weight.size].reshape(weight.shape)


def edges():
    middles = ((NF4[1:].astype(np.float64) + NF4[:-1]) / 2).astype(F)
    around = np.concatenate([middles, np.nextafter(middles, F(2)), np.nextafter(middles, F(-2)), NF4])
    around = np.append(around, np.repeat(F(1), 64 - len(around))) if len(around) < 64 else around[:64]
    rows = [
        np.zeros(64, F),
        around,
        np.append(np.full(63, 1e-3, F), F(1000)),
        np.full(64, 1e-42, F),
        np.linspace(-3e38, 3e38, 64).astype(F),
        np.where(np.arange(64) % 2 == 0, F(-0.0), F(0.5)),
    ]
    return np.stack(rows)


def main(out):
    check_table()
    random = np.random.default_rng(23)
    usual = edges()[:3]
    weights = {
        "normal": (random.standard_normal((17, 1030)) * 0.02).astype(F),  # 274 blocks, the last one not full
        "small": random.standard_normal((5, 7)).astype(F),
        "student": random.standard_t(2, (9, 130)).astype(F),
        "edges": usual,
        "extremes": edges()[3:],
    }
    tensors = {}
    for name, weight in weights.items():
        tensors[name + ".weight"] = weight
        tensors[name + ".dequantized"] = round_trip(weight)
    save_file(tensors, out)


if __name__ == "__main__":
    main(sys.argv[1])
