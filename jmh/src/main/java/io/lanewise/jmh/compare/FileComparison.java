package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Plural;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.RowResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Verdicts on two results files, from the forks that they hold. */
public final class FileComparison {
  private FileComparison() {}

  /**
   * Compares two files.
   *
   * @throws IllegalArgumentException if they hold no row, or their forks were timed otherwise
   */
  public static Comparison of(
      String baseLabel,
      String candidateLabel,
      Results base,
      Results candidate,
      Rules rules,
      Design design) {
    List<String> others = base.timingDifferences(candidate);
    if (!others.isEmpty()) {
      throw new IllegalArgumentException(
          "their times cannot be compared, forks took otherwise: " + String.join("; ", others));
    }
    List<Row> rows = rows(base, candidate);
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("neither side holds a row that was measured");
    }
    List<String> remarks = new ArrayList<>();
    if (design == Design.CEILINGS) {
      rows = inBoth(rows, base, candidate, remarks);
    }
    remarks.addAll(ofComparison(baseLabel, base));
    remarks.addAll(ofComparison(candidateLabel, candidate));
    List<RowVerdict> verdicts = verdicts(rows, base, candidate, rules, design);
    if (!base.host().machineDifferences(candidate.host()).isEmpty()) {
      verdicts = verdicts.stream().map(RowVerdict::ofAnotherMachine).toList();
    }
    return Comparison.of(
        baseLabel, candidateLabel, base, candidate, "", design, rules, verdicts, remarks);
  }

  /** The rows of either. */
  private static List<Row> rows(Results base, Results candidate) {
    Set<Row> rows = new LinkedHashSet<>();
    base.rows().forEach(result -> rows.add(result.row()));
    candidate.rows().forEach(result -> rows.add(result.row()));
    return List.copyOf(rows);
  }

  /**
   * The rows that both have, sound or failed: a run and its baselines may be of some rows each.
   *
   * @param remarks get a sentence on those that only one has
   * @throws IllegalArgumentException if there is no row of both
   */
  private static List<Row> inBoth(
      List<Row> rows, Results base, Results candidate, List<String> remarks) {
    List<Row> noBase = rows.stream().filter(row -> isMissing(base.row(row))).toList();
    List<Row> noCandidate = rows.stream().filter(row -> isMissing(candidate.row(row))).toList();
    List<Row> both = new ArrayList<>(rows);
    both.removeAll(noBase);
    both.removeAll(noCandidate);
    if (both.isEmpty()) {
      throw new IllegalArgumentException("this run and its baselines have no row in common");
    }
    if (!noBase.isEmpty()) {
      remarks.add(missing("", noBase, "in no baseline"));
    }
    if (!noCandidate.isEmpty()) {
      remarks.add(missing(" of the baselines", noCandidate, "missing in this run"));
    }
    return both;
  }

  private static boolean isMissing(RowResult result) {
    return result.samples().isEmpty() && result.failures().isEmpty();
  }

  private static String missing(String of, List<Row> rows, String where) {
    return Plural.of(rows.size(), "row")
        + of
        + (rows.size() == 1 ? " is " : " are ")
        + where
        + ", so not judged: "
        + Plural.names(rows)
        + ".";
  }

  /** A sentence on a file that is no run but a side of a comparison, or none. */
  private static List<String> ofComparison(String label, Results results) {
    return results.otherStages().isEmpty()
        ? List.of()
        : List.of(
            label
                + " is a side of a comparison ("
                + String.join(", ", results.otherStages())
                + "), with more forks of rows that were unclear there. All of them count here, so"
                + " the verdicts of that comparison may be others.");
  }

  /**
   * A verdict for each row. A row of only one of the files failed, and so did one with so few forks
   * that no difference, however large, could be confirmed, unless they show that it is the same.
   */
  private static List<RowVerdict> verdicts(
      List<Row> rows, Results base, Results candidate, Rules rules, Design design) {
    Map<Row, RowVerdict> verdicts = new HashMap<>();
    List<RowTest> tests = new ArrayList<>();
    List<Row> tested = new ArrayList<>();
    for (Row row : rows) {
      String why = why(base.row(row), candidate.row(row), design);
      if (why.isEmpty()) {
        tested.add(row);
        tests.add(new RowTest(base.row(row), candidate.row(row), design));
      } else {
        verdicts.put(row, RowVerdict.failed(row, why));
      }
    }
    double[] corrected = Holm.adjust(tests.stream().mapToDouble(RowTest::p).toArray());
    for (int i = 0; i < corrected.length; i++) {
      RowTest test = tests.get(i);
      Row row = tested.get(i);
      boolean enough = test.leastP() * corrected.length < rules.alpha();
      boolean clear = enough || test.same(rules) && !test.allocatesMore();
      verdicts.put(
          row,
          clear
              ? test.verdict(rules, corrected[i], rules.alpha(), true)
              : RowVerdict.failed(
                  row, tooFew(base.row(row), candidate.row(row), corrected.length, rules)));
    }
    return rows.stream().map(verdicts::get).toList();
  }

  private static String tooFew(RowResult base, RowResult candidate, int rows, Rules rules) {
    int needed = 1;
    while (RankTest.leastP(needed, needed) * rows >= rules.alpha()) {
      needed++;
    }
    return base.samples().size()
        + " and "
        + Plural.of(candidate.samples().size(), "fork")
        + " are too few to confirm anything among "
        + Plural.of(rows, "row")
        + ", needs "
        + needed
        + " each";
  }

  private static String why(RowResult base, RowResult candidate, Design design) {
    if (design == Design.CEILINGS && !base.work().equals(candidate.work())) {
      return "its work is counted otherwise: " + base.work() + " and " + candidate.work();
    }
    if (!base.failures().isEmpty() || !candidate.failures().isEmpty()) {
      return (base.failures().isEmpty() ? candidate : base).failures().get(0);
    }
    if (base.samples().isEmpty()) {
      return "the base has no samples";
    }
    return candidate.samples().isEmpty() ? "the candidate has no samples" : "";
  }
}
