package io.softlane.benchmarks;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.softlane.Rows;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;

/** ONNX Runtime: a model of a node or two, its output pinned to a tensor made once. */
final class OnnxRuntime implements Operation {
  private final OrtSession session;
  private final Map<String, OnnxTensor> in;
  private final Map<String, OnnxTensor> out;
  private final FloatBuffer results;
  private final boolean perRow;

  private OnnxRuntime(Workload work, String operator) throws OrtException {
    this(
        work,
        operator.startsWith("Reduce"),
        Model.of(operator, work.batch.rows(), work.batch.cols(), operator.startsWith("Reduce")));
  }

  private OnnxRuntime(Workload work, boolean perRow, byte[] model) throws OrtException {
    this.perRow = perRow;
    long rows = work.batch.rows();
    long cols = work.batch.cols();
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    session = session(model);
    long[] shape = {rows, cols};
    in = Map.of("x", OnnxTensor.createTensor(environment, Peers.copyOf(work.logits), shape));
    results = Peers.floats(perRow ? work.perRow.length : work.out.length);
    long[] outShape = {rows, perRow ? 1 : cols};
    out = Map.of("y", OnnxTensor.createTensor(environment, results, outShape));
  }

  /** Of scores [heads, queries, keys] and a mask [queries, keys], which is added or chooses. */
  private OnnxRuntime(Workload work, float[] mask, Rows maskRows, boolean where)
      throws OrtException {
    perRow = false;
    long[] maskShape = {maskRows.rows(), maskRows.cols()};
    long[] shape = {work.batch.rows() / maskRows.rows(), maskRows.rows(), maskRows.cols()};
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    session = session(Model.masked(where, shape, maskShape));
    in =
        Map.of(
            "x",
            OnnxTensor.createTensor(environment, Peers.copyOf(work.logits), shape),
            "m",
            where
                ? OnnxTensor.createTensor(environment, kept(mask), maskShape, OnnxJavaType.BOOL)
                : OnnxTensor.createTensor(environment, Peers.copyOf(mask), maskShape));
    results = Peers.floats(work.out.length);
    out = Map.of("y", OnnxTensor.createTensor(environment, results, shape));
  }

  private static OrtSession session(byte[] model) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    return OrtEnvironment.getEnvironment().createSession(model, options);
  }

  /** One byte each: whether it is not masked out. */
  private static ByteBuffer kept(float[] mask) {
    ByteBuffer kept = Peers.bytes(mask.length);
    for (int i = 0; i < mask.length; i++) {
      kept.put(i, (byte) (mask[i] == Float.NEGATIVE_INFINITY ? 0 : 1));
    }
    return kept;
  }

  /** softmax(x + m). */
  static Operation addSoftmax(Workload work, float[] mask, Rows maskRows) {
    return Peers.loaded("onnxruntime", () -> new OnnxRuntime(work, mask, maskRows, false));
  }

  /** softmax(m ? x : -inf). */
  static Operation whereSoftmax(Workload work, float[] mask, Rows maskRows) {
    return Peers.loaded("onnxruntime", () -> new OnnxRuntime(work, mask, maskRows, true));
  }

  static Operation softmax(Workload work) {
    return Peers.loaded("onnxruntime", () -> new OnnxRuntime(work, "Softmax"));
  }

  static Operation logSoftmax(Workload work) {
    return Peers.loaded("onnxruntime", () -> new OnnxRuntime(work, "LogSoftmax"));
  }

  static Operation logSumExp(Workload work) {
    return Peers.loaded("onnxruntime", () -> new OnnxRuntime(work, "ReduceLogSumExp"));
  }

  /** cap * tanh(x / cap). */
  static Operation softcap(Workload work, float cap) {
    return Peers.loaded(
        "onnxruntime",
        () ->
            new OnnxRuntime(work, false, Model.softcap(work.batch.rows(), work.batch.cols(), cap)));
  }

  static Largest topK(Tokens t) {
    return Peers.loaded("onnxruntime", () -> new Largest(t));
  }

  /** The k largest of each row, and their columns, both in native memory. */
  static final class Largest implements Operation, TokenLoops.Selection {
    private final Tokens t;
    private final OrtSession session;
    private final Map<String, OnnxTensor> in;
    private final Map<String, OnnxTensor> out;
    private final FloatBuffer values;
    private final LongBuffer indices;

    private Largest(Tokens t) throws OrtException {
      this.t = t;
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      session = session(Model.topK(t.rows, t.cols, t.k));
      long[] shape = {t.rows, t.cols};
      in = Map.of("x", OnnxTensor.createTensor(environment, Peers.copyOf(t.work.logits), shape));
      values = Peers.floats(t.rows * t.k);
      indices = Peers.bytes((long) t.rows * t.k * Long.BYTES).asLongBuffer();
      long[] outShape = {t.rows, t.k};
      out =
          Map.of(
              "y", OnnxTensor.createTensor(environment, values, outShape),
              "i", OnnxTensor.createTensor(environment, indices, outShape));
    }

    @Override
    public void run(Workload work) {
      OnnxRuntime.run(session, in, out);
    }

    @Override
    public void largest(int row, int to) {
      for (int j = 0; j < t.k; j++) {
        t.values[to + j] = values.get(row * t.k + j);
        t.indices[to + j] = (int) indices.get(row * t.k + j);
      }
    }

    @Override
    public void fetch(Workload work) {
      for (int r = 0; r < t.rows; r++) {
        largest(r, r * t.k);
      }
    }
  }

  @Override
  public void run(Workload work) {
    run(session, in, out);
  }

  private static void run(
      OrtSession session, Map<String, OnnxTensor> in, Map<String, OnnxTensor> out) {
    try {
      session.run(in, out).close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void fetch(Workload work) {
    results.get(0, perRow ? work.perRow : work.out);
  }

  static String describe() {
    return "ONNX Runtime " + OrtEnvironment.getEnvironment().getVersion();
  }

  /**
   * A model as protobuf writes it, of which it needs two forms only: varints and nested bytes. The
   * field numbers are those of onnx.proto.
   */
  private static final class Model {
    private static final int FLOAT = 1; // TensorProto.DataType
    private static final int LONG = 7;
    private static final int BOOL = 9;
    private static final byte[] INFINITY = {0, 0, (byte) 0x80, (byte) 0xff}; // -inf, low byte first
    private static final int INT = 2; // AttributeProto.AttributeType
    private static final int INTS = 7;
    private static final int OPSET =
        13; // the first whose Softmax means one axis, not all that follow

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    static byte[] of(String operator, long rows, long cols, boolean perRow) {
      return new Model()
          .number(1, 8) // ir_version
          .message(
              7, // graph
              graph ->
                  graph
                      .message(
                          1, // node
                          node ->
                              node.text(1, "x")
                                  .text(2, "y")
                                  .text(4, operator)
                                  .message(5, a -> axis(a, perRow)))
                      .text(2, "softlane")
                      .message(11, x -> value(x, "x", FLOAT, rows, cols))
                      .message(12, y -> value(y, "y", FLOAT, rows, perRow ? 1 : cols)))
          .message(8, opset -> opset.number(2, OPSET))
          .bytes
          .toByteArray();
    }

    /** Where, or Add, then Softmax of the last axis of three. */
    static byte[] masked(boolean where, long[] shape, long[] mask) {
      return new Model()
          .number(1, 8) // ir_version
          .message(
              7, // graph
              graph -> {
                graph.message(
                    1, // node
                    node -> {
                      if (where) {
                        node.text(1, "m").text(1, "x").text(1, "f").text(2, "s").text(4, "Where");
                      } else {
                        node.text(1, "x").text(1, "m").text(2, "s").text(4, "Add");
                      }
                    });
                graph.message(
                    1,
                    node ->
                        node.text(1, "s")
                            .text(2, "y")
                            .text(4, "Softmax")
                            .message(5, a -> a.text(1, "axis").number(3, 2).number(20, INT)));
                graph.text(2, "softlane");
                if (where) {
                  // initializer, of no dimensions
                  graph.message(5, f -> f.number(2, FLOAT).text(8, "f").nested(9, INFINITY));
                }
                graph
                    .message(11, x -> value(x, "x", FLOAT, shape))
                    .message(11, m -> value(m, "m", where ? BOOL : FLOAT, mask))
                    .message(12, y -> value(y, "y", FLOAT, shape));
              })
          .message(8, opset -> opset.number(2, OPSET))
          .bytes
          .toByteArray();
    }

    /** The largest k of the last axis, largest first, and their indices. */
    static byte[] topK(long rows, long cols, long k) {
      return new Model()
          .number(1, 8) // ir_version
          .message(
              7, // graph
              graph ->
                  graph
                      .message(
                          1, // node
                          node ->
                              node.text(1, "x")
                                  .text(1, "k")
                                  .text(2, "y")
                                  .text(2, "i")
                                  .text(4, "TopK"))
                      .text(2, "softlane")
                      // initializer, of one dimension
                      .message(5, n -> n.number(1, 1).number(2, LONG).number(7, k).text(8, "k"))
                      .message(11, x -> value(x, "x", FLOAT, rows, cols))
                      .message(12, y -> value(y, "y", FLOAT, rows, k))
                      .message(12, i -> value(i, "i", LONG, rows, k)))
          .message(8, opset -> opset.number(2, OPSET))
          .bytes
          .toByteArray();
    }

    /** Div, Tanh, Mul. */
    static byte[] softcap(long rows, long cols, float cap) {
      byte[] bytes =
          ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).putFloat(cap).array();
      return new Model()
          .number(1, 8) // ir_version
          .message(
              7, // graph
              graph ->
                  graph
                      .message(1, n -> n.text(1, "x").text(1, "c").text(2, "s").text(4, "Div"))
                      .message(1, n -> n.text(1, "s").text(2, "t").text(4, "Tanh"))
                      .message(1, n -> n.text(1, "t").text(1, "c").text(2, "y").text(4, "Mul"))
                      .text(2, "softlane")
                      // initializer, of no dimensions
                      .message(5, c -> c.number(2, FLOAT).text(8, "c").nested(9, bytes))
                      .message(11, x -> value(x, "x", FLOAT, rows, cols))
                      .message(12, y -> value(y, "y", FLOAT, rows, cols)))
          .message(8, opset -> opset.number(2, OPSET))
          .bytes
          .toByteArray();
    }

    private static void axis(Model attribute, boolean perRow) {
      if (perRow) {
        attribute.text(1, "axes").number(8, 1).number(20, INTS);
      } else {
        attribute.text(1, "axis").number(3, 1).number(20, INT);
      }
    }

    private static void value(Model value, String name, int elements, long... dims) {
      value
          .text(1, name)
          .message(
              2, // type
              type ->
                  type.message(
                      1, // tensor_type
                      tensor ->
                          tensor
                              .number(1, elements)
                              .message(
                                  2, // shape
                                  shape -> {
                                    for (long n : dims) {
                                      shape.message(1, dim -> dim.number(1, n));
                                    }
                                  })));
    }

    private Model number(int field, long value) {
      varint(field << 3);
      varint(value);
      return this;
    }

    private Model text(int field, String value) {
      return nested(field, value.getBytes(StandardCharsets.UTF_8));
    }

    private Model message(int field, Consumer<Model> content) {
      Model inner = new Model();
      content.accept(inner);
      return nested(field, inner.bytes.toByteArray());
    }

    private Model nested(int field, byte[] content) {
      varint(field << 3 | 2);
      varint(content.length);
      bytes.writeBytes(content);
      return this;
    }

    /** Seven bits a byte, low ones first; the eighth says that more follow. */
    private void varint(long value) {
      for (; value >= 128; value >>>= 7) {
        bytes.write((int) value & 127 | 128);
      }
      bytes.write((int) value);
    }
  }
}
