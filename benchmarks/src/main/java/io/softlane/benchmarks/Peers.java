package io.softlane.benchmarks;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The other runtimes, and libraries of the JVM. What they need comes with {@code mvn -P
 * peers,libraries}; without it a variant of theirs throws an {@link IllegalStateException}, and the
 * benchmarks leave it out.
 */
final class Peers {
  /** By its artifact: {@code smile} is its loop written anew. */
  static final String SMILE = "smile-base";

  static final String TRIBUO = "tribuo";
  static final String ND4J = "nd4j";
  static final String DJL = "djl";

  /** Those that C2 has little to do for. */
  private static final List<String> NATIVE = List.of("onednn", "onnxruntime", "pytorch");

  /** What AVX-512 code of theirs is aligned to. */
  private static final long ALIGNMENT = 64;

  private static final Map<String, Callable<String>> PEERS = new LinkedHashMap<>();

  static {
    // Lambdas: a method reference would load the class here, and with it what may be absent.
    PEERS.put("onednn", () -> OneDnn.describe());
    PEERS.put("onnxruntime", () -> OnnxRuntime.describe());
    PEERS.put("pytorch", () -> PyTorch.describe());
    PEERS.put(SMILE, () -> SmileRows.describe());
    PEERS.put(TRIBUO, () -> TribuoRows.describe());
    PEERS.put(ND4J, () -> Nd4jArrays.describe());
    PEERS.put(DJL, () -> DjlArrays.describe());
  }

  private Peers() {}

  /** A variant is a peer's where its name starts with the peer's: pytorch-autograd is PyTorch. */
  static boolean runs(String peer, String variant) {
    return variant.equals(peer) || variant.startsWith(peer + "-");
  }

  /** Whether a variant's time is spent in a peer's native code, but for a call a batch. */
  static boolean isNative(String variant) {
    return NATIVE.stream().anyMatch(peer -> runs(peer, variant));
  }

  static List<String> names() {
    return List.copyOf(PEERS.keySet());
  }

  /**
   * The peer's version and the instruction set that it chose.
   *
   * @throws IllegalStateException where it is absent
   */
  static String describe(String peer) {
    return loaded(peer, PEERS.get(peer));
  }

  /**
   * Calls what needs a peer.
   *
   * @throws IllegalStateException where it is absent
   */
  static <T> T loaded(String peer, Callable<T> call) {
    try {
      return call.call();
    } catch (LinkageError e) {
      // Its own message names every directory of this machine that was looked at.
      throw new IllegalStateException(
          peer
              + " cannot be loaded ("
              + e.getClass().getSimpleName()
              + "): its libraries come with mvn -P peers,libraries",
          e);
    } catch (Exception e) {
      throw new IllegalStateException(peer + " fails: " + e, e);
    }
  }

  /** Native memory for the life of the JVM, in which 0 is written. */
  static ByteBuffer bytes(long size) {
    return Arena.global().allocate(size, ALIGNMENT).asByteBuffer().order(ByteOrder.nativeOrder());
  }

  static FloatBuffer floats(int size) {
    return bytes((long) size * Float.BYTES).asFloatBuffer();
  }

  static FloatBuffer copyOf(float[] values) {
    return floats(values.length).put(0, values);
  }
}
