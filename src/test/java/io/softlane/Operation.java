package io.softlane;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Every operation of {@link SoftmaxKernels}, with the arguments that it takes. */
enum Operation {
  MAX(Argument.RESULTS) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.max(c.in, c.inRows, c.results);
      return null;
    }
  },
  ARGMAX(Argument.INDICES) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.argmax(c.in, c.inRows, c.indices);
      return null;
    }
  },
  EXP_SUM(Argument.PER_ROW, Argument.OUT, Argument.RESULTS) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.expSum(c.in, c.inRows, c.perRow, c.out, c.outRows, c.results);
      return null;
    }
  },
  NORMALIZE(Argument.PER_ROW, Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.normalize(c.in, c.inRows, c.perRow, c.out, c.outRows);
      return null;
    }
  },
  SUBTRACT_ONE_HOT(Argument.LABELS, Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.subtractOneHot(c.in, c.inRows, c.labels, c.out, c.outRows);
      return null;
    }
  },
  SUBTRACT(Argument.SECOND, Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.subtract(c.in, c.inRows, c.second, c.secondRows, c.out, c.outRows);
      return null;
    }
  },
  LOG_SUM_EXP(Argument.RESULTS) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.logSumExp(c.in, c.inRows, c.results);
      return null;
    }
  },
  SOFTMAX(Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.softmax(c.in, c.inRows, c.out, c.outRows);
      return null;
    }
  },
  LOG_SOFTMAX(Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.logSoftmax(c.in, c.inRows, c.out, c.outRows);
      return null;
    }
  },
  SOFTMAX_BACKWARD(Argument.SECOND, Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.softmaxBackward(c.in, c.inRows, c.second, c.secondRows, c.out, c.outRows);
      return null;
    }
  },
  LOG_SOFTMAX_BACKWARD(Argument.SECOND, Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.logSoftmaxBackward(c.in, c.inRows, c.second, c.secondRows, c.out, c.outRows);
      return null;
    }
  },
  LOSS_OF_LABELS(Argument.LABELS, Argument.OPTIONS, Argument.RESULTS) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      return k.crossEntropy(c.in, c.inRows, c.labels, c.options, c.results);
    }
  },
  GRADIENT_OF_LABELS(Argument.LABELS, Argument.OPTIONS, Argument.RESULTS, Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      return k.crossEntropyGradient(
          c.in, c.inRows, c.labels, c.options, c.results, c.out, c.outRows);
    }
  },
  LOSS_OF_TARGETS(Argument.SECOND, Argument.OPTIONS, Argument.RESULTS) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      return k.crossEntropy(c.in, c.inRows, c.second, c.secondRows, c.options, c.results);
    }
  },
  GRADIENT_OF_TARGETS(Argument.SECOND, Argument.OPTIONS, Argument.RESULTS, Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      return k.crossEntropyGradient(
          c.in, c.inRows, c.second, c.secondRows, c.options, c.results, c.out, c.outRows);
    }
  },
  ENTROPY(Argument.RESULTS) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.entropy(c.in, c.inRows, c.results);
      return null;
    }
  },
  LOG_SUM_EXP_OF_SCORES(Argument.SCORES, Argument.RESULTS) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.logSumExp(c.in, c.inRows, c.scores, c.results);
      return null;
    }
  },
  SOFTMAX_OF_SCORES(Argument.SCORES, Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.softmax(c.in, c.inRows, c.scores, c.out, c.outRows);
      return null;
    }
  },
  LOG_SOFTMAX_OF_SCORES(Argument.SCORES, Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.logSoftmax(c.in, c.inRows, c.scores, c.out, c.outRows);
      return null;
    }
  },
  SOFTCAP(Argument.OUT) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.softcap(c.in, c.inRows, 2.5f, c.out, c.outRows);
      return null;
    }
  },
  /** Of k values and columns a row. */
  TOP_K(Argument.RESULTS, Argument.INDICES) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.topK(c.in, c.inRows, c.k, c.results, c.indices);
      return null;
    }
  },
  SAMPLE(Argument.PER_ROW, Argument.RESULTS, Argument.INDICES) {
    @Override
    Loss run(SoftmaxKernels k, Call c) {
      k.sample(c.in, c.inRows, c.how, c.perRow, c.indices, c.results);
      return null;
    }
  };

  /** What an operation takes beside its first batch. */
  enum Argument {
    SECOND,
    PER_ROW,
    LABELS,
    OPTIONS,
    SCORES,
    OUT,
    RESULTS,
    INDICES
  }

  /**
   * Those that the fuzzer's corpus names, and {@link BitsHash#GOLDEN} has: what is new comes after.
   */
  static final List<Operation> CORE =
      List.copyOf(EnumSet.range(Operation.MAX, Operation.GRADIENT_OF_TARGETS));

  private final Set<Argument> arguments = EnumSet.noneOf(Argument.class);

  Operation(Argument... arguments) {
    this.arguments.addAll(Set.of(arguments));
  }

  boolean takes(Argument argument) {
    return arguments.contains(argument);
  }

  /** Whether an output may be null: losses, log-probabilities, one of the two of the k largest. */
  boolean mayLack(Argument output) {
    return takes(output)
        && (this == TOP_K
            || output == Argument.RESULTS && (this == SAMPLE || takes(Argument.OPTIONS)));
  }

  /** Runs the operation on the fields that it takes. */
  abstract Loss run(SoftmaxKernels kernels, Call call);
}
