package io.softlane.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;

/** ND4J's native operations, made once; arrays off the heap, which it writes where it is told. */
final class Nd4jArrays implements Operation {
  private static final String PROPERTIES = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";
  private static final String LOSS = "sparse_softmax_cross_entropy_loss_with_logits";

  private final CustomOp[] operations;
  private final INDArray out;
  private final INDArray losses;
  private final float scale;

  private Nd4jArrays(INDArray out, INDArray losses, float scale, CustomOp... operations) {
    this.operations = operations;
    this.out = out;
    this.losses = losses;
    this.scale = scale;
  }

  static Operation softmax(Workload work) {
    return Peers.loaded(
        Peers.ND4J,
        () -> {
          INDArray logits = logits(work);
          INDArray out = Nd4j.createUninitialized(DataType.FLOAT, logits.shape());
          return new Nd4jArrays(out, null, 1, new SoftMax(logits, out, 1));
        });
  }

  /** The rows' losses, then their gradient, which is not divided by their number. */
  static Operation crossEntropyGradient(Workload work) {
    return Peers.loaded(
        Peers.ND4J,
        () -> {
          INDArray logits = logits(work);
          INDArray out = Nd4j.createUninitialized(DataType.FLOAT, logits.shape());
          INDArray losses = Nd4j.createUninitialized(DataType.FLOAT, work.labels.length);
          INDArray labels = Nd4j.createFromArray(work.labels);
          return new Nd4jArrays(
              out,
              losses,
              1f / work.labels.length,
              DynamicCustomOp.builder(LOSS).addInputs(labels, logits).addOutputs(losses).build(),
              DynamicCustomOp.builder(LOSS + "_grad")
                  .addInputs(labels, logits)
                  .addOutputs(out)
                  .build());
        });
  }

  private static INDArray logits(Workload work) {
    return Nd4j.createFromArray(work.logits).reshape(work.batch.rows(), work.batch.cols());
  }

  @Override
  public void run(Workload work) {
    for (CustomOp operation : operations) {
      Nd4j.exec(operation);
    }
  }

  @Override
  public void fetch(Workload work) {
    float[] values = out.data().asFloat();
    for (int i = 0; i < values.length; i++) {
      work.out[i] = scale * values[i];
    }
    if (losses != null) {
      System.arraycopy(losses.data().asFloat(), 0, work.perRow, 0, work.perRow.length);
      work.meanLoss = losses.meanNumber().doubleValue();
    }
  }

  static String describe() throws IOException {
    Properties version = new Properties();
    try (InputStream properties = Nd4j.class.getResourceAsStream(PROPERTIES)) {
      version.load(properties);
    }
    Properties about = Nd4j.getExecutioner().getEnvironmentInformation();
    return "ND4J %s, %s".formatted(version.getProperty("version"), about.getProperty("backend"));
  }
}
