package io.softlane;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What a memory segment may be made of. Native and mapped memory is the arena's, confined or
 * shared; the rest lives as long as it is used.
 */
enum Memory {
  NATIVE {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return arena.allocate(size);
    }
  },
  UNALIGNED {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return arena.allocate(size + 5, 8).asSlice(3, size);
    }
  },
  AUTOMATIC {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return Arena.ofAuto().allocate(size, 4);
    }
  },
  /** Never freed: a few segments only. */
  GLOBAL {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return size <= GLOBAL_BYTES / 4
          ? GLOBALS.asSlice(Math.floorMod(globals++, 4) * (GLOBAL_BYTES / 4), size)
          : Arena.ofAuto().allocate(size, 4);
    }
  },
  FLOATS {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new float[(int) (size / 4)]);
    }
  },
  FLOATS_FROM_THE_FIFTH_ON {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new float[(int) (size / 4) + 9]).asSlice(20, size);
    }
  },
  /** No element of the array is a float of the segment. */
  FLOATS_FROM_AN_ODD_BYTE_ON {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new float[(int) (size / 4) + 2]).asSlice(3, size);
    }
  },
  /** Two floats of the array share each of the segment's. */
  FLOATS_FROM_THE_THIRD_BYTE_ON {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new float[(int) (size / 4) + 3]).asSlice(10, size);
    }
  },
  BYTES {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new byte[(int) size + 1]).asSlice(1);
    }
  },
  BYTES_FROM_THE_THIRD_ON {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new byte[(int) size + 2]).asSlice(2);
    }
  },
  SHORTS {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new short[(int) (size / 2) + 1]).asSlice(2);
    }
  },
  INTS {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new int[(int) (size / 4)]);
    }
  },
  LONGS {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new long[(int) (size / 8) + 2]).asSlice(4);
    }
  },
  DOUBLES {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofArray(new double[(int) (size / 8) + 1]);
    }
  },
  DIRECT_BYTE_BUFFER {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofBuffer(ByteBuffer.allocateDirect((int) size + 3).position(3));
    }
  },
  HEAP_BYTE_BUFFER {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofBuffer(ByteBuffer.allocate((int) size + 4).position(4).slice());
    }
  },
  DIRECT_FLOAT_BUFFER {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) size + 8).order(ByteOrder.nativeOrder());
      return MemorySegment.ofBuffer(bytes.asFloatBuffer().position(2));
    }
  },
  HEAP_FLOAT_BUFFER {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return MemorySegment.ofBuffer(FloatBuffer.allocate((int) (size / 4) + 3).position(3));
    }
  },
  MAPPED {
    @Override
    MemorySegment bytes(Arena arena, long size) {
      return map(arena, size);
    }
  };

  private static final long GLOBAL_BYTES = 1 << 20;
  private static final MemorySegment GLOBALS = Arena.global().allocate(GLOBAL_BYTES);
  private static int globals;

  /** A segment of at least that many bytes. */
  abstract MemorySegment bytes(Arena arena, long size);

  /** A segment that holds these floats. */
  final MemorySegment of(Arena arena, float[] floats) {
    MemorySegment segment = bytes(arena, 4L * floats.length);
    set(segment, floats);
    return segment;
  }

  static void set(MemorySegment segment, float[] floats) {
    MemorySegment.copy(floats, 0, segment, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, floats.length);
  }

  static float[] get(MemorySegment segment, int length) {
    float[] floats = new float[length];
    MemorySegment.copy(segment, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, floats, 0, length);
    return floats;
  }

  /**
   * The memory of a sparse file as a segment that does not know of the file, as if it had been
   * allocated: for sizes that a machine may not have.
   */
  @SuppressWarnings("restricted")
  static MemorySegment sparse(Arena arena, long size) {
    return MemorySegment.ofAddress(map(arena, size).address()).reinterpret(size, arena, null);
  }

  /** Part of a sparse file, which is gone with its mapping. */
  static MemorySegment map(Arena arena, long size) {
    try {
      Path file = Files.createTempFile("softlane", ".floats");
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.SPARSE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
