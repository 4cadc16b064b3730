package io.lanewise.jmh.suite;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * What one fork, a JVM of its own, measured.
 *
 * @param stage {@code run}, or which part of a comparison it belongs to
 * @param pass its number within the stage
 * @param micros the time of a call: the median of the iterations
 * @param fraction share of the ceilings of the same pass that was reached, 0 where none applies
 * @param allocated bytes allocated by a call, in the iteration with the least
 * @param arrays arrays of numbers that a call makes once it is warm, null if that is not known
 * @param iterations the time of a call in each iteration, in microseconds
 * @param curve warm-up alone: milliseconds since the first call, and microseconds of a call then
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Sample(
    String stage,
    int pass,
    double micros,
    double fraction,
    double allocated,
    Integer arrays,
    List<Double> iterations,
    List<double[]> curve) {
  /** Empty lists are left out of files. */
  public Sample {
    iterations = iterations == null ? List.of() : iterations;
    curve = curve == null ? List.of() : curve;
  }

  /** The time as a multiple of what the ceilings allow; where none applies, the time itself. */
  public double relative() {
    return fraction > 0 ? 1 / fraction : micros;
  }

  /** The same, placed and set against ceilings. */
  Sample in(String ofStage, int ofPass, double ofCeiling) {
    return new Sample(ofStage, ofPass, micros, ofCeiling, allocated, arrays, iterations, curve);
  }
}
