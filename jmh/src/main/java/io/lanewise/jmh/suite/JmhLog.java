package io.lanewise.jmh.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What JMH writes while it runs forks. */
public final class JmhLog {
  private JmhLog() {}

  /** The first exception in a log: why a fork failed. */
  public static String cause(Path log) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.matches("[\\w.$]+(Exception|Error)\\b.*"))
        .findFirst()
        .orElse("JMH says no more");
  }
}
