package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import java.util.List;

/** The samples of one row that a decision rests on, from both sides. */
final class RowTest {
  /** Bytes of a call that a fork's own noise may make. */
  private static final double BYTES_SLACK = 48;

  private static final double INTERVAL_ALPHA = 0.05;
  private static final double SAME_ALPHA = 0.10;

  private final RowResult base;
  private final RowResult candidate;
  private final List<Sample> baseSamples;
  private final List<Sample> candidateSamples;
  private final RankTest test;

  /**
   * All samples.
   *
   * @param design says what is compared of each
   */
  RowTest(RowResult base, RowResult candidate, Design design) {
    this(base, candidate, base.samples(), candidate.samples(), design);
  }

  /** The samples of a stage, measured in turn. */
  RowTest(RowResult base, RowResult candidate, String stage) {
    this(
        base,
        candidate,
        base.stage(stage).toList(),
        candidate.stage(stage).toList(),
        Design.ALTERNATING);
  }

  private RowTest(
      RowResult base,
      RowResult candidate,
      List<Sample> baseSamples,
      List<Sample> candidateSamples,
      Design design) {
    this.base = base;
    this.candidate = candidate;
    this.baseSamples = baseSamples;
    this.candidateSamples = candidateSamples;
    this.test = new RankTest(times(baseSamples, design), times(candidateSamples, design));
  }

  private static double[] times(List<Sample> samples, Design design) {
    return samples.stream().mapToDouble(design::time).toArray();
  }

  /** The least p-value that samples as many could have. */
  double leastP() {
    return RankTest.leastP(baseSamples.size(), candidateSamples.size());
  }

  /** The uncorrected p-value. */
  double p() {
    return test.p();
  }

  /**
   * Whether the time is the same up to the threshold: two one-sided tests at 5 %, which is an
   * interval of 90 %.
   */
  boolean same(Rules rules) {
    return rules.within(test.interval(SAME_ALPHA));
  }

  /** Whether every fork of the candidate leaves more garbage than any of the base. */
  boolean allocatesMore() {
    return moreBytes() || moreArrays();
  }

  private boolean moreBytes() {
    double most = baseSamples.stream().mapToDouble(Sample::allocated).max().orElse(0);
    double least = candidateSamples.stream().mapToDouble(Sample::allocated).min().orElse(0);
    return least > most + BYTES_SLACK && least > most * 1.01;
  }

  /** Of forks that did not count nothing is known, so all must have. */
  private boolean moreArrays() {
    return areCounted(baseSamples)
        && areCounted(candidateSamples)
        && candidateSamples.stream().mapToInt(Sample::arrays).min().orElse(0)
            > baseSamples.stream().mapToInt(Sample::arrays).max().orElse(0);
  }

  private static boolean areCounted(List<Sample> samples) {
    return samples.stream().noneMatch(sample -> sample.arrays() == null);
  }

  /**
   * The verdict, given the corrected p-value and what it must be below.
   *
   * @param confirms whether these samples may confirm that a call allocates more
   */
  RowVerdict verdict(Rules rules, double correctedP, double alpha, boolean confirms) {
    double ratio = test.ratio();
    double[] interval = test.interval(INTERVAL_ALPHA);
    Verdict verdict = Verdict.UNDECIDED;
    if (correctedP < alpha) {
      verdict = ratio > 1 ? Verdict.SLOWER : Verdict.FASTER;
    } else if (same(rules)) {
      verdict = Verdict.SAME;
    }
    boolean slower = verdict == Verdict.SLOWER && ratio > 1 + rules.failOver();
    boolean moreBytes = confirms && moreBytes();
    boolean moreArrays = confirms && moreArrays();
    return new RowVerdict(
        base.row(),
        verdict,
        slower || moreBytes || moreArrays,
        ratio,
        interval[0],
        interval[1],
        correctedP,
        Math.min(baseSamples.size(), candidateSamples.size()),
        base.micros(),
        candidate.micros(),
        base.fraction(),
        candidate.fraction(),
        base.allocated(),
        candidate.allocated(),
        moreBytes,
        arrays(base, baseSamples),
        arrays(candidate, candidateSamples),
        moreArrays,
        "");
  }

  private static Double arrays(RowResult result, List<Sample> samples) {
    return areCounted(samples) ? (Double) result.arrays().getAsDouble() : null;
  }
}
