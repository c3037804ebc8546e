package io.softlane.examples.spark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The same pass without Spark, on one thread: what Spark's results are compared with. */
final class LocalPass implements Pass {
  private final Source source;
  private final List<Block> blocks;

  LocalPass(Source source) throws IOException {
    this.source = source;
    blocks = Block.read(source, name -> Path.of(source.directory(), name), 0, Block.count(source));
  }

  @Override
  public Sums sum(float[] weights) {
    Sums sums = new Sums(source);
    for (Block block : blocks) {
      sums.add(block, weights);
    }
    return sums;
  }
}
