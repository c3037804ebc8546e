package io.softlane;

/**
 * How one class of a row is drawn, see {@link SoftmaxKernels#sample}; immutable. Options combine,
 * and are applied in the order of the components here, each cut to what the one before has left.
 *
 * <ul>
 *   <li><b>temperature</b> t: {@code score = logit * (1 / t)}, rounded as {@link SoftmaxOptions}'
 *       scale is. 0 takes the largest logit, the first of equal ones, and reads no uniforms. Of
 *       2^-128 and less, but above 0, {@code 1 / t} is infinite, and so are scores: token -1.
 *   <li><b>topK</b>: the k largest scores, of equal ones those of lower index (Fan, Lewis, Dauphin,
 *       Hierarchical Neural Story Generation, 2018).
 *   <li><b>topP</b> p: of those, from the largest down, the fewest whose share of the sum of those
 *       is at least p (Holtzman et al., The Curious Case of Neural Text Degeneration, 2020).
 *   <li><b>minP</b> m: of those, the ones with a probability of at least m times the largest's
 *       (Nguyen et al., Min-p Sampling, 2024).
 * </ul>
 *
 * {@code p} and {@code m} count as the floats that they are: 0.9f is a little less than 0.9.
 *
 * @param temperature finite and at least 0
 * @param topK at least 1; as many as there are columns, or more, is no cut
 * @param topP above 0, and at most 1, which is no cut
 * @param minP 0, which is no cut, to 1
 */
public record Sampling(float temperature, int topK, float topP, float minP) {

  /** Temperature 1, nothing cut: a draw from the row's softmax. */
  public static final Sampling DEFAULT = new Sampling(1, Integer.MAX_VALUE, 1, 0);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException naming the value, where one is out of its range
   */
  public Sampling {
    if (!(temperature >= 0 && temperature <= Float.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "the temperature must be finite and at least 0, not " + temperature);
    }
    if (topK < 1) {
      throw new IllegalArgumentException("top-k must be at least 1, not " + topK);
    }
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("top-p must be above 0 and at most 1, not " + topP);
    }
    if (!(minP >= 0 && minP <= 1)) {
      throw new IllegalArgumentException("min-p must be 0 to 1, not " + minP);
    }
    temperature += 0f; // -0 is 0
    minP += 0f;
  }

  /**
   * Divides the logits: below 1 the likely classes become likelier.
   *
   * @param t finite and at least 0; 0 always takes the largest
   * @return these options with that temperature
   * @throws IllegalArgumentException where it is not in that range
   */
  public Sampling withTemperature(float t) {
    return new Sampling(t, topK, topP, minP);
  }

  /**
   * Keeps the largest scores.
   *
   * @param k how many, at least 1; more than there are columns is no cut
   * @return these options with that cut
   * @throws IllegalArgumentException where it is not in that range
   */
  public Sampling withTopK(int k) {
    return new Sampling(temperature, k, topP, minP);
  }

  /**
   * Keeps the fewest classes that have a share of the probability.
   *
   * @param p the share, above 0 and at most 1; 1 is no cut
   * @return these options with that cut
   * @throws IllegalArgumentException where it is not in that range
   */
  public Sampling withTopP(float p) {
    return new Sampling(temperature, topK, p, minP);
  }

  /**
   * Keeps the classes that are not much less likely than the likeliest.
   *
   * @param m the least probability, in units of the largest, 0 to 1; 0 is no cut
   * @return these options with that cut
   * @throws IllegalArgumentException where it is not in that range
   */
  public Sampling withMinP(float m) {
    return new Sampling(temperature, topK, topP, m);
  }

  @Override
  public String toString() {
    return "Sampling[temperature=%s, topK=%s, topP=%s, minP=%s]"
        .formatted(
            temperature,
            topK == Integer.MAX_VALUE ? "none" : topK,
            topP == 1 ? "none" : topP,
            minP == 0 ? "none" : minP);
  }
}
