package io.softlane.benchmarks;

import java.nio.FloatBuffer;
import org.bytedeco.dnnl.IntMemoryMap;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.softmax_forward;
import org.bytedeco.dnnl.stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** oneDNN: a primitive made once per shape, executed on buffers of its own alignment. */
final class OneDnn implements Operation {
  private final softmax_forward primitive;
  private final stream stream;
  private final IntMemoryMap arguments;
  private final FloatBuffer out;

  private OneDnn(Workload work, int algorithm) {
    engine cpu = new engine(engine.kind.cpu.value, 0);
    stream = new stream(cpu);
    long[] dims = {work.batch.rows(), work.batch.cols()};
    memory.desc rows = new memory.desc(dims, memory.data_type.f32, memory.format_tag.ab);
    out = Peers.floats(work.out.length);
    arguments =
        new IntMemoryMap()
            .put(dnnl.DNNL_ARG_SRC, memory(rows, cpu, Peers.copyOf(work.logits)))
            .put(dnnl.DNNL_ARG_DST, memory(rows, cpu, out));
    primitive =
        new softmax_forward(
            new softmax_forward.primitive_desc(
                cpu, dnnl.dnnl_forward_inference, algorithm, rows, rows, 1));
  }

  private static memory memory(memory.desc rows, engine cpu, FloatBuffer values) {
    return new memory(rows, cpu, new Pointer(new FloatPointer(values)));
  }

  static Operation softmax(Workload work) {
    return Peers.loaded("onednn", () -> new OneDnn(work, dnnl.dnnl_softmax_accurate));
  }

  static Operation logSoftmax(Workload work) {
    return Peers.loaded("onednn", () -> new OneDnn(work, dnnl.dnnl_softmax_log));
  }

  @Override
  public void run(Workload work) {
    primitive.execute(stream, arguments);
    stream._wait();
  }

  @Override
  public void fetch(Workload work) {
    out.get(0, work.out);
  }

  static String describe() {
    dnnl_version_t version = dnnl.version();
    return String.format(
        "oneDNN %d.%d.%d, %s",
        version.major(), version.minor(), version.patch(), dnnl.get_effective_cpu_isa());
  }
}
