/*
 * The second C reference of these benchmarks: the Two-Pass algorithm of M. Dukhan and A. Ablavatski,
 * The Two-Pass Softmax Algorithm, 2020 (arXiv 2001.04438), written anew from the paper's idea:
 *
 *     exp(x) = p 2^n with p in [0.7, 1.42), never scaled: no maximum is needed
 *     pass 1: the row's sum, kept as m 2^e;  pass 2: p / m 2^(n - e), the exp computed again
 *
 * The batch is read twice and written once, where softmax3.c reads it three times and writes twice.
 * Same exp, same promises as softmax3.c, but for logits: here they must lie within 2^20 of 0.
 *
 * Four vectors share one step of the sum: its rescaling is paid once, and the chain through m, some
 * 15 cycles long, hides behind their exps. One vector a step was 5 to 10 % slower, eight the same; in
 * pass 2 one, two and four a turn are equal (Zen 4, 512 and 256 bits, rows of 100 to 32000).
 *
 *     gcc -O3 -march=native -shared -fPIC -o softmax2.so softmax2.c
 */
#include "vectors.h"

/* Below every n of a logit: where sums start. */
#define LOWEST -0x1p22f

#if LANES == 16

static inline vec masked(vec x) { return x; }

/* p * 2^d for d <= 0; +0 for d = -inf also where p is NaN, so -inf needs no test. */
static inline vec scale(vec p, vec d) { return _mm512_scalef_ps(p, d); }

#else

/* -inf would make p NaN, which no power of two makes 0. */
static inline vec masked(vec x) { return max(x, set(-0x1p20f)); }

/* p * 2^d for d <= 0, +0 for d <= -127, where 2^d is no normal number. */
static inline vec scale(vec p, vec d) {
  vec t = add(max(d, set(-127)), set(ROUNDER + 127));
  return mul(p, _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(t), 23)));
}

#endif

/* exp(x) = p 2^n: n = round(x log2 e), returned in *n; p = exp(x - n ln 2). */
static inline vec exp_(vec x, vec *n) {
  x = masked(x);
  vec k = sub(fma_(x, set(LOG2_E), set(ROUNDER)), set(ROUNDER));
  vec r = fnma(k, set(LN2), x);
  vec p = fma_(set(C5), r, set(C4));
  p = fma_(p, r, set(C3));
  p = fma_(p, r, set(C2));
  p = fma_(p, r, set(C1));
  *n = k;
  return fma_(p, r, set(1));
}

/* The row's sum of exps: returns m, and e in *e; m * 2^e with m >= 0.7. */
static inline float row_sum(const float *x, int64_t cols, float *exponent) {
  vec m = set(0), e = set(LOWEST);
  int64_t c = 0;
  for (; c + 4 * LANES <= cols; c += 4 * LANES) {
    vec n0, n1, n2, n3;
    vec p0 = exp_(load(x + c), &n0);
    vec p1 = exp_(load(x + c + LANES), &n1);
    vec p2 = exp_(load(x + c + 2 * LANES), &n2);
    vec p3 = exp_(load(x + c + 3 * LANES), &n3);
    vec top = max(e, max(max(n0, n1), max(n2, n3)));
    vec s0 = add(scale(p0, sub(n0, top)), scale(p1, sub(n1, top)));
    vec s1 = add(scale(p2, sub(n2, top)), scale(p3, sub(n3, top)));
    m = add(scale(m, sub(e, top)), add(s0, s1));
    e = top;
  }
  for (; c < cols; c += LANES) {
    vec n;
    int64_t left = cols - c;
    vec p = exp_(left < LANES ? load_first(x + c, left, set(-INFINITY)) : load(x + c), &n);
    vec top = max(e, n);
    m = add(scale(m, sub(e, top)), scale(p, sub(n, top)));
    e = top;
  }
  *exponent = max_lanes(e);
  return sum_lanes(scale(m, sub(e, set(*exponent))));
}

static inline void row_probabilities(
    const float *x, int64_t cols, float factor, float exponent, float *y) {
  vec f = set(factor), e = set(exponent);
  int64_t c = 0;
  for (; c + 2 * LANES <= cols; c += 2 * LANES) {
    vec n0, n1;
    vec p0 = exp_(load(x + c), &n0);
    vec p1 = exp_(load(x + c + LANES), &n1);
    store(y + c, scale(mul(p0, f), sub(n0, e)));
    store(y + c + LANES, scale(mul(p1, f), sub(n1, e)));
  }
  for (; c < cols; c += LANES) {
    vec n;
    int64_t left = cols - c;
    if (left < LANES) {
      vec p = exp_(load_first(x + c, left, set(-INFINITY)), &n);
      store_first(y + c, left, scale(mul(p, f), sub(n, e)));
    } else {
      vec p = exp_(load(x + c), &n);
      store(y + c, scale(mul(p, f), sub(n, e)));
    }
  }
}

/* Contiguous batches; probabilities may be the logits. */
void softmax2(const float *logits, float *probabilities, int64_t rows, int64_t cols) {
  for (int64_t r = 0; r < rows; r++) {
    const float *x = logits + r * cols;
    float e;
    float m = row_sum(x, cols, &e);
    row_probabilities(x, cols, 1 / m, e, probabilities + r * cols);
  }
}

/* Bits in a vector: 512 or 256. */
int32_t softmax2_width(void) { return 32 * LANES; }
