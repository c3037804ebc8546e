package io.softlane.benchmarks;

import io.softlane.SoftmaxKernels;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * From logits to a token, and what else is done to them: {@code vector} is the kernels' call,
 * {@code yardstick} a simpler one on the same batch. That is log-sum-exp; of the largest logit
 * argmax, of routers max, of softcap a product. {@code logprobabilities} is {@code vector} with the
 * tokens' log-probabilities besides.
 */
public class TokensBenchmark extends OperationBenchmark {
  @Param({"1x128256", "64x128256", "4096x128", "4096x256", "1x262144"})
  public String shape;

  @Param({
    "temperature",
    "temperature-tail",
    "topp",
    "topp-tail",
    "topktopp",
    "topktopp-tail",
    "greedy",
    "greedy-tail",
    "topk",
    "topk-tail",
    "router",
    "softcap"
  })
  public String call = "topk";

  @Param({
    "yardstick",
    "vector",
    "logprobabilities",
    "naive",
    "queue",
    "sort",
    "scans",
    "llama3",
    "onnxruntime",
    "pytorch"
  })
  public String variant;

  private Tokens tokens;
  private float[] logProbabilities;

  static boolean has(Map<String, String> batch, String variant) {
    return TokenCall.of(batch.get("call")).has(batch.get("shape"), variant);
  }

  @Setup
  public void prepare() {
    prepare(shape, variant);
  }

  @Override
  void prepare(String shape, String variant) {
    prepare(Workload.of(shape, TokenCall.data(call)), shape + " " + call, variant);
  }

  @Benchmark
  public void tokens() {
    operation.run(work);
  }

  @Override
  Operation operation(String variant, Workload work) {
    TokenCall is = TokenCall.of(call);
    if (!is.has(variant)) {
      throw Operation.unknown(variant);
    }
    Tokens t = new Tokens(is, work);
    tokens = t;
    logProbabilities = variant.equals("logprobabilities") ? new float[t.rows] : null;
    return switch (variant) {
      case "yardstick" -> yardstick(t);
      case "vector", "logprobabilities" -> vector(t);
      case "onnxruntime" -> onnxruntime(t);
      case "pytorch" -> PyTorchTokens.operation(t);
      default -> {
        Runnable loop = loop(variant, new TokenLoops(t));
        yield w -> loop.run();
      }
    };
  }

  private static Operation yardstick(Tokens t) {
    SoftmaxKernels kernels = SoftmaxKernels.vector();
    return switch (t.call) {
      case GREEDY -> w -> kernels.argmax(w.logits, w.batch, t.tokens);
      case ROUTER -> w -> kernels.max(w.logits, w.batch, w.perRow);
      case SOFTCAP -> {
        TokenLoops loops = new TokenLoops(t);
        yield w -> loops.scale();
      }
      default -> w -> kernels.logSumExp(w.logits, w.batch, w.perRow);
    };
  }

  private Operation vector(Tokens t) {
    SoftmaxKernels kernels = SoftmaxKernels.vector();
    return switch (t.call) {
      case TOPK, ROUTER -> w -> kernels.topK(w.logits, w.batch, t.k, t.values, t.indices);
      case SOFTCAP -> w -> kernels.softcap(w.logits, w.batch, Tokens.CAP, w.out, w.batch);
      default -> {
        float[] logs = logProbabilities;
        yield w -> kernels.sample(w.logits, w.batch, t.call.sampling, t.uniforms, t.tokens, logs);
      }
    };
  }

  /** TopK alone: the draw from 40 is a loop. */
  private static Operation onnxruntime(Tokens t) {
    if (t.call == TokenCall.SOFTCAP) {
      return OnnxRuntime.softcap(t.work, Tokens.CAP);
    }
    OnnxRuntime.Largest largest = OnnxRuntime.topK(t);
    if (t.call != TokenCall.TOPKTOPP) {
      return largest;
    }
    TokenLoops loops = new TokenLoops(t);
    return w -> {
      largest.run(w);
      loops.selectAndDraw(largest);
    };
  }

  private Runnable loop(String variant, TokenLoops loops) {
    TokenCall is = TokenCall.of(call);
    if (is == TokenCall.TOPP) {
      return switch (variant) {
        case "queue" -> loops::nucleusByQueue;
        case "sort" -> loops::nucleusBySort;
        default -> loops::nucleus;
      };
    }
    TokenLoops.Selection selection =
        switch (variant) {
          case "queue" -> loops::queue;
          case "sort" -> loops::sort;
          default -> loops::scans;
        };
    return switch (is) {
      case TEMPERATURE -> loops::temperature;
      case GREEDY -> loops::greedy;
      case SOFTCAP -> loops::softcap;
      case TOPKTOPP -> () -> loops.selectAndDraw(selection);
      default -> () -> loops.select(selection);
    };
  }

  @Override
  double check(String variant, Workload work) {
    TokenCall is = TokenCall.of(call);
    if (is == TokenCall.SOFTCAP) {
      float[] scalar = new float[work.out.length];
      SoftmaxKernels.scalar().softcap(work.logits, work.batch, Tokens.CAP, scalar, work.batch);
      if (variant.equals("yardstick")) {
        return Double.NaN;
      }
      if (variant.equals("vector")) {
        Check.same(variant, work, work.out, scalar);
      }
      return Check.softcap(variant, work, Tokens.CAP);
    }
    if (is == TokenCall.GREEDY) {
      TokenCheck.greedy(variant, tokens);
    } else if (variant.equals("yardstick")) {
      float[] scalar = new float[work.perRow.length];
      if (is == TokenCall.ROUTER) {
        SoftmaxKernels.scalar().max(work.logits, work.batch, scalar);
      } else {
        SoftmaxKernels.scalar().logSumExp(work.logits, work.batch, scalar);
      }
      Check.same(variant, work, work.perRow, scalar);
      return Double.NaN;
    } else if (is.sampling == null) {
      TokenCheck.largest(variant, tokens);
    } else {
      TokenCheck.draws(variant, tokens, order(variant));
    }
    if (is.sampling != null && (variant.equals("vector") || logProbabilities != null)) {
      TokenCheck.same(variant, tokens, logProbabilities);
    }
    return Double.NaN;
  }

  private TokenCheck.Order order(String variant) {
    if (variant.equals("pytorch")) {
      return TokenCheck.Order.UNKNOWN;
    }
    boolean byColumn =
        variant.equals("vector")
            || variant.equals("logprobabilities")
            || TokenCall.of(call) == TokenCall.TEMPERATURE;
    return byColumn ? TokenCheck.Order.COLUMNS : TokenCheck.Order.LARGEST_FIRST;
  }
}
