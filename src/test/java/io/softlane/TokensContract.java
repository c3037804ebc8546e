package io.softlane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Top-k and sampling: against {@link TokenOracle}, at borders, and what they refuse. */
interface TokensContract {
  float NONE = Float.NEGATIVE_INFINITY;
  float LAST = Tokens.LAST;

  SoftmaxKernels kernels();

  /** A token and its log-probability, of a row of its own. */
  private int token(float[] row, Sampling how, float uniform) {
    int[] tokens = new int[1];
    float[] logs = new float[1];
    kernels().sample(row, Rows.of(1, row.length), how, new float[] {uniform}, tokens, logs);
    float[] expected = new float[row.length];
    kernels().logSoftmax(row, Rows.of(1, row.length), expected, Rows.of(1, row.length));
    float log = tokens[0] < 0 ? Float.NaN : expected[tokens[0]];
    Ulps.assertBits(logs[0], log, "log-probability, " + how, 0, tokens[0]);
    return tokens[0];
  }

  private static float[] row(Batch batch, int r) {
    int i = batch.index(r, 0);
    return Arrays.copyOfRange(batch.data(), i, i + batch.rows().cols());
  }

  /** Values that are often equal. */
  private static void tie(RandomGenerator random, Batch batch) {
    float unit = random.nextInt(3) == 0 ? 0 : random.nextInt(2) == 0 ? 0.5f : 4;
    for (int r = 0; r < batch.rows().rows() && unit > 0; r++) {
      for (int c = 0; c < batch.rows().cols(); c++) {
        batch.set(r, c, unit * (float) Math.rint(batch.get(r, c) / unit));
      }
    }
  }

  // ---- top-k ----

  @Property(tries = 1500)
  default void topK(@ForAll(supplier = Sample.Any.class) Sample sample) {
    RandomGenerator random = sample.random();
    Batch batch = sample.logits(random);
    tie(random, batch);
    int n = sample.cols();
    int k =
        random.nextInt(3) == 0 ? n : 1 + random.nextInt(random.nextBoolean() ? n : Math.min(n, 9));
    float[] values = Batch.guards(sample.rows() * k + 3);
    int[] indices = new int[values.length];
    kernels().topK(batch.data(), batch.rows(), k, values, indices);
    for (int r = 0; r < sample.rows(); r++) {
      float[] row = row(batch, r);
      List<Integer> order = TokenOracle.order(row);
      for (int j = 0; j < k; j++) {
        assertEquals(order.get(j), indices[r * k + j], sample + ", k " + k + ", place " + j);
        Ulps.assertBits(values[r * k + j], row[order.get(j)], "value", r, j);
      }
    }
    float[] alone = Batch.guards(values.length);
    int[] aloneIndices = new int[values.length];
    kernels().topK(batch.data(), batch.rows(), k, alone, null);
    kernels().topK(batch.data(), batch.rows(), k, null, aloneIndices);
    assertArrayEquals(indices, aloneIndices);
    for (int i = 0; i < values.length; i++) {
      Ulps.assertBits(alone[i], values[i], "values alone", 0, i);
    }
    assertEquals(Batch.GUARD, Float.floatToRawIntBits(values[sample.rows() * k]), "spare value");
  }

  @Test
  default void topKOfLongRows() {
    SplittableRandom random = new SplittableRandom(4);
    for (int n : new int[] {1023, 1024, 1025, 2048, 5000, 70_001}) {
      for (int way = 0; way < 5; way++) {
        float[] row = new float[n];
        for (int c = 0; c < n; c++) {
          row[c] =
              switch (way) {
                case 0 -> (float) random.nextGaussian();
                case 1 -> c;
                case 2 -> -c;
                case 3 -> c % 2 == 0 ? 0 : -0f;
                default -> random.nextInt(1000) == 0 ? NONE : random.nextInt(6);
              };
        }
        List<Integer> order = TokenOracle.order(row);
        for (int k : new int[] {1, 2, 8, 50, 700, n / 2, n}) {
          int[] indices = new int[k];
          kernels().topK(row, Rows.of(1, n), k, null, indices);
          for (int j = 0; j < k; j++) {
            assertEquals(order.get(j), indices[j], n + " columns, way " + way + ", place " + j);
          }
        }
      }
    }
  }

  @Test
  default void topKOfSpecialValues() {
    float nan = Float.intBitsToFloat(0xffc01234); // its sign does not matter
    float inf = Float.POSITIVE_INFINITY;
    float[] row = {NONE, -0f, nan, 0, 3, inf, NONE, Float.NaN, -3, 3};
    int[] indices = new int[10];
    float[] values = new float[10];
    kernels().topK(row, Rows.of(1, 10), 10, values, indices);
    assertArrayEquals(new int[] {2, 7, 5, 4, 9, 1, 3, 8, 0, 6}, indices);
    assertEquals(0x80000000, Float.floatToRawIntBits(values[5]), "a -0 stays -0");
  }

  // ---- sampling ----

  @Property(tries = 2000)
  default void tokens(@ForAll(supplier = Sample.Any.class) Sample sample) {
    RandomGenerator random = sample.random();
    Batch batch = sample.logits(random);
    tie(random, batch);
    int rows = sample.rows();
    Sampling how = Tokens.draw(random, sample.cols());
    float[] uniforms = new float[rows];
    for (int r = 0; r < rows; r++) {
      uniforms[r] = Tokens.uniform(random);
    }
    int[] tokens = new int[rows + 1];
    float[] logs = Batch.guards(rows + 1);
    kernels().sample(batch.data(), batch.rows(), how, uniforms, tokens, logs);
    for (int r = 0; r < rows; r++) {
      float[] row = row(batch, r);
      List<Integer> expected = TokenOracle.tokens(row, how, uniforms[r]);
      int row0 = r;
      assertTrue(
          expected.contains(tokens[r]),
          () -> tokens[row0] + ", not " + expected + ": " + how + " at " + uniforms[row0]);
      // alone, it is the same
      assertEquals(tokens[r], token(row, how, uniforms[r]), how + ", row " + r);
    }
    int[] again = new int[rows];
    kernels().sample(batch.data(), batch.rows(), how, uniforms, again, null);
    assertArrayEquals(Arrays.copyOf(tokens, rows), again, "without log-probabilities");
    assertEquals(Batch.GUARD, Float.floatToRawIntBits(logs[rows]), "spare log-probability");
  }

  @Test
  @Tag("long")
  default void tokensOfLongRows() {
    SplittableRandom random = new SplittableRandom(5);
    for (int n : new int[] {1024, 1025, 4096, 30_000}) {
      for (float spread : new float[] {0.01f, 1, 3, 10, 400}) {
        float[] row = new float[n];
        for (int c = 0; c < n; c++) {
          row[c] = (float) (spread * random.nextGaussian()) + 2 * spread;
        }
        for (int i = 0; i < 60; i++) {
          Sampling how = Tokens.draw(random, n);
          float u = Tokens.uniform(random);
          int token = token(row, how, u);
          List<Integer> expected = TokenOracle.tokens(row, how, u);
          assertTrue(expected.contains(token), () -> token + ", not " + expected + ": " + how);
        }
      }
    }
  }

  /** Equal scores: what is left of them is exact, and those of lower index. */
  @Test
  default void bordersOfEqualScores() {
    for (float x : new float[] {0, -0f, 3, -40, 88, 600, -1e30f, 3e38f}) {
      float[] row = {x, x, x, x};
      assertEquals(1, token(row, Sampling.DEFAULT.withTopP(0.5f), LAST), "half of four");
      assertEquals(2, token(row, Sampling.DEFAULT.withTopP(Math.nextUp(0.5f)), LAST), "a bit more");
      assertEquals(0, token(row, Sampling.DEFAULT.withTopP(0.25f), LAST), "a quarter");
      assertEquals(2, token(row, Sampling.DEFAULT.withTopK(3), LAST), "three");
      assertEquals(3, token(row, Sampling.DEFAULT.withMinP(1), LAST), "all are the largest");
      Sampling three = Sampling.DEFAULT.withTopK(3);
      assertEquals(0, token(row, three.withTopP(Math.nextDown(1 / 3f)), LAST), "of three");
      assertEquals(1, token(row, three.withTopP(1 / 3f), LAST), "1 / 3f is above a third");
      assertEquals(2, token(row, Sampling.DEFAULT, 0.5f), "half of the sum is not exceeded by two");
      assertEquals(1, token(row, Sampling.DEFAULT, Math.nextDown(0.5f)));
      int n = 100_000;
      float[] many = new float[n];
      Arrays.fill(many, x);
      assertEquals(n / 2 - 1, token(many, Sampling.DEFAULT.withTopP(0.5f), LAST));
      assertEquals(n - 1, token(many, Sampling.DEFAULT, LAST));
      assertEquals(n / 4, token(many, Sampling.DEFAULT, 0.25f));
      assertEquals(776, token(many, Sampling.DEFAULT.withTopK(777), LAST));
    }
  }

  /** The border of a share is between scores that are close to each other, in no order. */
  @Test
  default void sharesOfCloseScores() {
    SplittableRandom random = new SplittableRandom(7);
    for (int round = 0; round < 400; round++) {
      float[] row = new float[random.nextInt(2, 60)];
      for (int c = 0; c < row.length; c++) {
        row[c] = 0.12f * random.nextFloat();
      }
      Sampling how = Sampling.DEFAULT.withTopP(1 - random.nextFloat());
      for (float u : new float[] {random.nextFloat(), LAST}) {
        List<Integer> expected = TokenOracle.tokens(row, how, u);
        int token = token(row, how, u);
        assertTrue(expected.contains(token), () -> token + ", not " + expected + ": " + how);
      }
    }
    // e^-0.6931472f is just below a half: the first has half of the sum, and a bit more
    float[] half = {0, -0.6931472f, -0.6931472f};
    assertEquals(0, token(half, Sampling.DEFAULT.withTopP(0.5f), LAST));
  }

  @Test
  default void endsOfTheUniforms() {
    float[] row = {NONE, 1, 3, 2, NONE, 3, 0, NONE};
    assertEquals(1, token(row, Sampling.DEFAULT, 0), "the first that is not masked");
    assertEquals(6, token(row, Sampling.DEFAULT, LAST), "the last one");
    assertEquals(2, token(row, Sampling.DEFAULT.withTopK(3), 0));
    assertEquals(5, token(row, Sampling.DEFAULT.withTopK(3), LAST));
    assertEquals(2, token(row, Sampling.DEFAULT.withTopK(1), LAST), "equal ones: lower index");
    assertEquals(2, token(row, Sampling.DEFAULT.withTemperature(0), LAST));
    float[] one = {NONE, NONE, -50, NONE};
    for (float u : new float[] {0, 0.5f, LAST}) {
      assertEquals(2, token(one, Sampling.DEFAULT, u));
      assertEquals(2, token(one, Sampling.DEFAULT.withTopK(4).withTopP(0.1f).withMinP(1), u));
    }
    assertEquals(0, token(new float[] {5}, Sampling.DEFAULT.withTemperature(7), LAST));
  }

  /** What a term is too small for no uniform above 0 could draw; the others, 0 does. */
  @Test
  default void uniformsBesideZero() {
    for (int n : new int[] {2, 17, 5000}) {
      for (float top : new float[] {0, 40, -600}) {
        for (Sampling how : List.of(Sampling.DEFAULT, Sampling.DEFAULT.withTopK(2))) {
          float[] row = new float[n];
          Arrays.fill(row, NONE);
          row[n - 1] = top;
          row[0] = top - 122.5f;
          assertEquals(0, token(row, how, 0), how + " at " + top);
          assertEquals(n - 1, token(row, how, Float.MIN_VALUE));
          row[0] = top - 124;
          assertEquals(n - 1, token(row, how, 0), how + " at " + top);
          row[0] = top - 103;
          assertEquals(0, token(row, how, Float.MIN_VALUE), "e^-103 is above 2^-149");
          row[0] = top - 104;
          assertEquals(n - 1, token(row, how, Float.MIN_VALUE));
        }
      }
    }
  }

  /** Where 1 / t is no float, scores are infinite, or NaN: softmax would have no probabilities. */
  @Test
  default void temperaturesBesideZero() {
    float[] row = {-1, 0, 3, 2};
    Sampling d = Sampling.DEFAULT;
    for (float t : new float[] {Float.MIN_VALUE, 0x1p-128f}) {
      for (float[] some : new float[][] {row, {-1, -2}, {0}}) {
        assertEquals(-1, token(some, d.withTemperature(t), 0.5f), "temperature " + t);
      }
    }
    float[] small = {-0.25f, 0, 0.75f, 0.5f}; // times 2^128 - 2^107 they are floats
    assertEquals(2, token(small, d.withTemperature(Math.nextUp(0x1p-128f)), 0.5f));
    assertEquals(-1, token(row, d.withTemperature(Math.nextUp(0x1p-128f)), 0.5f));
    assertEquals(2, token(row, d.withTemperature(0x1p-126f), 0.5f));
  }

  @Test
  default void tokensOfPoisonedRows() {
    Sampling d = Sampling.DEFAULT;
    List<Sampling> ways =
        List.of(d, d.withTemperature(0), d.withTopK(2), d.withTopP(0.9f), d.withMinP(0.1f));
    for (Sampling how : ways) {
      for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
        float[] rows = {1, 2, 3, 1, bad, 3, 3, 2, 1};
        int[] tokens = new int[3];
        float[] logs = new float[3];
        kernels().sample(rows, Rows.of(3, 3), how, new float[3], tokens, logs);
        assertEquals(-1, tokens[1], how + " of " + bad);
        assertEquals(Float.NaN, logs[1]);
        assertTrue(tokens[0] >= 0 && tokens[2] >= 0 && logs[0] <= 0 && logs[2] <= 0, "neighbours");
      }
      assertEquals(-1, token(new float[] {NONE, NONE, NONE}, how, 0));
    }
    // scores that overflow, of logits that are finite
    assertEquals(-1, token(new float[] {1, 2e38f}, d.withTemperature(0.1f), 0));
    assertEquals(1, token(new float[] {1, 2e38f}, d.withTemperature(0), 0));
  }

  /** 40,000 draws, in classes by their probability: chi-squared of at most 10 degrees below 35. */
  @Test
  default void drawsAreDistributed() {
    float[] row = {0, 1, -1, 2, 0.5f, -2, 1.5f, 3, -3, 2.5f, NONE, 0.25f};
    Sampling hot = Sampling.DEFAULT.withTemperature(1.5f);
    for (Sampling how :
        List.of(hot, hot.withTopK(8), hot.withTopP(0.9f), hot.withTopK(10).withMinP(0.1f))) {
      float[] scores = new float[12];
      for (int c = 0; c < 12; c++) {
        scores[c] = row[c] * (1 / 1.5f);
      }
      double[] terms = TokenOracle.terms(scores, scores[7]);
      List<Integer> in =
          TokenOracle.cut(terms, TokenOracle.order(scores), how, how.topP(), how.minP());
      double sum = in.stream().mapToDouble(c -> terms[c]).sum();
      int draws = 40_000;
      float[] uniforms = new float[draws];
      float[] rows = new float[12 * draws];
      SplittableRandom random = new SplittableRandom(6);
      for (int r = 0; r < draws; r++) {
        uniforms[r] = random.nextInt(1 << 24) * 0x1p-24f;
        System.arraycopy(row, 0, rows, 12 * r, 12);
      }
      int[] tokens = new int[draws];
      kernels().sample(rows, Rows.of(draws, 12), how, uniforms, tokens, null);
      int[] counts = new int[12];
      for (int token : tokens) {
        counts[token]++;
      }
      double chi = 0;
      for (int c = 0; c < 12; c++) {
        double expected = in.contains(c) ? draws * terms[c] / sum : 0;
        chi += expected == 0 ? counts[c] * 1e9 : Math.pow(counts[c] - expected, 2) / expected;
      }
      assertTrue(chi < 35, how + ": chi-squared is " + chi);
    }
  }

  // ---- refusals ----

  @Test
  default void whatTokensRefuse() {
    Class<IllegalArgumentException> iae = IllegalArgumentException.class;
    Class<IndexOutOfBoundsException> ioobe = IndexOutOfBoundsException.class;
    Class<NullPointerException> npe = NullPointerException.class;
    SoftmaxKernels k = kernels();
    float[] x = {1, 2, 3, 4, 5, 6};
    Rows in = Rows.of(2, 3);
    Rows none = Rows.of(0, 3);
    float[] v = Batch.guards(6);
    int[] i = {7, 7, 7, 7, 7, 7};
    Sampling d = Sampling.DEFAULT;
    float[] u = {0.5f, 0.5f};
    for (int bad : new int[] {0, -1, 4, Integer.MAX_VALUE}) {
      assertThrows(iae, () -> k.topK(x, in, bad, v, i));
      assertThrows(iae, () -> k.topK(x, none, bad, v, i));
    }
    assertThrows(npe, () -> k.topK(x, in, 1, null, null));
    assertThrows(npe, () -> k.topK(x, none, 1, null, null));
    assertThrows(npe, () -> k.topK(null, none, 1, v, i));
    assertThrows(npe, () -> k.topK(x, null, 1, v, i));
    assertThrows(ioobe, () -> k.topK(x, in, 3, new float[5], i));
    assertThrows(ioobe, () -> k.topK(x, in, 3, v, new int[5]));
    assertThrows(ioobe, () -> k.topK(x, Rows.of(3, 3), 1, v, i));
    assertThrows(iae, () -> k.topK(x, in, 1, x, i));
    // two values a row: those of the last row alone reach into the logits
    float[] both = new float[9];
    int[] columns = new int[4];
    assertThrows(iae, () -> k.topK(both, new Rows(3, 2, 3, 3), 2, both, columns));
    Rows last = in.slice(1, 2);
    assertThrows(iae, () -> k.topK(both, last, 2, both, columns));
    k.topK(x, none, 1, null, new int[0]);
    Rows second = in.slice(1, 2); // its number is 1
    assertThrows(ioobe, () -> k.topK(x, second, 2, null, new int[3]));
    assertThrows(ioobe, () -> k.sample(x, second, d, new float[1], i, null));
    assertThrows(ioobe, () -> k.sample(x, second, d, new float[2], new int[1], null));
    float[] bad0 = {Float.NaN, 0.5f}; // the row before it is not the call's
    k.sample(x, second, d.withTopK(1), bad0, new int[2], null);

    float[] logs = Batch.guards(2);
    for (float bad : new float[] {1, -Float.MIN_VALUE, Float.NaN, 2, Float.POSITIVE_INFINITY}) {
      Throwable t = assertThrows(iae, () -> k.sample(x, in, d, new float[] {0, bad}, i, logs));
      assertTrue(t.getMessage().contains("row 1"), t.getMessage());
    }
    assertThrows(npe, () -> k.sample(x, in, d, null, i, logs));
    assertThrows(npe, () -> k.sample(x, none, d, null, i, logs));
    assertThrows(npe, () -> k.sample(x, in, null, u, i, logs));
    assertThrows(npe, () -> k.sample(x, in, d, u, null, logs));
    assertThrows(npe, () -> k.sample(null, in, d, u, i, logs));
    assertThrows(npe, () -> k.sample(x, null, d, u, i, logs));
    assertThrows(ioobe, () -> k.sample(x, in, d, new float[1], i, logs));
    assertThrows(ioobe, () -> k.sample(x, in, d, u, new int[1], logs));
    assertThrows(ioobe, () -> k.sample(x, in, d, u, i, new float[1]));
    assertThrows(iae, () -> k.sample(x, in, d, u, i, x));
    assertThrows(iae, () -> k.sample(x, in, d, u, i, u));
    assertArrayEquals(new int[] {7, 7, 7, 7, 7, 7}, i, "nothing is written");
    assertEquals(Batch.GUARD, Float.floatToRawIntBits(v[0]));
    assertEquals(Batch.GUARD, Float.floatToRawIntBits(logs[0]));
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, x);

    k.sample(x, in, d.withTemperature(0), null, i, null);
    assertArrayEquals(new int[] {2, 2, 7, 7, 7, 7}, i);
    k.sample(x, in, d.withTemperature(-0f), null, i, null);
    for (float bad : new float[] {-1, Float.NaN, Float.POSITIVE_INFINITY, -Float.MIN_VALUE}) {
      assertThrows(iae, () -> d.withTemperature(bad));
      assertThrows(iae, () -> d.withTopP(bad));
      assertThrows(iae, () -> d.withMinP(bad));
    }
    assertThrows(iae, () -> d.withTopP(0));
    assertThrows(iae, () -> d.withTopP(Math.nextUp(1f)));
    assertThrows(iae, () -> d.withMinP(Math.nextUp(1f)));
    assertThrows(iae, () -> d.withTopK(0));
    assertThrows(iae, () -> d.withTopK(-5));
  }
}
