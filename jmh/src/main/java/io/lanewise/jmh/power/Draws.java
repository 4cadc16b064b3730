package io.lanewise.jmh.power;

import io.lanewise.jmh.compare.Procedure;
import io.lanewise.jmh.compare.RowVerdict;
import io.lanewise.jmh.compare.Rules;
import io.lanewise.jmh.compare.Verdict;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Comparisons drawn from measured forks, and how they ended.
 *
 * @param runs how many
 * @param alarms those in which a row that nothing was planted in was called slower, faster or a
 *     regression
 * @param failures those that would have ended with status 1
 * @param found those in which a planted row was called a regression
 * @param undecided rows without a verdict, of all runs together
 * @param cut those of them that a comparison would have measured again, but no more was measured
 * @param foundByRow for each planted row, the runs that called it a regression
 */
record Draws(
    int runs,
    int alarms,
    int failures,
    int found,
    int undecided,
    int cut,
    Map<String, Integer> foundByRow) {
  /**
   * Draws comparisons.
   *
   * @param planted what the candidate is drawn from; the same as the base where nothing is planted
   */
  static Draws of(int runs, Results base, Results planted, Rules rules, long seed)
      throws IOException {
    Random random = new Random(seed);
    List<Row> rows = rows(base, rules);
    int alarms = 0;
    int failures = 0;
    int found = 0;
    int undecided = 0;
    int[] cut = {0};
    Map<String, Integer> byRow = new TreeMap<>();
    for (int run = 0; run < runs; run++) {
      Pool[] sides = Pool.deal(base, planted, random);
      UnaryOperator<List<Row>> again =
          unclear -> {
            List<Row> there =
                unclear.stream()
                    .filter(row -> sides[0].left(row) >= rules.confirm())
                    .filter(row -> sides[1].left(row) >= rules.confirm())
                    .toList();
            cut[0] += unclear.size() - there.size();
            return there;
          };
      boolean alarm = false;
      boolean failed = false;
      boolean hit = false;
      for (RowVerdict each : verdicts(sides[0], sides[1], rules, rows, again)) {
        undecided += each.verdict() == Verdict.UNDECIDED ? 1 : 0;
        failed |= each.regression();
        if (planted != base && !planted.row(each.row()).samples().isEmpty()) {
          hit |= each.regression();
          byRow.merge(each.row().toString(), each.regression() ? 1 : 0, Integer::sum);
        } else {
          Verdict verdict = each.verdict();
          alarm |= each.regression() || verdict == Verdict.SLOWER || verdict == Verdict.FASTER;
        }
      }
      alarms += alarm ? 1 : 0;
      failures += failed ? 1 : 0;
      found += hit ? 1 : 0;
    }
    return new Draws(runs, alarms, failures, found, undecided, cut[0], byRow);
  }

  /** The rows that can be drawn: sound, and with forks for a screen. */
  static List<Row> rows(Results base, Rules rules) {
    return base.rows().stream()
        .filter(each -> each.failures().isEmpty())
        .filter(each -> Pool.blocks(each, Pool.BASE) * Pool.PLANTED >= rules.screen())
        .map(RowResult::row)
        .toList();
  }

  /** Whether however the forks of a row are dealt, a screen calls it the same. */
  static boolean isClear(Results base, Row row, Rules rules) throws IOException {
    Rules screen = new Rules(rules.failOver(), rules.alpha(), rules.screen(), rules.confirm(), 0);
    Random random = new Random(1);
    for (int run = 0; run < 32; run++) {
      Pool[] sides = Pool.deal(base, base, random);
      List<RowVerdict> verdicts =
          verdicts(sides[0], sides[1], screen, List.of(row), unclear -> List.of());
      if (verdicts.get(0).verdict() != Verdict.SAME) {
        return false;
      }
    }
    return true;
  }

  private static List<RowVerdict> verdicts(
      Measurer base,
      Measurer candidate,
      Rules rules,
      List<Row> rows,
      UnaryOperator<List<Row>> again)
      throws IOException {
    try (Recorder one = Recorder.begin(base, null, "", "", null);
        Recorder two = Recorder.begin(candidate, null, "", "", null)) {
      return new Procedure(rules, one, two, again, text -> {}).run(rows);
    }
  }

  /** A line of text, and one for each planted row. */
  String text(String name) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-6s %5d runs: found in %5.1f%%, status 1 in %5.1f%%, false verdicts in %5.1f%%; rows"
                + " undecided in a run %.2f, of which %.2f for want of forks%n",
            name,
            runs,
            100.0 * found / runs,
            100.0 * failures / runs,
            100.0 * alarms / runs,
            (double) undecided / runs,
            (double) cut / runs));
    foundByRow.forEach(
        (row, count) ->
            text.append(String.format(Locale.ROOT, "  %5.1f%%  %s%n", 100.0 * count / runs, row)));
    return text.toString();
  }
}
