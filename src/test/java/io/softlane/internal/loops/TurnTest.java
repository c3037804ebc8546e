package io.softlane.internal.loops;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * A turn of any kind on vectors leaves what the scalar one leaves: terms, lanes, results, and
 * nothing else, out of place and in place.
 */
class TurnTest {
  private static final int GUARD = 0x7fc5a5a5;
  private static final int MARGIN = 37;

  /** What most turns of a batch are; these are compiled, too. */
  private static final int[] COMMON = {
    Kind.TERMS | Kind.SUM | Kind.SCALE,
    Kind.TERMS | Kind.SUM | Kind.SUBTRACT,
    Kind.TERMS | Kind.CLAMPED | Kind.SUM | Kind.SCALE | Kind.LIFTED,
    Kind.TERMS | Kind.SUM,
    Kind.TERMS | Kind.CLAMPED | Kind.SUM | Kind.SCALED | Kind.MASKED,
    Kind.TERMS | Kind.SUM | Kind.FROM,
    Kind.SCALE | Kind.TO,
    Kind.SUBTRACT | Kind.FROM | Kind.TO,
    Kind.MAX,
    Kind.MAX | Kind.FROM
  };

  @Test
  void anyKind() {
    check();
  }

  static void check() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 3000; round++) {
      check(random, kind(random), columns(random));
    }
  }

  /** As long as C2 takes to compile them, and a while longer. */
  @Test
  void commonKinds() {
    compiled();
  }

  static void compiled() {
    SplittableRandom random = new SplittableRandom(2);
    for (int kind : COMMON) {
      for (int round = 0; round < 4000; round++) {
        check(random, kind, columns(random));
      }
    }
  }

  private static int columns(SplittableRandom random) {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextInt(1, 700);
      case 1 -> 16 * random.nextInt(1, 20);
      default -> random.nextInt(1, 70);
    };
  }

  private static int kind(SplittableRandom random) {
    int scores = 0;
    scores |= random.nextInt(3) == 0 ? Kind.SCALED : 0;
    scores |= random.nextInt(3) == 0 ? Kind.MASKED : 0;
    scores |= random.nextInt(3) == 0 ? Kind.FROM : 0;
    if (random.nextInt(10) == 0) {
      return Kind.MAX | scores;
    }
    int kind = 0;
    kind |= random.nextInt(3) > 0 ? Kind.TERMS : 0;
    kind |= random.nextInt(3) > 0 ? Kind.SUM : 0;
    kind |= random.nextInt(3) > 0 ? results(random) : 0;
    if ((kind & Kind.TERMS) != 0 && random.nextBoolean()) {
      kind |= Kind.CLAMPED;
    }
    return (kind & (Kind.TERMS | Kind.SUBTRACT)) == 0 ? kind : kind | scores;
  }

  private static int results(SplittableRandom random) {
    int to = random.nextInt(3) == 0 ? Kind.TO : 0;
    return switch (random.nextInt(3)) {
      case 0 -> Kind.SUBTRACT | to;
      case 1 -> Kind.SCALE | Kind.LIFTED | to;
      default -> Kind.SCALE | to;
    };
  }

  private static void check(SplittableRandom random, int kind, int n) {
    boolean inPlace = random.nextInt(3) == 0;
    boolean clamped = (kind & Kind.CLAMPED) != 0;
    long seed = random.nextLong();
    try (Arena arena = Arena.ofConfined()) {
      Turn scalar = turn(new SplittableRandom(seed), arena, kind, n, inPlace);
      Turn vector = turn(new SplittableRandom(seed), arena, kind, n, inPlace);
      ScalarLoops.INSTANCE.turn(kind, scalar);
      VectorLoops.INSTANCE.turn(kind, vector);
      String what = "kind " + kind + ", " + n + " columns, in place: " + inPlace;
      if ((kind & Kind.TERMS) != 0 && !clamped) {
        assertEquals(scalar.plain, vector.plain, what);
      }
      if ((kind & Kind.MAX) != 0) {
        assertEquals(scalar.max, vector.max, what); // tells -0 from +0
      }
      boolean isRight = (kind & Kind.TERMS) == 0 || clamped || scalar.plain;
      // Its own terms may be infinite or NaN, whose sums differ.
      boolean isFinite = scalar.a != scalar.b + 48 || isRight && Double.isFinite(scalar.total());
      if ((kind & Kind.SUM) != 0 && isFinite) {
        for (int lane = 0; lane < scalar.lanes.length; lane++) {
          assertBits(scalar.lanes[lane], vector.lanes[lane], what + ", lane " + lane);
        }
        assertBits(scalar.total(), vector.total(), what + ", total");
      }
      if (isRight) {
        assertSame(scalar.s, vector.s, what + ", terms");
        assertSame(scalar.x, vector.x, what + ", logits");
        assertSame(scalar.out, vector.out, what + ", results");
        assertSame(floats(scalar.g), floats(vector.g), what + ", native logits");
        assertSame(floats(scalar.w), floats(vector.w), what + ", native results");
      }
    }
  }

  /** Three rows of logits and of terms; each has guards before it and behind it. */
  private static Turn turn(SplittableRandom random, Arena arena, int kind, int n, boolean inPlace) {
    boolean any = (kind & (Kind.CLAMPED | Kind.MAX)) != 0 || random.nextInt(20) == 0;
    int pitch = n + MARGIN;
    Turn t = new Turn();
    t.n = n;
    t.i = MARGIN + random.nextInt(16);
    t.j = t.i + pitch;
    t.x = guards(MARGIN + 2 * pitch + MARGIN);
    fill(random, t.x, t.i, n, any);
    fill(random, t.x, t.j, n, any && (kind & Kind.SUBTRACT) != 0);
    if ((kind & Kind.MAX) != 0) {
      largest(random, t.x, t.i, n);
    }
    // Any alignment; the segment begins and ends somewhere.
    t.g = arena.allocate(4L * t.x.length + 3, 64).asSlice(random.nextInt(4), 4L * t.x.length);
    MemorySegment.copy(t.x, 0, t.g, Turn.FLOAT, 0, t.x.length);
    t.at = 4L * t.i;
    t.from = 4L * t.j;
    t.scale = random.nextBoolean() ? 0.125f : 1 + random.nextFloat();
    t.m = random.nextInt(9);
    t.mj = random.nextInt(9);
    t.mask = new float[n + 9];
    fill(random, t.mask, 0, t.mask.length, any && random.nextBoolean());
    t.shift = random.nextInt(3) == 0 ? 600 * random.nextFloat() : 0;
    t.k = 2 * random.nextInt(14, 38);
    t.a = random.nextInt(9);
    t.b = t.a + pitch;
    t.d = t.b + pitch;
    t.s = new float[t.d + pitch];
    Arrays.fill(t.s, Float.intBitsToFloat(GUARD));
    for (int c = 0; c <= n; c++) {
      t.s[t.b + c] = term(random);
      t.s[t.d + c] = term(random);
    }
    if (!inPlace && random.nextBoolean()) {
      t.a = t.d; // where results are made of terms that these take the place of
    }
    if ((kind & Kind.RESULTS) == 0 && random.nextBoolean()) {
      t.a = t.b + 48; // the sum behind its own terms
    }
    t.all = n + random.nextInt(2);
    t.isFirst = random.nextBoolean();
    for (int lane = 0; lane < t.lanes.length; lane++) {
      t.lanes[lane] = 1e20 * random.nextDouble() * Turn.UNIT;
    }
    double factor = random.nextDouble() * ((kind & Kind.LIFTED) != 0 ? Kind.LIFT : 1);
    t.hi = (kind & Kind.SUBTRACT) != 0 ? 8 * random.nextFloat() - 4 : (float) factor;
    t.lo = t.hi * 0x1p-26f * (random.nextFloat() - 0.5f);
    if (inPlace && (kind & Kind.SCALE) != 0) {
      t.out = t.s;
      t.o = t.d;
    } else if (inPlace) {
      t.out = t.x;
      t.o = t.j;
    } else {
      t.o = MARGIN + random.nextInt(16);
      t.out = guards(t.o + pitch);
    }
    if (inPlace && (kind & Kind.SUBTRACT) != 0 && (kind & Kind.FROM) != 0) {
      t.w = t.g;
      t.to = t.from;
    } else {
      float[] guards = guards(pitch + 2 * MARGIN);
      t.w = arena.allocate(4L * guards.length + 3, 64).asSlice(random.nextInt(4));
      MemorySegment.copy(guards, 0, t.w, Turn.FLOAT, 0, guards.length);
      t.to = 4L * MARGIN;
    }
    return t;
  }

  /** Plain logits, with a mask too; or any. */
  private static void fill(SplittableRandom random, float[] x, int i, int n, boolean any) {
    for (int c = 0; c < n; c++) {
      float normal = (float) (3 * random.nextGaussian());
      x[i + c] =
          switch (any ? random.nextInt(12) : 12) {
            case 0 -> Float.NEGATIVE_INFINITY;
            case 1 -> random.nextBoolean() ? 0f : -0f;
            case 2 -> 200 * normal;
            case 3 -> Float.intBitsToFloat(random.nextInt());
            case 4 -> -100 - 10 * random.nextFloat();
            default -> normal;
          };
    }
  }

  /** Largest logits that are negative, or +inf; or any. */
  private static void largest(SplittableRandom random, float[] x, int i, int n) {
    if (random.nextInt(3) == 0) {
      x[i + random.nextInt(n)] = Float.POSITIVE_INFINITY;
    } else if (random.nextBoolean()) {
      for (int c = i; c < i + n; c++) {
        x[c] = -Math.abs(x[c]);
      }
    }
  }

  private static float term(SplittableRandom random) {
    return (float) Math.pow(2, 110 * random.nextDouble() - 12);
  }

  private static float[] guards(int n) {
    float[] guards = new float[n];
    Arrays.fill(guards, Float.intBitsToFloat(GUARD));
    return guards;
  }

  private static float[] floats(MemorySegment segment) {
    float[] floats = new float[(int) (segment.byteSize() / 4)];
    MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, floats, 0, floats.length);
    return floats;
  }

  private static void assertSame(float[] expected, float[] actual, String what) {
    int at = Arrays.mismatch(expected, actual);
    if (at >= 0) {
      assertEquals(expected[at], actual[at], what + ": element " + at);
    }
  }

  private static void assertBits(double expected, double actual, String what) {
    assertEquals(Double.doubleToRawLongBits(expected), Double.doubleToRawLongBits(actual), what);
  }
}
