package io.softlane.examples.spark;

import io.softlane.SoftmaxKernels;
import java.io.File;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkFiles;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;

/** The pass on Spark: blocks stay in the executors' memory, one treeAggregate sums them. */
final class Cluster implements Pass, AutoCloseable {
  private static final int DEPTH = 2;
  private static final long START_NANOS = 180_000_000_000L;
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[([1-9]\\d{0,2}),[1-9]\\d{0,2},([1-9]\\d{0,6})\\]");
  private static final Pattern OTHERS =
      Pattern.compile("none|local|local\\[([1-9]\\d{0,2}|\\*)\\]|(spark|k8s|yarn)\\b.*");

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

  /** Whether Spark would take it for a master. */
  static boolean knows(String master) {
    return LOCAL_CLUSTER.matcher(master).matches() || OTHERS.matcher(master).matches();
  }

  /** The driver's, in absolute paths: executors work in directories of their own. */
  private static String classPath() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getProperty("java.class.path"))
        .map(entry -> Path.of(entry).toAbsolutePath().toString())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static JavaSparkContext context(String master) throws IOException {
    SparkConf conf = new SparkConf().setAppName("softlane").setMaster(master);
    conf.setIfMissing("spark.ui.enabled", "false");
    if (master.startsWith("local")) {
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    Matcher local = LOCAL_CLUSTER.matcher(master);
    if (local.matches()) {
      conf.setIfMissing("spark.executor.memory", local.group(2) + "m");
      // Workers run in this JVM. They start executors with the classes in SPARK_HOME/jars, which
      // may be empty: the driver's class path has all that is needed, and is on this machine too.
      String home = System.getenv("SPARK_HOME");
      if (home == null) {
        throw new IOException(
            "local-cluster needs SPARK_HOME: any directory will do, executors work in it");
      }
      Files.createDirectories(Path.of(home, "jars"));
      conf.setIfMissing("spark.executor.extraClassPath", classPath());
      conf.setIfMissing("spark.executorEnv.JAVA_HOME", System.getProperty("java.home"));
      // Else Spark's launcher looks for a build of Spark itself to learn it.
      conf.setIfMissing("spark.executorEnv.SPARK_SCALA_VERSION", "2.13");
    }
    return context(conf);
  }

  private static JavaSparkContext context(SparkConf conf) throws IOException {
    // What keeps Spark from starting is thrown; Spark logs it as well, in many lines.
    Configurator.setRootLevel(Level.OFF);
    try {
      JavaSparkContext spark = new JavaSparkContext(conf);
      if (!spark.isLocal()) {
        await(spark);
      }
      Configurator.setRootLevel(Level.ERROR);
      return spark;
    } catch (IllegalStateException | NullPointerException e) {
      // It stops a context whose master is out of reach, whatever is being done with it just then.
      String master = conf.get("spark.master");
      throw new IOException(
          "Spark has not started: the master " + master + " does not answer, or refuses", e);
    }
  }

  /**
   * Waits for the executors: else the first would take all blocks, and without any Spark would wait
   * for ever.
   */
  private static void await(JavaSparkContext spark) throws IOException {
    Matcher wanted = LOCAL_CLUSTER.matcher(spark.master());
    int count = wanted.matches() ? Integer.parseInt(wanted.group(1)) : 1;
    long start = System.nanoTime();
    while (executors(spark) < count) {
      if (spark.sc().isStopped() || System.nanoTime() - start > START_NANOS) {
        spark.close();
        throw new IOException(
            "no %d executors have started; local ones tell why in SPARK_HOME/work"
                .formatted(count));
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
            p ->
                Block.read(
                        source,
                        name -> Path.of(SparkFiles.get(name)),
                        (int) ((long) count * p / partitions),
                        (int) ((long) count * (p + 1) / partitions))
                    .iterator())
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

  /** Which kernels the executors chose, and why. */
  String kernels() {
    return String.join("; ", everywhere(SoftmaxKernels::reason));
  }

  /** The ids of the processes that hold the blocks: that of this one, unless there are others. */
  SortedSet<Long> processes() {
    return everywhere(() -> ProcessHandle.current().pid());
  }

  private <T> SortedSet<T> everywhere(Question<T> question) {
    return new TreeSet<>(
        blocks.mapPartitions(ignored -> List.of(question.answer()).iterator()).collect());
  }

  /** Asked where the blocks are. */
  private interface Question<T> extends Serializable {
    T answer();
  }

  /** Version, master and what runs the tasks. */
  String describe() {
    String where = "this process";
    if (!spark.isLocal()) {
      SortedSet<Long> processes = processes();
      where = processes.size() + " executors, processes " + processes;
    }
    return "%s, %s: %d cores, %s".formatted(spark.version(), spark.master(), cores(), where);
  }

  int cores() {
    return spark.defaultParallelism();
  }

  /** The rows, for what is not in this class. */
  JavaRDD<Block> blocks() {
    return blocks;
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
