package io.softlane;

import java.util.random.RandomGenerator;

/** Where {@link Search} begins: rows near the places where a kernel does something else. */
enum SearchFamily {
  GAUSSIAN {
    @Override
    void fill(RandomGenerator random, float[] x) {
      double deviation = Math.scalb(0.5, random.nextInt(6));
      each(x, () -> random.nextGaussian() * deviation);
    }
  },
  UNIFORM_WIDE {
    @Override
    void fill(RandomGenerator random, float[] x) {
      double range = Math.scalb(1.0, random.nextInt(9));
      double middle = random.nextInt(3) == 0 ? random.nextGaussian() * 100 : 0;
      each(x, () -> middle + range * (2 * random.nextDouble() - 1));
    }
  },
  TWO_OR_THREE_MAXIMA {
    @Override
    void fill(RandomGenerator random, float[] x) {
      float top = (float) (random.nextGaussian() * 30);
      each(x, () -> top - 110 * random.nextDouble());
      for (int i = random.nextInt(2, 4); i > 0; i--) {
        x[random.nextInt(x.length)] = top + random.nextInt(-3, 4) * Math.ulp(top);
      }
    }
  },
  EQUAL {
    @Override
    void fill(RandomGenerator random, float[] x) {
      double value = random.nextGaussian() * Math.scalb(1.0, random.nextInt(10));
      each(x, () -> value);
    }
  },
  HARD {
    @Override
    void fill(RandomGenerator random, float[] x) {
      each(x, () -> HardArguments.any(random, random.nextBoolean()));
    }
  },
  /** Terms that are all too large beside one that is too small, or the other way round. */
  HARD_AGAINST_ONE {
    @Override
    void fill(RandomGenerator random, float[] x) {
      boolean high = random.nextInt(4) > 0;
      double top = random.nextDouble() * 60 - 30;
      double range = random.nextBoolean() ? 1 : 40;
      each(x, () -> HardArguments.near((float) (top - range * random.nextDouble()), high));
      x[random.nextInt(x.length)] = HardArguments.any(random, !high);
    }
  },
  /** Probabilities around the smallest normal float, and below. */
  BARELY_NORMAL {
    @Override
    void fill(RandomGenerator random, float[] x) {
      double top = random.nextGaussian() * 30;
      double from = -126 + random.nextInt(-8, 3);
      each(x, () -> top + (from - 4 * random.nextDouble()) * StrictMath.log(2));
      x[random.nextInt(x.length)] = (float) top;
    }
  },
  SUBNORMAL {
    @Override
    void fill(RandomGenerator random, float[] x) {
      double top = random.nextGaussian() * 30;
      each(x, () -> top + (-126 - 25 * random.nextDouble()) * StrictMath.log(2));
      x[random.nextInt(x.length)] = (float) top;
    }
  },
  /** Terms whose sum is a power of two, but for some ULPs. */
  POWER_OF_TWO {
    @Override
    void fill(RandomGenerator random, float[] x) {
      double base = random.nextInt(-60, 60) - StrictMath.log(x.length) / StrictMath.log(2);
      each(x, () -> base * StrictMath.log(2));
      int i = random.nextInt(x.length);
      x[i] += random.nextInt(-9, 10) * Math.ulp(x[i]);
    }
  },
  /** The sum is about 2^26 or 2^97, under the anchor 0. */
  EDGE_OF_WINDOW {
    @Override
    void fill(RandomGenerator random, float[] x) {
      double edge = (random.nextBoolean() ? LOW : HIGH) * 0x1p-52;
      double lse = StrictMath.log(edge) + random.nextInt(-3, 4) * 1e-6;
      double range = random.nextBoolean() ? 0 : 30 * random.nextDouble();
      each(x, () -> lse - StrictMath.log(x.length) - range * random.nextDouble());
    }
  },
  /** Logits that are just plain, or just not. */
  EDGE_OF_PLAIN {
    @Override
    void fill(RandomGenerator random, float[] x) {
      each(x, () -> random.nextInt(3) > 0 ? 3 * random.nextGaussian() : plainEdge(random));
    }
  },
  /** A maximum about as large as anchor 0 always serves. */
  EDGE_OF_SURE {
    @Override
    void fill(RandomGenerator random, float[] x) {
      edge(random, x, SURE);
    }
  },
  /** A maximum from which on logits are shifted. */
  EDGE_OF_SHIFT {
    @Override
    void fill(RandomGenerator random, float[] x) {
      edge(random, x, 512);
    }
  },
  HUGE {
    @Override
    void fill(RandomGenerator random, float[] x) {
      float base =
          (float) (StrictMath.pow(10, 3 + 35 * random.nextDouble()) * (random.nextInt(3) - 1));
      float ulp = Math.ulp(base);
      each(x, () -> base + random.nextInt(-4, 5) * (double) ulp);
    }
  },
  MASKED {
    @Override
    void fill(RandomGenerator random, float[] x) {
      any(random).fill(random, x);
      for (int i = random.nextInt(x.length); i > 0; i--) {
        x[random.nextInt(x.length)] = Float.NEGATIVE_INFINITY;
      }
      x[random.nextInt(x.length)] = (float) (random.nextGaussian() * 30);
    }
  },
  /** What a sum in floats would lose beside the largest term. */
  ONE_LARGE {
    @Override
    void fill(RandomGenerator random, float[] x) {
      double top = random.nextGaussian() * 20;
      each(x, () -> top - 16.7 - random.nextDouble());
      x[random.nextInt(x.length)] = (float) top;
    }
  };

  // What the window is: see WindowTest.
  private static final double LOW = 0x1p26;
  private static final double HIGH = 0x1p97;
  private static final float SURE = 17;

  private interface Draw {
    double next();
  }

  abstract void fill(RandomGenerator random, float[] x);

  static SearchFamily any(RandomGenerator random) {
    return values()[random.nextInt(values().length)];
  }

  private static void each(float[] x, Draw draw) {
    for (int c = 0; c < x.length; c++) {
      x[c] = (float) draw.next();
    }
  }

  private static double plainEdge(RandomGenerator random) {
    double n = random.nextBoolean() ? -65 : 62;
    return (n + random.nextInt(-1, 2) + 0.5) * StrictMath.log(2) + 1e-5 * random.nextGaussian();
  }

  private static void edge(RandomGenerator random, float[] x, float edge) {
    float top = (edge + random.nextInt(-3, 4) * Math.ulp(edge)) * (random.nextBoolean() ? 1 : -1);
    double range = Math.scalb(1.0, random.nextInt(-20, 8));
    each(x, () -> Math.min(top, top - range * random.nextDouble()));
    x[random.nextInt(x.length)] = top;
  }
}
