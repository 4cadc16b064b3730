package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Sample;

/** How the samples of a comparison came about, and what of them is compared. */
public enum Design {
  /** Both sides were measured in turn. */
  ALTERNATING("forks of both sides alternate (A B B A)"),
  /** Two results files as they are. */
  FILES(
      "all forks of both results files decide at once; none alternated, so a slow hour of the"
          + " machine looks like slow code"),
  /** A run and others of other days, each against what its own machine allowed at that hour. */
  CEILINGS(
      "all forks of the run and of the baselines decide at once, by their times as multiples of what"
          + " the ceilings of the same run allow, where ceilings apply; none alternated, and ratios of"
          + " bare times may differ");

  private final String text;

  Design(String text) {
    this.text = text;
  }

  /** What is compared of a sample. */
  double time(Sample sample) {
    return this == CEILINGS ? sample.relative() : sample.micros();
  }

  /** In words, a part of a sentence. */
  String text() {
    return text;
  }
}
