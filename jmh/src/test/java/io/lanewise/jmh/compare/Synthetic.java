package io.lanewise.jmh.compare;

import io.lanewise.jmh.suite.Ceilings;
import io.lanewise.jmh.suite.Host;
import io.lanewise.jmh.suite.MeasureException;
import io.lanewise.jmh.suite.Measurer;
import io.lanewise.jmh.suite.Row;
import io.lanewise.jmh.suite.Sample;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** A side whose times are drawn from a known distribution. */
final class Synthetic implements Measurer {
  private final Random random;
  private final double noise;
  private final double wild;
  private final ToDoubleFunction<Row> factor;
  private final double bytes;
  private Supplier<Integer> arrays = () -> 0;

  /**
   * A side.
   *
   * @param noise standard deviation of the logarithm of a fork's time
   * @param wild probability of a fork that takes 1.3 times as long
   * @param factor by which rows are slower than 100 us
   */
  Synthetic(Random random, double noise, double wild, double bytes, ToDoubleFunction<Row> factor) {
    this.random = random;
    this.noise = noise;
    this.wild = wild;
    this.factor = factor;
    this.bytes = bytes;
  }

  /** The same side, whose calls make as many arrays as each fork is told. */
  Synthetic making(Supplier<Integer> made) {
    arrays = made;
    return this;
  }

  @Override
  public Host host() {
    return new Host("cpu", 2, "os", "jdk", "vm", List.of(), "simd", "rev", "build");
  }

  @Override
  public Ceilings ceilings(int pass, int threads) {
    return new Ceilings(pass, threads, 100, 100, 100, 100, 100, 0);
  }

  @Override
  public Sample fork(Row row) throws MeasureException {
    double log = noise * random.nextGaussian() + (random.nextDouble() < wild ? 0.26 : 0);
    double micros = 100 * factor.applyAsDouble(row) * Math.exp(log);
    double allocated = bytes + 20 * random.nextDouble();
    return new Sample("", 0, micros, 0, allocated, arrays.get(), List.of(), List.of());
  }

  @Override
  public void close() {}
}
