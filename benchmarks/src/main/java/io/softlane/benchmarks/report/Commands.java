package io.softlane.benchmarks.report;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Runs a command; bad input is one line on stderr and status 2, for callers in scripts. */
final class Commands {
  private Commands() {}

  static int run(Callable<Integer> command, PrintWriter err, String... args) {
    return new CommandLine(command)
        .setErr(err)
        .setParameterExceptionHandler(
            (e, a) -> {
              e.getCommandLine().getErr().println(e.getMessage() + "; see --help");
              return 2;
            })
        .setExecutionExceptionHandler(
            (e, line, result) -> {
              if (!(e instanceof BadInput)) {
                throw e;
              }
              line.getErr().println(e.getMessage());
              return 2;
            })
        .execute(args);
  }
}
