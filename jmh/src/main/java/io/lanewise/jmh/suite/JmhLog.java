package io.lanewise.jmh.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.runner.RunnerException;

/** What JMH writes while it runs forks. */
public final class JmhLog {
  private JmhLog() {}

  /** Why a fork failed: the first exception in a log, else what JMH itself says. */
  public static String cause(Path log, RunnerException error) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.matches("[\\w.$]+(Exception|Error)\\b.*"))
        .findFirst()
        .orElse(String.valueOf(error.getMessage()).strip());
  }
}
