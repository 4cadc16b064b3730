package io.lanewise.engine.cli;

import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.parallel.Parallel;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Times training steps or inference of a net on random images. */
@Command(
    name = "time",
    description = {
      "Times a net on random images: training steps (forward, softmax cross-entropy, backward, SGD"
          + " with momentum) or inference.",
      "Warms up, measures five times, and ends with the median: MODEL_bN_train|infer THREADS"
          + " IMAGES_PER_SECOND. For inference, the line before it says how long calls took."
    })
final class TimeCommand implements Callable<Integer> {
  private static final int REPETITIONS = 5;

  @Mixin private WorkOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int n = options.batch();
    double seconds = options.seconds();
    PrintWriter out = spec.commandLine().getOut();
    try (Parallel parallel = options.parallel()) {
      WorkOptions.Work work = options.new Work(parallel, false);
      out.println("# " + LanesProvider.description() + ", java " + Runtime.version());
      work.warmUp(out);
      double[] rates = new double[REPETITIONS];
      long[] all = {};
      for (int i = 0; i < REPETITIONS; i++) {
        long[] nanos = measure(work, seconds / REPETITIONS);
        rates[i] = 1e9 * n * nanos.length / Arrays.stream(nanos).sum();
        all = LongStream.concat(Arrays.stream(all), Arrays.stream(nanos)).toArray();
        out.printf(Locale.ROOT, "# %.1f images/s%n", rates[i]);
        out.flush();
      }
      if (options.infer()) {
        printLatencies(out, all);
      }
      Arrays.sort(rates);
      out.printf(
          Locale.ROOT,
          "%s_b%d_%s %d %.1f%n",
          options.model(),
          n,
          options.infer() ? "infer" : "train",
          parallel.threads(),
          rates[REPETITIONS / 2]);
      out.flush();
    }
    return 0;
  }

  /** Runs steps for a while; returns what each took, one beginning where the other ends. */
  private static long[] measure(WorkOptions.Work work, double seconds) {
    long[] nanos = new long[1024];
    int done = 0;
    long start = System.nanoTime();
    long last = start;
    do {
      work.feed(done);
      work.run();
      work.update();
      long now = System.nanoTime();
      if (done == nanos.length) {
        nanos = Arrays.copyOf(nanos, 2 * done);
      }
      nanos[done++] = now - last;
      last = now;
    } while (last - start < seconds * 1e9);
    return Arrays.copyOf(nanos, done);
  }

  private static void printLatencies(PrintWriter out, long[] nanos) {
    Arrays.sort(nanos);
    out.printf(
        Locale.ROOT,
        "# milliseconds a call: p50 %.3f, p90 %.3f, p99 %.3f, of %d calls%n",
        percentile(nanos, 50),
        percentile(nanos, 90),
        percentile(nanos, 99),
        nanos.length);
  }

  /** The smallest time that this many percent of the calls do not exceed, in milliseconds. */
  private static double percentile(long[] sorted, int percent) {
    int rank = (int) (((long) sorted.length * percent + 99) / 100);
    return sorted[Math.max(rank, 1) - 1] * 1e-6;
  }
}
