package io.softlane.benchmarks.report;

import static io.softlane.benchmarks.report.Text.number;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints runs as one table of Markdown, with what a reader elsewhere needs to know of them. */
@Command(name = "Paste", description = "Prints files of benchmarks/run as a table to be pasted.")
public final class Paste implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "A.json", description = "What was measured.")
  private List<Path> files;

  @Option(names = "--help", usageHelp = true, description = "This text.")
  private boolean help;

  public static void main(String[] args) {
    System.exit(Commands.run(new Paste(), new PrintWriter(System.err, true), args));
  }

  @Override
  public Integer call() {
    System.out.print(text(files.stream().map(Run::read).toList()));
    return 0;
  }

  static String text(List<Run> runs) {
    List<Contestants.Column> columns =
        List.copyOf(
            Contestants.columns(
                    runs.stream().flatMap(r -> r.variants().stream()).distinct().toList())
                .keySet());
    List<List<String>> rows = new ArrayList<>();
    for (String kind : Kinds.inOrder(runs.stream().map(Run::kind).distinct().toList())) {
      for (Run run : runs.stream().filter(r -> r.kind().equals(kind)).toList()) {
        for (Point point : run.points().keySet()) {
          Sample ours = run.at(point, Contestants.SOFTLANE);
          List<String> row = new ArrayList<>(List.of(Kinds.title(kind), point.toString()));
          row.add(ours == null ? Tables.MISSING : number(ours.time(), 3));
          for (Contestants.Column column : columns) {
            row.add(
                Tables.ratio(
                    run,
                    point,
                    Contestants.columns(run.variants()).getOrDefault(column, List.of())));
          }
          rows.add(row);
        }
      }
    }
    Text text = new Text();
    Run first = runs.getFirst();
    text.paragraph(
        Stream.of(
                "**" + first.machine() + "**",
                said(first.text("processors"), "%s processors"),
                said(number(first.load(), 1), "load %s"),
                first.text("jdk"),
                said(first.text("vector"), "kernels: %s"),
                said(first.text("commit"), "commit %s"),
                runs.stream().anyMatch(Run::quick) ? "a quick look" : "")
            .filter(part -> !part.isEmpty())
            .collect(Collectors.joining("; ")));
    text.paragraph(
        "Others' time over Softlane's: above 1 Softlane is faster; bold where it is slower.");
    text.aligned(
        Stream.concat(
                Stream.of("operation", "rows x cols", "Softlane, ns/element"),
                columns.stream().map(Contestants.Column::label))
            .toList(),
        rows);
    return text.toString();
  }

  private static String said(String value, String format) {
    return value.isEmpty() || value.equals(Tables.MISSING) ? "" : format.formatted(value);
  }
}
