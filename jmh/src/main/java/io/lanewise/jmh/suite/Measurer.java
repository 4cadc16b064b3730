package io.lanewise.jmh.suite;

import java.io.IOException;

/** Something that can measure: this process, another one, or samples that were drawn before. */
public interface Measurer extends AutoCloseable {
  /** Where and with what it measures. */
  Host host() throws IOException;

  /** Measures what the machine allows. */
  Ceilings ceilings(int pass, int threads) throws IOException, MeasureException;

  /**
   * Measures a row in a JVM of its own.
   *
   * @throws MeasureException if the benchmark failed, for example as its answer was wrong
   */
  Sample fork(Row row) throws IOException, MeasureException;

  @Override
  void close() throws IOException;
}
