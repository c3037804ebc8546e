package io.softlane.examples.dropin.tribuo;

import com.google.protobuf.Any;
import io.softlane.SoftmaxKernels;
import io.softlane.examples.dropin.Doubles;
import org.tribuo.math.protos.NormalizerProto;
import org.tribuo.math.util.VectorNormalizer;

/** Stands for Tribuo's {@code ExpNormalizer}: what turns a model's scores into probabilities. */
public final class SoftmaxNormalizer implements VectorNormalizer {
  private static final long serialVersionUID = 1;
  private static final SoftmaxKernels KERNELS = SoftmaxKernels.best();

  /** Tribuo looks this method up by name where it reads a stored model. */
  public static SoftmaxNormalizer deserializeFromProto(int version, String className, Any message) {
    if (version != 0) {
      throw new IllegalArgumentException("version " + version + ", not 0");
    }
    return new SoftmaxNormalizer();
  }

  @Override
  public NormalizerProto serialize() {
    return NormalizerProto.newBuilder().setVersion(0).setClassName(getClass().getName()).build();
  }

  @Override
  public double[] normalize(double[] scores) {
    double[] probabilities = scores.clone();
    normalizeInPlace(probabilities);
    return probabilities;
  }

  @Override
  public void normalizeInPlace(double[] scores) {
    Doubles.softmax(KERNELS, scores, scores.length);
  }
}
