package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Results;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Whether threads handed numbers over equally fast in all passes. Where the host of a virtual
 * machine moves its processors between caches, they do not, and rows of several threads vary
 * without any change of code.
 */
final class HandOvers {
  /** The ratio of the slowest to the fastest that is worth a word. */
  private static final double APART = 2;

  private HandOvers() {}

  /** What there is to say about some runs. */
  static Optional<String> remark(Results... runs) {
    return remark(
        Stream.of(runs)
            .flatMap(run -> run.ceilings().values().stream())
            .flatMap(Collection::stream)
            .toList());
  }

  static Optional<String> remark(List<Ceilings> passes) {
    DoubleStream known = passes.stream().mapToDouble(Ceilings::handOver).filter(each -> each > 0);
    double[] sorted = known.sorted().toArray();
    if (sorted.length == 0 || sorted[sorted.length - 1] < APART * sorted[0]) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Handing a number from thread to thread took %.0f ns in one pass and %.0f in another,"
                + " as when a host moves the processors of a virtual machine apart: rows of"
                + " several threads vary with that.",
            sorted[0],
            sorted[sorted.length - 1]));
  }
}
