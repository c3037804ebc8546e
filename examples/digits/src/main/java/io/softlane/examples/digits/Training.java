package io.softlane.examples.digits;

import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;

/**
 * Runs the minimiser and shows how it goes: in lines; on a terminal, where it takes more than a few
 * seconds, from then on with a progress bar.
 */
final class Training {
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final long WINDOW_NANOS = 100_000_000;

  private final Objective objective;
  private final int epochs;
  private final double tolerance;
  private final Output output;
  private final Duration patience;
  private final long start = System.nanoTime();
  private ProgressBar bar; // null until it is time for one

  private double firstNorm;
  private double done;
  private int shown;
  private String standing = "";

  // The speed now, not since the start: the JVM begins slowly, with interpreted code.
  private long mark = System.nanoTime();
  private int markEvaluations;
  private double rowsPerSecond;

  private Training(
      Objective objective, int epochs, double tolerance, Output output, Duration patience) {
    this.objective = objective;
    this.epochs = epochs;
    this.tolerance = tolerance;
    this.output = output;
    this.patience = patience;
  }

  /** Trains from these weights, which become the trained ones. */
  static Lbfgs.State run(
      Objective objective, double[] weights, int epochs, double tolerance, Output output) {
    return run(objective, weights, epochs, tolerance, output, PATIENCE);
  }

  /** With a bar after so much time. */
  static Lbfgs.State run(
      Objective objective,
      double[] weights,
      int epochs,
      double tolerance,
      Output output,
      Duration patience) {
    Training training = new Training(objective, epochs, tolerance, output, patience);
    try {
      Lbfgs.State end = Lbfgs.minimize(objective, weights, epochs, tolerance, training::epoch);
      training.end(end);
      return end;
    } finally {
      training.close();
    }
  }

  private void epoch(Lbfgs.State state) {
    measure(state);
    standing =
        String.format(
            Locale.ROOT,
            "epoch %4d  loss %.6f  objective %.6f  %,10.0f rows/s",
            state.epoch(),
            objective.loss(),
            state.objective(),
            rowsPerSecond);
    if (state.epoch() == 0) {
      firstNorm = state.gradientNorm();
    }
    // The gradient shrinks by about the same factor every epoch.
    double shrunk = Math.log(firstNorm / state.gradientNorm()) / Math.log(firstNorm / tolerance);
    done = Math.max(done, Math.max(shrunk, (double) state.epoch() / epochs));
    long percent = (long) (100 * Math.min(1, done));
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    if (bar == null && output.terminal() && elapsed.compareTo(patience) >= 0) {
      bar = output.bar("Training", 100, percent, elapsed);
    }
    if (bar == null) {
      if (isRound(state.epoch())) {
        show(state);
      }
      return;
    }
    bar.stepTo(percent);
    bar.setExtraMessage(
        String.format(
            Locale.ROOT,
            "epoch %d, loss %.4f, %,.0f rows/s",
            state.epoch(),
            objective.loss(),
            rowsPerSecond));
  }

  private void end(Lbfgs.State state) {
    if (bar != null) {
      bar.stepTo(100);
    } else if (shown != state.epoch()) {
      show(state);
    }
  }

  private void close() {
    if (bar != null) {
      bar.close();
    }
  }

  private void show(Lbfgs.State state) {
    output.print("%s", standing);
    shown = state.epoch();
  }

  /** 1, 2, 5, 10, 20, 50 and so on. */
  private static boolean isRound(int epoch) {
    int leading = epoch;
    while (leading >= 10 && leading % 10 == 0) {
      leading /= 10;
    }
    return leading == 1 || leading == 2 || leading == 5;
  }

  private void measure(Lbfgs.State state) {
    long now = System.nanoTime();
    if (now - mark >= WINDOW_NANOS || markEvaluations == 0) {
      int evaluations = state.evaluations() - markEvaluations;
      rowsPerSecond = (double) evaluations * objective.rows() / ((now - mark) * 1e-9);
      mark = now;
      markEvaluations = state.evaluations();
    }
  }
}
