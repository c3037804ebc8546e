package io.softlane.benchmarks;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * From logits to a token by ATen's own functions, as generation loops call them; each writes into a
 * tensor made before. A draw is multinomial, with random numbers of PyTorch's own.
 */
final class PyTorchTokens {
  private static final long COLUMNS = 1;

  private final Tokens t;
  private final Tensor logits;
  private final Tensor values;
  private final LongBuffer indexValues;
  private final Tensor indices;
  private final LongBuffer drawnValues;
  private final Tensor drawn;
  private final Tensor probabilities;
  private final Tensor sums;
  private final Tensor beyond;
  private final Tensor token;
  private final LongBuffer tokenValues;
  private final FloatBuffer valueValues;

  private PyTorchTokens(Tokens t) {
    this.t = t;
    torch.set_num_threads(1);
    int rows = t.rows;
    logits = PyTorch.Tensors.tensor(Peers.copyOf(t.work.logits), rows, t.cols);
    valueValues = Peers.floats(rows * t.k);
    values = PyTorch.Tensors.tensor(valueValues, rows, t.k);
    indexValues = longs(rows * t.k);
    indices = tensor(indexValues, rows, t.k);
    drawnValues = longs(rows);
    drawn = tensor(drawnValues, rows, 1);
    tokenValues = longs(rows);
    token = tensor(tokenValues, rows, 1);
    probabilities = PyTorch.Tensors.tensor(Peers.floats(rows * t.k), rows, t.k);
    sums = PyTorch.Tensors.tensor(Peers.floats(rows * t.k), rows, t.k);
    beyond =
        torch.from_blob(
            new BytePointer(Peers.bytes((long) rows * t.k)),
            new long[] {rows, t.k},
            new TensorOptions(torch.ScalarType.Bool));
  }

  private static LongBuffer longs(int size) {
    return Peers.bytes((long) size * Long.BYTES).asLongBuffer();
  }

  private static Tensor tensor(LongBuffer values, long... shape) {
    return torch.from_blob(
        new LongPointer(values), shape, new TensorOptions(torch.ScalarType.Long));
  }

  static Operation operation(Tokens t) {
    return Peers.loaded(
        "pytorch", () -> t.call == TokenCall.SOFTCAP ? softcap(t) : new PyTorchTokens(t).make());
  }

  private Operation make() {
    return switch (t.call) {
      case TOPK, ROUTER ->
          PyTorch.operation(
              false,
              () -> torch.topk_out(values, indices, logits, t.k),
              w -> {
                valueValues.get(0, t.values);
                copy(indexValues, t.indices);
              });
      case GREEDY -> {
        LongOptional columns = new LongOptional(COLUMNS);
        Tensor best = tensor(tokenValues, t.rows);
        yield PyTorch.operation(
            false,
            () -> torch.argmax_out(best, logits, columns, false),
            w -> copy(tokenValues, t.tokens));
      }
      case TEMPERATURE -> {
        Scalar scale = new Scalar(t.scale());
        yield PyTorch.operation(
            false,
            () -> {
              torch.mul_out(values, logits, scale);
              torch.softmax_out(probabilities, values, COLUMNS);
              torch.multinomial_out(drawn, probabilities, 1);
            },
            w -> copy(drawnValues, t.tokens));
      }
      default -> {
        Scalar p = new Scalar(t.p());
        Scalar zero = new Scalar(0f);
        yield PyTorch.operation(false, () -> nucleus(p, zero), w -> copy(tokenValues, t.tokens));
      }
    };
  }

  /** topk, or sort where there is no k; softmax, whose terms beyond p become 0; multinomial. */
  private void nucleus(Scalar p, Scalar zero) {
    if (t.k < t.cols) {
      torch.topk_out(values, indices, logits, t.k);
    } else {
      torch.sort_out(values, indices, logits, COLUMNS, true);
    }
    torch.softmax_out(probabilities, values, COLUMNS);
    torch.cumsum_out(sums, probabilities, COLUMNS);
    torch.sub_out(sums, sums, probabilities);
    torch.gt_out(beyond, sums, p);
    probabilities.masked_fill_(beyond, zero);
    torch.multinomial_out(drawn, probabilities, 1);
    torch.gather_out(token, indices, COLUMNS, drawn);
  }

  private static void copy(LongBuffer from, int[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = (int) from.get(i);
    }
  }

  /** cap * tanh(x / cap). */
  private static Operation softcap(Tokens t) {
    torch.set_num_threads(1);
    FloatBuffer results = Peers.floats(t.work.out.length);
    Tensor logits = PyTorch.Tensors.tensor(Peers.copyOf(t.work.logits), t.rows, t.cols);
    Tensor out = PyTorch.Tensors.tensor(results, t.rows, t.cols);
    Scalar cap = new Scalar(Tokens.CAP);
    return PyTorch.operation(
        false,
        () -> {
          torch.div_out(out, logits, cap);
          torch.tanh_out(out, out);
          torch.mul_out(out, out, cap);
        },
        w -> results.get(0, w.out));
  }
}
