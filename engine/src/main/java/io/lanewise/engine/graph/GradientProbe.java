package io.lanewise.engine.graph;

import io.lanewise.engine.graph.GradientCheck.Row;
import io.lanewise.engine.random.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Walks along lines of one variable of a {@link GradientCheck}, single coordinates, a random
 * direction and the signs of the gradient, and compares the differences of the objective with the
 * gradient.
 */
final class GradientProbe {
  private static final int STEPS = 12;
  private static final int FIRST_STEP_EXPONENT = 0;
  private static final int NOISE_POINTS = 7;

  /** A gradient coordinate this much smaller than the largest is compared to this share of it. */
  private static final double FLOOR = 1e-3;

  private static final double KINK_SHARE = 1e-3;
  private static final double DISAGREEMENT_SHARE = 1e-2;

  /**
   * A walk along some coordinates of the variable, each by +1 or -1 times the step.
   *
   * @param usual the derivative that is usual along such lines
   */
  private record Line(String name, int[] at, int[] signs, double scale, double usual) {}

  /** Where a step leads. */
  private record Point(double distance, double objective) {}

  private final Session session;
  private final int n;
  private final CheckedVariable variable;
  private final float[] start;
  private final Seeds random;

  /**
   * A walker.
   *
   * @param session of the graph, which has been fed
   * @param n samples
   * @param seed of the choice of coordinates and directions
   */
  GradientProbe(Session session, int n, CheckedVariable variable, long seed) {
    this.session = session;
    this.n = n;
    this.variable = variable;
    this.start = Arrays.copyOf(variable.live(), variable.size());
    this.random = Seeds.stream(seed, variable.name().hashCode());
  }

  /**
   * Adds the comparisons.
   *
   * @param coordinates most single coordinates
   */
  void addRows(int coordinates, List<Row> rows) {
    Line direction = direction();
    double noise = noise(direction);
    for (Line line : coordinateLines(coordinates)) {
      rows.add(row(line, noise));
    }
    if (variable.size() > 1) {
      rows.add(row(direction, noise));
      rows.add(row(uphill(), noise));
    }
  }

  private Line direction() {
    int[] signs = new int[variable.size()];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = random.nextBoolean() ? 1 : -1;
    }
    return along(GradientCheck.DIRECTION, signs);
  }

  private Line uphill() {
    int[] signs = new int[variable.size()];
    for (int i = 0; i < signs.length; i++) {
      signs[i] = variable.analytic()[i] < 0 ? -1 : 1;
    }
    return along(GradientCheck.UPHILL, signs);
  }

  /** Over all random signs the derivative has the gradient's norm as its root mean square. */
  private Line along(String name, int[] signs) {
    int[] at = new int[signs.length];
    Arrays.setAll(at, i -> i);
    return new Line(name, at, signs, variable.scale(), variable.gradientNorm());
  }

  private List<Line> coordinateLines(int coordinates) {
    int[] order = new int[variable.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    random.shuffle(order);
    int[] chosen = Arrays.copyOf(order, Math.min(coordinates, order.length));
    Arrays.sort(chosen);
    double usual = FLOOR * variable.largestGradient();
    List<Line> lines = new ArrayList<>();
    for (int at : chosen) {
      double scale = Math.max(variable.scale(), CheckedVariable.powerOfTwo(Math.abs(start[at])));
      lines.add(new Line(variable.indexText(at), new int[] {at}, new int[] {1}, scale, usual));
    }
    return lines;
  }

  /** The mean objective a step away; everything is put back. */
  private Point go(Line line, double step) {
    double distance = 0;
    for (int i = 0; i < line.at().length; i++) {
      int at = line.at()[i];
      int sign = line.signs()[i];
      float moved = (float) (start[at] + sign * step);
      variable.live()[at] = moved;
      distance += sign * ((double) moved - start[at]);
    }
    try {
      return new Point(distance / line.at().length, session.forward(n));
    } finally {
      System.arraycopy(start, 0, variable.live(), 0, start.length);
    }
  }

  /** Rounding error of the objective: four deviations, and half a unit in the last place. */
  private double noise(Line line) {
    double tiny = line.scale() * Math.scalb(1.0, FIRST_STEP_EXPONENT - STEPS - 3);
    double[] values = new double[NOISE_POINTS];
    for (int i = 0; i < values.length; i++) {
      values[i] = go(line, (i - values.length / 2) * tiny).objective();
    }
    double squares = 0;
    for (int i = 3; i < values.length; i++) {
      double third = values[i] - 3 * values[i - 1] + 3 * values[i - 2] - values[i - 3];
      squares += third * third / 20;
    }
    double losses = 0;
    float[] loss = session.value(session.graph().objective());
    for (int i = 0; i < n; i++) {
      losses += Math.abs(loss[i]);
    }
    return 4 * Math.sqrt(squares / (values.length - 3)) + Math.scalb(losses / n, -24);
  }

  private Row row(Line line, double noise) {
    double[] central = new double[STEPS];
    double[] centralNoise = new double[STEPS];
    double[] kink = new double[STEPS];
    double[] kinkNoise = new double[STEPS];
    double middle = go(line, 0).objective();
    for (int k = 0; k < STEPS; k++) {
      double step = line.scale() * Math.scalb(1.0, FIRST_STEP_EXPONENT - k);
      Point up = go(line, step);
      Point down = go(line, -step);
      central[k] = (up.objective() - down.objective()) / (up.distance() - down.distance());
      centralNoise[k] = noise / step;
      kink[k] =
          (up.objective() - middle) / up.distance()
              - (middle - down.objective()) / -down.distance();
      kinkNoise[k] = 4 * noise / step;
    }
    double analytic = 0;
    for (int i = 0; i < line.at().length; i++) {
      analytic += line.signs()[i] * (double) variable.analytic()[line.at()[i]];
    }
    Ridders derivative = Ridders.limit(central, centralNoise, 2);
    Ridders jump = Ridders.limit(kink, kinkNoise, 1);
    double size = Math.max(Math.abs(analytic), line.usual());
    size = Math.max(size, Double.isNaN(derivative.value()) ? 0 : Math.abs(derivative.value()));
    boolean sidesDiffer = Math.abs(jump.value()) > Math.max(4 * jump.error(), KINK_SHARE * size);
    boolean stepsDiffer =
        derivative.error() > Math.max(8 * derivative.noise(), DISAGREEMENT_SHARE * size);
    boolean unknown = Double.isNaN(derivative.value());
    return new Row(
        variable.name(),
        line.name(),
        analytic,
        derivative.value(),
        derivative.error(),
        size,
        !Double.isFinite(analytic) || !(sidesDiffer || stepsDiffer || unknown));
  }
}
