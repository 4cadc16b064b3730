package io.lanewise.jmh.suite;

import java.util.Locale;

/** A choice of rows, by how long they may take. */
public enum Group {
  /** Every benchmark runs once, too short to be timed: under 2 minutes. */
  SMOKE(1, new Timing(0, 1, 20, 1, 20, 300)),

  /**
   * What a gate looks at: about 18 minutes by {@link Timing#forkSeconds}. With fewer forks two runs
   * could confirm nothing among so many rows.
   */
  CORE(7, new Timing(8000, 2, 100, 5, 100, 3000)),

  /** Every shape with every benchmark of its family. */
  FULL(5, new Timing(8000, 2, 200, 5, 200, 6000));

  private final int forks;
  private final Timing timing;

  Group(int forks, Timing timing) {
    this.forks = forks;
    this.timing = timing;
  }

  /** Forks of each row, unless another number is asked for. */
  public int forks() {
    return forks;
  }

  /** How long a fork takes. */
  public Timing timing() {
    return timing;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
