package io.softlane.examples.spark;

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

/**
 * Where the results go.
 *
 * @param terminal whether a person watches: then there are progress bars
 * @param blocks whether the stream's charset has block characters
 */
record Output(PrintStream out, boolean terminal, boolean blocks) {
  private static final int WIDTH = 79;
  private static final int REFRESH_MILLIS = 40;

  static Output of(PrintStream out, boolean terminal) {
    return new Output(out, terminal, out.charset().newEncoder().canEncode("█▏░"));
  }

  void print(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }

  /** A bar that stays where it is once it is closed. */
  ProgressBar bar(String task, int steps) {
    return builder(task, steps).build();
  }

  private ProgressBarBuilder builder(String task, int steps) {
    return new ProgressBarBuilder()
        .setTaskName(task)
        .setInitialMax(steps)
        .setUpdateIntervalMillis(REFRESH_MILLIS)
        .setRenderer(new Renderer(blocks))
        // A width of our own: asking the terminal for its width starts other programs.
        .setConsumer(new ConsoleProgressBarConsumer(out, WIDTH));
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
