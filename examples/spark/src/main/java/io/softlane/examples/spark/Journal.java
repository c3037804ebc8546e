package io.softlane.examples.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
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
  private int damaged;
  private int replayed;
  private long end;

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
    FileChannel channel = channel(file);
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
      journal.count();
      return journal;
    } catch (IOException e) {
      channel.close();
      throw DataFileException.of(file, e);
    }
  }

  private static FileChannel channel(Path file) throws IOException {
    try {
      return FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (NoSuchFileException e) {
      throw new DataFileException(file, "no checkpoint can be made there: no such directory", e);
    } catch (IOException e) {
      throw new DataFileException(
          file, "this checkpoint cannot be opened: " + DataFileException.problem(e), e);
    }
  }

  /** Counts the records before the first damaged one, and the whole ones from there on. */
  private void count() throws IOException {
    long whole = (channel.size() - end) / record.capacity();
    while (records < whole && read(end + (long) records * record.capacity())) {
      records++;
    }
    damaged = (int) whole - records;
  }

  /** Reads the record at this place; whether it is as it was written. */
  private boolean read(long position) throws IOException {
    record.clear();
    while (record.hasRemaining() && channel.read(record, position + record.position()) > 0) {}
    boolean whole = !record.hasRemaining();
    record.flip();
    return whole && record.getInt(record.limit() - Integer.BYTES) == checksum();
  }

  /**
   * The loss that the next pass gave for these weights, and its gradient; NaN where the journal
   * ends, be it at a record that was cut off.
   */
  double next(double[] w, double[] gradient) {
    if (replayed == records) {
      return Double.NaN;
    }
    try {
      replayed++;
      if (!read(end)) {
        throw new DataFileException(
            file, "pass " + replayed + " was changed while this run read it", null);
      }
      if (record.getInt() != checksum(w)) {
        throw new DataFileException(
            file, "pass " + replayed + " is not of this run: start another checkpoint", null);
      }
      final double loss = record.getDouble();
      record.asDoubleBuffer().get(gradient);
      end += record.limit();
      return loss;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a pass. */
  void append(double[] w, double loss, double[] gradient) {
    try {
      channel.truncate(end); // what is left of a damaged record, and those behind it
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

  /** How many passes were found in it. */
  int records() {
    return records;
  }

  /**
   * What is lost, in a line, where a record is damaged; null where none is. One that is cut off is
   * none: a run that was stopped while it wrote leaves that.
   */
  String damage() {
    if (damaged == 0) {
      return null;
    }
    String others = damaged == 1 ? "it is" : "it and the " + (damaged - 1) + " after it are";
    return "%s: pass %d of %d is damaged: %s not used"
        .formatted(file, records + 1, records + damaged, others);
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
