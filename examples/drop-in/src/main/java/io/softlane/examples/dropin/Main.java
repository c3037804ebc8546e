package io.softlane.examples.dropin;

import io.softlane.SoftmaxKernels;
import io.softlane.examples.dropin.djl.Classes;
import io.softlane.examples.dropin.llama.SamplerShapes;
import io.softlane.examples.dropin.opennlp.Categories;
import io.softlane.examples.dropin.smile.SmileShapes;
import io.softlane.examples.dropin.tribuo.Training;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "drop-in",
    description = "Compares and times other libraries' softmax, before and after.",
    usageHelpAutoWidth = true,
    sortOptions = false)
final class Main implements Callable<Integer> {
  /** Exit status where an option is wrong, or a native library is missing. */
  static final int REFUSED = 2;

  private static final int WIDTH = 79;

  /** What can be chosen. */
  enum Library {
    smile,
    tribuo,
    djl,
    opennlp,
    llama
  }

  @Option(
      names = "--only",
      paramLabel = "LIBRARY",
      split = ",",
      description = "Just these, with commas between: ${COMPLETION-CANDIDATES} (default: all).")
  private Set<Library> only = EnumSet.allOf(Library.class);

  @Option(names = "--no-timing", description = "Just the differences.")
  private boolean noTiming;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;

  private Main(PrintStream out, PrintStream err, boolean terminal) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
  }

  /** Runs the program. */
  public static void main(String[] args) {
    var console = System.console();
    boolean terminal =
        console != null && console.isTerminal() && !"dumb".equals(System.getenv("TERM"));
    System.exit(run(System.out, System.err, terminal, args));
  }

  /** Runs the program; its exit status. */
  static int run(PrintStream out, PrintStream err, boolean terminal, String... args) {
    return new CommandLine(new Main(out, err, terminal))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setColorScheme(CommandLine.Help.defaultColorScheme(terminal ? Ansi.AUTO : Ansi.OFF))
        .setParameterExceptionHandler(
            (e, arguments) -> refuse(err, e.getMessage() + " (see --help)"))
        .execute(args);
  }

  private static int refuse(PrintStream err, String message) {
    err.println("drop-in: " + message.replaceAll("\\R", " "));
    return REFUSED;
  }

  @Override
  public Integer call() {
    out.println("kernels  " + SoftmaxKernels.reason());
    out.println();
    int status = 0;
    List<Replacement> replacements = new ArrayList<>();
    if (only.contains(Library.smile)) {
      replacements.add(SmileShapes.replacement());
    }
    if (only.contains(Library.tribuo)) {
      replacements.add(Training.replacement());
    }
    if (only.contains(Library.opennlp)) {
      replacements.add(Categories.replacement());
    }
    if (only.contains(Library.llama)) {
      replacements.add(SamplerShapes.replacement());
    }
    Classes classes = null;
    if (only.contains(Library.djl)) {
      try {
        classes = new Classes();
        replacements.add(classes.replacement());
      } catch (RuntimeException | LinkageError e) {
        status = refuse(err, "DJL is left out: " + e.getMessage());
      }
    }
    print(replacements);
    if (classes != null) {
      classes.close();
    }
    return status;
  }

  private void print(List<Replacement> replacements) {
    List<Shape> shapes = new ArrayList<>();
    replacements.forEach(replacement -> shapes.addAll(replacement.shapes()));
    int compared = shapes.size();
    List<?> differences = shapes.stream().map(s -> s.difference().get()).toList();
    List<Timing.Result> times = List.of();
    List<Shape> conversions = Conversion.shapes();
    if (!noTiming) {
      shapes.addAll(conversions);
      SoftmaxKernels.warmUp();
      try (ProgressBar bar = terminal ? bar(shapes.size()) : null) {
        times = Timing.of(shapes, bar == null ? () -> {} : bar::step);
      }
    }
    Table table = new Table(!noTiming);
    int next = 0;
    for (Replacement replacement : replacements) {
      for (Shape shape : replacement.shapes()) {
        Timing.Result time = noTiming ? null : times.get(next);
        table.add(replacement, shape, time, differences.get(next));
        next++;
      }
    }
    out.print(table);
    if (!noTiming) {
      out.println();
      out.println(Conversion.sentence(conversions, times.subList(compared, times.size())));
      out.printf(
          "A quick look: one thread, medians of %d paired rounds; a ULP is a float's.%n",
          Timing.ROUNDS);
    }
  }

  private ProgressBar bar(int shapes) {
    boolean blocks = out.charset().newEncoder().canEncode("█▏");
    return new ProgressBarBuilder()
        .setTaskName("Timing")
        .setInitialMax(Timing.WARM_UPS + shapes)
        .setStyle(blocks ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
        .clearDisplayOnFinish()
        // A width of our own: asking the terminal for its width starts other programs.
        .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
        .build();
  }
}
