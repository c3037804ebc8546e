package io.softlane.examples.digits;

import java.io.PrintStream;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntConsumer;
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
    return new Output(out, terminal, out.charset().newEncoder().canEncode("█▏░"));
  }

  void print(String format, Object... values) {
    out.printf(Locale.ROOT, format + "%n", values);
  }

  /** The text in a colour of picocli's, where there are any. */
  String colour(String colour, String text) {
    Ansi ansi = terminal && Ansi.AUTO.enabled() ? Ansi.ON : Ansi.OFF;
    return ansi.string("@|" + colour + " " + text + "|@");
  }

  /** A bar, of work that has begun already, that stays where it is once it is closed. */
  ProgressBar bar(String task, int steps, long done, Duration elapsed) {
    return builder(task, steps).startsFrom(done, elapsed).build();
  }

  /** Does steps 0 to steps - 1; with a bar that leaves an empty line, where there is a terminal. */
  void forEach(String task, int steps, IntConsumer step) {
    if (!terminal) {
      for (int i = 0; i < steps; i++) {
        step.accept(i);
      }
      return;
    }
    try (ProgressBar bar = builder(task, steps).clearDisplayOnFinish().build()) {
      for (int i = 0; i < steps; i++) {
        step.accept(i);
        bar.step();
      }
    }
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
