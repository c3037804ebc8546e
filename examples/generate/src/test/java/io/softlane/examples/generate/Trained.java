package io.softlane.examples.generate;

import io.softlane.SoftmaxKernels;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The program's model, trained once for all tests of a kind of kernels. */
final class Trained {
  static final Text TEXT = Text.read();
  static final Model SCALAR = train(SoftmaxKernels.scalar());
  static final Model VECTOR = train(SoftmaxKernels.vector());

  private Trained() {}

  /** The end of the text, after which the program writes on. */
  static int[] prompt() {
    int end = TEXT.codes().length;
    return Arrays.copyOfRange(TEXT.codes(), end - Contexts.LONGEST, end);
  }

  private static Model train(SoftmaxKernels kernels) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return Training.run(TEXT, kernels, Output.of(nowhere, false));
  }
}
