package io.softlane;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Kernels, compiled, on a float buffer over a mapped file that is cut short: a native segment that
 * does not say that it is mapped. Each call has to end with an {@link InternalError}.
 */
final class CutFileProbe {
  private static final int ROWS = 64;
  private static final int COLS = 4096;
  private static final Rows BATCH = Rows.of(ROWS, COLS);

  private CutFileProbe() {}

  public static void main(String[] arguments) throws Exception {
    Path file = Files.createTempFile("softlane", ".floats");
    long size = 4L * ROWS * COLS;
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE)) {
      MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
      bytes.order(ByteOrder.nativeOrder());
      MemorySegment floats = MemorySegment.ofBuffer(bytes.asFloatBuffer());
      MemorySegment other = MemorySegment.ofArray(new float[ROWS * COLS]);
      SoftmaxKernels kernels = SoftmaxKernels.vector();
      float[] results = new float[ROWS];
      Runnable[] calls = {
        () -> kernels.max(floats, BATCH, results),
        () -> kernels.logSumExp(floats, BATCH, results),
        () -> kernels.softmax(floats, BATCH, other, BATCH),
        () -> kernels.softmax(other, BATCH, floats, BATCH),
        () -> kernels.logSoftmax(other, BATCH, floats, BATCH)
      };
      for (int i = 0; i < 200; i++) {
        for (Runnable call : calls) {
          call.run();
        }
      }
      channel.truncate(4096);
      for (Runnable call : calls) {
        try {
          call.run();
          throw new AssertionError("memory that is gone was used");
        } catch (InternalError e) {
          System.out.println(e.getMessage());
        }
      }
    }
  }
}
