package io.softlane.internal.rows;

import io.softlane.internal.loops.Window;

/**
 * The rungs on which a row's terms are tried, see {@link Window}, and on which the next row begins:
 * after one that had to climb, so do the rows to come, a number that doubles where soon after them
 * one has to climb again. It is about speed alone.
 */
final class Ladder {
  static final int PLAIN = 0;
  static final int CLAMPED = 1;
  static final int ANCHORED = 2;

  private static final int FEW = 16;
  private static final int MANY = 256;

  private static final long NEVER = Long.MIN_VALUE / 2;

  private int rung;
  private int patience;

  /** The rows that begin there are those before this one. */
  private long end = NEVER;

  /** Whether the batch is one row, the number after its last, and how often it had to climb. */
  private boolean isOne;

  private long next;
  private int misses;

  /**
   * For a new batch. Those of one row, call after call, are as rows of one. Another begins as
   * plain; but where the one before had to climb up to its end, its first miss counts as one more
   * of these (64 x 1000 on a Zen 4: half of the logits -inf 1.05, all huge 1.06 times as fast).
   */
  void begin(int first, int rows) {
    if (rows == 1) {
      end = isOne ? first + (end - next) : NEVER;
    } else {
      boolean goesOn = !isOne && patience > FEW && next < end + FEW;
      end = goesOn ? first : NEVER;
      // One miss for all rows says little of the others.
      patience = misses > 1 ? patience : patience / 4;
    }
    isOne = rows == 1;
    next = (long) first + rows;
    misses = 0;
  }

  /** For the same batch of one row, once more. */
  void again() {
    next--;
  }

  /** Where a row begins. */
  int first(int r) {
    return r < end ? rung : PLAIN;
  }

  /** The rung that some rows from r on, which began on one, ended on. */
  void ended(int r, int rows, int some) {
    if (some == first(r)) {
      return;
    }
    if (r < end) {
      if (some < rung) {
        return;
      }
      patience = FEW; // a row that climbs higher than others need not have its like
    } else {
      patience = r - end < FEW ? Math.clamp(2 * patience, FEW, MANY) : FEW;
    }
    rung = some;
    misses++;
    end = r + rows + (long) patience * rows;
  }
}
