package io.softlane.recipes;

import io.softlane.Rows;
import io.softlane.SegmentKernels;
import io.softlane.SoftmaxKernels;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Recipes of docs/recipes.md for buffers of other libraries; the page has the same text. */
public final class Buffers {
  private Buffers() {}

  public static void softmaxInPlace(SoftmaxKernels kernels, ByteBuffer tensor, Rows batch) {
    ByteBuffer floats = tensor.duplicate().order(ByteOrder.nativeOrder());
    MemorySegment logits = SegmentKernels.segment(floats.asFloatBuffer());
    kernels.softmax(logits, batch, logits, batch);
  }
}
