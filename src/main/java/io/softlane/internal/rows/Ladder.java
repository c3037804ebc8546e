package io.softlane.internal.rows;

import io.softlane.internal.loops.Window;

/**
 * The rungs on which a row's terms are tried, see {@link Window}, and on which the next row begins:
 * after one that had to climb, so do the rows to come, a number that doubles where one of the first
 * rows after them has to climb again. It is about speed alone.
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

  /** Whether the batch is one row, and the number after its. */
  private boolean isOne;

  private long next;

  /**
   * For a new batch. Those of one row, call after call, are as rows of one. Another begins as
   * plain; where its first rows miss, as those of the one before did, it has twice their patience
   * (64 x 1000 on a Zen 4, half of the logits -inf 1.05, all huge 1.06 times as fast).
   */
  void begin(int first, int rows) {
    end = rows > 1 ? first : isOne ? first + (end - next) : NEVER;
    isOne = rows == 1;
    next = first + 1L;
  }

  /** Where a row begins. */
  int first(int r) {
    return r < end ? rung : PLAIN;
  }

  /** The rung that some rows from r on, which began on one, ended on. */
  void ended(int r, int rows, int rung) {
    if (r < end) {
      this.rung = Math.max(this.rung, rung);
    } else if (rung > PLAIN) {
      this.rung = rung;
      patience = r - end < FEW ? Math.clamp(2 * patience, FEW, MANY) : FEW;
      end = r + rows + (long) patience * rows;
    }
  }
}
