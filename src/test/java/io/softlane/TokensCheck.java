package io.softlane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs a {@link RawTokens} and holds it to the contract: right results, and nothing else touched,
 * or an exception that is allowed, and nothing touched at all.
 */
final class TokensCheck {
  private static final List<SoftmaxKernels> KERNELS =
      List.of(
          SoftmaxKernels.scalar(),
          SoftmaxKernels.vector(),
          SoftmaxKernels.best(),
          SoftmaxKernels.scalar().parallel());

  private TokensCheck() {}

  /** Returns what was allowed to be thrown: nothing where the call was legal. */
  static Set<Class<? extends Exception>> run(byte[] bytes) {
    RawTokens before = new RawTokens(bytes);
    Call first = null;
    for (SoftmaxKernels kernels : KERNELS) {
      RawTokens raw = new RawTokens(bytes);
      Exception thrown = null;
      try {
        raw.make();
        raw.call.run(kernels);
      } catch (Exception e) {
        thrown = e;
      }
      String what = kernels + ": " + before;
      if (before.refusals.isEmpty()) {
        if (thrown != null) {
          throw new AssertionError("refused a legal call, " + what, thrown);
        }
        assertUntouched(before.call, raw.call, true, what);
        first = first == null ? raw.call : first;
        if (raw.call.inRows.firstRow() < 5000) {
          raw.call.assertSameResults(first, 0, "not the scalar kernels' bits, " + what);
        }
      } else {
        if (thrown == null || !before.refusals.contains(thrown.getClass())) {
          throw new AssertionError("not one of " + before.refusals + " from " + what, thrown);
        }
        assertTrue(thrown.getMessage() != null, what);
        assertUntouched(before.call, raw.call, false, what);
      }
    }
    if (first != null) {
      check(before.call, first, before.toString());
    }
    return before.refusals;
  }

  private static void assertUntouched(Call before, Call after, boolean ran, String what) {
    float[][] old = arrays(before);
    float[][] now = arrays(after);
    for (int i = 0; i < old.length; i++) {
      for (int j = 0; old[i] != null && j < old[i].length; j++) {
        boolean mayDiffer = ran && isWritten(after, now[i], j);
        if (!mayDiffer
            && Float.floatToRawIntBits(old[i][j]) != Float.floatToRawIntBits(now[i][j])) {
          throw new AssertionError("element " + j + " of array " + i + " was touched, " + what);
        }
      }
    }
    for (int j = 0; before.indices != null && j < before.indices.length; j++) {
      if (!(ran && isPerRow(after, j))) {
        assertEquals(before.indices[j], after.indices[j], what);
      }
    }
  }

  private static float[][] arrays(Call call) {
    SoftmaxOptions o = call.scores == null ? SoftmaxOptions.DEFAULT : call.scores;
    return new float[][] {call.in, call.out, call.perRow, call.results, o.mask(), o.sinks()};
  }

  private static boolean isWritten(Call call, float[] array, int j) {
    if (array == call.out) {
      long at = j - call.outRows.offset();
      long row = Math.floorDiv(at, call.outRows.stride());
      long column = Math.floorMod(at, call.outRows.stride());
      if (row >= 0 && row < call.outRows.rows() && column < call.outRows.cols()) {
        return true;
      }
    }
    return array == call.results && isPerRow(call, j);
  }

  private static boolean isPerRow(Call call, int j) {
    int row = j / call.k - call.inRows.firstRow();
    return row >= 0 && row < call.inRows.rows();
  }

  private static void check(Call before, Call after, String what) {
    Batch logits = new Batch(before.in, before.inRows);
    for (int r = 0; r < before.inRows.rows(); r++) {
      int number = before.inRows.firstRow() + r;
      float[] row = new float[before.inRows.cols()];
      for (int c = 0; c < row.length; c++) {
        row[c] = logits.get(r, c);
      }
      switch (before.operation) {
        case TOP_K -> {
          List<Integer> order = TokenOracle.order(row);
          for (int j = 0; j < before.k; j++) {
            int at = number * before.k + j;
            if (after.indices != null) {
              assertEquals(order.get(j), after.indices[at], what);
            }
            if (after.results != null) {
              Ulps.assertBits(after.results[at], row[order.get(j)], what, r, j);
            }
          }
        }
        case SAMPLE -> token(before, after, row, number, what);
        case SOFTCAP -> capped(row, after.out(), r, what);
        default -> {
          float[] expected = Scores.expected(SoftmaxKernels.scalar(), before, r);
          for (int c = 0; c < expected.length; c++) {
            float actual = after.out == null ? after.results[number] : after.out().get(r, c);
            Ulps.assertBits(actual, expected[c], what, r, c);
          }
        }
      }
    }
  }

  private static void token(Call before, Call after, float[] row, int number, String what) {
    float uniform = before.how.temperature() == 0 ? 0 : before.perRow[number];
    int token = after.indices[number];
    List<Integer> expected = new ArrayList<>(TokenOracle.tokens(row, before.how, uniform));
    assertTrue(expected.contains(token), () -> token + ", not " + expected + ": " + what);
    if (after.results != null) {
      float[] logs = new float[row.length];
      SoftmaxKernels.scalar().logSoftmax(row, logs);
      float log = token < 0 ? Float.NaN : logs[token];
      Ulps.assertBits(after.results[number], log, what, 0, token);
    }
  }

  /** 2 ULP are proved elsewhere; here that it is the right logit's. */
  private static void capped(float[] row, Batch out, int r, String what) {
    for (int c = 0; c < row.length; c++) {
      float expected = (float) (2.5 * StrictMath.tanh(row[c] / 2.5));
      float actual = out.get(r, c);
      boolean near = Math.abs(actual - expected) <= 3 * Math.ulp(expected);
      assertTrue(near || Float.isNaN(expected) && Float.isNaN(actual), what);
    }
  }
}
