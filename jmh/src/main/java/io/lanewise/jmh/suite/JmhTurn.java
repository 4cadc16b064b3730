package io.lanewise.jmh.suite;

import java.util.Collection;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;

/**
 * Runs JMH when it is its turn. JMH holds a lock of the machine while it runs, and fails at once
 * where another has it; a moment of somebody else's must not cost a row of a run of hours.
 */
final class JmhTurn {
  private static final String BUSY = "Another JMH instance";
  private static final int PAUSE_MILLIS = 500;
  private static final int PAUSES = 1200;

  /** What is run, again if it was not its turn. */
  interface Run {
    Collection<RunResult> run() throws RunnerException;
  }

  private JmhTurn() {}

  /**
   * Runs JMH, after up to ten minutes of waiting for others.
   *
   * @throws RunnerException if a benchmark failed, or the others did not end
   */
  static Collection<RunResult> run(Options options) throws RunnerException {
    return run(() -> new Runner(options).run(), PAUSE_MILLIS);
  }

  static Collection<RunResult> run(Run run, int pauseMillis) throws RunnerException {
    for (int pause = 0; ; pause++) {
      try {
        return run.run();
      } catch (RunnerException e) {
        if (e.getMessage() == null || !e.getMessage().contains(BUSY) || pause == PAUSES) {
          throw e;
        }
      }
      if (pause == 0) {
        System.err.println("# JMH runs elsewhere on this machine; waits for its end");
      }
      try {
        Thread.sleep(pauseMillis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new RunnerException("interrupted while JMH ran elsewhere", e);
      }
    }
  }
}
