/*
 * The C reference of these benchmarks: softmax over row-major batches in the usual three passes
 *
 *     max of the row;  e = exp(x - max), stored, and its sum;  e * (1 / sum)
 *
 * with intrinsics for AVX-512 or AVX2, whichever the compiler's flags allow. Written for speed: one
 * constant for ln 2 (exp within 2.7 ULP down to -30; a second constant makes it 1.9 and cost up to
 * 10 %), a polynomial of degree 5, several vectors a turn, float sums. Logits may be -inf; NaN and
 * +inf are not looked for, and finite logits must lie within 2^20 of their row's maximum.
 *
 *     gcc -O3 -march=native -shared -fPIC -o softmax3.so softmax3.c
 */
#include "vectors.h"

#if LANES == 16
/* p * 2^n, +0 for n = -inf also where p is NaN; t is n + ROUNDER. */
static inline vec scale(vec p, vec n, vec t, vec x) {
  (void)t;
  (void)x;
  return _mm512_scalef_ps(p, n);
}
#else
/* p * 2^n, +0 for x below -126 ln 2, where 2^n is no normal number; t is n + 127 + ROUNDER. */
static inline vec scale(vec p, vec n, vec t, vec x) {
  (void)n;
  vec s = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(t), 23));
  vec low = _mm256_cmp_ps(x, set(-0x1.5d589ep6f), _CMP_LT_OQ);
  return _mm256_andnot_ps(low, mul(p, s));
}
#endif

/* For x <= 0. n = round(x log2 e), r = x - n ln 2, exp(x) = exp(r) 2^n. */
static inline vec exp_(vec x) {
  vec rounder = set(LANES == 8 ? ROUNDER + 127 : ROUNDER);
  vec t = fma_(x, set(LOG2_E), rounder);
  vec n = sub(t, rounder);
  vec r = fnma(n, set(LN2), x);
  vec p = fma_(set(C5), r, set(C4));
  p = fma_(p, r, set(C3));
  p = fma_(p, r, set(C2));
  p = fma_(p, r, set(C1));
  p = fma_(p, r, set(1));
  return scale(p, n, t, x);
}

static inline float row_max(const float *x, int64_t cols) {
  vec low = set(-INFINITY);
  vec m0 = low, m1 = low, m2 = low, m3 = low;
  int64_t c = 0;
  for (; c + 4 * LANES <= cols; c += 4 * LANES) {
    m0 = max(m0, load(x + c));
    m1 = max(m1, load(x + c + LANES));
    m2 = max(m2, load(x + c + 2 * LANES));
    m3 = max(m3, load(x + c + 3 * LANES));
  }
  for (; c + LANES <= cols; c += LANES) m0 = max(m0, load(x + c));
  if (c < cols) m1 = max(m1, load_first(x + c, cols - c, low));
  return max_lanes(max(max(m0, m1), max(m2, m3)));
}

/* Two vectors a turn: four were slower, one the same (Zen 4, 512 and 256 bits). */
static inline float row_exp_sum(const float *x, int64_t cols, float shift, float *e) {
  vec m = set(shift);
  vec s0 = set(0), s1 = s0;
  int64_t c = 0;
  for (; c + 2 * LANES <= cols; c += 2 * LANES) {
    vec e0 = exp_(sub(load(x + c), m));
    vec e1 = exp_(sub(load(x + c + LANES), m));
    store(e + c, e0);
    store(e + c + LANES, e1);
    s0 = add(s0, e0);
    s1 = add(s1, e1);
  }
  if (c + LANES <= cols) {
    vec e0 = exp_(sub(load(x + c), m));
    store(e + c, e0);
    s0 = add(s0, e0);
    c += LANES;
  }
  if (c < cols) {
    vec e1 = exp_(sub(load_first(x + c, cols - c, set(-INFINITY)), m));
    store_first(e + c, cols - c, e1);
    s1 = add(s1, e1);
  }
  return sum_lanes(add(s0, s1));
}

static inline void row_scale(float *e, int64_t cols, float factor) {
  vec f = set(factor);
  int64_t c = 0;
  for (; c + 4 * LANES <= cols; c += 4 * LANES) {
    vec p0 = mul(load(e + c), f);
    vec p1 = mul(load(e + c + LANES), f);
    vec p2 = mul(load(e + c + 2 * LANES), f);
    vec p3 = mul(load(e + c + 3 * LANES), f);
    store(e + c, p0);
    store(e + c + LANES, p1);
    store(e + c + 2 * LANES, p2);
    store(e + c + 3 * LANES, p3);
  }
  for (; c + LANES <= cols; c += LANES) store(e + c, mul(load(e + c), f));
  if (c < cols) store_first(e + c, cols - c, mul(load_first(e + c, cols - c, f), f));
}

/* Contiguous batches; probabilities may be the logits. */
void softmax3(const float *logits, float *probabilities, int64_t rows, int64_t cols) {
  for (int64_t r = 0; r < rows; r++) {
    const float *x = logits + r * cols;
    float *e = probabilities + r * cols;
    float sum = row_exp_sum(x, cols, row_max(x, cols), e);
    row_scale(e, cols, 1 / sum);
  }
}

/* Bits in a vector: 512 or 256. */
int32_t softmax3_width(void) { return 32 * LANES; }
