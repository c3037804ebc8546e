package io.softlane.examples.digits;

import io.softlane.SoftmaxKernels;
import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "digits",
    description = "Trains a linear classifier of handwritten digits by softmax regression.",
    usageHelpAutoWidth = true,
    sortOptions = false)
final class Main implements Callable<Integer> {
  /** Exit status where an option is wrong, or the data file. */
  static final int REFUSED = 2;

  /** Which kernels to use. */
  enum Kernels {
    best,
    scalar,
    vector
  }

  @Option(
      names = "--lambda",
      paramLabel = "NUMBER",
      defaultValue = "1e-3",
      description =
          "Weight of the penalty, lambda / 2 * |W|^2, at least 0 (default: ${DEFAULT-VALUE}).")
  private double lambda;

  @Option(
      names = "--epochs",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description = "Stop after so many epochs (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--tolerance",
      paramLabel = "NUMBER",
      defaultValue = "1e-5",
      description =
          "Stop where the gradient's norm is at most this, at least 0 (default: ${DEFAULT-VALUE}).")
  private double tolerance;

  @Option(names = "--no-bias", description = "Scores without a bias term.")
  private boolean noBias;

  @Option(
      names = "--kernels",
      paramLabel = "KIND",
      defaultValue = "best",
      description = "Which kernels: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Kernels kind;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      defaultValue = "${sys:digits.data:-examples/digits/data/digits.csv.gz}",
      description = "The data file (default: that of this example).")
  private Path data;

  @Option(names = "--no-timing", description = "Leave out the timing at the end.")
  private boolean noTiming;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Spec private CommandSpec spec;

  private final Output output;

  private Main(Output output) {
    this.output = output;
  }

  /** Runs the program. */
  public static void main(String[] args) {
    Console console = System.console();
    boolean terminal =
        console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    System.exit(run(System.out, System.err, terminal, args));
  }

  /** Runs the program; its exit status. */
  static int run(PrintStream out, PrintStream err, boolean terminal, String... args) {
    return new CommandLine(new Main(Output.of(out, terminal)))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setColorScheme(CommandLine.Help.defaultColorScheme(terminal ? Ansi.AUTO : Ansi.OFF))
        .setParameterExceptionHandler(
            (e, arguments) -> refuse(err, e.getMessage() + " (see --help)"))
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> {
              if (e instanceof DataFileException) {
                return refuse(err, e.getMessage());
              }
              throw e;
            })
        .execute(args);
  }

  private static int refuse(PrintStream err, String message) {
    err.println("digits: " + message.replaceAll("\\R", " "));
    return REFUSED;
  }

  @Override
  public Integer call() throws DataFileException {
    check(lambda >= 0 && lambda <= Float.MAX_VALUE, "--lambda", "at least 0", lambda);
    check(epochs >= 1, "--epochs", "at least 1", epochs);
    check(tolerance >= 0, "--tolerance", "at least 0", tolerance);
    Digits digits = Digits.read(data);
    SoftmaxKernels kernels = kernels();
    Inputs training = Inputs.of(digits.training(), !noBias);
    Inputs test = Inputs.of(digits.test(), !noBias);
    output.print("data     %s, %d + %d rows", data.getFileName(), training.rows(), test.rows());

    Objective objective = new Objective(training, lambda, kernels);
    double[] weights = new double[training.weights()];
    long start = System.nanoTime();
    Lbfgs.State end = Training.run(objective, weights, epochs, tolerance, output);
    double seconds = (System.nanoTime() - start) * 1e-9;
    output.print(
        "%s: %d epochs in %.1f s, |gradient| %.1e",
        stopped(end), end.epoch(), seconds, end.gradientNorm());

    Classifier classifier = Classifier.of(weights, kernels);
    output.print("");
    output.print("objective       %.6f", end.objective());
    accuracy("train", classifier, training);
    accuracy("test", classifier, test);
    Picture.draw(digits.test(), test, classifier, Digits.TRAINING, output);
    if (!noTiming) {
      Timing.print(classifier.logits(training), training.labels(), output);
    }
    return 0;
  }

  /** The kernels asked for; says which they are, and why. */
  private SoftmaxKernels kernels() {
    try {
      SoftmaxKernels kernels =
          switch (kind) {
            case best -> SoftmaxKernels.best();
            case scalar -> SoftmaxKernels.scalar();
            case vector -> SoftmaxKernels.vector();
          };
      String reason =
          kind == Kernels.best
              ? SoftmaxKernels.reason()
              : kernels + ": the option --kernels asks for " + kind;
      output.print("kernels  %s", reason);
      return kernels;
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private static String stopped(Lbfgs.State end) {
    return switch (end.end()) {
      case TOLERANCE -> "converged";
      case EPOCHS -> "stopped before the tolerance was reached";
      case ROUNDING -> "stopped where rounding hides any further descent";
    };
  }

  private void accuracy(String name, Classifier classifier, Inputs inputs) {
    int right = classifier.right(inputs);
    output.print(
        "%-14s  %.4f  (%d of %d)",
        name + " accuracy", (double) right / inputs.rows(), right, inputs.rows());
  }

  private void check(boolean good, String option, String rule, Object value) {
    if (!good) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '" + option + "': " + value + " is not " + rule);
    }
  }
}
