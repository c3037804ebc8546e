package io.softlane.examples.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A checkpoint: the loss and gradient of every pass, one record each, appended as soon as it is
 * known. A run that finds a journal repeats its steps from the start with the passes already in it,
 * which takes the optimiser some milliseconds each, and goes on from there. So the optimiser need
 * not be able to save its state, and a resumed run gives the bits of one that was never stopped.
 */
final class Journal implements AutoCloseable {
  private static final String MAGIC = "softlane journal 1";

  /** Beside the gradient: checksum of the weights, loss, checksum of the record. */
  private static final int FIELDS = Integer.BYTES + Double.BYTES + Integer.BYTES;

  private final Path file;
  private final FileChannel channel;
  private final ByteBuffer record;
  private int records;
  private long end;
  private boolean replaying = true;

  private Journal(Path file, FileChannel channel, int weights) {
    this.file = file;
    this.channel = channel;
    record = ByteBuffer.allocate(FIELDS + weights * Double.BYTES);
  }

  /**
   * Opens a journal, or starts one where there is none.
   *
   * @param problem what is minimised, in words: the journal of another problem is refused
   */
  static Journal open(Path file, String problem, int weights) throws IOException {
    byte[] head = (MAGIC + ": " + problem + "\n").getBytes(StandardCharsets.UTF_8);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      ByteBuffer found = ByteBuffer.allocate(head.length);
      while (found.hasRemaining() && channel.read(found) > 0) {}
      if (found.position() == 0) {
        channel.write(ByteBuffer.wrap(head), 0);
      } else if (found.hasRemaining() || !found.flip().equals(ByteBuffer.wrap(head))) {
        throw new DataFileException(file, "not a checkpoint of this run (" + problem + ")", null);
      }
      Journal journal = new Journal(file, channel, weights);
      journal.end = head.length;
      return journal;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The loss that the next pass gave for these weights, and its gradient; NaN where the journal
   * ends, be it at a record that was cut off.
   */
  double next(double[] w, double[] gradient) {
    if (!replaying) {
      return Double.NaN;
    }
    try {
      record.clear();
      while (record.hasRemaining() && channel.read(record, end + record.position()) > 0) {}
      boolean whole = !record.hasRemaining();
      record.flip();
      if (!whole || record.getInt(record.limit() - Integer.BYTES) != checksum()) {
        replaying = false;
        channel.truncate(end);
        return Double.NaN;
      }
      if (record.getInt() != checksum(w)) {
        throw new DataFileException(
            file, "pass " + (records + 1) + " is not of this run: start another checkpoint", null);
      }
      final double loss = record.getDouble();
      record.asDoubleBuffer().get(gradient);
      end += record.limit();
      records++;
      return loss;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a pass. */
  void append(double[] w, double loss, double[] gradient) {
    try {
      record.clear();
      record.putInt(checksum(w)).putDouble(loss);
      record.asDoubleBuffer().put(gradient);
      record.putInt(record.limit() - Integer.BYTES, checksum());
      record.rewind();
      while (record.hasRemaining()) {
        end += channel.write(record, end);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How many passes were found in it so far. */
  int records() {
    return records;
  }

  private int checksum() {
    CRC32C crc = new CRC32C();
    crc.update(record.array(), 0, record.capacity() - Integer.BYTES);
    return (int) crc.getValue();
  }

  private static int checksum(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
