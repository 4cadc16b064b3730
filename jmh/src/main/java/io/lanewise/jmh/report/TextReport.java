package io.lanewise.jmh.report;

import io.lanewise.jmh.compare.Comparison;
import io.lanewise.jmh.compare.RowVerdict;

/** The comparison as a table for a terminal. */
final class TextReport {
  private static final String LINE = "%-24s %-30s %11s %11s %6s %15s %6s %s%n";

  private TextReport() {}

  static String text(Comparison comparison) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            LINE, "benchmark", "shape", "base us", "cand. us", "ratio", "95%", "p", "verdict"));
    for (RowVerdict each : comparison.verdicts()) {
      text.append(
          String.format(
              LINE,
              each.row().benchmark(),
              each.row().shape(),
              Numbers.known(each, Numbers.micros(each.baseMicros())),
              Numbers.known(each, Numbers.micros(each.candidateMicros())),
              Numbers.known(each, Numbers.ratio(each.ratio())),
              Numbers.known(each, Numbers.interval(each)),
              each.p() == 1 ? "" : Numbers.known(each, Numbers.p(each.p())),
              Numbers.verdict(each)));
    }
    text.append(comparison.summary()).append('\n');
    comparison.notes().forEach(note -> text.append(note).append('\n'));
    for (RowVerdict each : comparison.regressions()) {
      text.append(NextSteps.question(each, each.row().toString())).append(' ');
      text.append(String.join("  or  ", NextSteps.of(comparison, each.row()))).append('\n');
    }
    return text.toString();
  }
}
