package io.softlane.examples.onnxocr;

import ai.onnxruntime.OrtEnvironment;
import io.softlane.SoftmaxKernels;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import javax.imageio.ImageIO;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
    name = "onnx-ocr",
    description = "Reads lines of text in images: logits from ONNX Runtime, softmax in place.",
    usageHelpAutoWidth = true,
    sortOptions = false)
final class Main implements Callable<Integer> {
  /** Exit status where an option is wrong, or something is missing. */
  static final int REFUSED = 2;

  /** Which kernels to use. */
  enum Kind {
    best,
    scalar,
    vector
  }

  @Parameters(
      paramLabel = "IMAGE",
      description = "Images of one line of text each; without any, texts are drawn.")
  private List<Path> images = List.of();

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description = "A text to draw; may be given again. Default: four texts.")
  private List<String> texts =
      List.of("Softlane 2026", "no copy, in place", "Total: 1,234.56", "Gate B17 closes 09:45");

  @Option(
      names = "--fonts",
      paramLabel = "FONT",
      split = ",",
      defaultValue = "SansSerif,Serif,Monospaced",
      description = "Fonts to draw with (default: ${DEFAULT-VALUE}).")
  private List<String> fonts;

  @Option(
      names = "--angles",
      paramLabel = "DEGREES",
      split = ",",
      defaultValue = "-3,0,3",
      description = "Rotations, -45 to 45 (default: ${DEFAULT-VALUE}).")
  private List<Double> angles;

  @Option(
      names = "--noise",
      paramLabel = "LEVEL",
      split = ",",
      defaultValue = "0,0.1,0.3",
      description =
          "Standard deviations of the noise, 0 to 1, where 1 is white to black"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Double> noises;

  @Option(
      names = "--save",
      paramLabel = "DIRECTORY",
      description = "Keep the drawn images there, as PNG files.")
  private Path save;

  @Option(
      names = "--all",
      description = "Print the characters of all images, not only of each text's hardest.")
  private boolean all;

  @Option(
      names = "--batch",
      paramLabel = "COUNT",
      defaultValue = "8",
      description = "Images per batch, 1 to 64 (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--threads",
      paramLabel = "COUNT",
      defaultValue = "2",
      description = "Threads, each with a batch of its own, 1 to 64 (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--kernels",
      paramLabel = "KIND",
      defaultValue = "best",
      description = "Which kernels: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Kind kind;

  @Option(
      names = "--model",
      paramLabel = "DIRECTORY",
      description =
          "A directory that has the model (default: this example's target, where npm puts it).")
  private Path directory;

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
    System.setProperty("java.awt.headless", "true");
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
              if (e instanceof RefusedException) {
                return refuse(err, e.getMessage());
              }
              throw e;
            })
        .execute(args);
  }

  private static int refuse(PrintStream err, String message) {
    err.println("onnx-ocr: " + message.replaceAll("\\R", " "));
    return REFUSED;
  }

  @Override
  public Integer call() throws Exception {
    check(size >= 1 && size <= 64, "--batch", "from 1 to 64", size);
    check(threads >= 1 && threads <= 64, "--threads", "from 1 to 64", threads);
    angles.forEach(a -> check(a >= -45 && a <= 45, "--angles", "from -45 to 45", a));
    noises.forEach(n -> check(n >= 0 && n <= 1, "--noise", "from 0 to 1", n));
    texts.forEach(t -> check(!t.isBlank(), "--text", "a text", "'" + t + "'"));
    // The user's before anything is written; npm fetches one when nothing else is wrong.
    Model given = directory == null ? null : Model.read(directory);
    List<Sample> samples = images.isEmpty() ? Sample.grid(texts, fonts, angles, noises) : List.of();
    List<Strip> strips = images.isEmpty() ? drawn(samples) : read();
    Model model = given == null ? Model.load(Model.home()) : given;
    Graph graph = Graph.parse(model.network());
    Dictionary dictionary = Dictionary.parse(model.characters());
    List<Batch> batches = Batch.of(strips, size);
    SoftmaxKernels kernels = kernels();
    try (Recognizer recognizer = new Recognizer(graph, dictionary, kernels)) {
      output.print(
          "model    %s, %,d classes, ONNX Runtime %s",
          Model.NETWORK, dictionary.classes(), OrtEnvironment.getEnvironment().getVersion());
      String unknown = dictionary.unknown(samples.stream().map(Sample::text).toList());
      if (!unknown.isEmpty()) {
        output.print(
            "note     the model has no class for these, and cannot read them: %s", unknown);
      }
      output.print(
          "images   %d in batches of %d at most, on %d thread%s",
          strips.size(), size, threads, threads == 1 ? "" : "s");
      Reading[] readings = new Reading[strips.size()];
      long start = System.nanoTime();
      output.watch(
          "Reading",
          batches.size(),
          step ->
              Crew.work(
                  threads,
                  batches,
                  (index, batch, workspace) -> {
                    batch.scatter(recognizer.read(batch, workspace), readings);
                    step.run();
                  }));
      double seconds = (System.nanoTime() - start) * 1e-9;
      output.print("read     in %.1f s, %.0f images a second", seconds, strips.size() / seconds);
      print(samples, readings);
      compare(graph, recognizer, batches, readings);
      if (!noTiming) {
        time(model, graph, recognizer, batches);
      }
    }
    return 0;
  }

  private void print(List<Sample> samples, Reading[] readings) {
    Report report = new Report(output);
    List<Report.Entry> entries = new ArrayList<>();
    for (int i = 0; i < readings.length; i++) {
      entries.add(
          samples.isEmpty()
              ? new Report.Entry(images.get(i).toString(), null, readings[i])
              : new Report.Entry(samples.get(i).toString(), samples.get(i).text(), readings[i]));
    }
    boolean some = !samples.isEmpty() && !all;
    if (some) {
      output.print("");
      output.print("Of each text the image read with the least confidence (--all prints all):");
    }
    (some ? Report.hardest(entries) : entries).forEach(report::characters);
    if (!samples.isEmpty()) {
      report.table(samples, entries);
    }
  }

  private void compare(Graph graph, Recognizer recognizer, List<Batch> batches, Reading[] readings)
      throws Exception {
    String[] theirs = new String[readings.length];
    try (Comparison comparison = new Comparison(graph, recognizer)) {
      output.watch(
          "Comparing",
          batches.size(),
          step ->
              Crew.work(
                  threads,
                  batches,
                  (index, batch, workspace) -> {
                    batch.scatter(comparison.texts(batch, workspace), theirs);
                    step.run();
                  }));
      int same = 0;
      for (int i = 0; i < theirs.length; i++) {
        same += theirs[i].equals(readings[i].text()) ? 1 : 0;
      }
      new Report(output).difference(comparison.difference(), same, theirs.length);
    }
  }

  private void time(Model model, Graph graph, Recognizer recognizer, List<Batch> batches)
      throws Exception {
    Batch batch = batches.get((batches.size() - 1) / 2);
    try (Timing timing = new Timing(model.network(), graph, recognizer)) {
      output.watch("Timing", Timing.rounds(), step -> timing.run(batch, threads, step));
      new Report(output).timing(timing, batch, recognizer.dictionary().classes(), threads);
    }
  }

  private List<Strip> drawn(List<Sample> samples) {
    Sample.checkFonts(fonts);
    if (save != null) {
      try {
        Files.createDirectories(save);
      } catch (IOException e) {
        throw unwritable(save, e);
      }
    }
    List<Strip> strips = new ArrayList<>();
    for (Sample sample : samples) {
      BufferedImage image = sample.draw();
      if (save != null) {
        write(image, save.resolve("%04d.png".formatted(strips.size())));
      }
      strips.add(Strip.of(image));
    }
    return strips;
  }

  /** Not to a File: where that cannot be opened, ImageIO prints a stack trace. */
  private static void write(BufferedImage image, Path file) {
    try (OutputStream out = Files.newOutputStream(file)) {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static RefusedException unwritable(Path path, IOException e) {
    return new RefusedException("cannot write to " + path + ": " + RefusedException.problem(e), e);
  }

  private List<Strip> read() {
    List<Strip> strips = new ArrayList<>();
    for (Path path : images) {
      BufferedImage image;
      try {
        // Not from a File: ImageIO does not say why it cannot be read.
        image = ImageIO.read(new ByteArrayInputStream(Files.readAllBytes(path)));
      } catch (IOException | RuntimeException e) { // the latter in some damaged files
        throw new RefusedException("cannot read " + path + ": " + RefusedException.problem(e), e);
      }
      if (image == null) {
        throw new RefusedException(
            path
                + " is no image that Java reads: "
                + String.join(", ", Arrays.asList(ImageIO.getReaderFileSuffixes())));
      }
      if (image.getWidth() > Strip.MAX_RATIO * image.getHeight()) {
        throw new RefusedException(
            path
                + " is "
                + image.getWidth()
                + " x "
                + image.getHeight()
                + " pixels: more than "
                + Strip.MAX_RATIO
                + " times as wide as high is no line of text");
      }
      strips.add(Strip.of(image));
    }
    return strips;
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
          kind == Kind.best
              ? SoftmaxKernels.reason()
              : kernels + ": the option --kernels asks for " + kind;
      output.print("kernels  %s", reason);
      return kernels;
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void check(boolean good, String option, String rule, Object value) {
    if (!good) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '" + option + "': " + value + " is not " + rule);
    }
  }
}
