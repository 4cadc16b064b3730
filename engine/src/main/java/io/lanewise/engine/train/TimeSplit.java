package io.lanewise.engine.train;

import io.lanewise.engine.graph.Direction;
import io.lanewise.engine.graph.StepTimes;
import java.util.Arrays;
import java.util.Locale;

/**
 * Where the time of training goes, by the clock on the wall.
 *
 * <p>A step runs forward and backward slice by slice on several threads, so its time is divided
 * between the two as the time of its threads is.
 */
public final class TimeSplit {
  /** What time is spent on. */
  public enum Part {
    /** Waiting for a batch; batches are loaded while the last one is trained on. */
    DATA,
    /** Forward, and what nodes prepare before it. */
    FORWARD,
    /** Backward, and adding up the gradients of parts of the batch. */
    BACKWARD,
    /** The optimiser. */
    UPDATE,
    /** Measuring on the test set. */
    EVALUATION,
    /** Metrics, progress, saving. */
    OTHER;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final long[] nanos = new long[Part.values().length];
  private long last;
  private long steps;
  private long loadNanos;
  private long loadNanosAtReset;

  /** No time yet. */
  public TimeSplit() {}

  void start() {
    last = System.nanoTime();
  }

  void lap(Part part) {
    long now = System.nanoTime();
    nanos[part.ordinal()] += now - last;
    last = now;
  }

  /** The time of a session's step. */
  void lapOfStep(StepTimes step) {
    long now = System.nanoTime();
    long forward = step.total(Direction.PREPARE) + step.total(Direction.FORWARD);
    long all = 0;
    for (Direction direction : Direction.values()) {
      all += step.total(direction);
    }
    step.reset();
    long forwardWall = all == 0 ? 0 : Math.round((double) (now - last) * forward / all);
    nanos[Part.FORWARD.ordinal()] += forwardWall;
    nanos[Part.BACKWARD.ordinal()] += now - last - forwardWall;
    last = now;
  }

  void countStep(long loadNanosSoFar) {
    steps++;
    loadNanos = loadNanosSoFar;
  }

  /** Time of a part, in nanoseconds. */
  public long nanos(Part part) {
    return nanos[part.ordinal()];
  }

  /** Time of all parts, in nanoseconds. */
  public long nanos() {
    return Arrays.stream(nanos).sum();
  }

  /** Steps done. */
  public long steps() {
    return steps;
  }

  /** Time of loading batches, most of it beside training, in nanoseconds. */
  public long loadNanos() {
    return loadNanos - loadNanosAtReset;
  }

  /** Adds the times of another. */
  public void add(TimeSplit other) {
    for (int i = 0; i < nanos.length; i++) {
      nanos[i] += other.nanos[i];
    }
    steps += other.steps;
    loadNanos += other.loadNanos();
  }

  /** Sets all times to zero. */
  public void reset() {
    Arrays.fill(nanos, 0);
    steps = 0;
    loadNanosAtReset = loadNanos;
  }

  /** Shares in one line, for example {@code data 0.1 %, forward 33.4 %, ... of 65.2 s}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Part part : Part.values()) {
      double share = 100.0 * nanos(part) / Math.max(1, nanos());
      text.append(String.format(Locale.ROOT, "%s %.1f %%, ", part, share));
    }
    text.setLength(text.length() - 2);
    return text.append(String.format(Locale.ROOT, " of %.1f s", nanos() * 1e-9)).toString();
  }
}
