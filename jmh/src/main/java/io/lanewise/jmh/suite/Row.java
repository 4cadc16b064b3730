package io.lanewise.jmh.suite;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.lanewise.jmh.Family;
import io.lanewise.jmh.NetText;
import io.lanewise.jmh.Work;
import java.util.stream.Collectors;

/**
 * What is measured: a benchmark on a shape.
 *
 * @param benchmark a family and a method of it, such as {@code conv.forward}, or {@code
 *     start.first} and {@code start.warmUp}
 * @param shape the text of a shape, or of a net and its batch
 * @param threads how many work on it
 */
public record Row(String benchmark, String shape, int threads) {
  /** The family of those that measure a fresh JVM. */
  static final String START = "start";

  static final String FIRST = START + ".first";
  static final String WARM_UP = START + ".warmUp";

  /**
   * Checks that there is such a benchmark and that it takes the shape.
   *
   * @throws IllegalArgumentException if not, saying why
   */
  public Row {
    if (benchmark.equals(FIRST) || benchmark.equals(WARM_UP)) {
      NetText.parse(shape);
    } else {
      int dot = benchmark.indexOf('.');
      Family family = Family.of(dot < 0 ? benchmark : benchmark.substring(0, dot));
      if (dot < 0) {
        throw new IllegalArgumentException(
            benchmark
                + " is a family, needs one of its benchmarks: "
                + family.benchmarks().stream()
                    .map(name -> benchmark + "." + name)
                    .collect(Collectors.joining(", ")));
      }
      family.checkNamed(shape, threads);
      family.requireBenchmark(benchmark.substring(dot + 1));
    }
  }

  /** Whether each sample is a JVM of its own, started and ended. */
  @JsonIgnore
  public boolean isFresh() {
    return isFresh(benchmark);
  }

  /** Whether each sample of a benchmark is a JVM of its own. */
  public static boolean isFresh(String benchmark) {
    return benchmark.startsWith(START + ".");
  }

  /** Its family, unless {@link #isFresh}. */
  Family family() {
    return Family.of(benchmark.substring(0, benchmark.indexOf('.')));
  }

  /** Its method, unless {@link #isFresh}. */
  String method() {
    return benchmark.substring(benchmark.indexOf('.') + 1);
  }

  /** What a call does; nothing that counts for {@link #isFresh}. */
  public Work work() {
    return isFresh() ? new Work(0, 0) : family().work(method(), shape, threads);
  }

  @Override
  public String toString() {
    return benchmark + " " + shape;
  }
}
