package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Results;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Whether several threads could do equally much in all passes. The host of a virtual machine may
 * move its processors between caches, or put two of them on one core: then rows of several threads
 * vary without any change of code.
 */
final class Phases {
  /** The ratio of the slowest to the fastest hand-over that is worth a word. */
  private static final double HAND_OVERS_APART = 2;

  /** The same for multiply-adds, of which two processors on one core do half. */
  private static final double RATES_APART = 1.25;

  private Phases() {}

  /** What there is to say about the sides of a comparison, a sentence each. */
  static List<String> remarks(Results base, Results candidate) {
    return remarks(passes(base), passes(candidate));
  }

  private static List<Ceilings> passes(Results run) {
    return run.ceilings().values().stream().flatMap(Collection::stream).toList();
  }

  /** Rates are compared within a side: other lanes or flags have others on the same cores. */
  static List<String> remarks(List<Ceilings> base, List<Ceilings> candidate) {
    DoubleStream handOvers =
        Stream.of(base, candidate).flatMap(List::stream).mapToDouble(Ceilings::handOver);
    return Stream.of(
            remark(
                handOvers,
                HAND_OVERS_APART,
                "Handing a number from thread to thread took %.0f ns in one pass and %.0f in"
                    + " another, as when a host moves the processors of a virtual machine apart:"
                    + " rows of several threads vary with that."),
            ofRates("base", base),
            ofRates("candidate", candidate))
        .flatMap(each -> each)
        .toList();
  }

  private static Stream<String> ofRates(String side, List<Ceilings> passes) {
    Map<Integer, DoubleStream.Builder> rates = new TreeMap<>();
    for (Ceilings pass : passes) {
      if (pass.threads() > 1) {
        rates.computeIfAbsent(pass.threads(), key -> DoubleStream.builder()).add(pass.fma());
      }
    }
    return rates.entrySet().stream()
        .flatMap(
            each ->
                remark(
                    each.getValue().build(),
                    RATES_APART,
                    each.getKey()
                        + " threads of the "
                        + side
                        + " did %.0f GFLOP/s of multiply-adds in one pass and %.0f in another, as"
                        + " when a host puts processors of a virtual machine on one core: rows of"
                        + " several threads vary with that."));
  }

  /** A sentence with the least and the greatest of what was measured, if they lie far apart. */
  private static Stream<String> remark(DoubleStream measured, double apart, String sentence) {
    double[] sorted = measured.filter(each -> each > 0).sorted().toArray();
    if (sorted.length == 0 || sorted[sorted.length - 1] < apart * sorted[0]) {
      return Stream.empty();
    }
    return Stream.of(String.format(Locale.ROOT, sentence, sorted[0], sorted[sorted.length - 1]));
  }
}
