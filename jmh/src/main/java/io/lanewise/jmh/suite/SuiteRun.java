package io.lanewise.jmh.suite;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Runs a group: pass by pass, each row one fork a pass, so that a slow minute hurts all alike. */
public final class SuiteRun {
  /** The stage of samples that no comparison drew. */
  public static final String STAGE = "run";

  private SuiteRun() {}

  /**
   * Runs a group in this JVM's kind.
   *
   * @param file where results go, after each fork; null for nowhere
   * @param resume whether to go on with that file
   * @param passes how many forks of each row
   * @param only a part of the names of the rows to run, or empty for all
   * @return what was measured
   */
  public static Results run(
      Group group, int threads, Path file, boolean resume, int passes, String only, PrintWriter out)
      throws IOException {
    List<Row> rows = Grid.rows(group, threads, only);
    Timing timing = group.timing();
    Forker forker = new Forker(timing);
    boolean goOn = resume && Files.exists(file);
    try (Recorder recorder =
        goOn
            ? Recorder.resume(forker, file, group.toString(), timing)
            : Recorder.begin(forker, file, "", group.toString(), timing)) {
      if (file != null) {
        out.println(Recorder.place(file, file, resume));
      }
      long left = forksLeft(recorder.results(), rows, passes);
      out.printf(
          "# %s, %s, %s, %s; %s, %s each, about %s%n",
          recorder.results().host().cpu(),
          recorder.results().host().jdk(),
          recorder.results().host().lanes(),
          recorder.results().host().source(),
          Plural.of(rows.size(), "row"),
          Plural.of(passes, "fork"),
          Plural.minutes(left * timing.forkSeconds()));
      for (int pass = 0; pass < passes; pass++) {
        pass(recorder, rows, pass, out);
      }
      if (group == Group.SMOKE) {
        long failed =
            recorder.results().rows().stream().filter(row -> !row.failures().isEmpty()).count();
        String all = Plural.of(rows.size(), "row");
        out.printf("%s, %d failed; too short to be timed%n", all, failed);
        out.flush();
      } else {
        print(recorder.results(), out);
      }
      return recorder.results();
    }
  }

  /** How many forks are to be measured, of a run that is gone on with only those that it lacks. */
  static long forksLeft(Results known, List<Row> rows, int passes) {
    long there =
        known.rows().stream()
            .filter(result -> rows.contains(result.row()))
            .flatMap(result -> result.stage(STAGE))
            .filter(sample -> sample.pass() < passes)
            .count();
    return (long) rows.size() * passes - there;
  }

  private static void pass(Recorder recorder, List<Row> rows, int pass, PrintWriter out)
      throws IOException {
    for (int threads : new TreeSet<>(rows.stream().map(Row::threads).toList())) {
      try {
        Ceilings now = recorder.ceilings(STAGE, pass, threads);
        out.printf("# pass %d, %s: %s%n", pass + 1, Plural.of(threads, "thread"), now.text());
      } catch (MeasureException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    for (Row row : rows) {
      out.flush();
      boolean known = !recorder.results().row(row).failures().isEmpty();
      if (!recorder.fork(row, STAGE, pass, pass) && !known) {
        out.println("# " + recorder.results().row(row).failures().get(0));
      }
    }
  }

  /** Prints a line for each row: its median over forks, and how far these are apart. */
  private static void print(Results results, PrintWriter out) {
    String head = "%-24s %-34s %7s %12s %7s %8s %12s %12s%n";
    out.printf(
        head, "benchmark", "shape", "threads", "us", "+-%", "of peak", "bytes/call", "arrays/call");
    for (RowResult result : results.rows()) {
      Row row = result.row();
      if (result.samples().isEmpty() || !result.failures().isEmpty()) {
        out.printf(head, row.benchmark(), row.shape(), row.threads(), "failed", "", "", "", "");
        continue;
      }
      List<Double> micros = result.samples().stream().map(Sample::micros).sorted().toList();
      double range = micros.get(micros.size() - 1) - micros.get(0);
      double fraction = result.fraction();
      out.printf(
          head,
          row.benchmark(),
          row.shape(),
          row.threads(),
          text("%.2f", result.micros()),
          text("%.1f", 50 * range / result.micros()),
          fraction == 0 ? "-" : Share.text(fraction),
          text("%.0f", result.allocated()),
          result.arrays().isPresent() ? text("%.0f", result.arrays().getAsDouble()) : "-");
    }
    out.flush();
  }

  private static String text(String format, double value) {
    return String.format(Locale.ROOT, format, value);
  }
}
