"""Tools of the tests that compute a chapter's claims a second time."""

import itertools
import math
import unittest
from functools import lru_cache

LOG_2PI = math.log(2 * math.pi)
LABELS = {}


def checks(chapter, *labels):
    def register(check):
        LABELS.update({(chapter, label): check for label in labels})
        return check
    return register


class Case(unittest.TestCase):
    """Comparisons with a relative tolerance (absolute below 1)."""

    def close(self, found, wanted, tolerance=1e-9):
        self.assertLessEqual(abs(found - wanted), tolerance * max(1, abs(wanted)),
                             f"found {found}, wanted {wanted}")

    def claim(self, claim, expected, got=None, tolerance=1e-9):
        """What the claim expects is `expected`; what it got is `got` (or, with its own tolerance,
        the same)."""
        self.close(claim["expected"], expected, tolerance)
        if got is None:
            slack = claim["tolerance"] + tolerance * max(1, abs(expected))
            self.assertLessEqual(abs(claim["got"] - expected), slack, claim)
        else:
            self.close(claim["got"], got, tolerance)

    def claims(self, run, label, *expected, **more):
        found = run.claims(label)
        self.assertEqual(len(found), len(expected), f"{label}: {found}")
        for claim, value in zip(found, expected):
            self.claim(claim, value, **more)


def integrate(f, lower, upper, steps=4000):
    """The trapezoidal rule: exact to rounding for what dies out at both ends."""
    h = (upper - lower) / steps
    ends = 0.5 * (f(lower) + f(upper))
    return h * math.fsum(itertools.chain([ends], (f(lower + h * i) for i in range(1, steps))))


def log_normal(x, mean, scale):
    return -0.5 * ((x - mean) / scale)**2 - math.log(scale) - 0.5 * LOG_2PI


# --- The generator: Philox4x32-10 (Salmon et al. 2011), Box and Muller. ---

DATA, PLAY = 6, 9  # streams


class Random:
    def __init__(self, seed, stream, substream=0):
        stream = stream << 56 | substream
        self.key = (seed & 0xffffffff, seed >> 32)
        self.stream = (stream & 0xffffffff, stream >> 32)

    @lru_cache(maxsize=1 << 16)
    def block(self, number):
        a, b, c, d = number & 0xffffffff, number >> 32, *self.stream
        k, m = self.key
        for _ in range(10):
            x, y = 0xd2511f53 * a, 0xcd9e8d57 * c
            a, b, c, d = y >> 32 ^ b ^ k, y & 0xffffffff, x >> 32 ^ d ^ m, x & 0xffffffff
            k, m = (k + 0x9e3779b9) & 0xffffffff, (m + 0xbb67ae85) & 0xffffffff
        return a, b, c, d

    def bits(self, index):
        return self.block(index // 4)[index % 4]

    def uniform(self, index):
        return (self.bits(index) + 0.5) / 2**32

    def below(self, bound, index):
        return self.bits(index) * bound >> 32

    def normal(self, index):
        first = index - index % 2
        radius = math.sqrt(-2 * math.log(self.uniform(first)))
        turn = 2 * math.pi * self.uniform(first + 1)
        return radius * (math.sin(turn) if index % 2 else math.cos(turn))

    def normals(self, count, first=0):
        return [self.normal(first + i) for i in range(count)]
