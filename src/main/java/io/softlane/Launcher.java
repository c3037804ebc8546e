package io.softlane;

/**
 * What {@code java -jar} starts. The only class whose file JDKs from 17 on can read (see pom.xml):
 * there it says what the others need.
 */
final class Launcher {
  private static final int NEEDED = 25;

  private Launcher() {}

  public static void main(String[] arguments) {
    int here = Runtime.version().feature();
    if (here < NEEDED) {
      System.err.println(
          "Softlane needs JDK " + NEEDED + " or newer, and this is JDK " + here + ".");
      System.exit(2);
    }
    // Loaded only when the line is reached.
    Report.main(arguments);
  }
}
