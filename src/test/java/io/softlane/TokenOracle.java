package io.softlane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Top-k and sampling, word by word as the contract has them, in double. */
final class TokenOracle {
  /** What terms in float, and a border or a draw decided by them, may differ by. */
  private static final double ROUNDING = 0x1p-20;

  /** Candidates of which each border that rounding may make is tried, if there are no more. */
  private static final int FEW = 256;

  private TokenOracle() {}

  /** All columns, NaN first, then largest first; equal ones, as -0 and +0 are, by index. */
  static List<Integer> order(float[] row) {
    Comparator<Integer> nan = Comparator.comparing(c -> !Float.isNaN(row[c]));
    Comparator<Integer> largest =
        Comparator.comparing(c -> Float.isNaN(row[c]) ? 0 : -(row[c] + 0f) + 0f);
    return IntStream.range(0, row.length)
        .boxed()
        .sorted(nan.thenComparing(largest).thenComparing(c -> c))
        .toList();
  }

  /** The tokens that a draw may give: one, but where something is as good as equal. */
  static List<Integer> tokens(float[] row, Sampling how, float uniform) {
    boolean greedy = how.temperature() == 0;
    float[] scores = row.clone();
    for (int c = 0; c < row.length && !greedy; c++) {
      scores[c] = row[c] * (1 / how.temperature());
    }
    List<Integer> order = order(scores);
    float max = scores[order.get(0)];
    if (!Float.isFinite(max)) {
      return List.of(-1);
    }
    if (greedy) {
      return List.of(order.get(0));
    }
    double[] terms = terms(scores, max);
    List<Integer> all = new ArrayList<>();
    List<Integer> largest = order.subList(0, Math.min(how.topK(), order.size()));
    double sum = largest.stream().mapToDouble(c -> terms[c]).sum();
    double[] shares = new double[largest.size()];
    double share = 0;
    for (int i = 0; i < shares.length; i++) {
      share += terms[largest.get(i)];
      shares[i] = share / sum;
    }
    double[] ratios = largest.stream().mapToDouble(c -> terms[c]).toArray();
    for (double p : asGoodAs(how.topP(), shares)) {
      for (double m : asGoodAs(how.minP(), ratios)) {
        all.addAll(draw(terms, cut(terms, order, how, p, m), uniform));
      }
    }
    return all.stream().distinct().toList();
  }

  /** A border as it is, as rounding may have it, and at each value between, if these are few. */
  private static double[] asGoodAs(double border, double[] values) {
    double least = border * (1 - ROUNDING);
    double most = border * (1 + ROUNDING);
    double[] few = values.length <= FEW ? values : new double[0];
    DoubleStream between = Arrays.stream(few).filter(v -> v > least && v < most);
    return DoubleStream.concat(DoubleStream.of(least, border, most), between).distinct().toArray();
  }

  /** Beside the largest, whose term is 1. */
  static double[] terms(float[] scores, float max) {
    double[] terms = new double[scores.length];
    Arrays.setAll(terms, c -> Math.exp((double) scores[c] - max));
    return terms;
  }

  /** The candidates, in order of index. */
  static List<Integer> cut(double[] terms, List<Integer> order, Sampling how, double p, double m) {
    List<Integer> largest = order.subList(0, Math.min(how.topK(), order.size()));
    double sum = 0;
    for (int c : largest) {
      sum += terms[c];
    }
    List<Integer> left = new ArrayList<>();
    double share = 0;
    for (int c : largest) {
      if (how.topP() < 1 && share >= p * sum) {
        break;
      }
      share += terms[c];
      left.add(c);
    }
    left.removeIf(c -> terms[c] < m && terms[c] != 1);
    left.sort(Comparator.naturalOrder());
    return left;
  }

  private static List<Integer> draw(double[] terms, List<Integer> left, float uniform) {
    double whole = 0;
    for (int c : left) {
      whole += terms[c];
    }
    List<Integer> some = new ArrayList<>();
    double running = 0;
    for (int c : left) {
      double term = terms[c];
      double before = running;
      running += term;
      boolean mayEnd = running > uniform * whole * (1 - ROUNDING) || c == left.get(left.size() - 1);
      // Of terms that are nothing beside the largest, floats have none.
      boolean mayBegin = before <= uniform * whole * (1 + ROUNDING) + 0x1p-120;
      if (mayEnd && mayBegin && term > 0) {
        some.add(c);
      }
    }
    return some;
  }
}
