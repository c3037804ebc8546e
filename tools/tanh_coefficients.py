#!/usr/bin/env python3
"""Derive the coefficients of the single-precision tanh kernel, and bound its error.

The kernel, every operation in float32, fma = fused multiply-add, c the cap:

    x <= 0.9 c:  z = x x;  g = g5;  g = fma(g, z, g4) ... fma(g, z, g0)
                 f = z g;  result = fma(f, x, x)
    x > 0.9 c:   t = fma(x, F, MAGIC);  r = fma(x, F, MAGIC - t);  r = fma(x, F_LO, r)
                 p = a5;  p = fma(p, r, a4) ... fma(p, r, a1);  p = fma(p, r, 1)
                 f = -2 / fma(p, 2^q, 1);  result = fma(f, c, c)

G minimises the largest relative error of the result; g is G with the cap's
powers, rounded once.  a1..a5 minimise the largest relative error of p against
2^r for |r| <= 1/2: a Remez exchange in 50-digit decimals, then a1, a2, ... are
rounded to float one after the other, the first three to that of three floats
with which the others leave the least error.  What is printed is what Tanh.java has.

The bound adds up half an ULP for every rounding, at the size that its result
has there, multiplied by what the steps behind it make of it, and the error of
the polynomials, for caps over one binade and x over the range.  What a bound
holds for c it holds for c times a power of two.

Standard library only; deterministic; prints to standard output.
"""

import math
from decimal import Decimal

from exp_coefficients import U, choose, dec_to_f32, hex_float, poly, remez, solve

SPLIT = Decimal("0.9")
LOG2E = 1 / math.log(2)


# ---------------------------------------------------------------- z g(z) ---

def g_exact(z):
    """(tanh(y) / y - 1) / z for z = y^2."""
    y = z.sqrt()
    e = (2 * y).exp()
    return ((e - 1) / (e + 1) / y - 1) / z


def remez_g(degree, count=1000):
    """Minimax of z (P - g) / (1 + z g), the relative error of x + x z P."""
    limit = SPLIT * SPLIT
    zs = [limit * (1 - Decimal(math.cos(math.pi * i / count))) / 2 for i in range(1, count + 1)]
    exact = [g_exact(z) for z in zs]
    weight = [z / (1 + z * g) for z, g in zip(zs, exact)]
    m = degree + 2
    ref = [round((i + 1) * (count - 1) / m) for i in range(m)]
    for _ in range(40):
        rows = [[zs[i] ** j * weight[i] for j in range(degree + 1)] + [Decimal((-1) ** k)]
                for k, i in enumerate(ref)]
        sol = solve(rows, [exact[i] * weight[i] for i in ref])
        err = [(poly(sol[:-1], z) - g) * w for z, g, w in zip(zs, exact, weight)]
        peaks = []
        for i, e in enumerate(err):
            if peaks and (e > 0) == (err[peaks[-1]] > 0):
                if abs(e) > abs(err[peaks[-1]]):
                    peaks[-1] = i
            else:
                peaks.append(i)
        top = max(map(abs, err))
        if top <= abs(sol[-1]) * (1 + Decimal("1e-9")):
            return sol[:-1], top
        ref = choose(peaks, err, m)
    raise ArithmeticError("no convergence")


# -------------------------------------------------------------------- 2^r ---

class Grid:
    """Points of [-1/2, 1/2], as exp_coefficients has them, for 2^r and without weights."""

    def __init__(self, count=1000):
        self.x = [Decimal(-math.cos(math.pi * i / (count - 1))) / 2 for i in range(count)]
        self.inv_exp = [(-x * Decimal(2).ln()).exp() for x in self.x]
        self.weight = [Decimal(1)] * count


def derive_a(degree, grid):
    fixed = [Decimal(1)]
    while len(fixed) <= degree:
        near = dec_to_f32(remez(fixed, degree, grid)[0][len(fixed)])
        some = [near]
        if len(fixed) <= 3:
            spacing = 2.0 ** (math.frexp(near)[1] - 24)
            some += [near + spacing, near - spacing]
        fixed.append(min((Decimal(a) for a in some), key=lambda a: remez(fixed + [a], degree, grid)[1]))
    return [float(a) for a in fixed], remez(fixed, degree, grid)[1]


# ------------------------------------------------------------------ bound ---

def half(v):
    """Half an ULP of v."""
    return 2.0 ** (math.frexp(v)[1] - 25)


def below(c, y, coefficients, error):
    """The bound up to the split, in ULP, for c tanh(y)."""
    x = c * y
    z = x * x
    e_z = half(z)
    p = coefficients[-1] / c ** (2 * len(coefficients))
    e_p = half(p)
    for i in reversed(range(len(coefficients) - 1)):
        g = coefficients[i] / c ** (2 * i + 2)
        q = p * z + g
        e_p = e_p * z + abs(p) * e_z + half(g) + half(q)
        p = q
    e_f = e_p * z + abs(p) * e_z + half(z * p)
    result = c * math.tanh(y)
    return (x * e_f + error * result) / (2 * half(result)) + 0.5


def beyond(c, y, a):
    """The same beyond the split."""
    t = 2 * y * LOG2E
    q = round(t)
    r = t - q
    p = 2.0 ** r
    e_p = abs(sum(v * r ** i for i, v in enumerate(a)) - p)
    e_p += 2 * half(r) * p / LOG2E if r else 0
    power = p
    for i in range(len(a) - 1):  # p, then what it is made of, each times a power of r
        e_p += half(power) * abs(r) ** i
        power = (power - a[i]) / r if r else a[i + 1]
    d = p * 2.0 ** q + 1
    e_d = e_p * 2.0 ** q + half(d)
    f = 2 / d
    e_f = f * e_d / d + half(f)
    result = c * (1 - f)
    return c * e_f / (2 * half(result)) + 0.5


def largest(bound, low, high, *rest):
    """Over caps of one binade, and y from low to high, both close to all of it."""
    return max((bound(1 + i / 500, low + (high - low) * j / 1000, *rest), 1 + i / 500,
                low + (high - low) * j / 1000) for i in range(500) for j in range(1001))


def main():
    g, error_g = remez_g(5)
    print("G: largest error %.4f * 2^-24" % (error_g / U))
    for i, v in enumerate(g):
        print("  G%d  %-24s %.9g" % (i, float(v).hex(), v))
    a, error_a = derive_a(5, Grid())
    print("2^r: largest error %.4f * 2^-24" % (error_a / U))
    for i, v in enumerate(a[1:]):
        print("  A%d  %-24s %.9g" % (i + 1, hex_float(v), v))
    g = [float(v) for v in g]
    split = float(SPLIT)
    print("bound up to the split  %.4f ULP (cap %.4f, y %.4f)"
          % largest(below, split / 1000, split, g, float(error_g)))
    print("bound beyond it        %.4f ULP (cap %.4f, y %.4f)" % largest(beyond, split, 3.0, a))
    print("bound far beyond it    %.4f ULP (cap %.4f, y %.4f)" % largest(beyond, 3.0, 9.1, a))


if __name__ == "__main__":
    main()
