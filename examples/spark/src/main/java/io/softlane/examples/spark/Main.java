package io.softlane.examples.spark;

import io.softlane.SoftmaxKernels;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.spark.SparkException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "spark",
    description = "Trains a linear classifier of Fashion-MNIST by softmax regression on Spark.",
    usageHelpAutoWidth = true,
    sortOptions = false)
final class Main implements Callable<Integer> {
  /** Exit status where an option is wrong, or a file. */
  static final int REFUSED = 2;

  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "local[2]",
      description =
          "Where to run: local[2], local-cluster[2,1,1024], spark://host:7077 and so on, or none:"
              + " one thread, without Spark (default: ${DEFAULT-VALUE}).")
  private String master;

  @Mixin private Problem problem;

  @Option(
      names = "--partitions",
      paramLabel = "COUNT",
      defaultValue = "8",
      description = "Tasks of one pass; the result does not depend on it (default: 8).")
  private int partitions;

  @Option(
      names = "--epochs",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description = "Stop after so many epochs (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = "--tolerance",
      paramLabel = "NUMBER",
      defaultValue = "1e-4",
      description =
          "Stop where the gradient's norm is at most this, at least 0 (default: ${DEFAULT-VALUE}).")
  private double tolerance;

  @Option(
      names = "--checkpoint",
      paramLabel = "FILE",
      description = "Keep every pass in this file, and resume from it where it exists.")
  private Path checkpoint;

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
    return commandLine(new Main(Output.of(out, terminal)), out, err, terminal).execute(args);
  }

  /** A command that refuses what is wrong in one line. */
  static CommandLine commandLine(
      Object command, PrintStream out, PrintStream err, boolean terminal) {
    return new CommandLine(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setColorScheme(CommandLine.Help.defaultColorScheme(terminal ? Ansi.AUTO : Ansi.OFF))
        .setParameterExceptionHandler(
            (e, arguments) -> refuse(err, e.getMessage() + " (see --help)"))
        .setExecutionExceptionHandler(
            (e, line, parsed) -> {
              Throwable cause = e;
              for (; cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException || cause instanceof SparkException) {
                  return refuse(err, sentence(cause).lines().findFirst().orElse(""));
                }
              }
              if (e instanceof IllegalArgumentException) { // Spark's, of a setting
                return refuse(err, e.getMessage());
              }
              throw e;
            });
  }

  private static String sentence(Throwable cause) {
    if (cause instanceof FileSystemException file) {
      return file.getFile() + ": " + DataFileException.problem(file);
    }
    boolean plain =
        cause instanceof DataFileException
            || cause instanceof SparkException
            || cause.getClass() == IOException.class;
    return plain ? cause.getMessage() : cause.toString();
  }

  private static int refuse(PrintStream err, String message) {
    err.println("spark: " + message.replaceAll("\\R", " "));
    return REFUSED;
  }

  @Override
  public Integer call() throws IOException {
    problem.check(spec);
    Problem.check(spec, epochs >= 1, "--epochs", "at least 1", epochs);
    Problem.check(spec, tolerance >= 0, "--tolerance", "at least 0", tolerance);
    Problem.check(spec, partitions >= 1, "--partitions", "at least 1", partitions);
    Problem.check(spec, Cluster.knows(master), "--master", "a master of Spark's, or none", master);
    Source source = problem.source();
    problem.notice(output);
    problem.checkFiles();
    try (Journal journal = journal(source)) {
      if (master.equals("none")) {
        output.print("kernels  %s", SoftmaxKernels.reason());
        train(new LocalPass(source), source, journal, 1);
      } else {
        onSpark(source, journal);
      }
    }
    return 0;
  }

  private Journal journal(Source source) throws IOException {
    if (checkpoint == null) {
      return null;
    }
    Journal journal = Journal.open(checkpoint, problem.words(source), source.weights());
    output.print("passes   %d are in %s", journal.records(), checkpoint);
    if (journal.damage() != null) {
      spec.commandLine().getErr().println("spark: " + journal.damage());
    }
    return journal;
  }

  private void onSpark(Source source, Journal journal) throws IOException {
    long start = System.nanoTime();
    try (Cluster cluster = Cluster.start(master, source, partitions)) {
      output.print("spark    %s", cluster.describe());
      output.print("kernels  %s", cluster.kernels());
      output.print(
          "data     %s, %,d rows of %d pixels: %d blocks in %d partitions, read after %.1f s",
          source.kind().title,
          source.rows(),
          source.kind().pixels,
          Block.count(source),
          partitions,
          (System.nanoTime() - start) * 1e-9);
      train(cluster, source, journal, cluster.cores());
    }
  }

  private void train(Pass pass, Source source, Journal journal, int cores) throws IOException {
    Objective objective = new Objective(pass, source, problem.lambda(), journal);
    double[] weights = new double[source.weights()];
    long start = System.nanoTime();
    Lbfgs.State end = Training.run(objective, weights, epochs, tolerance, output);
    double seconds = (System.nanoTime() - start) * 1e-9;
    output.print(
        "%s: %d epochs in %.1f s, |gradient| %.1e",
        stopped(end), end.epoch(), seconds, end.gradientNorm());
    output.print("");
    output.print("objective       %.9f", end.objective());
    accuracy(new Classifier(Objective.transposed(weights, source.cols())));
    Costs.print(objective.times(), source, cores, output);
  }

  private static String stopped(Lbfgs.State end) {
    return switch (end.end()) {
      case TOLERANCE -> "converged";
      case EPOCHS -> "stopped before the tolerance was reached";
      case ROUNDING -> "stopped where rounding hides any further descent";
    };
  }

  private void accuracy(Classifier classifier) throws IOException {
    Source test = problem.testSource();
    List<Block> blocks =
        Block.read(test, name -> Path.of(test.directory(), name), 0, Block.count(test));
    int right = blocks.stream().mapToInt(classifier::right).sum();
    output.print(
        "test accuracy   %.4f  (%d of %d)", (double) right / test.rows(), right, test.rows());
  }
}
