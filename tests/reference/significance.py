"""Chance or change: tests and intervals from first principles, without approximations. No KPI is known here."""

from collections.abc import Sequence
from fractions import Fraction
from math import atan, comb, cos, erfc, exp, inf, lgamma, pi, sqrt

#: 97.5 % of a standard normal lies below it.
Z_975 = 1.959963984540054


def two_proportions_z(first: float, first_size: int, second: float, second_size: int) -> float:
    """With the pooled share; without any spread there is nothing to compare with, so no difference either."""
    pooled = (first * first_size + second * second_size) / (first_size + second_size)
    spread = sqrt(max(pooled * (1 - pooled), 0) * (1 / first_size + 1 / second_size))
    return (first - second) / spread if spread else 0.0


def two_sided(z: float) -> float:
    """P(|Z| >= |z|) of a standard normal Z."""
    return erfc(abs(z) / sqrt(2))


def fisher(hits: int, size: int, other_hits: int, other_size: int) -> float:
    """Fisher's exact test, two-sided: every table of these margins that is no likelier than the one seen."""
    all_hits, everything = hits + other_hits, size + other_size
    ways = {
        k: comb(size, k) * comb(other_size, all_hits - k)
        for k in range(max(0, all_hits - other_size), min(size, all_hits) + 1)
    }
    return float(Fraction(sum(way for way in ways.values() if way <= ways[hits]), comb(everything, all_hits)))


def fewest_expected(hits: int, size: int, other_hits: int, other_size: int) -> Fraction:
    """The smallest of the four counts that one common share would lead one to expect."""
    share = Fraction(hits + other_hits, size + other_size)
    return min(n * part for n in (size, other_size) for part in (share, 1 - share))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's correction: the smallest times n, the next times n - 1 …, never falling, at most 1."""
    found = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=lambda place: p_values[place])):
        highest = max(highest, min(1.0, p_values[place] * (len(p_values) - rank)))
        found[place] = highest
    return found


def mean(values: Sequence) -> Fraction:
    return Fraction(sum(values)) / len(values)


def variance(values: Sequence) -> Fraction:
    """Of a sample: n - 1 below."""
    middle = mean(values)
    return sum(((value - middle) ** 2 for value in values), Fraction(0)) / (len(values) - 1)


def welch_z(first: Sequence, second: Sequence) -> float:
    """The difference of the means in standard errors; of means without spread it is nothing or endless."""
    error = sqrt(variance(first) / len(first) + variance(second) / len(second))
    difference = float(mean(first) - mean(second))
    if error:
        return difference / error
    return inf if difference else 0.0


def newcombe(first: float, first_size: int, second: float, second_size: int) -> tuple[float, float]:
    """95 % interval of first - second: Newcombe's hybrid of two Wilson intervals."""
    low, high = wilson(first, first_size)
    other_low, other_high = wilson(second, second_size)
    down = sqrt((first - low) ** 2 + (other_high - second) ** 2)
    up = sqrt((high - first) ** 2 + (second - other_low) ** 2)
    return first - second - down, first - second + up


def wilson(share: float, size: int) -> tuple[float, float]:
    middle = share + Z_975**2 / (2 * size)
    half = Z_975 * sqrt(share * (1 - share) / size + Z_975**2 / (4 * size**2))
    below = 1 + Z_975**2 / size
    return (middle - half) / below, (middle + half) / below


def welch(first: Sequence, second: Sequence) -> tuple[float, float]:
    """95 % interval of the difference of two means, with Welch's and Satterthwaite's degrees of freedom."""
    difference = float(mean(first) - mean(second))
    parts = [float(variance(values) / len(values)) for values in (first, second)]
    if not any(parts):
        return difference, difference
    below = sum(part**2 / (len(values) - 1) for part, values in zip(parts, (first, second), strict=True))
    half = student_975(sum(parts) ** 2 / below) * sqrt(sum(parts))
    return difference - half, difference + half


def student_975(freedom: float) -> float:
    """97.5 % of Student's t lies below it: halving an interval until the area from 0 is 47.5 %."""
    low, high = 0.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _student_area(middle, freedom) < 0.475 else (low, middle)
    return low


def _student_area(t: float, freedom: float) -> float:
    """Area under Student's density from 0 to t: with x = sqrt(freedom)·tan(a) a cosine's power, added up by Simpson."""
    factor = exp(lgamma((freedom + 1) / 2) - lgamma(freedom / 2)) / sqrt(pi)
    steps = 200
    width = atan(t / sqrt(freedom)) / steps
    heights = [cos(step * width) ** (freedom - 1) for step in range(steps + 1)]
    inside = 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2])
    return factor * width / 3 * (heights[0] + inside + heights[-1])
