package io.lanewise.engine.graph;

import io.lanewise.kernels.parallel.Parallel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Where the time of a session's steps went, by node and direction: made by {@link
 * Session.Builder#timed()}, read between steps.
 *
 * <p>Times are thread time: nanoseconds that a thread was busy. Where the calling thread runs a
 * node on its own, so that loops in the node may use all threads, the time counts for all of them.
 * So all times of a step divided by the number of threads add up to its wall time, less what
 * threads were idle.
 */
public final class StepTimes {
  private static final int DIRECTIONS = Direction.values().length;

  private final List<Node> nodes = new ArrayList<>();
  private final List<Laps> laps = new ArrayList<>();
  private final Parallel parallel;
  private final int samplesAtOnce;

  StepTimes(Plan plan, Parallel parallel) {
    plan.steps().forEach(step -> nodes.add(step.node()));
    this.parallel = parallel;
    this.samplesAtOnce = plan.sliceSize();
  }

  /** The nodes in the order of their indices here: those of the graph and what the plan adds. */
  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /** The index of what belongs to no node: {@link Direction#SUMS}. */
  public int wholeStep() {
    return nodes.size();
  }

  /** Samples that a node works on at a time, at most. */
  public int samplesAtOnce() {
    return samplesAtOnce;
  }

  /** Who runs the session's loops. */
  public Parallel parallel() {
    return parallel;
  }

  /** Thread time since the last {@link #reset}, in nanoseconds. */
  public long nanos(int node, Direction direction) {
    long sum = 0;
    for (Laps each : laps) {
      sum += each.nanos[node * DIRECTIONS + direction.ordinal()];
    }
    return sum;
  }

  /** Thread time of a direction over all nodes since the last {@link #reset}, in nanoseconds. */
  public long total(Direction direction) {
    long sum = 0;
    for (int node = 0; node <= nodes.size(); node++) {
      sum += nanos(node, direction);
    }
    return sum;
  }

  /** Sets all times to zero, between steps: what was counted while Java compiled is gone. */
  public void reset() {
    laps.forEach(each -> Arrays.fill(each.nanos, 0));
  }

  Laps newLaps() {
    Laps added = new Laps();
    laps.add(added);
    return added;
  }

  /** A stopwatch for what one thread does at a time. */
  final class Laps {
    private final long[] nanos = new long[(nodes.size() + 1) * DIRECTIONS];
    private long last;
    private Direction told;

    /** Time until now belongs to nobody. */
    void start() {
      last = System.nanoTime();
      told = null;
    }

    /** Time since the last lap belongs to this. */
    void lap(int node, Direction direction) {
      long now = System.nanoTime();
      int threads = Parallel.insideLoop() ? 1 : parallel.threads();
      nanos[node * DIRECTIONS + direction.ordinal()] += threads * (now - last);
      last = now;
      told = direction;
    }

    /** A node is done: the rest belongs to what it told last, or else to this. */
    void done(int node, Direction direction) {
      lap(node, told == null ? direction : told);
      told = null;
    }
  }
}
