package io.lanewise.jmh.report;

import io.lanewise.jmh.compare.RowVerdict;
import io.lanewise.jmh.compare.Verdict;
import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Share;
import java.util.Locale;

/** Numbers as all reports write them. */
final class Numbers {
  private Numbers() {}

  /** A text that only a row has which was measured. */
  static String known(RowVerdict verdict, String text) {
    return verdict.verdict() == Verdict.FAILED ? "" : text;
  }

  static String micros(double value) {
    return text(value < 100 ? "%.2f" : "%.0f", value);
  }

  static String ratio(double value) {
    return text("%.3f", value);
  }

  static String interval(RowVerdict verdict) {
    return ratio(verdict.low()) + " - " + ratio(verdict.high());
  }

  static String p(double value) {
    return text(value < 0.001 ? "%.0e" : "%.3f", value);
  }

  static String percent(double share) {
    return share == 0 ? "" : Share.text(share);
  }

  /** The verdict in words, with what else must be known. */
  static String verdict(RowVerdict verdict) {
    if (verdict.verdict() == Verdict.FAILED) {
      return "failed: " + verdict.failure();
    }
    String words = verdict.verdict().toString();
    if (verdict.moreBytes()) {
      words +=
          text(", allocates %.0f", verdict.candidateBytes())
              + text(" bytes instead of %.0f", verdict.baseBytes());
    }
    if (verdict.moreArrays()) {
      words +=
          ", makes "
              + Plural.of(Math.round(verdict.candidateArrays()), "array")
              + text(" a call instead of %.0f", verdict.baseArrays());
    }
    return verdict.regression() ? words + " (regression)" : words;
  }

  /** A count of arrays, empty if it is not known. */
  static String arrays(Double value) {
    return value == null ? "" : text("%.0f", value);
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
