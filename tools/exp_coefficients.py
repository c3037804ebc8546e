#!/usr/bin/env python3
"""Derive and check the coefficients of the single-precision exp kernel.

The kernel, every operation in float32, fma = fused multiply-add:

    t = fma(x, LOG2E, MAGIC);  n = t - MAGIC
    r = fma(n, -LN2_HI, x);    r = fma(n, -LN2_LO, r)
    h = c6;  h = fma(h, r, c5) ... fma(h, r, c2);  h = fma(h, r, 1)
    p = fma(h, r, 1)
    exp(x) = p * 2^n

c0 = c1 = 1 are fixed.  c2..c6 minimise the largest weighted relative error of
p against exp(r) for |r| <= ln2/2 * (1 + 1e-5): a Remez exchange in 50-digit
decimals, then c2, c3, ... are rounded to float one after the other, the
remaining ones being re-optimised after each rounding.  What is printed is what
Exp.java has.

The weight at r is the reciprocal of what the roundings leave there of BUDGET:
those of r, of the last h and of p together reach 1.22 * 2^-24 at the ends and
at r = 0.25, but 0.5 to 1.1 elsewhere, so the polynomial may err where they do
not.  Unweighted, a polynomial of degree 6 is too far off at the ends.

An error of softmax is the difference of two errors of exp, so what counts is
the largest less the smallest relative error of the float pipeline, which must
stay below 2.5 * 2^-24.  No search follows the rounding: what it can gain is
chance.

Finally the float pipeline is run, with a bit-exact software fma, on a
deterministic sample of arguments.  The sample begins with WORST, the arguments
at which an exhaustive run over all floats in [-104, 89] (a compiled program,
scaling by 2^n taken as exact) found the extremes; so the extremes printed here
are those of all arguments as long as the coefficients are unchanged.

Standard library only; deterministic; prints to standard output.
"""

import itertools
import math
import struct
from decimal import Decimal, getcontext

getcontext().prec = 50

ONE = Decimal(1)
LN2 = Decimal(2).ln()
RANGE = LN2 / 2 * (ONE + Decimal("1e-5"))
U = Decimal(2) ** -24
DEGREE = 6
BUDGET = Decimal("1.24") * U                 # what weights are measured against


# ---------------------------------------------------------------- float32 ---

def f32(v):
    """The double v rounded to the nearest float (ties to even)."""
    return struct.unpack("<f", struct.pack("<f", v))[0]


def bits_to_f32(b):
    return struct.unpack("<f", struct.pack("<I", b))[0]


def f32_to_bits(v):
    return struct.unpack("<I", struct.pack("<f", v))[0]


def dec_to_f32(d):
    """The nearest float to a decimal, without double rounding."""
    near = f32(float(d))
    if near == 0.0:
        return near
    b = f32_to_bits(near)
    candidates = [bits_to_f32(b + k) for k in (-1, 0, 1)]
    return min(candidates, key=lambda c: (abs(Decimal(c) - d), f32_to_bits(c) & 1))


def fmaf(a, b, c):
    """Correctly rounded float32 a*b + c (no overflow or underflow here).

    The product of two floats is exact in double; the sum is rounded to odd in
    double, after which rounding to float cannot be a double rounding.
    """
    p = a * b
    s = p + c
    z = s - p
    e = (p - (s - z)) + (c - z)
    if e != 0.0 and not struct.unpack("<q", struct.pack("<d", s))[0] & 1:
        s = math.nextafter(s, math.inf if e > 0.0 else -math.inf)
    return f32(s)


def hex_float(v):
    """A C / Java hexadecimal float literal."""
    if v == 0.0:
        return "0x0.0p0f"
    m, e = math.frexp(abs(v))
    frac = int(m * 2 ** 24) - (1 << 23)          # 23 fraction bits
    digits = "%06x" % (frac << 1)
    digits = digits.rstrip("0") or "0"
    return "%s0x1.%sp%df" % ("-" if v < 0 else "", digits, e - 1)


# ------------------------------------------------------------------ Remez ---

def solve(a, b):
    """Gaussian elimination with partial pivoting."""
    n = len(b)
    a = [row[:] + [v] for row, v in zip(a, b)]
    for i in range(n):
        p = max(range(i, n), key=lambda k: abs(a[k][i]))
        a[i], a[p] = a[p], a[i]
        for k in range(i + 1, n):
            f = a[k][i] / a[i][i]
            if f:
                for j in range(i, n + 1):
                    a[k][j] -= f * a[i][j]
    x = [Decimal(0)] * n
    for i in reversed(range(n)):
        x[i] = (a[i][n] - sum(a[i][j] * x[j] for j in range(i + 1, n))) / a[i][i]
    return x


def spacing(v):
    """Distance of the floats above the power of two at or below v."""
    return Decimal(2) ** (math.frexp(float(v))[1] - 24)


def weight(r):
    """Reciprocal of what the roundings leave of BUDGET at r."""
    p = r.exp()
    h = (p - 1) / r
    of_r = U / 4 if abs(r) >= 0.25 else U / 8 if abs(r) >= 0.125 else U / 16
    roundings = spacing(p) / 2 / p + spacing(h) / 2 * abs(r) / p + of_r
    return U / max(BUDGET - roundings, U / 50)


class Grid:
    """Points of [-limit, limit], denser towards the ends; 0 is not one."""

    def __init__(self, limit, count=2000):
        self.limit = limit
        self.x = [limit * Decimal(-math.cos(math.pi * i / (count - 1)))
                  for i in range(count)]
        self.x[0], self.x[-1] = -limit, limit
        self.inv_exp = [(-v).exp() for v in self.x]
        self.weight = [weight(v) for v in self.x]


def poly(coefficients, x):
    h = Decimal(0)
    for c in reversed(coefficients):
        h = h * x + c
    return h


def relative_errors(coefficients, grid):
    """Weighted."""
    return [(poly(coefficients, x) * e - 1) * w
            for x, e, w in zip(grid.x, grid.inv_exp, grid.weight)]


def choose(peaks, err, m):
    """The m alternating peaks, the global one included, with the best minimum.

    Such a set has a minimum no smaller than the present level, so the level
    cannot fall from one exchange to the next.
    """
    top = max(peaks, key=lambda i: abs(err[i]))
    best = None
    for s in itertools.combinations(peaks, m):
        if top in s and all((err[a] > 0) != (err[b] > 0) for a, b in zip(s, s[1:])):
            worst = min(abs(err[i]) for i in s)
            if best is None or worst > best[0]:
                best = (worst, list(s))
    return best[1]


def remez(fixed, degree, grid):
    """Minimax weighted relative error with the lowest coefficients fixed.

    Returns (all coefficients, largest weighted error on the grid).  With k
    fixed coefficients the error is x^k e^-x times an ordinary approximation
    problem; for odd k its sign is therefore flipped for x < 0.
    """
    k = len(fixed)
    free = degree + 1 - k
    m = free + 1
    if free == 0:
        return list(fixed), max(map(abs, relative_errors(fixed, grid)))
    last = len(grid.x) - 1
    # Extrema of a Chebyshev polynomial (the grid is in cosine spacing).
    ref = [round(last * i / (m - 1)) for i in range(m)]
    flip = [-1 if (k & 1 and x < 0) else 1 for x in grid.x]
    for _ in range(40):
        rows, rhs = [], []
        for i, g in enumerate(ref):
            x, e, w = grid.x[g], grid.inv_exp[g], grid.weight[g]
            rows.append([x ** j * e * w for j in range(k, degree + 1)]
                        + [Decimal(-flip[g] * (1 if i % 2 == 0 else -1))])
            rhs.append((1 - poly(fixed, x) * e) * w)
        sol = solve(rows, rhs)
        coefficients = list(fixed) + sol[:free]
        level = abs(sol[free])
        err = [e * s for e, s in zip(relative_errors(coefficients, grid), flip)]
        peaks = []                                # one per run of equal sign
        for i, e in enumerate(err):
            if peaks and (e > 0) == (err[peaks[-1]] > 0):
                if abs(e) > abs(err[peaks[-1]]):
                    peaks[-1] = i
            else:
                peaks.append(i)
        top = max(map(abs, err))
        if top <= level * (1 + Decimal("1e-9")):
            break
        ref = choose(peaks, err, m)
    else:
        raise ArithmeticError("no convergence")
    return coefficients, top


def derive(fixed_count, degree, grid, log=None):
    """Round the free coefficients to float in order, re-optimising the rest."""
    fixed = [ONE] * fixed_count
    coefficients, top = remez(fixed, degree, grid)
    if log:
        log("unrounded", top)
    while len(fixed) <= degree:
        fixed.append(Decimal(dec_to_f32(coefficients[len(fixed)])))
        coefficients, top = remez(fixed, degree, grid)
        if log:
            log("c%d rounded" % (len(fixed) - 1), top)
    return [float(c) for c in coefficients]


# ------------------------------------------------------------ float kernel ---

LOG2E = dec_to_f32(ONE / LN2)
MAGIC = 1.5 * 2 ** 23 + 127
LN2_HI = dec_to_f32(LN2)
LN2_LO = dec_to_f32(LN2 - Decimal(LN2_HI))

# ln 2 as a sum of two doubles, for the reference value.
LN2_D = float(LN2)
LN2_E = float(LN2 - Decimal(LN2_D))


def kernel(x, c):
    """(p, n) of the float kernel."""
    n = f32(fmaf(x, LOG2E, MAGIC) - MAGIC)
    r = fmaf(n, -LN2_HI, x)
    r = fmaf(n, -LN2_LO, r)
    h = c[-1]
    for v in reversed(c[:-1]):
        h = fmaf(h, r, v)
    return h, int(n)


def exact_scaled(x, n):
    """exp(x) * 2^-n in double (relative error below 1e-15).

    n * LN2_D is split so that each partial product is exact.
    """
    hi = math.floor(LN2_D * 2.0 ** 40) * 2.0 ** -40
    lo = LN2_D - hi
    return math.exp(((x - n * hi) - n * lo) - n * LN2_E)


# Largest and smallest relative error, largest ulp error (exhaustive run).
WORST = (float.fromhex("0x1.76b4e8p+2"), float.fromhex("-0x1.2ef440p+5"),
         float.fromhex("-0x1.deebccp+5"))


def sample():
    """Deterministic floats in [-104, 89]: WORST, then denser around 0."""
    yield from WORST
    state = 12345
    for _ in range(150000):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2 ** 64
        v = (state >> 11) / 2.0 ** 53
        pick = (state >> 8) & 3
        if pick == 0:
            yield f32(-104 + 193 * v)
        elif pick == 1:
            yield f32(-2.5 + 5 * v)
        elif pick == 2:
            yield f32(-0.36 + 0.72 * v)
        else:
            yield f32(0.16 * v)


def check(c):
    u = 2.0 ** -24
    hi = lo = (0.0, 0.0)
    ulp = (0.0, 0.0)
    wrong = count = 0
    for x in sample():
        p, n = kernel(x, c)
        e = exact_scaled(x, n)
        d = p - e
        rel = d / e / u
        hi = max(hi, (rel, x))
        lo = min(lo, (rel, x))
        ulp = max(ulp, (abs(d) / (u if e < 1.0 else 2 * u), x))
        wrong += p != f32(e)
        count += 1
    return hi, lo, ulp, wrong, count


def main():
    grid = Grid(RANGE)

    def log(what, top):
        print("  %-12s largest error %.4f of what the roundings leave" % (what, top / U))

    print("constants")
    for name, v in (("LOG2E", LOG2E), ("LN2_HI", LN2_HI), ("LN2_LO", LN2_LO),
                    ("MAGIC", MAGIC)):
        print("  %-7s %-20s %.9g" % (name, hex_float(v), v))
    print("degree %d, c0 = c1 = 1, |r| <= %.9f" % (DEGREE, RANGE))
    c = derive(2, DEGREE, grid, log)
    print("coefficients")
    for i in range(2, DEGREE + 1):
        print("  c%d      %-20s %.9g" % (i, hex_float(c[i]), c[i]))
    hi, lo, ulp, wrong, count = check(c)
    print("float kernel on %d sampled arguments" % count)
    print("  largest relative error  %+.4f * 2^-24 at x = %s" % (hi[0], hex_float(hi[1])))
    print("  smallest relative error %+.4f * 2^-24 at x = %s" % (lo[0], hex_float(lo[1])))
    print("  their difference        %.4f * 2^-24" % (hi[0] - lo[0]))
    print("  largest error %.4f ulp at x = %s" % (ulp[0], hex_float(ulp[1])))
    print("  not correctly rounded %.2f %%" % (100.0 * wrong / count))


if __name__ == "__main__":
    main()
