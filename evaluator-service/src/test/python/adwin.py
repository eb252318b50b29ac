"""Golden values for the drift detector: ADWIN (Bifet and Gavalda 2007) over real values.

Written from the paper (section 4 for the exponential histogram, with the variance bound of equation 3.1) with the
conventions that the implementations of MOA and river share: at most five buckets of a size, sub-windows of at least
five values, a grace period of ten, the test every `clock` values, and 1 / (n - 5 + 1) for the harmonic term.
It keeps the running variance of every bucket; the Java detector sees only bits and derives it from counts, so the two
share no arithmetic.

Before it writes anything it must reproduce what river's own test suite publishes for its detector
(river/drift/test_adwin_regression.py: streams seeded with 12345 and 42).

    python3 -m venv v && v/bin/pip install numpy==2.4.6
    v/bin/python adwin.py > ../resources/golden/adwin.json
"""

import json
import math
import random

import numpy

MAX_BUCKETS = 5
MIN_LENGTH = 5
GRACE = 10


class Window:
    """Buckets oldest first, each (length, total, sum of squared deviations)."""

    def __init__(self, delta, clock):
        self.delta = delta
        self.clock = clock
        self.seen = 0
        self.buckets = []

    def statistics(self):
        return merged(self.buckets)

    def update(self, value):
        """Returns the dropped (length, total), or None."""
        self.seen += 1
        self.buckets.append((1, float(value), 0.0))
        self.compress()
        if self.seen % self.clock or sum(b[0] for b in self.buckets) <= GRACE:
            return None
        dropped = []
        while self.cut_exists():
            dropped.append(self.buckets.pop(0))
        return (sum(b[0] for b in dropped), sum(b[1] for b in dropped)) if dropped else None

    def compress(self):
        length = 1
        while True:
            same = [i for i, bucket in enumerate(self.buckets) if bucket[0] == length]
            if len(same) <= MAX_BUCKETS:
                return
            first = same[0]
            self.buckets[first : first + 2] = [merged(self.buckets[first : first + 2])]
            length *= 2

    def cut_exists(self):
        width, total, deviations = self.statistics()
        n0, u0 = 0, 0.0
        for length, bucket_total, _ in self.buckets[:-1]:
            n0 += length
            u0 += bucket_total
            n1, u1 = width - n0, total - u0
            if n0 < MIN_LENGTH or n1 < MIN_LENGTH:
                continue
            log_term = math.log(2 * math.log(width) / self.delta)
            m = 1 / (n0 - MIN_LENGTH + 1) + 1 / (n1 - MIN_LENGTH + 1)
            epsilon = math.sqrt(2 * m * deviations / width * log_term) + 2 / 3 * log_term * m
            if abs(u0 / n0 - u1 / n1) > epsilon:
                return True
        return False


def merged(buckets):
    n, total, deviations = 0, 0.0, 0.0
    for length, bucket_total, bucket_deviations in buckets:
        if n:
            gap = total / n - bucket_total / length
            deviations += gap * gap * n * length / (n + length)
        deviations += bucket_deviations
        n += length
        total += bucket_total
    return n, total, deviations


def reproduces_river():
    numpy.random.seed(12345)
    stream = numpy.concatenate((numpy.random.randint(2, size=1000), numpy.random.randint(8, size=1000)))
    assert detections_with_reset(stream) == [1023]
    generator = random.Random(42)
    stream = []
    for _ in range(2):
        stream += generator.choices([0, 1], k=1000) + generator.choices(range(4, 8), k=1000)
    assert detections_with_reset(stream) == [1023, 2015, 3007]


def detections_with_reset(stream):
    """river's front end starts afresh after each detection."""
    found, window = [], Window(0.002, 32)
    for index, value in enumerate(stream):
        if window.update(value):
            found.append(index)
            window = Window(0.002, 32)
    return found


def bits(seed, *pieces):
    generator = random.Random(seed)
    return [int(generator.random() < rate) for length, rate in pieces for _ in range(length)]


def golden(name, delta, clock, stream):
    window = Window(delta, clock)
    cuts = []
    for index, value in enumerate(stream):
        dropped = window.update(value)
        if dropped:
            width, total, _ = window.statistics()
            cuts.append({
                "index": index,
                "dropped": dropped[0],
                "droppedErrors": int(dropped[1]),
                "kept": width,
                "keptErrors": int(total),
            })
    width, total, _ = window.statistics()
    return {
        "name": name,
        "delta": delta,
        "clock": clock,
        "bits": "".join(map(str, stream)),
        "cuts": cuts,
        "width": width,
        "errors": int(total),
    }


if __name__ == "__main__":
    reproduces_river()
    cases = [
        golden("steady", 0.002, 1, bits(1, (3000, 0.05))),
        golden("jump", 0.002, 1, bits(2, (400, 0.05), (400, 0.4))),
        golden("jump seen every 32", 0.002, 32, bits(2, (400, 0.05), (400, 0.4))),
        golden("jump and back", 0.002, 4, bits(3, (300, 0.05), (300, 0.5), (300, 0.05))),
        golden("slope", 0.01, 8, bits(4, *[(100, rate / 20) for rate in range(15)])),
    ]
    print(json.dumps({"source": "adwin.py, Python 3.11, numpy 2.4.6", "cases": cases}, indent=1))
