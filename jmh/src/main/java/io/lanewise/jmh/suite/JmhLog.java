package io.lanewise.jmh.suite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;

/** What JMH writes while it runs forks. */
public final class JmhLog {
  private JmhLog() {}

  /**
   * Runs benchmarks.
   *
   * @param what they are called in errors
   * @param log where the options let JMH write
   * @throws RunnerException if one failed, saying why
   */
  public static Collection<RunResult> run(Object what, Options options, Path log)
      throws IOException, RunnerException {
    try {
      return JmhTurn.run(options);
    } catch (RunnerException e) {
      throw new RunnerException(what + " failed: " + cause(log, e), e);
    }
  }

  /** Why a fork failed: the first exception in a log, else what JMH itself says. */
  static String cause(Path log, RunnerException error) throws IOException {
    return Files.readAllLines(log).stream()
        .filter(line -> line.matches("[\\w.$]+(Exception|Error)\\b.*"))
        .findFirst()
        .orElse(String.valueOf(error.getMessage() == null ? error : error.getMessage()).strip());
  }
}
