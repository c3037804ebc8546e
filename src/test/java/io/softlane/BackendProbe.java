package io.softlane;

import java.util.function.Supplier;

/** Says on standard error what a JVM gets from each factory method, for {@link BackendTest}. */
final class BackendProbe {
  private BackendProbe() {}

  public static void main(String[] arguments) {
    print("best", SoftmaxKernels::best);
    print("vector", SoftmaxKernels::vector);
    print("scalar", SoftmaxKernels::scalar);
    print("reason", SoftmaxKernels::reason);
  }

  private static void print(String name, Supplier<Object> call) {
    String answer;
    try {
      answer = call.get().toString();
    } catch (RuntimeException e) {
      answer = e.getClass().getSimpleName() + ": " + e.getMessage();
    }
    System.err.println("probe " + name + " = " + answer);
  }
}
