package io.softlane.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.softlane.Rows;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** PyTorch's ATen, through its own C++ functions; tensors over native memory, made once. */
final class PyTorch {
  /** at::Reduction::Mean. */
  private static final long MEAN = 1;

  /** PyTorch's default for a label that does not count: none is given here. */
  private static final long IGNORE_INDEX = -100;

  private static final long ROW = 1;

  private PyTorch() {}

  static final class Tensors {
    final FloatBuffer results;
    final FloatBuffer loss = Peers.floats(1);
    final Tensor logits;
    final Tensor out;
    final Tensor meanLoss;
    final Tensor labels;

    Tensors(Workload work, boolean perRow) {
      torch.set_num_threads(1);
      long rows = work.batch.rows();
      long cols = work.batch.cols();
      results = Peers.floats(perRow ? work.perRow.length : work.out.length);
      logits = tensor(Peers.copyOf(work.logits), rows, cols);
      out = perRow ? tensor(results, rows) : tensor(results, rows, cols);
      meanLoss = tensor(loss);
      ByteBuffer longs = Peers.bytes(rows * Long.BYTES);
      for (int r = 0; r < rows; r++) {
        longs.putLong(r * Long.BYTES, work.labels[r]);
      }
      labels =
          torch.from_blob(
              new LongPointer(longs.asLongBuffer()),
              new long[] {rows},
              new TensorOptions(torch.ScalarType.Long));
    }

    static Tensor tensor(FloatBuffer values, long... shape) {
      return torch.from_blob(new FloatPointer(values), shape);
    }
  }

  static Operation operation(boolean gradients, Runnable call, Consumer<Workload> fetch) {
    // Of the thread. Where it is on, ATen records what a later backward would need.
    GradMode.set_enabled(gradients);
    return Operation.of(
        work -> {
          // Frees the Java side's tensors; without it they wait for the garbage collector.
          try (PointerScope _ = new PointerScope()) {
            call.run();
          }
        },
        fetch);
  }

  static Operation softmax(Workload work) {
    return Peers.loaded(
        "pytorch",
        () -> {
          Tensors t = new Tensors(work, false);
          return operation(
              false, () -> torch.softmax_out(t.out, t.logits, ROW), w -> t.results.get(0, w.out));
        });
  }

  /** Of scores [heads, queries, keys] and a mask [queries, keys]; the sum has memory of its own. */
  static Operation addSoftmax(Workload work, float[] mask, Rows maskRows) {
    return Peers.loaded(
        "pytorch",
        () -> {
          torch.set_num_threads(1);
          long queries = maskRows.rows();
          long keys = maskRows.cols();
          long heads = work.batch.rows() / queries;
          FloatBuffer results = Peers.floats(work.out.length);
          Tensor logits = Tensors.tensor(Peers.copyOf(work.logits), heads, queries, keys);
          Tensor added = Tensors.tensor(Peers.copyOf(mask), queries, keys);
          Tensor sum = Tensors.tensor(Peers.floats(work.out.length), heads, queries, keys);
          Tensor out = Tensors.tensor(results, heads, queries, keys);
          return operation(
              false,
              () -> {
                torch.add_out(sum, logits, added);
                torch.softmax_out(out, sum, 2);
              },
              w -> results.get(0, w.out));
        });
  }

  static Operation logSoftmax(Workload work) {
    return Peers.loaded(
        "pytorch",
        () -> {
          Tensors t = new Tensors(work, false);
          return operation(
              false,
              () -> torch.log_softmax_out(t.out, t.logits, ROW),
              w -> t.results.get(0, w.out));
        });
  }

  static Operation logSumExp(Workload work) {
    return Peers.loaded(
        "pytorch",
        () -> {
          Tensors t = new Tensors(work, true);
          return operation(
              false,
              () -> torch.logsumexp_out(t.out, t.logits, ROW),
              w -> t.results.get(0, w.perRow));
        });
  }

  /** The mean alone: PyTorch has the rows' losses only where it is told to leave out the mean. */
  static Operation crossEntropy(Workload work) {
    return Peers.loaded(
        "pytorch",
        () -> {
          Tensors t = new Tensors(work, false);
          float[] loss = new float[1];
          return operation(
              false,
              () -> loss[0] = torch.cross_entropy_loss(t.logits, t.labels).item_float(),
              w -> meanLoss(w, loss[0]));
        });
  }

  /** As its pieces, which write where they are told: the loss. */
  static Operation crossEntropyPieces(Workload work) {
    return Peers.loaded(
        "pytorch",
        () -> {
          Tensors t = new Tensors(work, false);
          Pieces pieces = new Pieces(work);
          return operation(false, () -> pieces.forward(t), w -> meanLoss(w, t.loss.get(0)));
        });
  }

  /** As its pieces, which write where they are told: loss and gradient. */
  static Operation crossEntropyGradientPieces(Workload work) {
    return Peers.loaded(
        "pytorch",
        () -> {
          Tensors t = new Tensors(work, false);
          Pieces pieces = new Pieces(work);
          return operation(
              false,
              () -> {
                pieces.forward(t);
                pieces.backward(t);
              },
              w -> {
                meanLoss(w, t.loss.get(0));
                t.results.get(0, w.out);
              });
        });
  }

  /** As a training step has it: cross_entropy_loss, then backward; the gradient is made anew. */
  static Operation crossEntropyGradientAutograd(Workload work) {
    return Peers.loaded(
        "pytorch",
        () -> {
          Tensors t = new Tensors(work, false);
          t.logits.set_requires_grad(true);
          float[] loss = new float[1];
          return operation(
              true,
              () -> {
                Tensor mean = torch.cross_entropy_loss(t.logits, t.labels);
                // Else backward would add to the last call's gradient.
                t.logits.mutable_grad().reset();
                mean.backward();
                loss[0] = mean.item_float();
              },
              w -> {
                meanLoss(w, loss[0]);
                new FloatPointer(t.logits.grad().data_ptr_float()).get(w.out);
              });
        });
  }

  private static void meanLoss(Workload work, double loss) {
    work.meanLoss = loss;
    work.hasRowLosses = false;
  }

  private static final class Pieces {
    final Tensor logProbabilities;
    final Tensor lossGradient;
    final Tensor one;
    final Tensor weight = Tensors.tensor(Peers.floats(1));
    final TensorOptional unweighted = new TensorOptional();

    Pieces(Workload work) {
      long rows = work.batch.rows();
      long cols = work.batch.cols();
      logProbabilities = Tensors.tensor(Peers.floats(work.out.length), rows, cols);
      lossGradient = Tensors.tensor(Peers.floats(work.out.length), rows, cols);
      one = Tensors.tensor(Peers.copyOf(new float[] {1}));
    }

    void forward(Tensors t) {
      torch.log_softmax_out(logProbabilities, t.logits, ROW);
      torch.nll_loss_forward_out(
          t.meanLoss, weight, logProbabilities, t.labels, unweighted, MEAN, IGNORE_INDEX);
    }

    void backward(Tensors t) {
      torch.nll_loss_backward_out(
          lossGradient, one, logProbabilities, t.labels, unweighted, MEAN, IGNORE_INDEX, weight);
      logSoftmaxBackward(lossGradient, logProbabilities, t.out);
    }
  }

  /**
   * at::_log_softmax_backward_data_out, which JavaCPP's binding leaves out; libtorch exports it.
   */
  private static final class LogSoftmaxBackward {
    private static final String SYMBOL =
        "_ZN2at4_ops30_log_softmax_backward_data_out4callERKNS_6TensorES4_lN3c1010ScalarTypeERS2_";
    static final MethodHandle CALL = find();

    @SuppressWarnings("restricted") // the benchmarks run with --enable-native-access
    private static MethodHandle find() {
      Path binding = Path.of(Loader.load(torch.class));
      SymbolLookup library =
          SymbolLookup.libraryLookup(binding.resolveSibling("libtorch_cpu.so"), Arena.global());
      return Linker.nativeLinker()
          .downcallHandle(
              library.findOrThrow(SYMBOL),
              FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS, JAVA_LONG, JAVA_BYTE, ADDRESS));
    }
  }

  private static void logSoftmaxBackward(Tensor gradient, Tensor output, Tensor result) {
    try {
      MemorySegment same =
          (MemorySegment)
              LogSoftmaxBackward.CALL.invokeExact(
                  address(gradient),
                  address(output),
                  ROW,
                  torch.ScalarType.Float.value,
                  address(result));
      assert same.address() == result.address();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static MemorySegment address(Pointer pointer) {
    return MemorySegment.ofAddress(pointer.address());
  }

  static String describe() {
    return "PyTorch " + torch.TORCH_VERSION + ", " + torch.get_cpu_capability().getString();
  }
}
