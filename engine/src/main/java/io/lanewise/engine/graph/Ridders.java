package io.lanewise.engine.graph;

/**
 * The limit of a quotient as its step goes to zero, from its values at steps that halve.
 *
 * <p>If {@code q(h) = limit + a1 * h^p + a2 * h^(p+2) + ...}, then {@code q(h/2) + (q(h/2) - q(h))
 * / (2^p - 1)} has lost the first term; doing that again for p+2, p+4, ... fills a triangle whose
 * entries come nearer the limit until rounding errors win. The entry that differs least from the
 * two it was made of is the answer, and that difference its error (C. J. F. Ridders, "Accurate
 * computation of F'(x) and F'(x) F''(x)", Advances in Engineering Software 4(2), 1982).
 *
 * <p>Two things are added, because two entries may agree by chance: an error is at least the noise,
 * and at least what finer steps differ by beyond their noise. The latter is how a kink within the
 * coarser steps shows.
 *
 * @param value the limit; NaN if no quotient was finite
 * @param error estimated error of the value, at least its noise
 * @param noise what rounding errors in the quotients do to the value
 */
record Ridders(double value, double error, double noise) {

  /**
   * Extrapolates.
   *
   * @param quotients values at h, h/2, h/4, ...
   * @param noise rounding errors of these values
   * @param firstPower p: 2 for central differences, 1 for the difference of the one-sided ones
   */
  static Ridders limit(double[] quotients, double[] noise, int firstPower) {
    Ridders best = new Ridders(Double.NaN, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
    int last = quotients.length - 1;
    double[] coarser = quotients;
    double[] coarserNoise = noise;
    for (int depth = 1; depth <= last; depth++) {
      double divisor = Math.scalb(1.0, firstPower + 2 * (depth - 1)) - 1;
      double[] column = new double[last + 1];
      double[] columnNoise = new double[last + 1];
      for (int k = last; k >= depth; k--) {
        column[k] = coarser[k] + (coarser[k] - coarser[k - 1]) / divisor;
        columnNoise[k] = coarserNoise[k] + (coarserNoise[k] + coarserNoise[k - 1]) / divisor;
        double error = Math.max(columnNoise[k], Math.abs(column[k] - coarser[k]));
        error = Math.max(error, Math.abs(column[k] - coarser[k - 1]));
        for (int finer = k + 1; finer <= last; finer++) {
          error = Math.max(error, Math.abs(column[k] - column[finer]) - columnNoise[finer]);
        }
        if (error < best.error) {
          best = new Ridders(column[k], error, columnNoise[k]);
        }
      }
      coarser = column;
      coarserNoise = columnNoise;
    }
    return best;
  }
}
