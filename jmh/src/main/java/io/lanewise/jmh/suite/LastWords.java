package io.lanewise.jmh.suite;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What a JVM that failed printed, in one line. */
final class LastWords {
  private static final Predicate<String> TELLING =
      Pattern.compile(
              "Exception|Error|[Ww]rong answer|Unrecognized|Invalid|nsupported|insufficient memory"
                  + "|SIG[A-Z]+ \\(")
          .asPredicate();

  /** Warnings are of JVMs that go on, and the others say only that there was an error. */
  private static final Predicate<String> IDLE =
      Pattern.compile(
              "[Ww]arning|WARNING|Could not create the Java Virtual Machine"
                  + "|A fatal exception has occurred")
          .asPredicate();

  private LastWords() {}

  /** The first line that names an error, else the last one that holds anything. */
  static String of(List<String> lines) {
    String last = "it said nothing";
    for (String line : lines) {
      if (TELLING.test(line) && !IDLE.test(line)) {
        return line.strip();
      }
      last = line.isBlank() ? last : line.strip();
    }
    return last;
  }
}
