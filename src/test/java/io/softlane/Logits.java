package io.softlane;

import java.util.random.RandomGenerator;

/** Rows chosen to catch bugs, by kind. */
enum Logits {
  NORMAL("what networks produce") {
    @Override
    float logit(RandomGenerator random, int c) {
      return (float) (3 * random.nextGaussian());
    }
  },
  ALL_NEGATIVE("a maximum that starts at 0 shows") {
    @Override
    float logit(RandomGenerator random, int c) {
      return -1 - 80 * random.nextFloat();
    }
  },
  ABOVE_88("exp overflows without a shift") {
    @Override
    float logit(RandomGenerator random, int c) {
      return 88.7f + 20 * random.nextFloat();
    }
  },
  BELOW_MINUS_104("exp is zero without a shift") {
    @Override
    float logit(RandomGenerator random, int c) {
      return -104 - 30 * random.nextFloat();
    }
  },
  UNDERFLOWING("probabilities from 1 down to subnormal and to zero") {
    @Override
    float logit(RandomGenerator random, int c) {
      return c == 0 ? 3 : 3 - 120 * random.nextFloat();
    }
  },
  SUBNORMAL_PROBABILITIES("all but one are subnormal or zero") {
    @Override
    float logit(RandomGenerator random, int c) {
      return c == 0 ? 40 : 40 - 86 - 19 * random.nextFloat();
    }
  },
  ANY_WINDOW("a maximum anywhere in -130 to 130, and all that does not underflow beside it") {
    @Override
    void fill(RandomGenerator random, float[] data, int start, int n) {
      float top = 130 * (2 * random.nextFloat() - 1);
      for (int c = 0; c < n; c++) {
        data[start + c] = top - 106 * random.nextFloat();
      }
      data[start + random.nextInt(n)] = top;
    }
  },
  EDGE_OF_PLAIN("beside normal ones some that are just plain, or just not") {
    @Override
    float logit(RandomGenerator random, int c) {
      return random.nextInt(20) > 0 ? NORMAL.logit(random, c) : -44 - 2 * random.nextFloat();
    }
  },
  MASKED("every other logit is -inf") {
    @Override
    float logit(RandomGenerator random, int c) {
      return random.nextBoolean() ? NORMAL.logit(random, c) : Float.NEGATIVE_INFINITY;
    }
  },
  SINGLE_LIVE("one finite logit among -inf") {
    @Override
    void fill(RandomGenerator random, float[] data, int start, int n) {
      java.util.Arrays.fill(data, start, start + n, Float.NEGATIVE_INFINITY);
      data[start + random.nextInt(n)] = (float) (random.nextGaussian() * 50);
    }
  },
  ALL_MASKED("nothing but -inf") {
    @Override
    float logit(RandomGenerator random, int c) {
      return Float.NEGATIVE_INFINITY;
    }
  },
  HUGE("up to the largest float, both signs") {
    @Override
    float logit(RandomGenerator random, int c) {
      return (2 * random.nextFloat() - 1) * Float.MAX_VALUE;
    }
  },
  HUGE_NEIGHBOURS("large, and a few floats apart") {
    @Override
    void fill(RandomGenerator random, float[] data, int start, int n) {
      float base = (random.nextBoolean() ? 1 : -1) * Math.scalb(1.5f, random.nextInt(8, 24));
      for (int c = 0; c < n; c++) {
        data[start + c] = base + Math.ulp(base) * random.nextInt(-40, 41);
      }
    }
  },
  SHIFTED("normal, far from zero") {
    @Override
    void fill(RandomGenerator random, float[] data, int start, int n) {
      float base = (float) (random.nextGaussian() * 600);
      for (int c = 0; c < n; c++) {
        data[start + c] = base + NORMAL.logit(random, c);
      }
    }
  },
  SUBNORMAL("subnormal logits: exp of them is 1") {
    @Override
    float logit(RandomGenerator random, int c) {
      return Float.MIN_VALUE * random.nextInt(-1 << 23, 1 << 23);
    }
  },
  ONE_LARGE("one large term, and many that a float sum beside it would lose") {
    @Override
    float logit(RandomGenerator random, int c) {
      return c == 0 ? 5 : 5 - 16.7f - random.nextFloat();
    }
  },
  SIGNED_ZEROS("ties of -0 and +0 for the maximum") {
    @Override
    float logit(RandomGenerator random, int c) {
      return switch (random.nextInt(3)) {
        case 0 -> -0f;
        case 1 -> +0f;
        default -> -random.nextFloat();
      };
    }
  },
  TIES("few values, many maxima") {
    @Override
    float logit(RandomGenerator random, int c) {
      return random.nextInt(3);
    }
  },
  ANY_FINITE("any finite bit pattern") {
    @Override
    float logit(RandomGenerator random, int c) {
      float x = Float.intBitsToFloat(random.nextInt());
      return Float.isFinite(x) ? x : c;
    }
  },
  POSITIVE_INFINITY("some +inf") {
    @Override
    void fill(RandomGenerator random, float[] data, int start, int n) {
      NORMAL.fill(random, data, start, n);
      data[start + random.nextInt(n)] = Float.POSITIVE_INFINITY;
      data[start + random.nextInt(n)] = Float.POSITIVE_INFINITY;
    }
  },
  BOTH_INFINITIES("+inf beside -inf") {
    @Override
    void fill(RandomGenerator random, float[] data, int start, int n) {
      MASKED.fill(random, data, start, n);
      data[start + random.nextInt(n)] = Float.POSITIVE_INFINITY;
    }
  },
  NAN("NaN of either sign and any payload, perhaps beside infinities") {
    @Override
    void fill(RandomGenerator random, float[] data, int start, int n) {
      switch (random.nextInt(4)) {
        case 0 -> NORMAL.fill(random, data, start, n);
        case 1 -> MASKED.fill(random, data, start, n);
        case 2 -> ALL_MASKED.fill(random, data, start, n);
        default -> BOTH_INFINITIES.fill(random, data, start, n);
      }
      for (int i = random.nextInt(1, 3); i > 0; i--) {
        data[start + random.nextInt(n)] = nan(random);
      }
    }
  },
  ONLY_NAN("nothing but NaN") {
    @Override
    float logit(RandomGenerator random, int c) {
      return nan(random);
    }
  };

  /** What the kind is there to catch. */
  final String purpose;

  Logits(String purpose) {
    this.purpose = purpose;
  }

  float logit(RandomGenerator random, int c) {
    throw new UnsupportedOperationException(name());
  }

  void fill(RandomGenerator random, float[] data, int start, int n) {
    for (int c = 0; c < n; c++) {
      data[start + c] = logit(random, c);
    }
  }

  /** NaN with a random sign and payload, quiet or signalling. */
  static float nan(RandomGenerator random) {
    int payload = random.nextInt(1, 1 << 23);
    return Float.intBitsToFloat((random.nextBoolean() ? 0xff800000 : 0x7f800000) | payload);
  }
}
