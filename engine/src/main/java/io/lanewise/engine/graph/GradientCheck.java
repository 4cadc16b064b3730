package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Compares the gradients that backward computes (analytic) with those that small changes of the
 * objective show (numeric). A node whose backward is wrong does not get past it:
 *
 * <pre>{@code
 * GradientCheck.Result result =
 *     GradientCheck.of(graph).feed(x, 1, 2, -3, 0, -1, 0.5f).inputs(x).run();
 * assertTrue(result.passed(1e-3), result.toString());
 * }</pre>
 *
 * <p>Checked are, of each parameter and of each input that is asked for, a random sample of
 * coordinates, one random direction that moves all coordinates at once, by plus or minus the same,
 * and one such direction with the signs of the gradient, uphill. Along each, with L the mean
 * objective summed in double from the losses of the samples,
 *
 * <pre>
 *   central(h) = (L(x + h) - L(x - h)) / ((x + h) - (x - h)) = L'(x) + a h^2 + b h^4 + ...
 *   kink(h)    = (L(x + h) - L(x)) / h - (L(x) - L(x - h)) / h = jump + c h + d h^3 + ...
 * </pre>
 *
 * <p>are taken at twelve steps, each a power of two and half the last, and extrapolated to step
 * zero by Ridders' method, which yields an error estimate besides (C. J. F. Ridders, "Accurate
 * computation of F'(x) and F'(x) F''(x)", Advances in Engineering Software 4(2), 1982; Press et
 * al., "Numerical Recipes", section 5.7). The divisor is the distance of the two floats, not 2h.
 * Kernels compute floats, so L has a rounding error; it is measured by third differences at tiny
 * steps (J. Moré and S. Wild, "Estimating computational noise", SIAM J. Sci. Comput. 33, 2011) and
 * bounds every error estimate from below. Typical relative errors of a right gradient are 1e-6 to
 * 1e-4.
 *
 * <p>Where L has a kink (a rectifier at 0, a tie of a maximum), there is no gradient to compare
 * with: one-sided differences do not meet, or the steps do not agree. Such rows are reported as not
 * smooth and are neither passed nor failed.
 *
 * <p>Random nodes see the same seed each time. Parameters, their gradients and the arrays that were
 * fed are as before when {@link #run} returns.
 */
public final class GradientCheck {
  /** Where a row is that moves all coordinates by the same, with random signs. */
  public static final String DIRECTION = "direction";

  /** Where a row is that moves all coordinates by the same, each as its gradient says. */
  public static final String UPHILL = "uphill";

  private final Graph graph;
  private final Map<Tensor, float[]> feeds = new LinkedHashMap<>();
  private final List<Tensor> inputs = new ArrayList<>();
  private int[] labels;
  private long seed = 1;
  private int coordinates = 8;

  private GradientCheck(Graph graph) {
    this.graph = graph;
  }

  /** A check of all parameters of a graph that has an objective. */
  public static GradientCheck of(Graph graph) {
    return new GradientCheck(graph);
  }

  /**
   * The samples of an input; the array is copied.
   *
   * @param input what {@link Graph#input} returned
   * @param samples {@code [n, shape]}
   */
  public GradientCheck feed(Tensor input, float... samples) {
    feeds.put(input, samples.clone());
    return this;
  }

  /** The class labels of the samples, {@code [n]}; the array is copied. */
  public GradientCheck labels(int... classes) {
    this.labels = classes.clone();
    return this;
  }

  /** Seeds the choice of coordinates and directions, and the random nodes; 1 if not said. */
  public GradientCheck seed(long checkSeed) {
    this.seed = checkSeed;
    return this;
  }

  /** Most coordinates to check of each parameter and input; 8 if not said. */
  public GradientCheck coordinates(int most) {
    this.coordinates = most;
    return this;
  }

  /**
   * Checks the gradients of these inputs, too.
   *
   * @throws IllegalArgumentException if a tensor is no input of the graph
   */
  public GradientCheck inputs(Tensor... checked) {
    for (Tensor input : checked) {
      graph.requireInput(input);
      inputs.add(input);
    }
    return this;
  }

  /**
   * Compares.
   *
   * @throws IllegalArgumentException if an input was not fed
   * @throws IllegalStateException if the graph has no objective
   */
  public Result run() {
    int n = samples();
    Session session =
        Session.on(graph).batch(n).keepGradients(inputs.toArray(new Tensor[0])).training();
    feeds.forEach(session::feed);
    session.feedLabels(labels);
    session.seed(seed);
    Map<Parameter, float[]> grads = new LinkedHashMap<>();
    graph.parameters().forEach(parameter -> grads.put(parameter, parameter.grad().clone()));
    try {
      session.step(n);
      List<Row> rows = new ArrayList<>();
      for (CheckedVariable variable : variables(session, n)) {
        new GradientProbe(session, n, variable, seed).addRows(coordinates, rows);
      }
      return new Result(rows);
    } finally {
      grads.forEach((parameter, grad) -> copy(grad, parameter.grad()));
    }
  }

  private int samples() {
    int n = Integer.MAX_VALUE;
    for (Map.Entry<Tensor, float[]> feed : feeds.entrySet()) {
      n = Math.min(n, feed.getValue().length / feed.getKey().size());
    }
    return feeds.isEmpty() ? 1 : Math.max(1, n);
  }

  private List<CheckedVariable> variables(Session session, int n) {
    List<CheckedVariable> variables = new ArrayList<>();
    for (Tensor input : inputs) {
      Shape shape = input.shape();
      int[] dims = new int[shape.rank() + 1];
      dims[0] = n;
      System.arraycopy(shape.dims(), 0, dims, 1, shape.rank());
      variables.add(
          new CheckedVariable(
              input.name(), dims, feeds.get(input), session.gradient(input).clone()));
    }
    for (Parameter parameter : graph.parameters()) {
      variables.add(
          new CheckedVariable(
              parameter.name(),
              parameter.shape().dims(),
              parameter.value(),
              parameter.grad().clone()));
    }
    return variables;
  }

  private static void copy(float[] from, float[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }

  /**
   * One comparison.
   *
   * @param variable the parameter or input
   * @param at its coordinate, or {@link #DIRECTION} or {@link #UPHILL}
   * @param analytic the derivative that backward computed
   * @param numeric the derivative that differences show
   * @param error estimated error of {@code numeric}
   * @param size what differences are relative to: the larger of both, but for a coordinate at least
   *     a thousandth of the variable's largest derivative, for a direction at least the Euclidean
   *     norm of its gradient: what random signs leave by chance
   * @param smooth whether there is a derivative; if not, the comparison means nothing
   */
  public record Row(
      String variable,
      String at,
      double analytic,
      double numeric,
      double error,
      double size,
      boolean smooth) {

    /** {@code |analytic - numeric|} relative to {@link #size}; 0 if both are 0. */
    public double relativeError() {
      return relative(Math.abs(analytic - numeric));
    }

    /** The part of {@link #relativeError} that the numeric error does not explain. */
    public double unexplainedError() {
      return relative(Math.max(0, Math.abs(analytic - numeric) - error));
    }

    private double relative(double difference) {
      if (difference == 0) {
        return 0;
      }
      return Double.isFinite(difference) ? difference / size : Double.POSITIVE_INFINITY;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s %s: analytic %.8g, numeric %.8g +- %.1e, relative error %.1e%s",
          variable,
          at,
          analytic,
          numeric,
          error,
          relativeError(),
          smooth ? "" : " (not smooth)");
    }
  }

  /** All comparisons of a graph. */
  public static final class Result {
    private final List<Row> rows;

    private Result(List<Row> rows) {
      this.rows = List.copyOf(rows);
    }

    /** All comparisons, inputs first, then parameters in the order of the graph. */
    public List<Row> rows() {
      return rows;
    }

    /** The comparisons at points where there is no derivative. */
    public List<Row> notSmooth() {
      return rows.stream().filter(row -> !row.smooth()).toList();
    }

    /**
     * The row that speaks most against the gradient: with the largest unexplained error, then the
     * largest relative error.
     *
     * @throws IllegalStateException if there is nothing smooth to compare
     */
    public Row worst() {
      return rows.stream()
          .filter(Row::smooth)
          .max(
              Comparator.comparingDouble(Row::unexplainedError)
                  .thenComparingDouble(Row::relativeError))
          .orElseThrow(
              () -> new IllegalStateException("none of " + rows.size() + " rows is smooth"));
    }

    /**
     * Whether no smooth row is off by more than the tolerance and its numeric error, and there is a
     * smooth row.
     *
     * @param tolerance relative, for example 1e-3
     */
    public boolean passed(double tolerance) {
      return rows.stream().anyMatch(Row::smooth)
          && rows.stream().noneMatch(row -> row.smooth() && row.unexplainedError() > tolerance);
    }

    /** The worst row and a table of all. */
    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("gradient check of ");
      text.append(rows.size()).append(" derivatives");
      if (!notSmooth().isEmpty()) {
        text.append(", ").append(notSmooth().size()).append(" of them not smooth");
      }
      if (rows.size() > notSmooth().size()) {
        text.append("; worst is ").append(worst());
      }
      rows.forEach(row -> text.append("\n  ").append(row));
      return text.toString();
    }
  }
}
