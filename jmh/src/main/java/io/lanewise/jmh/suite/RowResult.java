package io.lanewise.jmh.suite;

import io.lanewise.jmh.Work;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * What was measured of a row.
 *
 * @param row which
 * @param work what a call does
 * @param samples one for each fork, in the order of measuring
 * @param failures what went wrong; a row with a failure has no verdict
 */
public record RowResult(Row row, Work work, List<Sample> samples, List<String> failures) {
  /** Samples of a stage. */
  public Stream<Sample> stage(String stage) {
    return samples.stream().filter(sample -> sample.stage().equals(stage));
  }

  /** Whether a fork was measured. */
  boolean has(String stage, int pass) {
    return stage(stage).anyMatch(sample -> sample.pass() == pass);
  }

  /** The median time of a call over all forks, in microseconds. */
  public double micros() {
    return Medians.of(samples.stream().map(Sample::micros).toList());
  }

  /** The median of the bytes that a call allocates. */
  public double allocated() {
    return Medians.of(samples.stream().map(Sample::allocated).toList());
  }

  /** The median number of arrays that a call makes, over the forks that know it. */
  public OptionalDouble arrays() {
    List<Double> known =
        samples.stream()
            .filter(sample -> sample.arrays() != null)
            .map(sample -> sample.arrays().doubleValue())
            .toList();
    return known.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Medians.of(known));
  }

  /** The median share of the ceiling over all forks, or 0 where none applies. */
  public double fraction() {
    return Medians.of(samples.stream().map(Sample::fraction).toList());
  }
}
