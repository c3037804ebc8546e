package io.softlane;

import io.softlane.Operation.Argument;
import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Which exceptions the contract (its section on every operation's rules) allows for a call; none
 * where the call is legal. Written from the contract alone. Where a call breaks several rules, any
 * of their exceptions may come first.
 */
final class Refusals {
  private static final Class<NullPointerException> NULL = NullPointerException.class;
  private static final Class<IllegalArgumentException> ILLEGAL = IllegalArgumentException.class;
  private static final Class<IndexOutOfBoundsException> BOUNDS = IndexOutOfBoundsException.class;

  /** Elements of one array from the first to the last that an argument covers. */
  private record Extent(RawCall.Slot slot, RawRows rows, boolean batch) {
    boolean meets(Extent other) {
      return slot == other.slot
          && slot.array != null
          && first().max(other.first()).compareTo(rows.end().min(other.rows.end())) < 0;
    }

    private BigInteger first() {
      return BigInteger.valueOf(rows.offset());
    }

    boolean inPlaceOf(Extent other) {
      return batch && other.batch && slot == other.slot && rows.equals(other.rows);
    }
  }

  private final RawCall call;
  private final Set<Class<? extends Exception>> allowed = new LinkedHashSet<>();

  private Refusals(RawCall call) {
    this.call = call;
  }

  static Set<Class<? extends Exception>> of(RawCall call) {
    Refusals refusals = new Refusals(call);
    refusals.shapes();
    refusals.options();
    // An argument that cannot be constructed keeps the call from being made at all.
    if (refusals.allowed.isEmpty()) {
      refusals.nulls();
      refusals.bounds();
      refusals.overlaps();
      refusals.labels();
    }
    return refusals.allowed;
  }

  private boolean takes(Argument argument) {
    return call.operation.takes(argument);
  }

  private void refuse(boolean broken, Class<? extends Exception> type) {
    if (broken) {
      allowed.add(type);
    }
  }

  private void shapes() {
    for (RawRows rows : new RawRows[] {call.in, call.second, call.out}) {
      refuse(rows != null && !rows.legal(), ILLEGAL);
    }
  }

  /** A smoothing in [0, 1]; z-loss and weights finite and not negative. */
  private void options() {
    RawOptions o = call.options;
    if (o == null) {
      return;
    }
    refuse(Float.isNaN(o.smoothing()) || o.smoothing() < 0 || o.smoothing() > 1, ILLEGAL);
    refuse(bad(o.zLoss()), ILLEGAL);
    refuse(o.reduction() == null, NULL);
    refuse(o.weighted() && o.weights() == null, NULL);
    for (int c = 0; o.weights() != null && c < o.weights().length; c++) {
      refuse(bad(o.weights()[c]), ILLEGAL);
    }
  }

  private static boolean bad(float factor) {
    return !Float.isFinite(factor) || factor < 0;
  }

  private void nulls() {
    refuse(call.inSlot.array == null || call.in == null, NULL);
    if (takes(Argument.SECOND)) {
      refuse(call.secondSlot.array == null || call.second == null, NULL);
    }
    if (takes(Argument.OUT)) {
      refuse(call.outSlot.array == null || call.out == null, NULL);
    }
    refuse(takes(Argument.PER_ROW) && call.perRowSlot.array == null, NULL);
    refuse(
        takes(Argument.RESULTS) && !takes(Argument.OPTIONS) && call.resultsSlot.array == null,
        NULL);
    refuse(takes(Argument.LABELS) && call.labels == null, NULL);
    refuse(takes(Argument.INDICES) && call.indices == null, NULL);
    refuse(takes(Argument.OPTIONS) && call.options == null, NULL);
  }

  private void bounds() {
    batch(call.inSlot, call.in);
    batch(call.secondSlot, call.second);
    batch(call.outSlot, call.out);
    if (call.in == null) {
      return;
    }
    perRow(call.perRowSlot == null ? null : call.perRowSlot.array);
    perRow(call.resultsSlot == null ? null : call.resultsSlot.array);
    int rows = call.in.rows();
    refuse(call.labels != null && call.labels.length < rows, BOUNDS);
    refuse(call.indices != null && call.indices.length < rows, BOUNDS);
    boolean weighted = call.options != null && call.options.weights() != null;
    refuse(weighted && call.options.weights().length != call.in.cols(), ILLEGAL);
  }

  private void batch(RawCall.Slot slot, RawRows rows) {
    if (slot == null || rows == null) {
      return;
    }
    refuse(slot.array != null && !rows.fits(slot.array.length), BOUNDS);
    RawRows in = call.in;
    refuse(in != null && (rows.rows() != in.rows() || rows.cols() != in.cols()), ILLEGAL);
  }

  private void perRow(float[] array) {
    refuse(array != null && array.length < call.in.rows(), BOUNDS);
  }

  /** An output in place of a batch is lawful; any other overlap of it is not. */
  private void overlaps() {
    RawRows each = call.in == null ? null : new RawRows(0, call.in.rows(), 1, 1);
    Extent[] all = {
      extent(call.outSlot, call.out, true),
      extent(call.resultsSlot, each, false),
      extent(call.inSlot, call.in, true),
      extent(call.secondSlot, call.second, true),
      extent(call.perRowSlot, each, false)
    };
    for (int output = 0; output < 2; output++) {
      for (int other = output + 1; other < all.length; other++) {
        Extent a = all[output];
        Extent b = all[other];
        refuse(a != null && b != null && a.meets(b) && !a.inPlaceOf(b), ILLEGAL);
      }
    }
  }

  private static Extent extent(RawCall.Slot slot, RawRows rows, boolean batch) {
    return slot == null || rows == null ? null : new Extent(slot, rows, batch);
  }

  private void labels() {
    if (call.labels == null || call.in == null) {
      return;
    }
    for (int r = 0; r < Math.min(call.in.rows(), call.labels.length); r++) {
      int label = call.labels[r];
      RawOptions o = call.options;
      boolean ignored = o != null && o.ignoring() && label == o.ignoreIndex();
      refuse(!ignored && (label < 0 || label >= call.in.cols()), BOUNDS);
    }
  }
}
