package io.softlane;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * The tests of the scalar kernels that are not long, and some of the arguments, as four, for
 * mutation testing alone: there a test costs a second to be found, and a mutant that none notices
 * would take all of them.
 */
class Mutants {
  private static final List<String> TESTS =
      List.of(
          "LossTest",
          "CrossEntropyTest",
          "OptionsTest",
          "RowsTest",
          "internal.rows.WindowTest",
          "internal.rows.LossTermsTest",
          "internal.loops.TargetsTest",
          "internal.loops.LogsTest",
          "internal.calls.TeamTest",
          "ExpTest",
          "RouterTest",
          "MessagesTest",
          "ScalarKernelsTest",
          "ReleaseTest",
          "PoolsTest");

  @Test
  void bits() throws Exception {
    new ScalarKernelsTest().bitsAreTheOnesWrittenDown();
  }

  /** Those without parameters, to the first that fails. */
  @Test
  void tests() throws ClassNotFoundException {
    for (String name : TESTS) {
      Class<?> type = Class.forName("io.softlane." + name);
      for (Method method :
          AnnotationSupport.findAnnotatedMethods(
              type, Test.class, HierarchyTraversalMode.TOP_DOWN)) {
        if (!AnnotationSupport.isAnnotated(method, Tag.class)) {
          ReflectionSupport.invokeMethod(method, ReflectionSupport.newInstance(type));
        }
      }
    }
  }

  @Test
  void properties() {
    launch("jqwik", TESTS);
  }

  /** Those of arguments that have parameters. */
  @Test
  void arguments() {
    launch("junit-jupiter", List.of("MessagesTest", "OverflowTest"));
  }

  private static void launch(String engine, List<String> names) {
    DiscoverySelector[] classes =
        names.stream()
            .map(name -> selectClass("io.softlane." + name))
            .toArray(DiscoverySelector[]::new);
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(classes)
            .filters(EngineFilter.includeEngines(engine))
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    TestExecutionSummary summary = listener.getSummary();
    if (summary.getTotalFailureCount() > 0 || summary.getTestsSucceededCount() == 0) {
      throw new AssertionError(summary.getFailures().toString());
    }
  }
}
