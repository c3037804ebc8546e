package io.softlane;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * {@link ArgumentsTest}, with calls searched for by coverage: {@code mvn test -Pfuzz}. The pom says
 * for how long; what the annotation says does not count beside it.
 */
class ArgumentsFuzz {
  @FuzzTest
  void anyArguments(byte[] bytes) {
    ArgumentsTest.run(bytes);
  }
}
