package io.softlane.examples.dropin.opennlp;

import io.softlane.SoftmaxKernels;
import io.softlane.examples.dropin.Doubles;
import java.util.Arrays;
import java.util.Map;
import opennlp.tools.ml.maxent.GISModel;
import opennlp.tools.ml.model.AbstractModel;
import opennlp.tools.ml.model.Context;

/**
 * A maximum entropy model of OpenNLP, evaluated with the kernels: scores of the features as before,
 * then softmax. OpenNLP takes {@code StrictMath.exp} of the scores as they are, so that a sum of
 * weights above 709 makes the whole row NaN; here it does not.
 */
public final class SoftmaxModel extends AbstractModel {
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.best();

  /** The same weights. The uniform prior adds the same to every score, which softmax ignores. */
  public SoftmaxModel(GISModel model) {
    this(model.getDataStructures());
  }

  private SoftmaxModel(Object[] structures) {
    super((Context[]) structures[0], new String[0], map(structures[1]), (String[]) structures[2]);
    modelType = ModelType.Maxent;
  }

  /** What OpenNLP documents as the second element. */
  @SuppressWarnings("unchecked")
  private static Map<String, Context> map(Object structure) {
    return (Map<String, Context>) structure;
  }

  @Override
  public double[] eval(String[] context) {
    return eval(context, null, new double[getNumOutcomes()]);
  }

  @Override
  public double[] eval(String[] context, double[] scores) {
    return eval(context, null, scores);
  }

  @Override
  public double[] eval(String[] context, float[] values) {
    return eval(context, values, new double[getNumOutcomes()]);
  }

  private double[] eval(String[] context, float[] values, double[] scores) {
    Arrays.fill(scores, 0);
    for (int f = 0; f < context.length; f++) {
      Context feature = pmap.get(context[f]);
      if (feature != null) {
        double value = values == null ? 1 : values[f];
        int[] outcomes = feature.getOutcomes();
        double[] weights = feature.getParameters();
        for (int i = 0; i < outcomes.length; i++) {
          scores[outcomes[i]] += weights[i] * value;
        }
      }
    }
    Doubles.softmax(KERNELS, scores, getNumOutcomes());
    return scores;
  }
}
