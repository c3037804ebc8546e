package io.softlane.internal.loops;

/**
 * The loops over the columns of rows, of which all operations are made: {@link ScalarLoops} say
 * what they do, {@link VectorLoops} do it with vectors, {@link WarmingLoops} share between both
 * while the vectors are not compiled. Every one of them gives the same bits.
 *
 * <p>A row is {@code n} elements from index {@code i} of its array (a second input's from {@code
 * j}); the output row starts at {@code o}.
 */
public interface Loops {
  /** Columns whose terms go to the lanes of a sum at a time, two neighbours to each. */
  int GROUP = Lanes.GROUP;

  /** The most columns of a row that {@link #few} may do. */
  int SHORT = 8 * GROUP;

  /** What {@link #above} may write behind the columns that it has found. */
  int SPILL = 8;

  /** Bounds of {@link #masses}. */
  int BOUNDS = 4;

  /**
   * One plain row of few columns, with the anchor 0: returns the sum of its terms, which is
   * infinite where the row is not plain. Where it is in the {@link Window}, the terms over it go to
   * out, which may be x, or null for none. NaN, and nothing is done, where columns are not so few.
   *
   * @param s where the terms are afterwards: scratch, as long as the row, and a group at least
   */
  double few(float[] x, int i, int n, float[] s, float[] out, int o);

  /**
   * The stages of up to three rows at once; {@link Kind} says which. Results come first, since
   * terms may take the place of those that they are made of. A sum may be of terms of the same
   * turn, where there are no results.
   */
  void turn(int kind, Turn t);

  /**
   * How far behind a row's terms the sum of n of them best follows in the same turn, in columns: at
   * least a vector, and all but whole groups of n, since a sum goes on in the lane after the last.
   * Or n, where it is best taken after all of them.
   */
  default int lag(int n) {
    return n;
  }

  /**
   * {@code sums[r]} = sum of the terms of row r, of rows that follow each other in s from i on, and
   * have room for a group behind the last; so have the sums, for three times as many.
   */
  void sums(float[] s, int i, int rows, int n, double[] sums);

  /** {@link Logs#logSum} of sums. */
  void logSums(double[] sums, int rows, int k, double[] logSums);

  /** {@code out = v * (hi[r] + lo[r])}, lowered by {@link Kind#LIFT}, of terms v. */
  void scales(Results t);

  /** {@code out = min(0, (v - hi[r]) - lo[r])} of scores v. */
  void subtracts(Results t);

  /** The largest of a row, NaN where there is one; +0 is above -0. */
  float max(float[] x, int i, int n);

  /** The first column that equals a value, of a row that has it. */
  int find(float[] x, int i, int n, float value);

  /**
   * Which columns are above a bound, NaN among them, or all where the bound is NaN: in order, to
   * columns from at on, where there is room for n and {@link #SPILL} more.
   *
   * @return where the next one would go
   */
  int above(float[] x, int i, int n, float bound, int[] columns, int at);

  /**
   * The columns of the k largest of each row, largest first, k a row from o on, and their scores;
   * either may be null. Where {@link Top#counts} is 0, a row has too many that might be among them,
   * and nothing is written.
   */
  void topK(Top t);

  /**
   * {@code masses[j]} = sum of the n terms from {@code s[b]} on that are at least {@code
   * bounds[j]}, which are at least 0; to 2^-14 of it.
   */
  void masses(float[] s, int b, int n, float[] bounds, double[] masses);

  /** {@code out = x * scale}, then {@code + y} unless it is null: each rounded by itself. */
  void scores(float[] x, int i, int n, float scale, float[] y, int j, float[] out, int o);

  /** {@code out = cap * tanh(x * scale / cap)}, the first product rounded by itself. */
  void softcap(float[] x, int i, int n, float scale, Tanh tanh, float[] out, int o);

  /** {@code out = max(x - shift, floor)}. */
  void clamp(float[] x, int i, int n, float shift, float floor, float[] out, int o);

  /** Sum of the elements; {@code lanes} is room for eight. */
  double sum(float[] v, int i, int n, double[] lanes);

  /** Sum of the products, each of which is exact in double; {@code lanes} is room for eight. */
  double dot(float[] p, int i, float[] u, int j, int n, double[] lanes);

  /** {@code e = exp(x - shift)}, the difference taken exactly. */
  void exps(float[] x, int i, int n, float shift, float[] e, int o);

  /** {@code out = v / s}. */
  void divide(float[] v, int i, int n, float s, float[] out, int o);

  /** {@code out = p - y}. */
  void subtract(float[] p, int i, float[] y, int j, int n, float[] out, int o);

  /** {@code out = p * (u - dot)}, in double, then rounded. */
  void backward(float[] p, int i, float[] u, int j, int n, double dot, float[] out, int o);

  /** Sum of the target terms. */
  double targetSum(Targets a, int n);

  /** Sum of {@code a * (lse - x)}, lse being shift + logSum; a term without target is 0. */
  double targetLoss(Targets a, float[] x, int i, int n, double shift, double logSum);

  /**
   * {@code out = s * factor - a}: the terms from d on times a factor, as of {@link Kind#SCALE} but
   * with a lift that may be 1, less the target terms.
   */
  void gradient(Targets a, float[] s, int d, int n, double factor, float lift, float[] out, int o);
}
