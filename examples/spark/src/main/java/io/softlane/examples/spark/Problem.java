package io.softlane.examples.spark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say what is minimised: data and penalty. */
final class Problem {
  /** Where Debian's package has the files. */
  static final Path FASHION = Path.of("/usr/share/datasets/fashion-mnist");

  @Option(
      names = "--data",
      paramLabel = "DIRECTORY",
      description =
          "Where the files of Fashion-MNIST are (default: where Debian's package"
              + " dataset-fashion-mnist puts them; without it the digits).")
  private Path data;

  @Option(names = "--digits", description = "Take the digits, whatever is installed.")
  private boolean digits;

  @Option(
      names = "--rows",
      paramLabel = "COUNT",
      defaultValue = "60000",
      description = "How many rows to train on, from the first (default: ${DEFAULT-VALUE}).")
  private int rows;

  @Option(
      names = "--lambda",
      paramLabel = "NUMBER",
      defaultValue = "1e-3",
      description =
          "Weight of the penalty, lambda / 2 * |W|^2, at least 0 (default: ${DEFAULT-VALUE}).")
  private double lambda;

  void check(CommandSpec spec) {
    check(spec, lambda >= 0 && lambda <= Float.MAX_VALUE, "--lambda", "at least 0", lambda);
    check(
        spec,
        rows >= 1 && rows <= Idx.TRAINING,
        "--rows",
        String.format(Locale.ROOT, "1 to %d", Idx.TRAINING),
        rows);
  }

  static void check(CommandSpec spec, boolean good, String option, String rule, Object value) {
    if (!good) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '" + option + "': " + value + " is not " + rule);
    }
  }

  private boolean fashion() {
    return !digits && (data != null || Files.isDirectory(FASHION));
  }

  /** Says loudly where the digits stand in. */
  void notice(Output output) {
    if (!fashion() && !digits) {
      output.print("NOTICE   Fashion-MNIST is not in %s: the digits, repeated, stand in.", FASHION);
      output.print("         To have it: apt install dataset-fashion-mnist, or --data DIRECTORY");
    }
  }

  Source source() {
    return source(false);
  }

  Source testSource() {
    return source(true);
  }

  /** Reads all files: what is wrong with them is better found here than after the training. */
  void checkFiles() throws IOException {
    for (Source source : new Source[] {source(), testSource()}) {
      source.read(0, source.rows());
    }
  }

  private Source source(boolean test) {
    Source.Kind kind = fashion() ? Source.Kind.FASHION : Source.Kind.DIGITS;
    Path directory = data != null ? data : FASHION;
    if (kind == Source.Kind.DIGITS) {
      String file = System.getProperty("digits.data", "examples/digits/data/" + Digits.FILE);
      directory = Path.of(file).toAbsolutePath().getParent();
    }
    return new Source(
        kind, directory.toAbsolutePath().toString(), test, test ? kind.testRows : rows);
  }

  double lambda() {
    return lambda;
  }

  /** The problem in words, for a checkpoint. */
  String words(Source source) {
    return "%s, %d rows, lambda %s".formatted(source.kind().title, source.rows(), lambda);
  }
}
