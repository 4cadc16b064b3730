package io.lanewise.jmh.suite;

import io.lanewise.jmh.FreshJvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Starts a JVM that predicts, and measures its start and how it warms up. */
final class FreshRuns {
  private static final int CURVE_POINTS = 40;

  private FreshRuns() {}

  /**
   * Measures one JVM: for {@link Row#FIRST} the time from its start to its first prediction, for
   * {@link Row#WARM_UP} the time that its first predictions took beyond what as many take at the
   * end.
   */
  static Sample measure(Row row, Timing timing) throws IOException, MeasureException {
    boolean first = row.benchmark().equals(Row.FIRST);
    List<String> command = new ArrayList<>();
    command.add(ChildJvm.java());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("--add-modules=jdk.incubator.vector");
    command.addAll(ChildJvm.classOptions());
    command.add(FreshJvm.class.getName());
    command.add(row.shape());
    command.add(Integer.toString(row.threads()));
    command.add(Integer.toString(first ? 0 : timing.freshMillis()));
    long start = System.nanoTime();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    List<String> lines = new ArrayList<>();
    long ready = 0;
    try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        ready = line.equals(FreshJvm.READY) ? System.nanoTime() - start : ready;
        lines.add(line);
      }
      if (process.waitFor() != 0 || ready == 0) {
        throw new MeasureException(row + " failed: " + LastWords.of(lines), null);
      }
    } catch (InterruptedException e) {
      process.destroy();
      throw new IOException("interrupted", e);
    }
    if (first) {
      return new Sample("", 0, ready / 1e3, 0, 0, null, List.of(), List.of());
    }
    double[] ends =
        lines.stream()
            .filter(line -> line.matches("[0-9]+"))
            .mapToDouble(Double::valueOf)
            .toArray();
    return new Sample("", 0, lostNanos(ends) / 1e3, 0, 0, null, List.of(), curve(ends));
  }

  /**
   * The time of all calls, less what as many as the last quarter's median call take; at least one
   * of these, as less cannot be told from nothing, which has no ratio to anything.
   */
  static double lostNanos(double[] ends) {
    List<Double> last = new ArrayList<>();
    for (int i = Math.max(1, ends.length * 3 / 4); i < ends.length; i++) {
      last.add(ends[i] - ends[i - 1]);
    }
    double steady = last.isEmpty() ? 0 : Medians.of(last);
    return Math.max(steady, ends[ends.length - 1] - steady * ends.length);
  }

  /** Points whose times grow by a factor: milliseconds, and the mean of the calls up to there. */
  private static List<double[]> curve(double[] ends) {
    List<double[]> points = new ArrayList<>();
    double factor = Math.pow(ends[ends.length - 1] / ends[0], 1.0 / CURVE_POINTS);
    int from = 0;
    for (int i = 0; i < ends.length; i++) {
      boolean lastOne = i == ends.length - 1;
      if (i == 0 || lastOne || ends[i + 1] > factor * ends[from == 0 ? 0 : from - 1]) {
        double before = from == 0 ? 0 : ends[from - 1];
        points.add(new double[] {ends[i] / 1e6, (ends[i] - before) / (i + 1 - from) / 1e3});
        from = i + 1;
      }
    }
    return points;
  }
}
