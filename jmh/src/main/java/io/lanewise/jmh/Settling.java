package io.lanewise.jmh;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;

/**
 * Calls a benchmark before it is timed, until the compilers of its JVM have come to rest.
 *
 * <p>How long that takes differs from fork to fork. A warm-up of constant length leaves some forks
 * in code that is about to be replaced, tens of times as slow where vectors are objects.
 */
public final class Settling {
  /** The property that says how many milliseconds this may take; without it, none. */
  public static final String LIMIT = "bench.settle";

  /** Without a compilation for so long, there is nothing left to do. */
  private static final long REST_NANOS = 500_000_000;

  private Settling() {}

  /** Calls until no compilation has ended for half a second, or the limit is reached. */
  static void run(BenchmarkCall call) throws ReflectiveOperationException {
    long limit = Long.getLong(LIMIT, 0) * 1_000_000;
    CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
    if (limit == 0 || compilers == null || !compilers.isCompilationTimeMonitoringSupported()) {
      return;
    }
    long start = System.nanoTime();
    long rest = start;
    long now = start;
    long compiled = compilers.getTotalCompilationTime();
    while (now - rest < REST_NANOS && now - start < limit) {
      call.run();
      now = System.nanoTime();
      long all = compilers.getTotalCompilationTime();
      if (all != compiled) {
        compiled = all;
        rest = now;
      }
    }
  }
}
