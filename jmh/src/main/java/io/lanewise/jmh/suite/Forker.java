package io.lanewise.jmh.suite;

import io.lanewise.jmh.ArrayCount;
import io.lanewise.jmh.Settling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs one fork of a row with the JVM, the flags and the classes of this process. */
final class Forker implements Measurer {
  /** Its name: JMH looks for classes of profilers as services, which a module would have to use. */
  private static final String GC = "gc";

  /** Bytes of a call; left out where a whole iteration allocated nothing. */
  private static final String ALLOCATED = "gc.alloc.rate.norm";

  /** Given by every JVM that counts what its threads allocate. */
  private static final String COUNTED = "gc.alloc.rate";

  private final Timing timing;

  Forker(Timing timing) {
    this.timing = timing;
  }

  @Override
  public Host host() throws IOException {
    return Host.here();
  }

  @Override
  public Ceilings ceilings(int pass, int threads) {
    return Ceilings.measure(pass, threads);
  }

  @Override
  public Sample fork(Row row) throws IOException, MeasureException {
    if (row.isFresh()) {
      return FreshRuns.measure(row, timing);
    }
    Path log = Files.createTempFile("lanewise-bench", ".log");
    Path count = Files.createTempFile("lanewise-bench", ".arrays");
    try {
      Collection<RunResult> results = JmhTurn.run(options(row, log, count));
      String arrays = Files.readString(count);
      return sample(results, arrays.isEmpty() ? null : Integer.valueOf(arrays));
    } catch (RunnerException e) {
      throw new MeasureException(row + " failed: " + JmhLog.cause(log, e), e);
    } finally {
      Files.delete(log);
      Files.delete(count);
    }
  }

  @Override
  public void close() {}

  private Options options(Row row, Path log, Path count) {
    String name = row.family().benchmark().getName() + "." + row.method();
    List<String> options = new ArrayList<>(ChildJvm.moduleOptions());
    options.add("-D" + Settling.LIMIT + "=" + timing.settleMillis());
    if (timing.settleMillis() > 0) {
      // Cold code makes vectors and arrays that warm code does not.
      options.add("-D" + ArrayCount.FILE + "=" + count);
    }
    return new OptionsBuilder()
        .include("^" + Pattern.quote(name) + "$")
        .param("shape", row.shape())
        .param("threads", Integer.toString(row.threads()))
        .forks(1)
        .warmupIterations(timing.warmUps())
        .warmupTime(TimeValue.milliseconds(timing.warmUpMillis()))
        .measurementIterations(timing.iterations())
        .measurementTime(TimeValue.milliseconds(timing.millis()))
        .jvmArgsPrepend(options.toArray(new String[0]))
        .addProfiler(GC)
        .shouldFailOnError(true)
        .output(log.toString())
        .build();
  }

  private static Sample sample(Collection<RunResult> results, Integer arrays)
      throws MeasureException {
    List<IterationResult> iterations =
        List.copyOf(
            results
                .iterator()
                .next()
                .getBenchmarkResults()
                .iterator()
                .next()
                .getIterationResults());
    List<Double> micros =
        iterations.stream().map(each -> each.getPrimaryResult().getScore()).toList();
    double allocated = allocated(iterations.stream().map(Forker::secondary).toList());
    return new Sample("", 0, Medians.of(micros), 0, allocated, arrays, micros, List.of());
  }

  private static Map<String, Double> secondary(IterationResult iteration) {
    return iteration.getSecondaryResults().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().getScore()));
  }

  /**
   * Bytes of a call in the iteration with the least.
   *
   * @param iterations what the profiler says of each
   * @throws MeasureException if it says nothing, which is not the same as no bytes
   */
  static double allocated(List<Map<String, Double>> iterations) throws MeasureException {
    double least = Double.POSITIVE_INFINITY;
    for (Map<String, Double> each : iterations) {
      if (!each.containsKey(COUNTED)) {
        throw new MeasureException("this JVM does not tell how much its threads allocate", null);
      }
      least = Math.min(least, each.getOrDefault(ALLOCATED, 0.0));
    }
    return least;
  }
}
