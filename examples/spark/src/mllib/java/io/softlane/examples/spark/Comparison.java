package io.softlane.examples.spark;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobEnd;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** MLlib's LogisticRegression beside this example's trainer: the same rows, the same objective. */
@Command(
    name = "comparison",
    description = "Minimises one objective with MLlib's LogisticRegression and with this trainer.",
    usageHelpAutoWidth = true,
    sortOptions = false)
final class Comparison implements Callable<Integer> {
  private static final int PARTITIONS = 8;

  @Mixin private Problem problem;

  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "local[2]",
      description = "Where to run (default: ${DEFAULT-VALUE}).")
  private String master;

  @Option(
      names = "--epochs",
      paramLabel = "COUNT",
      defaultValue = "100",
      description = "Iterations of each (default: ${DEFAULT-VALUE}).")
  private int epochs;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  @Spec private CommandSpec spec;

  private final Output output;

  private Comparison(Output output) {
    this.output = output;
  }

  /** Runs the program. */
  public static void main(String[] args) {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    PrintStream out = System.out;
    Comparison comparison = new Comparison(Output.of(out, terminal));
    System.exit(Main.commandLine(comparison, out, System.err, terminal).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    problem.check(spec);
    Problem.check(spec, epochs >= 1, "--epochs", "at least 1", epochs);
    boolean known = Cluster.knows(master) && !master.equals("none"); // MLlib needs Spark
    Problem.check(spec, known, "--master", "a master of Spark's", master);
    Source source = problem.source();
    problem.notice(output);
    problem.checkFiles();
    try (Cluster cluster = Cluster.start(master, source, PARTITIONS)) {
      output.print("spark    %s", cluster.describe());
      output.print("data     %s, %,d rows", source.kind().title, source.rows());
      Jobs jobs = new Jobs();
      cluster.spark().sc().addSparkListener(jobs);
      final Objective objective = new Objective(cluster, source, problem.lambda(), null);

      double[] own = new double[source.weights()];
      long start = System.nanoTime();
      final Lbfgs.State end = Training.run(objective, own, epochs, 0, output);
      final double ownSeconds = (System.nanoTime() - start) * 1e-9;
      final double ownPass = jobs.passMillis();

      output.print("MLlib    ...");
      Dataset<Row> rows = rows(cluster, source);
      start = System.nanoTime();
      LogisticRegressionModel model =
          new LogisticRegression()
              .setFamily("multinomial")
              .setRegParam(problem.lambda())
              .setElasticNetParam(0)
              .setStandardization(false)
              .setTol(0)
              .setMaxIter(epochs)
              .fit(rows);
      final double mllibSeconds = (System.nanoTime() - start) * 1e-9;
      final double mllibPass = jobs.passMillis();
      double[] theirs = weights(model, source);
      double[] ignored = new double[theirs.length];
      double theirObjective = objective.evaluate(theirs, ignored);

      output.print("");
      output.print("                 epochs   seconds   a pass, ms     objective   test accuracy");
      line("this example", end.epoch(), ownSeconds, ownPass, end.objective(), own);
      int iterations = model.summary().totalIterations();
      line("MLlib", iterations, mllibSeconds, mllibPass, theirObjective, theirs);
      double[] history = model.summary().objectiveHistory();
      output.print(
          "A pass of MLlib's takes %.2f times as long. Its own last objective: %.9f",
          mllibPass / ownPass, history[history.length - 1]);
    }
    return 0;
  }

  private void line(
      String name, int iterations, double seconds, double pass, double objective, double[] w)
      throws IOException {
    Source test = problem.testSource();
    Classifier classifier = new Classifier(Objective.transposed(w, test.cols()));
    int right = 0;
    for (Block block :
        Block.read(test, file -> Path.of(test.directory(), file), 0, Block.count(test))) {
      right += classifier.right(block);
    }
    output.print(
        "%-15s %7d %9.1f %12.1f %13.9f %15.4f",
        name, iterations, seconds, pass, objective, (double) right / test.rows());
  }

  private static Dataset<Row> rows(Cluster cluster, Source source) {
    SparkSession session = SparkSession.builder().sparkContext(cluster.spark().sc()).getOrCreate();
    JavaRDD<Row> rows =
        cluster
            .blocks()
            .flatMap(
                block -> {
                  List<Row> list = new ArrayList<>();
                  int pixels = block.cols() - 1; // MLlib has its own intercept
                  for (int r = 0; r < block.rows(); r++) {
                    double[] x = new double[pixels];
                    for (int j = 0; j < pixels; j++) {
                      x[j] = block.values()[r * block.cols() + j];
                    }
                    list.add(RowFactory.create((double) block.labels()[r], Vectors.dense(x)));
                  }
                  return list.iterator();
                });
    StructType schema =
        new StructType()
            .add("label", DataTypes.DoubleType)
            .add("features", SQLDataTypes.VectorType());
    return session.createDataFrame(rows, schema);
  }

  /** MLlib's coefficients and intercepts as this example has them. */
  private static double[] weights(LogisticRegressionModel model, Source source) {
    int cols = source.cols();
    double[] w = new double[source.weights()];
    for (int i = 0; i < w.length; i++) {
      w[i] =
          i % cols < cols - 1
              ? model.coefficientMatrix().apply(i / cols, i % cols)
              : model.interceptVector().apply(i / cols);
    }
    return w;
  }

  /** Times Spark's jobs, of which each pass is one. */
  private static final class Jobs extends SparkListener {
    private final Map<Integer, Long> starts = new HashMap<>();
    private final List<Long> millis = new ArrayList<>();

    @Override
    public synchronized void onJobStart(SparkListenerJobStart job) {
      starts.put(job.jobId(), job.time());
    }

    @Override
    public synchronized void onJobEnd(SparkListenerJobEnd job) {
      Long start = starts.remove(job.jobId());
      if (start != null) {
        millis.add(job.time() - start);
      }
    }

    /** The median of the last half of the jobs so far, which it then forgets. */
    synchronized double passMillis() {
      List<Long> warm = new ArrayList<>(millis.subList(millis.size() / 2, millis.size()));
      millis.clear();
      Collections.sort(warm);
      return warm.get(warm.size() / 2);
    }
  }
}
