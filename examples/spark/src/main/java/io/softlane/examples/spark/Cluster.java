package io.softlane.examples.spark;

import io.softlane.SoftmaxKernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/** The pass on Spark: blocks stay in the executors' memory, one treeAggregate sums them. */
final class Cluster implements Pass, AutoCloseable {
  private static final int DEPTH = 2;
  private static final long START_NANOS = 60_000_000_000L;

  private final JavaSparkContext spark;
  private final Source source;
  private final JavaRDD<Block> blocks;

  private Cluster(JavaSparkContext spark, Source source, int partitions) {
    this.spark = spark;
    this.source = source;
    blocks = blocks(spark, source, partitions);
  }

  /**
   * Starts Spark and has it read the rows.
   *
   * @param master as spark-submit has it: local[2], local-cluster[2,1,1024], spark://host:7077
   */
  static Cluster start(String master, Source source, int partitions) throws IOException {
    JavaSparkContext spark = context(master);
    try {
      for (String file : source.files()) {
        spark.addFile(Path.of(source.directory(), file).toUri().toString());
      }
      Cluster cluster = new Cluster(spark, source, partitions);
      cluster.blocks.count();
      return cluster;
    } catch (RuntimeException e) {
      spark.close();
      throw e;
    }
  }

  private static JavaSparkContext context(String master) throws IOException {
    SparkConf conf = new SparkConf().setAppName("softlane").setMaster(master);
    conf.setIfMissing("spark.ui.enabled", "false");
    if (master.startsWith("local")) {
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    if (master.startsWith("local-cluster")) {
      // Workers run in this JVM. They start executors with the classes in SPARK_HOME/jars, which
      // may be empty: the driver's class path has all that is needed, and is on this machine too.
      String home = System.getenv("SPARK_HOME");
      if (home == null) {
        throw new IllegalArgumentException(
            "local-cluster needs SPARK_HOME: any directory will do, executors work in it");
      }
      Files.createDirectories(Path.of(home, "jars"));
      conf.setIfMissing("spark.executor.extraClassPath", System.getProperty("java.class.path"));
      conf.setIfMissing("spark.executorEnv.JAVA_HOME", System.getProperty("java.home"));
      // Else Spark's launcher looks for a build of Spark itself to learn it.
      conf.setIfMissing("spark.executorEnv.SPARK_SCALA_VERSION", "2.13");
    }
    JavaSparkContext spark = new JavaSparkContext(conf);
    if (!spark.isLocal()) {
      await(spark);
    }
    return spark;
  }

  /** Waits until there is an executor; Spark itself would wait for ever. */
  private static void await(JavaSparkContext spark) throws IOException {
    long start = System.nanoTime();
    while (executors(spark) == 0) {
      if (spark.sc().isStopped() || System.nanoTime() - start > START_NANOS) {
        spark.close();
        throw new IOException(
            "no executor has started; their own words are in work/ in SPARK_HOME");
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private static int executors(JavaSparkContext spark) {
    return spark.sc().getExecutorMemoryStatus().size() - 1; // the driver is one of them
  }

  private static JavaRDD<Block> blocks(JavaSparkContext spark, Source source, int partitions) {
    int count = Block.count(source);
    List<Integer> numbers = IntStream.range(0, partitions).boxed().toList();
    return spark
        .parallelize(numbers, partitions)
        .flatMap(
            p -> {
              int from = (int) ((long) count * p / partitions);
              int to = (int) ((long) count * (p + 1) / partitions);
              return Block.read(source, name -> Path.of(SparkFiles.get(name)), from, to)
                  .iterator();
            })
        .persist(StorageLevel.MEMORY_ONLY());
  }

  @Override
  public Sums sum(float[] weights) {
    Broadcast<float[]> broadcast = spark.broadcast(weights);
    try {
      return blocks.treeAggregate(
          new Sums(source), (sums, block) -> sums.add(block, broadcast.value()), Sums::add, DEPTH);
    } finally {
      broadcast.destroy();
    }
  }

  /** Which kernels the executors chose, and how many partitions each. */
  String kernels() {
    TreeMap<String, Integer> counts = new TreeMap<>();
    blocks
        .mapPartitions(Cluster::kernelsHere)
        .collect()
        .forEach(k -> counts.merge(k, 1, Integer::sum));
    return String.join("; ", counts.keySet());
  }

  private static Iterator<String> kernelsHere(Iterator<Block> ignored) {
    return List.of(SoftmaxKernels.reason()).iterator();
  }

  /** Version, master and what runs the tasks. */
  String describe() {
    int executors = executors(spark);
    return spark.version()
        + ", "
        + spark.master()
        + (executors > 0 ? ", " + executors + " executor processes" : ", in this process")
        + ", "
        + cores()
        + " cores";
  }

  int cores() {
    return spark.defaultParallelism();
  }

  /** The context, for what is not in this class. */
  JavaSparkContext spark() {
    return spark;
  }

  @Override
  public void close() {
    spark.close();
  }
}
