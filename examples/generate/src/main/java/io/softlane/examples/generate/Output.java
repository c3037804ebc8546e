package io.softlane.examples.generate;

import java.io.PrintStream;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DefaultProgressBarRenderer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import me.tongfei.progressbar.ProgressState;
import picocli.CommandLine.Help.Ansi;

/**
 * Where the results go.
 *
 * @param terminal whether a person watches: then there are progress bars and colours
 * @param blocks whether the stream's charset has block characters
 */
record Output(PrintStream out, boolean terminal, boolean blocks) {
  private static final int WIDTH = 79;
  private static final int REFRESH_MILLIS = 40;

  static Output of(PrintStream out, boolean terminal) {
    return new Output(out, terminal, out.charset().newEncoder().canEncode("█▏"));
  }

  void print(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }

  /** Paragraphs, broken between words, with an empty line after each. */
  void paragraphs(String text) {
    String broken = text.replaceAll("(?m)(.{1," + WIDTH + "})(?: |$)", "$1\n");
    broken.lines().forEach(line -> print("%s", line));
  }

  /** The text in a colour of picocli's, where there are any. */
  String colour(String colour, String text) {
    Ansi ansi = terminal && Ansi.AUTO.enabled() ? Ansi.ON : Ansi.OFF;
    return ansi.string("@|" + colour + " " + text + "|@");
  }

  /** A bar that leaves an empty line where it was. */
  ProgressBar bar(String task, int steps) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(steps)
        .setUpdateIntervalMillis(REFRESH_MILLIS)
        .clearDisplayOnFinish()
        .setRenderer(new Renderer(blocks))
        // A width of our own: asking the terminal for its width starts other programs.
        .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH))
        .build();
  }

  /** The library's, but for the steps: the percentage says as much. */
  private static final class Renderer extends DefaultProgressBarRenderer {
    Renderer(boolean blocks) {
      super(
          blocks ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII,
          "",
          1,
          false,
          null,
          ChronoUnit.SECONDS,
          false,
          progress -> Optional.empty());
    }

    @Override
    protected String ratio(ProgressState progress) {
      return "";
    }
  }
}
