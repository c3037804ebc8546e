package io.softlane.examples.onnxocr;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.ArrayList;
import java.util.List;

/**
 * A model whose last node is a Softmax, and what can be made of it.
 *
 * <p>ONNX Runtime's Java interface cannot change a model, so its bytes are changed before. To
 * protobuf's own parser every field of it is an unknown one, which it keeps as it is; so neither a
 * schema nor generated code is needed for the few that matter here. Their numbers are those of
 * onnx.proto.
 */
final class Graph {
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_OPSET = 8;
  private static final int OPSET_VERSION = 2;
  private static final int GRAPH_NODE = 1;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;
  private static final int NODE_INPUT = 1;
  private static final int NODE_OUTPUT = 2;
  private static final int NODE_TYPE = 4;
  private static final int NODE_ATTRIBUTE = 5;
  private static final int ATTRIBUTE_NAME = 1;
  private static final int ATTRIBUTE_INT = 3;
  private static final int VALUE_NAME = 1;
  private static final int VALUE_TYPE = 2;
  private static final int TYPE_TENSOR = 1;
  private static final int TENSOR_SHAPE = 2;
  private static final int SHAPE_DIM = 1;
  private static final int DIM_VALUE = 1;

  /** The operator set from which on a Softmax that names no axis means the last. */
  private static final int LAST_AXIS_BY_DEFAULT = 13;

  private final UnknownFieldSet model;
  private final UnknownFieldSet graph;
  private final ByteString softmax;
  private final ByteString probabilities;
  private final ByteString logits;
  private final int classes;

  private Graph(UnknownFieldSet model) throws InvalidProtocolBufferException {
    this.model = model;
    graph = message(only(model, MODEL_GRAPH, "graph"));
    probabilities = only(graph, GRAPH_OUTPUT, "output");
    ByteString name = only(message(probabilities), VALUE_NAME, "name of its output");

    ByteString maker = null;
    for (ByteString node : all(graph, GRAPH_NODE)) {
      if (all(message(node), NODE_OUTPUT).contains(name)) {
        maker = node;
      }
    }
    String type = maker == null ? "no node" : "a " + text(message(maker), NODE_TYPE);
    if (!type.equals("a Softmax")) {
      throw new RefusedException(
          "the model's output " + name.toStringUtf8() + " is made by " + type + ", not a Softmax");
    }
    softmax = maker;
    logits = only(message(softmax), NODE_INPUT, "input of its Softmax");

    List<ByteString> dims = shape(message(probabilities));
    long axis = axis(message(softmax), message(all(model, MODEL_OPSET).getFirst()));
    if (axis != -1 && axis != dims.size() - 1) {
      throw new RefusedException(
          "the model's Softmax works along axis " + axis + " of " + dims.size() + ", not the last");
    }
    classes = number(message(dims.getLast()), DIM_VALUE, -1);
  }

  /**
   * Reads a model.
   *
   * @throws RefusedException where the bytes are no ONNX model, or it does not end in a Softmax
   *     along the last axis
   */
  static Graph parse(byte[] bytes) {
    try {
      return new Graph(UnknownFieldSet.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      throw new RefusedException("this is no ONNX model: " + e.getMessage(), e);
    }
  }

  /** Number of columns of the last axis; -1 where the model does not say. */
  int classes() {
    return classes;
  }

  /** Without the Softmax: the logits are the output. */
  byte[] withoutSoftmax() {
    List<ByteString> nodes = new ArrayList<>(all(graph, GRAPH_NODE));
    nodes.remove(softmax);
    return with(
        graph.toBuilder()
            .addField(GRAPH_NODE, field(nodes))
            .addField(GRAPH_OUTPUT, field(List.of(value(logits)))));
  }

  /** With two outputs, first the logits, then the probabilities that the Softmax makes of them. */
  byte[] withLogits() {
    return with(
        graph.toBuilder().addField(GRAPH_OUTPUT, field(List.of(value(logits), probabilities))));
  }

  /** The Softmax alone: the logits are its input. */
  byte[] softmaxAlone() {
    return with(
        graph.toBuilder()
            .clearField(GRAPH_INITIALIZER)
            .addField(GRAPH_NODE, field(List.of(softmax)))
            .addField(GRAPH_INPUT, field(List.of(value(logits)))));
  }

  private byte[] with(UnknownFieldSet.Builder changed) {
    return model.toBuilder()
        .addField(MODEL_GRAPH, field(List.of(changed.build().toByteString())))
        .build()
        .toByteArray();
  }

  /** The description of the output, type and shape, under another name. */
  private ByteString value(ByteString name) {
    try {
      return message(probabilities).toBuilder()
          .addField(VALUE_NAME, field(List.of(name)))
          .build()
          .toByteString();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("was parsed before", e);
    }
  }

  private static List<ByteString> shape(UnknownFieldSet value)
      throws InvalidProtocolBufferException {
    UnknownFieldSet type = message(only(value, VALUE_TYPE, "type of its output"));
    UnknownFieldSet tensor = message(only(type, TYPE_TENSOR, "tensor as its output"));
    UnknownFieldSet shape = message(only(tensor, TENSOR_SHAPE, "shape of its output"));
    List<ByteString> dims = all(shape, SHAPE_DIM);
    if (dims.isEmpty()) {
      throw new RefusedException("the model's output is a single number");
    }
    return dims;
  }

  private static long axis(UnknownFieldSet node, UnknownFieldSet opset)
      throws InvalidProtocolBufferException {
    for (ByteString bytes : all(node, NODE_ATTRIBUTE)) {
      UnknownFieldSet attribute = message(bytes);
      if (text(attribute, ATTRIBUTE_NAME).equals("axis")) {
        return number(attribute, ATTRIBUTE_INT, 0);
      }
    }
    return number(opset, OPSET_VERSION, 0) >= LAST_AXIS_BY_DEFAULT ? -1 : 1;
  }

  private static ByteString only(UnknownFieldSet message, int number, String what) {
    List<ByteString> values = all(message, number);
    if (values.size() != 1) {
      throw new RefusedException(
          "this is no ONNX model of the expected kind: it needs one "
              + what
              + ", but there are "
              + values.size());
    }
    return values.getFirst();
  }

  private static List<ByteString> all(UnknownFieldSet message, int number) {
    return message.getField(number).getLengthDelimitedList();
  }

  private static String text(UnknownFieldSet message, int number) {
    List<ByteString> values = all(message, number);
    return values.isEmpty() ? "" : values.getLast().toStringUtf8();
  }

  private static int number(UnknownFieldSet message, int number, int otherwise) {
    List<Long> values = message.getField(number).getVarintList();
    return values.isEmpty() ? otherwise : Math.toIntExact(values.getLast());
  }

  private static UnknownFieldSet message(ByteString bytes) throws InvalidProtocolBufferException {
    return UnknownFieldSet.parseFrom(bytes);
  }

  private static Field field(List<ByteString> values) {
    Field.Builder field = Field.newBuilder();
    values.forEach(field::addLengthDelimited);
    return field.build();
  }
}
