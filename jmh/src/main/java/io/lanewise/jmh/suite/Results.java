package io.lanewise.jmh.suite;

import io.lanewise.jmh.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * What was measured by one build on one machine.
 *
 * @param format version of this file
 * @param started when, in UTC
 * @param label what the user called it
 * @param host where and with what
 * @param group which rows
 * @param timing how long forks took
 * @param ceilings what the machine allowed, by stage, pass and number of threads
 * @param rows what was measured, row by row
 */
public record Results(
    String format,
    String started,
    String label,
    Host host,
    String group,
    Timing timing,
    Map<String, List<Ceilings>> ceilings,
    List<RowResult> rows) {
  static final String FORMAT = "lanewise-bench-1";

  /** The result of a row, new and empty if there is none. */
  public RowResult row(Row row) {
    for (RowResult result : rows) {
      if (result.row().equals(row)) {
        return result;
      }
    }
    Work work = row.work();
    RowResult result = new RowResult(row, work, new ArrayList<>(), new ArrayList<>());
    rows.add(result);
    return result;
  }

  /** The ceilings of a pass for a number of threads, the last if it was gone on with, or null. */
  Ceilings ceilings(String stage, int pass, int threads) {
    return ceilings.getOrDefault(stage, List.of()).stream()
        .filter(each -> each.pass() == pass && each.threads() == threads)
        .reduce((earlier, later) -> later)
        .orElse(null);
  }

  /** Why its times say nothing beside those of another, or nothing: forks of other lengths. */
  public List<String> timingDifferences(Results other) {
    return Objects.equals(timing, other.timing)
        ? List.of()
        : List.of(
            "group "
                + group
                + " at "
                + timing
                + " and group "
                + other.group
                + " at "
                + other.timing);
  }

  /** The same, with only those rows whose benchmark and shape hold a text. */
  public Results only(String text) {
    List<RowResult> some =
        rows.stream().filter(result -> result.row().toString().contains(text)).toList();
    return new Results(
        format, started, label, host, group, timing, ceilings, new ArrayList<>(some));
  }

  /** The stages of its samples other than that of a run: those of a side of a comparison. */
  public Set<String> otherStages() {
    Set<String> stages = new TreeSet<>();
    for (RowResult result : rows) {
      result.samples().forEach(sample -> stages.add(sample.stage()));
    }
    stages.remove(SuiteRun.STAGE);
    return stages;
  }

  /** Whether anything failed. */
  public boolean failed() {
    return rows.stream().anyMatch(result -> !result.failures().isEmpty());
  }
}
