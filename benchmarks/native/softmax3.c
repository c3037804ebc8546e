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
#include <immintrin.h>
#include <math.h>
#include <stdint.h>

#define LOG2_E 0x1.715476p0f
#define LN2 0x1.62e430p-1f

/* Added to a float below 2^22 it rounds to an integer, which then stands in the low bits. */
#define ROUNDER 0x1.8p23f

/* exp(r) = 1 + r (C1 + r (C2 + ...)): minimax in relative error (1.54 * 2^-24) over |r| <= ln 2 / 2,
 * rounded to float one after the other; derive(1, 5, grid) of tools/exp_coefficients.py. */
#define C1 0x1.fffff6p-1f
#define C2 0x1.fffdc6p-2f
#define C3 0x1.555a7cp-3f
#define C4 0x1.573a1ap-5f
#define C5 0x1.0fa20ep-7f

#if defined(__AVX512F__)

#define LANES 16
typedef __m512 vec;

static inline vec set(float a) { return _mm512_set1_ps(a); }
static inline vec load(const float *a) { return _mm512_loadu_ps(a); }
static inline void store(float *a, vec v) { _mm512_storeu_ps(a, v); }
static inline vec add(vec a, vec b) { return _mm512_add_ps(a, b); }
static inline vec sub(vec a, vec b) { return _mm512_sub_ps(a, b); }
static inline vec mul(vec a, vec b) { return _mm512_mul_ps(a, b); }
static inline vec max(vec a, vec b) { return _mm512_max_ps(a, b); }
static inline vec fma_(vec a, vec b, vec c) { return _mm512_fmadd_ps(a, b, c); }
static inline vec fnma(vec a, vec b, vec c) { return _mm512_fnmadd_ps(a, b, c); }
static inline float sum_lanes(vec v) { return _mm512_reduce_add_ps(v); }
static inline float max_lanes(vec v) { return _mm512_reduce_max_ps(v); }

static inline __mmask16 first(int64_t n) { return (__mmask16)((1u << n) - 1); }

/* The first n lanes, 0 < n < LANES; the others as in rest. */
static inline vec load_first(const float *a, int64_t n, vec rest) {
  return _mm512_mask_loadu_ps(rest, first(n), a);
}

static inline void store_first(float *a, int64_t n, vec v) {
  _mm512_mask_storeu_ps(a, first(n), v);
}

/* p * 2^n, +0 for n = -inf also where p is NaN; t is n + ROUNDER. */
static inline vec scale(vec p, vec n, vec t, vec x) {
  (void)t;
  (void)x;
  return _mm512_scalef_ps(p, n);
}

#elif defined(__AVX2__) && defined(__FMA__)

#define LANES 8
typedef __m256 vec;

static inline vec set(float a) { return _mm256_set1_ps(a); }
static inline vec load(const float *a) { return _mm256_loadu_ps(a); }
static inline void store(float *a, vec v) { _mm256_storeu_ps(a, v); }
static inline vec add(vec a, vec b) { return _mm256_add_ps(a, b); }
static inline vec sub(vec a, vec b) { return _mm256_sub_ps(a, b); }
static inline vec mul(vec a, vec b) { return _mm256_mul_ps(a, b); }
static inline vec max(vec a, vec b) { return _mm256_max_ps(a, b); }
static inline vec fma_(vec a, vec b, vec c) { return _mm256_fmadd_ps(a, b, c); }
static inline vec fnma(vec a, vec b, vec c) { return _mm256_fnmadd_ps(a, b, c); }

static inline float sum_lanes(vec v) {
  __m128 s = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  s = _mm_add_ps(s, _mm_movehl_ps(s, s));
  return _mm_cvtss_f32(_mm_add_ss(s, _mm_movehdup_ps(s)));
}

static inline float max_lanes(vec v) {
  __m128 m = _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  m = _mm_max_ps(m, _mm_movehl_ps(m, m));
  return _mm_cvtss_f32(_mm_max_ss(m, _mm_movehdup_ps(m)));
}

static inline vec load_first(const float *a, int64_t n, vec rest) {
  __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  __m256i mask = _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), lane);
  return _mm256_blendv_ps(rest, _mm256_maskload_ps(a, mask), _mm256_castsi256_ps(mask));
}

/* In pieces: a masked store takes tens of cycles on AMD before Zen 4. */
static inline void store_first(float *a, int64_t n, vec v) {
  __m128 h = _mm256_castps256_ps128(v);
  if (n & 4) {
    _mm_storeu_ps(a, h);
    h = _mm256_extractf128_ps(v, 1);
    a += 4;
  }
  if (n & 2) {
    _mm_storel_pi((__m64 *)a, h);
    h = _mm_movehl_ps(h, h);
    a += 2;
  }
  if (n & 1) _mm_store_ss(a, h);
}

/* p * 2^n, +0 for x below -126 ln 2, where 2^n is no normal number; t is n + 127 + ROUNDER. */
static inline vec scale(vec p, vec n, vec t, vec x) {
  (void)n;
  vec s = _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(t), 23));
  vec low = _mm256_cmp_ps(x, set(-0x1.5d589ep6f), _CMP_LT_OQ);
  return _mm256_andnot_ps(low, mul(p, s));
}

#else
#error "softmax3.c needs AVX-512, or AVX2 with FMA"
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
