package io.softlane.benchmarks;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs the contestants in paired rounds: in each round, on each batch, all variants one after the
 * other, a JVM each, so that a ratio within a round compares what ran within the same minute. Every
 * second round takes them in the opposite order, for a machine that gets slower or faster.
 *
 * <pre>Harness [key=value ...] [kind ...] [-- JMH option ...]</pre>
 *
 * <p>The keys: {@code results} (a directory), {@code mode} (full, quick or smoke), {@code rounds},
 * {@code label} (goes into the files' names), {@code commit}, {@code command} and {@code peers}
 * (yes or no). What JMH writes of each run is kept as it is, with the number of its round; see the
 * README for both files.
 */
public final class Harness {
  /** Variants that the JIT compiler has nothing to do for. */
  private static final Set<String> NATIVE = Set.of("copy", "c3", "c2");

  private static final List<String> QUICK_SHAPES = List.of("8192x100", "64x1000", "4096x1000");

  /** As fast as naive to 10 %, so a quick look does without. */
  private static final List<String> LIKE_NAIVE = List.of("smile", "llama3");

  private static final List<Kind> QUICK =
      List.of(Kind.SOFTMAX, Kind.LOGSOFTMAX, Kind.LOGSUMEXP, Kind.CROSSENTROPYGRADIENT);

  /** A limit; C2 needed up to 3.5 s, beside another busy process on its core. */
  private static final int STEADY_SECONDS = 6;

  private static final int QUICK_STEADY_SECONDS = 3;

  /** One run of one variant, in a JVM of its own. */
  record Step(Kind kind, int round, Map<String, String> batch, String variant) {}

  private final Map<String, String> settings;
  private final CommandLineOptions jmh;
  private final List<Kind> kinds;
  private final List<String> notices = new ArrayList<>();
  private final Map<String, Object> contestants = new LinkedHashMap<>();
  private final Set<String> absent = new TreeSet<>();
  private Calm calm;
  private boolean failed;

  private Harness(Map<String, String> settings, List<Kind> kinds, CommandLineOptions jmh) {
    this.settings = settings;
    this.kinds = kinds;
    this.jmh = jmh;
  }

  public static void main(String[] args) throws IOException {
    Harness harness;
    try {
      harness = of(args);
    } catch (IllegalArgumentException | CommandLineOptionException e) {
      System.err.println(e.getMessage());
      System.exit(2);
      return;
    }
    harness.run();
    // Peers leave threads behind.
    System.exit(harness.failed ? 1 : 0);
  }

  /**
   * @throws IllegalArgumentException in words for the user
   */
  static Harness of(String... args) throws CommandLineOptionException {
    Map<String, String> settings = new LinkedHashMap<>();
    List<Kind> kinds = new ArrayList<>();
    int i = 0;
    for (; i < args.length && !args[i].equals("--"); i++) {
      String[] setting = args[i].split("=", 2);
      if (setting.length == 2) {
        settings.put(setting[0], setting[1]);
      } else {
        kinds.add(Kind.of(args[i]));
      }
    }
    String[] rest = Arrays.copyOfRange(args, Math.min(i + 1, args.length), args.length);
    Parameters.checkNames(rest);
    CommandLineOptions jmh = new CommandLineOptions(rest);
    Parameters.checkValues(jmh, kinds);
    return new Harness(settings, kinds, jmh);
  }

  private String mode() {
    return settings.getOrDefault("mode", "full");
  }

  private void run() throws IOException {
    if (kinds.isEmpty()) {
      kinds.addAll(mode().equals("quick") ? QUICK : List.of(Kind.values()));
    }
    lookForContestants();
    notices.forEach(notice -> System.out.println("Notice: " + notice));
    Map<Kind, List<Step>> steps = new LinkedHashMap<>();
    for (Kind kind : kinds) {
      List<Step> some = steps(kind);
      if (some.isEmpty()) {
        System.out.println("Notice: " + kind.label() + " has no such variant, or it is absent.");
      } else {
        steps.put(kind, some);
      }
    }
    if (steps.isEmpty()) {
      System.err.println("Nothing was left to run.");
      failed = true;
    }
    Progress progress = new Progress(steps.values().stream().mapToInt(List::size).sum());
    for (Map.Entry<Kind, List<Step>> entry : steps.entrySet()) {
      run(entry.getKey(), entry.getValue(), progress);
    }
  }

  private void lookForContestants() {
    try {
      contestants.put("c3", NativeSoftmax.describe());
    } catch (IllegalStateException e) {
      contestants.put("c3", null);
      absent.addAll(NativeSoftmax.VARIANTS);
      notices.add("The C references are left out. " + e.getMessage());
    }
    Map<String, String> peers = new LinkedHashMap<>();
    contestants.put("peers", peers);
    List<String> needed =
        Peers.names().stream()
            .filter(
                peer ->
                    kinds.stream()
                        .flatMap(kind -> kind.variants().stream())
                        .anyMatch(variant -> Peers.runs(peer, variant)))
            .toList();
    if (settings.getOrDefault("peers", "yes").equals("no")) {
      absent.addAll(needed);
      return;
    }
    for (String peer : needed) {
      try {
        peers.put(peer, Peers.describe(peer));
      } catch (IllegalStateException e) {
        absent.add(peer);
        notices.add("A peer is left out. " + e.getMessage());
      }
    }
    if ("avx2".equals(System.getProperty(NativeSoftmax.ISA)) && !absent.contains("onnxruntime")) {
      notices.add("onnxruntime cannot be told to leave out AVX-512: it uses what the CPU has.");
    }
  }

  private List<Step> steps(Kind kind) {
    int rounds = mode().equals("full") ? kind.rounds() : 1;
    if (settings.containsKey("rounds")) {
      rounds = Integer.parseInt(settings.get("rounds"));
    }
    Map<String, List<String>> chosen = new LinkedHashMap<>();
    for (String name : Parameters.OF_BATCHES) {
      if (!Parameters.values(jmh, name).isEmpty()) {
        chosen.put(name, List.copyOf(Parameters.values(jmh, name)));
      } else if (name.equals("shape") && mode().equals("quick")) {
        chosen.put(name, QUICK_SHAPES);
      }
    }
    List<String> variants = new ArrayList<>(kind.variants());
    if (mode().equals("quick")) {
      variants.removeAll(LIKE_NAIVE);
    }
    variants.removeIf(v -> absent.stream().anyMatch(a -> Peers.runs(a, v)));
    if (!Parameters.values(jmh, Kind.VARIANT).isEmpty()) {
      variants.retainAll(Parameters.values(jmh, Kind.VARIANT));
    }
    List<Map<String, String>> batches = new ArrayList<>(kind.batches(chosen));
    batches.removeIf(batch -> variants.stream().noneMatch(v -> kind.has(batch, v)));
    if (mode().equals("smoke") && !batches.isEmpty()) {
      batches = List.of(forSmoke(batches));
    }
    List<Step> steps = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Map<String, String> batch : batches) {
        List<String> order = new ArrayList<>(variants);
        order.removeIf(v -> !kind.has(batch, v));
        if (round % 2 == 0) {
          Collections.reverse(order);
        }
        for (String variant : order) {
          steps.add(new Step(kind, round, batch, variant));
        }
      }
    }
    return steps;
  }

  /**
   * Rows with a tail; where there are none, two threads, and data with subnormal results, a
   * gradient.
   */
  private static Map<String, String> forSmoke(List<Map<String, String>> batches) {
    String shape = batches.get(0).get("shape");
    return batches.stream()
        .filter(b -> b.get("shape").equals("8192x100"))
        .findFirst()
        .or(() -> batches.stream().filter(b -> b.get("shape").equals(shape)).reduce((a, b) -> b))
        .orElseThrow();
  }

  private void run(Kind kind, List<Step> steps, Progress progress) throws IOException {
    Map<String, Object> environment =
        Environment.describe(
            settings.getOrDefault("commit", "unknown"), settings.getOrDefault("command", ""));
    environment.putAll(contestants);
    String date =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    Path result =
        Path.of(
            settings.getOrDefault("results", "."),
            kind.label() + settings.getOrDefault("label", "") + "-" + date + ".json");
    Path errors = Files.createTempFile("softlane-errors", ".txt");
    List<String> notices = new ArrayList<>(this.notices);
    List<Map<String, Object>> entries = new ArrayList<>();
    for (Step step : steps) {
      progress.next(step);
      try {
        switch (kind) {
          case WARMUP -> entries.add(WarmupRun.fork(step, mode()));
          case JVMS -> entries.addAll(JvmsRun.fork(step, mode()));
          default -> entries.add(calmFork(step, errors));
        }
      } catch (RunnerException | IllegalStateException e) {
        failed = true;
        notices.add(step.variant() + " failed at " + step.batch() + ": " + e.getMessage());
        System.out.println(notices.getLast());
      }
    }
    environment.put("errors", Errors.read(errors, notices));
    environment.put("notices", notices);
    Files.delete(errors);
    Files.writeString(result, lines(entries));
    Files.writeString(environmentOf(result), pretty(environment));
    if (kind != Kind.WARMUP) {
      List<Summary.Table> tables = Summary.read(Files.readString(result));
      tables.forEach(t -> System.out.println(Summary.markdown(t)));
      System.out.println(Summary.names(tables));
    }
    if (!mode().equals("smoke")) {
      System.out.println("Written: " + result.getFileName());
    }
  }

  /** The note that belongs to a file of results. */
  static Path environmentOf(Path result) {
    return result.resolveSibling(
        result.getFileName().toString().replaceFirst("\\.json$", ".environment.json"));
  }

  private Map<String, Object> calmFork(Step step, Path errors) throws RunnerException, IOException {
    if (mode().equals("smoke")) {
      return fork(step, errors);
    }
    calm = calm == null ? Calm.ofThisMachine() : calm;
    return calm.least(() -> fork(step, errors));
  }

  private Map<String, Object> fork(Step step, Path errors) throws RunnerException, IOException {
    Path log = Files.createTempFile("softlane-jmh", ".log");
    try {
      ChainedOptionsBuilder options =
          new OptionsBuilder()
              .parent(jmh)
              .include("^" + step.kind().benchmark.getName().replace(".", "\\.") + "\\.")
              // JMH writes the path of the JVM into the json otherwise.
              .jvm(jmh.getJvm().orElse("java"))
              .jvmArgsPrepend(
                  "-D" + Errors.FILE + "=" + errors,
                  "-D" + Steady.SECONDS + "=" + steadySeconds(step.variant()))
              .param(Kind.VARIANT, step.variant())
              .shouldFailOnError(true)
              .output(log.toString());
      step.batch().forEach(options::param);
      if (!jmh.getForkCount().hasValue()) {
        options.forks(1);
      }
      if (mode().equals("smoke")) {
        options
            .warmupIterations(0)
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(100));
      } else if (!jmh.getWarmupIterations().hasValue()) {
        // What runs before the benchmark, see Steady, leaves C2 the loop of JMH's own to compile.
        options.warmupIterations(1);
      }
      if (mode().equals("quick") && !jmh.getMeasurementIterations().hasValue()) {
        options.measurementIterations(6);
      }
      Collection<RunResult> results = new Runner(options.build()).run();
      return entry(results, step.round());
    } catch (RunnerException e) {
      System.out.println(Files.readString(log));
      throw e;
    } finally {
      Files.delete(log);
    }
  }

  private int steadySeconds(String variant) {
    if (mode().equals("smoke") || isNative(variant)) {
      return 0;
    }
    return mode().equals("quick") ? QUICK_STEADY_SECONDS : STEADY_SECONDS;
  }

  private static boolean isNative(String variant) {
    return NATIVE.contains(variant) || Peers.isNative(variant);
  }

  /** JMH's own entry, with its round, without the paths of this machine. */
  static Map<String, Object> entry(Collection<RunResult> results, int round) throws IOException {
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    ResultFormatFactory.getInstance(
            ResultFormatType.JSON, new PrintStream(json, true, StandardCharsets.UTF_8))
        .writeOut(results);
    return entry(json.toString(StandardCharsets.UTF_8), round);
  }

  static Map<String, Object> entry(String json, int round) throws IOException {
    List<Object> entries = JSON.std.listFrom(json);
    if (entries.size() != 1) {
      throw new IllegalArgumentException("One benchmark should have run, not " + entries.size());
    }
    Map<String, Object> entry = new LinkedHashMap<>();
    ((Map<?, ?>) entries.get(0)).forEach((key, value) -> entry.put((String) key, value));
    entry.computeIfPresent(
        "jvmArgs",
        (key, args) ->
            ((List<?>) args)
                .stream().filter(arg -> !Environment.isPath((String) arg)).distinct().toList());
    entry.put("round", round);
    return entry;
  }

  /** An array, an entry a line: a change of the file shows which run it is. */
  static String lines(List<Map<String, Object>> entries) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Map<String, Object> entry : entries) {
      lines.add(JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asString(entry));
    }
    return "[\n" + String.join(",\n", lines) + "\n]\n";
  }

  static String pretty(Map<String, Object> note) throws IOException {
    return JSON.std
            .with(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
            .asString(note)
        + "\n";
  }

  /** Says what runs, and how long the rest will take if it goes on like this. */
  private static final class Progress {
    /** Start of a JVM, check, warm-up and measurement. */
    private static final double GUESS = 2.8;

    private final int all;
    private final long start = System.nanoTime();
    private int done;

    Progress(int all) {
      this.all = all;
    }

    void next(Step step) {
      double seconds = (System.nanoTime() - start) / 1e9;
      double each = done < 3 ? GUESS : seconds / done;
      long minutes = Math.round(Math.ceil(each * (all - done) / 60));
      done++;
      System.out.printf(
          "%s %d/%d %s %s, round %d, about %d min left%n",
          step.kind().label(),
          done,
          all,
          String.join(" ", step.batch().values()),
          step.variant(),
          step.round(),
          minutes);
    }
  }
}
