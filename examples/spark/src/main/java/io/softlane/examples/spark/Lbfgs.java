package io.softlane.examples.spark;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Minimises a smooth convex function by L-BFGS (Nocedal and Wright, Numerical Optimization, 2nd
 * ed., algorithms 7.4 and 7.5) with a backtracking line search.
 */
final class Lbfgs {
  /** Steps that are remembered. */
  private static final int MEMORY = 20;

  /** Share of the decrease that the slope promises which a step must bring. */
  private static final double DECREASE = 1e-4;

  /**
   * What the function's own rounding may hide, relative to its value: float losses are good to
   * 2^-22. Where steps get smaller than that, the slope decides instead (Hager and Zhang, A new
   * conjugate gradient method, SIAM J. Optim. 16, 2005, equation 4.1).
   */
  private static final double ROUNDING = 0x1p-22;

  private static final int HALVINGS = 200;

  /** A function and its gradient. */
  interface Function {
    double evaluate(double[] x, double[] gradient);
  }

  /** Why the search ended. */
  enum End {
    TOLERANCE,
    EPOCHS,
    /** No step along the search direction lowers the function any more. */
    ROUNDING
  }

  /** Where the search stands after an epoch; {@code end} is null before it has ended. */
  record State(int epoch, int evaluations, double objective, double gradientNorm, End end) {}

  /** Told after every epoch, of which the start is the 0th. */
  interface Listener {
    void epoch(State state);
  }

  private record Step(double[] s, double[] y, double sy) {}

  private Lbfgs() {}

  /**
   * Minimises from x, which becomes the minimum found, until the gradient's norm is at most the
   * tolerance.
   */
  static State minimize(
      Function function, double[] x, int epochs, double tolerance, Listener listener) {
    Deque<Step> steps = new ArrayDeque<>(); // newest first
    double[] gradient = new double[x.length];
    double objective = function.evaluate(x, gradient);
    int evaluations = 1;
    for (int epoch = 0; ; epoch++) {
      double norm = Math.sqrt(dot(gradient, gradient));
      listener.epoch(new State(epoch, evaluations, objective, norm, null));
      if (norm <= tolerance) {
        return new State(epoch, evaluations, objective, norm, End.TOLERANCE);
      }
      if (epoch == epochs) {
        return new State(epoch, evaluations, objective, norm, End.EPOCHS);
      }

      // line search: from the full step downwards
      double[] direction = direction(gradient, steps);
      double slope = dot(direction, gradient);
      double length = steps.isEmpty() ? 1 / norm : 1; // without steps the direction has no scale
      double[] next = new double[x.length];
      double[] nextGradient = new double[x.length];
      double value = Double.NaN;
      boolean found = false;
      for (int i = 0; i <= HALVINGS && !found; i++, length /= 2) {
        for (int j = 0; j < x.length; j++) {
          next[j] = x[j] + length * direction[j];
        }
        value = function.evaluate(next, nextGradient);
        evaluations++;
        found =
            value <= objective + DECREASE * length * slope
                || (value <= objective + ROUNDING * Math.abs(objective)
                    && dot(direction, nextGradient) <= (2 * DECREASE - 1) * slope);
      }
      if (!found) {
        return new State(epoch, evaluations, objective, norm, End.ROUNDING);
      }

      // remember the step; a curvature of 0 or less is rounding, for the function is convex
      double[] s = difference(next, x);
      double[] y = difference(nextGradient, gradient);
      double sy = dot(s, y);
      if (sy > 0) {
        steps.addFirst(new Step(s, y, sy));
        if (steps.size() > MEMORY) {
          steps.removeLast();
        }
      }
      System.arraycopy(next, 0, x, 0, x.length);
      gradient = nextGradient;
      objective = value;
    }
  }

  /** The two-loop recursion: minus the inverse Hessian, as the steps show it, by the gradient. */
  private static double[] direction(double[] gradient, Deque<Step> steps) {
    double[] q = gradient.clone();
    double[] alpha = new double[steps.size()];
    int i = 0;
    for (Step step : steps) {
      alpha[i] = dot(step.s, q) / step.sy;
      addScaled(q, -alpha[i++], step.y);
    }
    Step newest = steps.peekFirst();
    double scale = newest == null ? 1 : newest.sy / dot(newest.y, newest.y);
    for (int j = 0; j < q.length; j++) {
      q[j] *= -scale;
    }
    for (Iterator<Step> oldestFirst = steps.descendingIterator(); oldestFirst.hasNext(); ) {
      Step step = oldestFirst.next();
      double beta = dot(step.y, q) / step.sy;
      addScaled(q, -alpha[--i] - beta, step.s);
    }
    return q;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static void addScaled(double[] a, double scale, double[] b) {
    for (int j = 0; j < a.length; j++) {
      a[j] += scale * b[j];
    }
  }

  private static double[] difference(double[] a, double[] b) {
    double[] difference = new double[a.length];
    for (int j = 0; j < a.length; j++) {
      difference[j] = a[j] - b[j];
    }
    return difference;
  }
}
