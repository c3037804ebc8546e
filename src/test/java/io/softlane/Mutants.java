package io.softlane;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * All tests of the scalar kernels and of the arguments as three, for mutation testing alone: there
 * a test costs a second to be found, and a mutant that none notices would take all of them.
 */
class Mutants {
  private static final List<String> TESTS =
      List.of(
          "LossTest",
          "CrossEntropyTest",
          "OptionsTest",
          "RowsTest",
          "internal.rows.WindowTest",
          "internal.rows.WorkTest",
          "internal.rows.LossTermsTest",
          "internal.loops.TargetsTest",
          "internal.loops.LogsTest",
          "ExpTest",
          "RouterTest",
          "MessagesTest",
          "ScalarKernelsTest");

  @Test
  void bits() throws Exception {
    new ScalarKernelsTest().bitsAreTheOnesWrittenDown();
  }

  /** Those without parameters, to the first that fails. */
  @Test
  void tests() throws Throwable {
    for (String name : TESTS) {
      Class<?> type = Class.forName("io.softlane." + name);
      Method[] methods = type.getMethods();
      if (!name.equals("ScalarKernelsTest")) {
        methods = type.getDeclaredMethods();
      }
      Arrays.sort(methods, Comparator.comparing(Method::getName));
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      for (Method method : methods) {
        if (method.isAnnotationPresent(Test.class) && !method.isAnnotationPresent(Tag.class)) {
          method.setAccessible(true);
          try {
            method.invoke(constructor.newInstance());
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }
      }
    }
  }

  @Test
  void properties() {
    DiscoverySelector[] classes =
        TESTS.stream()
            .map(name -> selectClass("io.softlane." + name))
            .toArray(DiscoverySelector[]::new);
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(classes)
            .filters(EngineFilter.includeEngines("jqwik"))
            .build();
    SummaryGeneratingListener listener = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, listener);
    TestExecutionSummary summary = listener.getSummary();
    if (summary.getTotalFailureCount() > 0 || summary.getTestsSucceededCount() == 0) {
      throw new AssertionError(summary.getFailures().toString());
    }
  }
}
