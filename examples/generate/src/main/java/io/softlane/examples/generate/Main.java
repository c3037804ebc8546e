package io.softlane.examples.generate;

import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;
import java.io.Console;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "generate",
    description = "Fits a model of characters to a novel, and writes on in its style.",
    usageHelpAutoWidth = true,
    sortOptions = false)
final class Main implements Callable<Integer> {
  /** Exit status where an option is wrong. */
  static final int REFUSED = 2;

  private static final int LONGEST = 1_000_000;

  /** Below it the scores could be past what floats hold. */
  private static final float LOWEST = 0.001f;

  /** Which kernels to use. */
  enum Kernels {
    best,
    scalar,
    vector
  }

  @Option(
      names = "--temperature",
      paramLabel = "NUMBER",
      defaultValue = "0.7",
      description =
          "Divides the logits; 0 takes the likeliest character (default: ${DEFAULT-VALUE}).")
  private float temperature;

  @Option(
      names = "--top-k",
      paramLabel = "COUNT",
      defaultValue = "40",
      description = "Keep the likeliest so many characters (default: ${DEFAULT-VALUE}).")
  private int topK;

  @Option(
      names = "--top-p",
      paramLabel = "NUMBER",
      defaultValue = "0.95",
      description =
          "Of those, the fewest that have so much of their probability, above 0 and at most 1"
              + " (default: ${DEFAULT-VALUE}).")
  private float topP;

  @Option(
      names = "--min-p",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description =
          "Of those, the ones with so much of the likeliest one's probability, 0 to 1 (default:"
              + " ${DEFAULT-VALUE}).")
  private float minP;

  @Option(
      names = "--seed",
      paramLabel = "NUMBER",
      defaultValue = "1",
      description = "A whole number: another one, another text (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--length",
      paramLabel = "COUNT",
      defaultValue = "600",
      description = "How many characters, 1 to 1000000 (default: ${DEFAULT-VALUE}).")
  private int length;

  @Option(
      names = "--kernels",
      paramLabel = "KIND",
      defaultValue = "best",
      description = "Which kernels: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Kernels kind;

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
        .setParameterExceptionHandler((e, arguments) -> refuse(err, e.getMessage()))
        .execute(args);
  }

  private static int refuse(PrintStream err, String message) {
    err.println("generate: " + message.replaceAll("\\R", " ") + " (see --help)");
    return REFUSED;
  }

  @Override
  public Integer call() {
    Sampling how = sampling();
    check(length >= 1 && length <= LONGEST, "--length", length + " is not 1 to " + LONGEST);
    SoftmaxKernels kernels = kernels();
    Text text = Text.read();
    Model model = Training.run(text, kernels, output);

    // Where a paragraph has ended, that of the text's end.
    int end = text.codes().length;
    int[] prompt = Arrays.copyOfRange(text.codes(), end - Contexts.LONGEST, end);
    Passage passage = Passage.write(model, kernels, how, seed, prompt, length);
    output.print("");
    output.paragraphs(text.characters(passage.codes(), prompt.length, passage.codes().length));
    output.print("");
    output.print(
        "%,d characters, %.4f bits each; temperature %s, top-k %d, top-p %s, min-p %s, seed %d",
        length, passage.bits(), temperature, topK, topP, minP, seed);
    output.print("");
    Picture.draw(text, passage, kernels, how, output);
    return 0;
  }

  /** The options, which Sampling checks itself. */
  private Sampling sampling() {
    Sampling how = Sampling.DEFAULT;
    how = with(how, "--temperature", h -> h.withTemperature(temperature));
    how = with(how, "--top-k", h -> h.withTopK(topK));
    how = with(how, "--top-p", h -> h.withTopP(topP));
    how = with(how, "--min-p", h -> h.withMinP(minP));
    check(
        temperature == 0 || temperature >= LOWEST,
        "--temperature",
        temperature + " is neither 0 nor at least " + LOWEST);
    return how;
  }

  private Sampling with(Sampling how, String option, UnaryOperator<Sampling> more) {
    try {
      return more.apply(how);
    } catch (IllegalArgumentException e) {
      throw refused(option, e.getMessage());
    }
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

  private void check(boolean good, String option, String problem) {
    if (!good) {
      throw refused(option, problem);
    }
  }

  private ParameterException refused(String option, String problem) {
    return new ParameterException(
        spec.commandLine(), "Invalid value for option '" + option + "': " + problem);
  }
}
