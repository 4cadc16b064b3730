package io.lanewise.engine.profile;

import io.lanewise.engine.graph.Direction;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.graph.StepTimes;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Measures steps node by node and direction by direction: medians over all steps that were run
 * through {@link #step}, with the work that each shape asks for.
 */
public final class StepProfile {
  private static final Direction[] DIRECTIONS = Direction.values();

  private final StepTimes times;
  private final int n;
  private final long updateBytes;
  private final List<Step> steps = new ArrayList<>();

  /** One step's thread times, {@code [nodes + 1][directions]}, and what it took by the clock. */
  private record Step(long[][] nanos, long updateNanos, long wallNanos) {}

  /**
   * A row of the profile.
   *
   * @param node the node's name, or what the row is about
   * @param shape the node's shape text for the whole batch
   * @param direction which part of its work
   * @param nanos median thread time divided by the number of threads, so that rows add up
   * @param flops floating-point operations of a step, or 0 where they do not count
   * @param bytes bytes of the arrays that are read and written, each touched once
   * @param bytesAtOnce of them, those that all threads together work on at a time
   */
  public record Row(
      String node,
      String shape,
      String direction,
      double nanos,
      long flops,
      long bytes,
      long bytesAtOnce) {}

  /**
   * A profile without steps.
   *
   * @param times of a session that was told to be timed
   * @param n samples in each step
   * @param updateBytes what the update of all parameters reads and writes, or 0 if there is none
   */
  public StepProfile(StepTimes times, int n, long updateBytes) {
    this.times = times;
    this.n = n;
    this.updateBytes = updateBytes;
  }

  /**
   * Runs and records a step.
   *
   * @param run runs the session once on n samples
   * @param update changes the parameters
   */
  public void step(Runnable run, Runnable update) {
    times.reset();
    long start = System.nanoTime();
    run.run();
    long middle = System.nanoTime();
    update.run();
    long end = System.nanoTime();
    long[][] nanos = new long[times.wholeStep() + 1][DIRECTIONS.length];
    for (int node = 0; node < nanos.length; node++) {
      for (Direction direction : DIRECTIONS) {
        nanos[node][direction.ordinal()] = times.nanos(node, direction);
      }
    }
    steps.add(new Step(nanos, end - middle, end - start));
  }

  /** Steps recorded. */
  public int steps() {
    return steps.size();
  }

  /** Median of the steps' times by the clock, in nanoseconds. */
  public double wallNanos() {
    return median(Step::wallNanos);
  }

  /** All rows in the order of the graph that took any time. */
  public List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < times.wholeStep(); i++) {
      Node node = times.nodes().get(i);
      for (Direction direction : DIRECTIONS) {
        long bytes = bytes(node, direction);
        long slice = bytes / n * times.samplesAtOnce() * times.parallel().threads();
        add(
            rows,
            node.name(),
            node.shapeText(n),
            direction.toString(),
            nanos(i, direction),
            flops(node, direction),
            bytes,
            Math.min(bytes, slice));
      }
    }
    String all = "size" + parameterSize();
    long sums = 2L * Float.BYTES * parameterSize();
    add(
        rows,
        "parameters",
        all,
        Direction.SUMS.toString(),
        nanos(times.wholeStep(), Direction.SUMS),
        0,
        sums,
        sums);
    double update = median(Step::updateNanos);
    if (updateBytes > 0) {
      add(rows, "parameters", all, "update", update, 0, updateBytes, updateBytes);
    }
    return rows;
  }

  private static void add(
      List<Row> rows,
      String node,
      String shape,
      String direction,
      double nanos,
      long flops,
      long bytes,
      long bytesAtOnce) {
    if (nanos > 0) {
      rows.add(new Row(node, shape, direction, nanos, flops, bytes, bytesAtOnce));
    }
  }

  private double nanos(int node, Direction direction) {
    double threadTime = median(step -> step.nanos()[node][direction.ordinal()]);
    return threadTime / times.parallel().threads();
  }

  private double median(ToLongFunction<Step> of) {
    long[] sorted = steps.stream().mapToLong(of).sorted().toArray();
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2.0;
  }

  private long flops(Node node, Direction direction) {
    return switch (direction) {
      case FORWARD, BACKWARD, BACKWARD_INPUT, BACKWARD_WEIGHT -> node.flops(n);
      case BACKWARD_BIAS -> (long) n * node.output().size();
      case PREPARE, SUMS -> 0;
    };
  }

  private long bytes(Node node, Direction direction) {
    long output = (long) n * node.output().size();
    long inputs = node.inputs().stream().mapToLong(Tensor::size).sum() * n;
    long parameters = node.parameters().stream().mapToLong(Parameter::size).sum();
    long floats =
        switch (direction) {
          case PREPARE -> {
            long packed = 0;
            for (int size : node.preparedSizes(n)) {
              packed += size;
            }
            yield 2 * packed;
          }
          case FORWARD -> node.inputs().isEmpty() ? 2 * output : inputs + output + parameters;
          case BACKWARD_INPUT, BACKWARD_WEIGHT -> inputs + output + parameters;
          case BACKWARD_BIAS -> output;
          case BACKWARD ->
              output
                  + inputs
                  + parameters
                  + (node.backwardReadsInputs() ? inputs : 0)
                  + (node.backwardReadsOutput() ? output : 0);
          case SUMS -> 0;
        };
    return Float.BYTES * floats;
  }

  private long parameterSize() {
    return times.nodes().stream()
        .flatMap(node -> node.parameters().stream())
        .mapToLong(Parameter::size)
        .sum();
  }
}
