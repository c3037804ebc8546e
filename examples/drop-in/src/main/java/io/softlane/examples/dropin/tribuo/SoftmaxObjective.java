package io.softlane.examples.dropin.tribuo;

import com.oracle.labs.mlrg.olcut.provenance.ConfiguredObjectProvenance;
import com.oracle.labs.mlrg.olcut.provenance.impl.ConfiguredObjectProvenanceImpl;
import com.oracle.labs.mlrg.olcut.util.Pair;
import io.softlane.CrossEntropy;
import io.softlane.Rows;
import io.softlane.SoftmaxKernels;
import io.softlane.examples.dropin.Doubles;
import org.tribuo.classification.sgd.LabelObjective;
import org.tribuo.math.la.SGDVector;
import org.tribuo.math.util.VectorNormalizer;

/**
 * Stands for Tribuo's {@code LogMulticlass}. By Tribuo's sign the value is the log-likelihood,
 * minus the loss, and the gradient points uphill. The loss is not taken as the logarithm of a
 * probability, so it stays finite where that is too small for a number.
 */
public final class SoftmaxObjective implements LabelObjective {
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.best();

  @Override
  public Pair<Double, SGDVector> lossAndGradient(Integer label, SGDVector scores) {
    float[] values = Doubles.narrow(scores.toArray(), scores.size());
    float[] losses = new float[1];
    Rows row = Rows.of(1, values.length);
    CrossEntropy options = CrossEntropy.DEFAULT;
    KERNELS.crossEntropyGradient(values, row, new int[] {label}, options, losses, values, row);
    for (int i = 0; i < values.length; i++) {
      scores.set(i, -values[i]);
    }
    return new Pair<>((double) -losses[0], scores);
  }

  @Override
  @Deprecated
  public Pair<Double, SGDVector> valueAndGradient(int label, SGDVector scores) {
    return lossAndGradient(label, scores);
  }

  @Override
  public VectorNormalizer getNormalizer() {
    return new SoftmaxNormalizer();
  }

  @Override
  public boolean isProbabilistic() {
    return true;
  }

  @Override
  public ConfiguredObjectProvenance getProvenance() {
    return new ConfiguredObjectProvenanceImpl(this, "LabelObjective");
  }
}
