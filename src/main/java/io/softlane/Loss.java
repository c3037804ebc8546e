package io.softlane;

/**
 * What a cross-entropy call returns for its batch.
 *
 * @param sum sum of the row losses, in nats: the values written to {@code losses}, added in {@code
 *     double}, first row first
 * @param weight sum of the weights of the rows that counted: their number where there are no class
 *     weights (and for dense targets), else the sum of their labels' weights
 */
public record Loss(double sum, double weight) {

  /**
   * The weighted mean of the row losses.
   *
   * @return {@code sum / weight}, or 0 where nothing counted
   */
  public double mean() {
    return weight == 0 ? 0 : sum / weight;
  }
}
