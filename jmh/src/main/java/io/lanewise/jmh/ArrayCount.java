package io.lanewise.jmh;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import javax.management.JMException;

/**
 * Counts the arrays of numbers that a call of a warm benchmark makes.
 *
 * <p>A warm step leaves 20 KB of small objects, some hundreds of bytes more in one JVM than in the
 * next, and among them an array of 80 bytes is lost. But it makes no arrays. So all objects of the
 * heap are counted by class before and after some calls; counting and the JVM itself make a few
 * arrays, too, but not one for each call.
 */
public final class ArrayCount {
  /** The property that names the file which the count goes to; without it, nothing is counted. */
  public static final String FILE = "bench.arrays";

  private static final int LEAST_CALLS = 16;
  private static final int MOST_CALLS = 1000;
  private static final long NANOS = 200_000_000;

  /** Where the least calls would take longer, there are only a few, and arrays of ints are left. */
  private static final long MOST_NANOS = 3_000_000_000L;

  private static final int FEW_CALLS = 4;
  private static final int TRIES = 3;

  /** One for each call, to see that garbage is counted, which some collectors do not show. */
  private static final class Mark {}

  /** Volatile, so that no compiler leaves marks out. */
  private static volatile Mark mark;

  private ArrayCount() {}

  /** Counts if there is a file for it, which stays empty if the count is not known. */
  static void write(BenchmarkCall call) throws IllegalAccessException, IOException {
    String file = System.getProperty(FILE);
    if (file != null) {
      OptionalInt made = of(call);
      // Never made anew: whoever asked may have ended and taken it away.
      Files.writeString(
          Path.of(file), made.isPresent() ? "" + made.getAsInt() : "", StandardOpenOption.WRITE);
    }
  }

  /**
   * The least count of some tries, as what a call makes it always makes; none if the JVM cannot
   * tell, or garbage was collected each time.
   */
  static OptionalInt of(BenchmarkCall call) throws IllegalAccessException {
    long start = System.nanoTime();
    call.run();
    long nanos = Math.max(1, System.nanoTime() - start);
    boolean slow = nanos > MOST_NANOS / LEAST_CALLS;
    int least = slow ? FEW_CALLS : LEAST_CALLS;
    int calls = slow ? FEW_CALLS : (int) Math.max(least, Math.min(MOST_CALLS, NANOS / nanos));
    OptionalInt made = OptionalInt.empty();
    for (int i = 0; i < TRIES && made.orElse(1) > 0; i++) {
      OptionalInt now = once(call, calls, slow ? MadeArrays.PLAIN : MadeArrays.ALL);
      if (now.isEmpty()) {
        calls = Math.max(least, calls / 4);
      } else if (made.isEmpty() || now.getAsInt() < made.getAsInt()) {
        made = now;
      }
    }
    return made;
  }

  private static OptionalInt once(BenchmarkCall call, int calls, Set<String> types)
      throws IllegalAccessException {
    // Then histograms are soon done, and there is room for what calls leave.
    System.gc();
    long collections = collections();
    String before;
    String after;
    try {
      before = Histogram.now();
      for (int i = 0; i < calls; i++) {
        call.run();
        mark = new Mark();
      }
      after = Histogram.now();
    } catch (JMException e) {
      return OptionalInt.empty();
    }
    boolean collected = collections() != collections;
    Map<String, Long> more = Histogram.difference(before, after);
    boolean whole = more.getOrDefault(Mark.class.getName(), 0L) == calls;
    return collected || !whole
        ? OptionalInt.empty()
        : OptionalInt.of(MadeArrays.of(more, calls, types));
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
