package io.softlane.benchmarks.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Limits from instruction counts: a loop takes no less time than its instructions hold the core's
 * pipes. The counts and the cores are hand-written, in model.json.
 *
 * @param loops instructions a vector, by class
 * @param operations the loops each goes through
 * @param flops an element, of the exponential and the sum, which all operations have
 * @param overhead by how much a loop takes longer than its limit, on the core where that was seen
 */
record Model(
    Map<String, Map<String, Double>> loops,
    Map<String, List<String>> operations,
    double flops,
    double overhead,
    List<Core> cores) {
  /**
   * @param machine as {@link Run#machine}, empty for a core where nothing was measured
   * @param clock in GHz, measured or assumed
   * @param hold cycles an instruction holds its pipe
   * @param pipes which pipes take a class of instructions, one letter a pipe
   * @param more instructions a vector that a loop needs on this core only, by loop and class
   */
  record Core(
      String name,
      String machine,
      int bits,
      double clock,
      double hold,
      Map<String, String> pipes,
      Map<String, Map<String, Double>> more) {
    int lanes() {
      return bits / Float.SIZE;
    }
  }

  static final Model NONE = new Model(Map.of(), Map.of(), 1, 1, List.of());

  static Model read(Path file) {
    Map<?, ?> json = Json.map(file, Json.read(file), "the whole");
    Map<String, List<String>> operations = new LinkedHashMap<>();
    Json.map(file, json.get("operations"), "operations")
        .forEach(
            (name, loops) ->
                operations.put(
                    (String) name,
                    Json.list(file, loops, "operations").stream().map(String::valueOf).toList()));
    List<Core> cores = new ArrayList<>();
    for (Object o : Json.list(file, json.get("cores"), "cores")) {
      Map<?, ?> core = Json.map(file, o, "a core");
      Map<String, String> pipes = new LinkedHashMap<>();
      Json.map(file, core.get("pipes"), "pipes")
          .forEach((name, letters) -> pipes.put((String) name, (String) letters));
      cores.add(
          new Core(
              Json.string(file, core.get("name"), "name"),
              core.get("machine") instanceof String machine ? machine : "",
              (int) Json.number(file, core.get("bits"), "bits"),
              Json.number(file, core.get("clock"), "clock"),
              Json.number(file, core.get("hold"), "hold"),
              pipes,
              core.containsKey("more") ? counts(file, core.get("more")) : Map.of()));
    }
    Model model =
        new Model(
            counts(file, json.get("loops")),
            operations,
            Json.number(file, json.get("flops"), "flops"),
            Json.number(file, json.get("overhead"), "overhead"),
            cores);
    for (Core core : cores) {
      model.loops.forEach(
          (loop, classes) ->
              classes
                  .keySet()
                  .forEach(
                      c -> {
                        if (!core.pipes.containsKey(c)) {
                          throw new BadInput(file + ": " + core.name + " has no pipes for " + c);
                        }
                      }));
    }
    return model;
  }

  private static Map<String, Map<String, Double>> counts(Path file, Object value) {
    Map<String, Map<String, Double>> counts = new LinkedHashMap<>();
    Json.map(file, value, "counts")
        .forEach((name, classes) -> counts.put((String) name, numbers(file, classes)));
    return counts;
  }

  private static Map<String, Double> numbers(Path file, Object value) {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Json.map(file, value, "numbers")
        .forEach((name, n) -> numbers.put((String) name, Json.number(file, n, (String) name)));
    return numbers;
  }

  /** Null where there is none. */
  Core core(Group group) {
    return cores.stream()
        .filter(c -> c.machine.equals(group.machine()) && c.bits == group.bits())
        .findFirst()
        .orElse(null);
  }

  /**
   * Cycles a vector: for each set of pipes, what only they can take must fit on them; the tightest
   * set is the limit (Hall's theorem).
   */
  double cycles(String loop, Core core) {
    Map<String, Double> counts = new LinkedHashMap<>(loops.get(loop));
    core.more.getOrDefault(loop, Map.of()).forEach((c, n) -> counts.merge(c, n, Double::sum));
    return cycles(counts, core);
  }

  private static double cycles(Map<String, Double> counts, Core core) {
    Set<Integer> letters = new TreeSet<>();
    counts.keySet().forEach(c -> core.pipes.get(c).chars().forEach(letters::add));
    List<Integer> pipes = List.copyOf(letters);
    double limit = 0;
    for (int set = 1; set < 1 << pipes.size(); set++) {
      double held = 0;
      for (Map.Entry<String, Double> entry : counts.entrySet()) {
        int chosen = set;
        boolean inside =
            core.pipes
                .get(entry.getKey())
                .chars()
                .allMatch(p -> (chosen >> pipes.indexOf(p) & 1) == 1);
        held += inside ? entry.getValue() : 0;
      }
      limit = Math.max(limit, held * core.hold / Integer.bitCount(set));
    }
    return limit;
  }

  double nanosPerElement(double cycles, Core core) {
    return cycles / core.lanes() / core.clock;
  }

  /** No loop with the exponential takes less, however well the rest hides. */
  double exponentialLimit(Core core) {
    return nanosPerElement(cycles("exp", core), core);
  }

  double limit(String operation, Core core) {
    return operations.get(operation).stream()
        .mapToDouble(loop -> nanosPerElement(cycles(loop, core), core))
        .sum();
  }
}
