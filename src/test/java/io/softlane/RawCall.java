package io.softlane;

import io.softlane.Operation.Argument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A call as a caller might make it, decoded from bytes: any shapes, arrays of any length, shared or
 * not, labels, options and nulls. The same bytes always give the same call in fresh arrays.
 */
final class RawCall {
  /** No array is longer: what needs more does not fit. */
  private static final int LONGEST = 20_000;

  /** An array that one or more arguments use. */
  static final class Slot {
    float[] array;
    private long needed;

    private void needs(RawRows rows) {
      // One that is illegal, or beyond any array, is refused at any length; no rows need nothing.
      if (rows != null && rows.legal() && rows.rows() > 0 && rows.fits(LONGEST)) {
        needed = Math.max(needed, rows.end().longValueExact());
      }
    }

    private void allocate(Choices choices) {
      int length = (int) needed + choices.below(4);
      array =
          switch (choices.below(64)) {
            case 63 -> null;
            case 62 -> new float[0];
            case 61, 60 -> new float[(int) Math.max(0, needed - choices.between(1, 4))];
            default -> new float[length];
          };
      // Every element another NaN, so that one that moved would show.
      for (int i = 0; array != null && i < array.length; i++) {
        array[i] = Float.intBitsToFloat(Batch.GUARD ^ i);
      }
    }
  }

  final Operation operation;
  final RawRows in;
  RawRows second;
  RawRows out;
  RawOptions options;
  int[] labels;
  int[] indices;
  final Slot inSlot = new Slot();
  Slot secondSlot;
  Slot outSlot;
  Slot perRowSlot;
  Slot resultsSlot;

  /** Whether no bound is promised: only the bits can be compared. */
  boolean unbounded;

  RawCall(byte[] bytes) {
    Choices choices = new Choices(bytes);
    operation = Operation.CORE.get(choices.below(Operation.CORE.size()));
    SplittableRandom random = new SplittableRandom(choices.below(256) << 8 | choices.below(256));
    int rows;
    int cols;
    switch (choices.below(8)) {
      case 7 -> { // many short rows
        rows = choices.between(0, 80);
        cols = choices.between(1, 24);
      }
      case 6 -> { // few long ones
        rows = choices.between(0, 3);
        cols = choices.between(1, 16) * choices.between(1, 20);
      }
      default -> {
        rows = choices.between(0, 6);
        cols = choices.between(1, 50);
      }
    }
    in = RawRows.of(choices, rows, cols);
    place(choices, rows, cols);
    for (Slot slot : slots()) {
      slot.allocate(choices);
    }
    if (operation.takes(Argument.OPTIONS)) {
      options = choices.once(48) ? null : RawOptions.of(choices, cols);
      unbounded = options != null && !options.bounded();
    }
    if (operation.takes(Argument.LABELS)) {
      labels = perRow(choices, rows);
      labels(choices, random, cols);
    }
    if (operation.takes(Argument.INDICES)) {
      indices = perRow(choices, rows);
    }
    fill(choices, random);
  }

  /** Decides which arguments share an array, and what they need of it. */
  private void place(Choices choices, int rows, int cols) {
    if (operation.takes(Argument.SECOND)) {
      second = RawRows.of(choices, rows, cols);
      secondSlot = new Slot();
      int way = choices.below(8);
      secondSlot = way >= 6 ? inSlot : secondSlot;
      second = way == 7 ? in : second;
    }
    if (operation.takes(Argument.PER_ROW)) {
      perRowSlot = choices.once(8) ? inSlot : new Slot();
    }
    if (operation.takes(Argument.OUT)) {
      out = RawRows.of(choices, rows, cols);
      outSlot = new Slot();
      placeOut(choices);
    }
    if (operation.takes(Argument.RESULTS)) {
      Slot other = choices.of(inSlot, outSlot, secondSlot, perRowSlot);
      resultsSlot = choices.once(4) && other != null ? other : new Slot();
    }
    RawRows perRow = new RawRows(0, rows, 1, 1);
    need(inSlot, in);
    need(secondSlot, second);
    need(outSlot, out);
    need(perRowSlot, perRow);
    need(resultsSlot, perRow);
  }

  private void placeOut(Choices choices) {
    Slot slot = choices.of(inSlot, secondSlot, perRowSlot);
    RawRows other = slot == inSlot ? in : slot == secondSlot ? second : null;
    int way = choices.below(6);
    if (way < 3 || slot == null) {
      return;
    }
    outSlot = slot;
    if (way == 3 || other == null) { // wherever it lies
      return;
    }
    if (way == 4) {
      out = other;
    } else if (other.legal()
        && other.rows() > 0
        && other.fits(LONGEST)) { // it starts near the other's first or last
      long start = choices.once(2) ? other.end().longValueExact() : other.offset();
      out = other.at(start + choices.between(0, 4) - 2);
    }
  }

  private static void need(Slot slot, RawRows rows) {
    if (slot != null) {
      slot.needs(rows);
    }
  }

  /** Every array once. */
  List<Slot> slots() {
    List<Slot> slots = new ArrayList<>();
    for (Slot slot : Arrays.asList(inSlot, secondSlot, outSlot, perRowSlot, resultsSlot)) {
      if (slot != null && !slots.contains(slot)) {
        slots.add(slot);
      }
    }
    return slots;
  }

  private static int[] perRow(Choices choices, int rows) {
    int[] values =
        switch (choices.below(48)) {
          case 47 -> null;
          case 46, 45 -> new int[Math.max(0, rows - choices.between(1, 3))];
          default -> new int[rows + choices.below(4)];
        };
    if (values != null) {
      Arrays.fill(values, Batch.GUARD);
    }
    return values;
  }

  private void labels(Choices choices, SplittableRandom random, int cols) {
    int ignored = options != null && options.ignoring() ? options.ignoreIndex() : 0;
    boolean none = choices.once(8);
    boolean some = choices.once(4);
    for (int r = 0; labels != null && r < labels.length; r++) {
      int label = random.nextInt(cols);
      labels[r] = none || some && random.nextBoolean() ? ignored : label;
    }
    if (choices.once(8) && labels != null && labels.length > 0) {
      int bad = choices.once(3) ? choices.hostileInt() : choices.of(-1, cols, -100);
      labels[choices.below(256) % labels.length] = bad;
    }
  }

  /** Values where they fit, then a few of any bits. */
  private void fill(Choices choices, SplittableRandom random) {
    int kind = choices.below(Logits.values().length + 1);
    if (fillable(inSlot, in)) {
      Logits[] kinds = Logits.values();
      for (int r = 0; r < in.rows(); r++) {
        Logits k = kind == 0 ? kinds[random.nextInt(kinds.length)] : kinds[kind - 1];
        k.fill(random, inSlot.array, (int) (in.offset() + r * in.stride()), in.cols());
      }
    }
    if (fillable(secondSlot, second)) {
      unbounded |= secondSlot == inSlot; // targets that are logits, or the other way round
      Batch batch = new Batch(secondSlot.array, second.build());
      for (int r = 0; r < second.rows(); r++) {
        Call.fillSecond(random, batch, r, random.nextInt(options == null ? 4 : 3));
      }
    }
    for (int r = 0; perRowSlot != null && perRowSlot.array != null && r < in(perRowSlot); r++) {
      boolean any = random.nextInt(4) == 0 || inSlot.array == null || inSlot.array.length == 0;
      perRowSlot.array[r] =
          any
              ? Float.intBitsToFloat(random.nextInt())
              : inSlot.array[random.nextInt(inSlot.array.length)];
    }
    for (int k = choices.once(4) ? choices.below(8) : 0; k > 0; k--) {
      boolean other = secondSlot != null && choices.once(2);
      Slot slot = other ? secondSlot : inSlot;
      RawRows rows = other ? second : in;
      float value = Float.intBitsToFloat(choices.bits());
      int r = choices.below(256);
      int c = choices.below(256);
      if (fillable(slot, rows) && rows.rows() > 0) {
        r %= rows.rows();
        c %= rows.cols();
        slot.array[(int) (rows.offset() + r * rows.stride() + c)] = value;
        unbounded |= other;
      }
    }
  }

  private int in(Slot slot) {
    return in == null ? 0 : Math.min(slot.array.length, in.rows());
  }

  private static boolean fillable(Slot slot, RawRows rows) {
    return slot != null
        && slot.array != null
        && rows != null
        && rows.legal()
        && rows.fits(slot.array.length);
  }

  /** The call itself: throws what the constructors of its arguments throw. */
  Call build() {
    Call call = new Call(operation);
    call.in = inSlot.array;
    call.inRows = in == null ? null : in.build();
    call.second = array(secondSlot);
    call.secondRows = second == null ? null : second.build();
    call.perRow = array(perRowSlot);
    call.labels = labels;
    call.options = options == null ? null : options.build();
    call.out = array(outSlot);
    call.outRows = out == null ? null : out.build();
    call.results = array(resultsSlot);
    call.indices = indices;
    return call;
  }

  private static float[] array(Slot slot) {
    return slot == null ? null : slot.array;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(operation.toString());
    List<Slot> slots = slots();
    String[] names = {"in", "second", "out", "shift or sum", "results"};
    Slot[] used = {inSlot, secondSlot, outSlot, perRowSlot, resultsSlot};
    Object[] rows = {in, second, out, "", ""};
    for (int i = 0; i < names.length; i++) {
      if (used[i] != null) {
        String length = used[i].array == null ? "null" : "length " + used[i].array.length;
        text.append("\n  ").append(names[i]).append(" in array ").append(slots.indexOf(used[i]));
        text.append(" of ").append(length).append(": ").append(rows[i]);
      }
    }
    text.append("\n  labels ").append(Arrays.toString(labels));
    text.append("\n  indices ").append(indices == null ? "null" : "length " + indices.length);
    return text.append("\n  ").append(options).toString();
  }
}
