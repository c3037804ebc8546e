/*
 * What both C references share: vectors of 512 or 256 bits, whichever the compiler's flags allow,
 * and the constants of exp.
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

#else
#error "The C references need AVX-512, or AVX2 with FMA"
#endif
