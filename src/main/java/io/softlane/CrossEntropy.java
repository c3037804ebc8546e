package io.softlane;

import io.softlane.internal.ClassWeights;
import java.util.Arrays;
import java.util.Objects;

/**
 * How a cross-entropy loss and its gradient are formed, see {@link SoftmaxKernels#crossEntropy};
 * immutable. Options combine. Every option means what it means in PyTorch's {@code cross_entropy},
 * which has no z-loss. Two defaults differ: no index is ignored (there -100), and a mean of nothing
 * is 0 with a gradient of +0 (there NaN).
 *
 * <p>With {@code K} columns, label smoothing {@code eps} and class weights {@code w} (1 where there
 * are none) a row's target terms are
 *
 * <ul>
 *   <li>for a label {@code y}: {@code a_j = (1 - eps) * w_y * [j = y] + eps / K * w_j}
 *   <li>for dense targets {@code y}: {@code a_j = w_j * ((1 - eps) * y_j + eps / K)}
 * </ul>
 *
 * and its loss is {@code sum_j a_j * (lse - o_j) + zLoss * lse^2}. A term {@code a_j = 0}
 * contributes 0, also where the logit is -inf.
 *
 * {@snippet class="io.softlane.snippets.SnippetsTest" region="loss"}
 *
 * @param ignoring whether rows with the label {@code ignoreIndex} are left out
 * @param ignoreIndex the label that is left out; any int, also a valid class
 * @param labelSmoothing share of the target that is spread evenly over the classes, 0 to 1
 * @param classWeights one weight per class, finite and at least 0; null for none
 * @param zLoss factor of {@code lse^2} in the loss, finite and at least 0
 * @param reduction what scales the gradient
 */
public record CrossEntropy(
    boolean ignoring,
    int ignoreIndex,
    float labelSmoothing,
    float[] classWeights,
    float zLoss,
    Reduction reduction) {

  /** What the gradient is scaled by. Losses and {@link Loss} are the same for both. */
  public enum Reduction {
    /** The gradient of the sum of the row losses. */
    SUM,
    /** The gradient of {@link Loss#mean()}: that of the sum, divided by {@link Loss#weight()}. */
    MEAN
  }

  static {
    ClassWeights.through(options -> ((CrossEntropy) options).classWeights);
  }

  /** No ignored index, no smoothing, unit weights, no z-loss, {@link Reduction#MEAN}. */
  public static final CrossEntropy DEFAULT = new CrossEntropy(false, 0, 0, null, 0, Reduction.MEAN);

  /**
   * Checks the values; the weights are copied.
   *
   * @throws IllegalArgumentException naming the value, where one is out of its range
   * @throws NullPointerException where the reduction is null
   */
  public CrossEntropy {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw new IllegalArgumentException(
          "the label smoothing must be 0 to 1, not " + labelSmoothing);
    }
    if (!(zLoss >= 0 && zLoss <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException("the z-loss must be finite and at least 0, not " + zLoss);
    }
    Objects.requireNonNull(reduction, "reduction is null");
    labelSmoothing += 0f; // -0 is 0
    zLoss += 0f;
    if (classWeights != null) {
      classWeights = classWeights.clone();
      for (int j = 0; j < classWeights.length; j++) {
        if (!(classWeights[j] >= 0 && classWeights[j] <= Float.MAX_VALUE)) {
          throw new IllegalArgumentException(
              "the weight of class %s must be finite and at least 0, not %s"
                  .formatted(j, classWeights[j]));
        }
      }
    }
  }

  /**
   * Leaves out rows with this label: their loss is 0, their gradient row all +0, and they do not
   * count in {@link Loss#weight()}. Dense targets have no label, so nothing is left out there.
   *
   * @param label any int, also a valid class
   * @return these options with that label ignored
   */
  public CrossEntropy withIgnoreIndex(int label) {
    return new CrossEntropy(true, label, labelSmoothing, classWeights, zLoss, reduction);
  }

  /**
   * Mixes the target with the uniform distribution: {@code (1 - epsilon) * target + epsilon / K}.
   *
   * @param epsilon 0 to 1
   * @return these options with that smoothing
   * @throws IllegalArgumentException where it is not in that range
   */
  public CrossEntropy withLabelSmoothing(float epsilon) {
    return new CrossEntropy(ignoring, ignoreIndex, epsilon, classWeights, zLoss, reduction);
  }

  /**
   * Weighs the classes' terms; smoothing's share carries them too. A call refuses weights whose
   * number is not its number of columns.
   *
   * @param weights one per class, finite and at least 0; copied
   * @return these options with those weights
   * @throws IllegalArgumentException where one is not in that range
   * @throws NullPointerException where it is null
   */
  public CrossEntropy withClassWeights(float[] weights) {
    Objects.requireNonNull(weights, "weights is null");
    return new CrossEntropy(ignoring, ignoreIndex, labelSmoothing, weights, zLoss, reduction);
  }

  /**
   * Adds {@code lambda * lse^2} to the loss of every row that counts, without class weight.
   *
   * @param lambda finite and at least 0
   * @return these options with that z-loss
   * @throws IllegalArgumentException where it is not in that range
   */
  public CrossEntropy withZLoss(float lambda) {
    return new CrossEntropy(ignoring, ignoreIndex, labelSmoothing, classWeights, lambda, reduction);
  }

  /**
   * Chooses the gradient's scale.
   *
   * @param r {@link Reduction#SUM} or {@link Reduction#MEAN}
   * @return these options with that reduction
   * @throws NullPointerException where it is null
   */
  public CrossEntropy withReduction(Reduction r) {
    return new CrossEntropy(ignoring, ignoreIndex, labelSmoothing, classWeights, zLoss, r);
  }

  /**
   * A copy of the class weights.
   *
   * @return the weights, or null where there are none
   */
  public float[] classWeights() {
    return classWeights == null ? null : classWeights.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CrossEntropy o
        && ignoring == o.ignoring
        && ignoreIndex == o.ignoreIndex
        && Float.compare(labelSmoothing, o.labelSmoothing) == 0
        && Arrays.equals(classWeights, o.classWeights)
        && Float.compare(zLoss, o.zLoss) == 0
        && reduction == o.reduction;
  }

  @Override
  public int hashCode() {
    int weights = Arrays.hashCode(classWeights);
    return Objects.hash(ignoring, ignoreIndex, labelSmoothing, weights, zLoss, reduction);
  }

  @Override
  public String toString() {
    String ignored = ignoring ? String.valueOf(ignoreIndex) : "none";
    String weights = classWeights == null ? "none" : Arrays.toString(classWeights);
    return "CrossEntropy[ignoreIndex=%s, labelSmoothing=%s, classWeights=%s, zLoss=%s, reduction=%s]"
        .formatted(ignored, labelSmoothing, weights, zLoss, reduction);
  }
}
