package io.lanewise.jmh.suite;

import io.lanewise.jmh.ArrayCount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.runner.RunnerException;

/** What JMH writes while it runs forks. */
public final class JmhLog {
  private static final Pattern ARRAYS = Pattern.compile(ArrayCount.SAYS + "(\\d+)");

  private JmhLog() {}

  /** How many arrays of numbers the fork says that a call makes, or null if it does not know. */
  static Integer arrays(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .map(ARRAYS::matcher)
        .filter(Matcher::find)
        .map(found -> Integer.valueOf(found.group(1)))
        .findFirst()
        .orElse(null);
  }

  /** Why a fork failed: the first exception in a log, else what JMH itself says. */
  public static String cause(Path log, RunnerException error) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.matches("[\\w.$]+(Exception|Error)\\b.*"))
        .findFirst()
        .orElse(String.valueOf(error.getMessage()).strip());
  }
}
