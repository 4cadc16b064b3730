package io.lanewise.kernels.norm;

/** {@link NormLanes} in plain Java. */
final class ScalarNormLanes implements NormLanes {
  @Override
  public void addDeviations(float[] x, int at, int count, int period, float[] tiled, float[] sums) {
    for (int done = 0; done < count; done += period) {
      deviations(x, at + done, 0, Math.min(period, count - done), period, tiled, sums);
    }
  }

  /** Places {@code from} to {@code to} of the piece of the run that starts at {@code at}. */
  void deviations(float[] x, int at, int from, int to, int period, float[] tiled, float[] sums) {
    for (int i = from; i < to; i++) {
      float d = x[at + i] - tiled[MEAN * period + i];
      sums[i] += d;
      sums[period + i] = Math.fma(d, d, sums[period + i]);
    }
  }

  @Override
  public void normalize(
      float[] x,
      float[] residual,
      int at,
      int count,
      int period,
      float[] tiled,
      boolean rectified,
      float[] y) {
    for (int done = 0; done < count; done += period) {
      int to = Math.min(period, count - done);
      normalized(x, residual, at + done, 0, to, period, tiled, rectified, y);
    }
  }

  void normalized(
      float[] x,
      float[] residual,
      int at,
      int from,
      int to,
      int period,
      float[] tiled,
      boolean rectified,
      float[] y) {
    for (int i = from; i < to; i++) {
      float value = output(x[at + i], period, tiled, i);
      if (residual != null) {
        value += residual[at + i];
      }
      y[at + i] = rectified && value <= 0 ? 0 : value;
    }
  }

  private static float output(float x, int period, float[] tiled, int i) {
    return Math.fma(x, tiled[FACTOR * period + i], tiled[TERM * period + i]);
  }

  @Override
  public void addGradients(
      float[] g,
      float[] x,
      int at,
      int count,
      int period,
      float[] tiled,
      boolean rectified,
      float[] sums) {
    for (int done = 0; done < count; done += period) {
      int to = Math.min(period, count - done);
      gradients(g, x, at + done, 0, to, period, tiled, rectified, sums);
    }
  }

  void gradients(
      float[] g,
      float[] x,
      int at,
      int from,
      int to,
      int period,
      float[] tiled,
      boolean rectified,
      float[] sums) {
    for (int i = from; i < to; i++) {
      boolean stopped = rectified && output(x[at + i], period, tiled, i) <= 0;
      addGradient(stopped ? 0 : g[at + i], x[at + i], period, tiled, sums, i);
    }
  }

  private static void addGradient(
      float g, float x, int period, float[] tiled, float[] sums, int i) {
    sums[i] += g;
    sums[period + i] = Math.fma(g, x - tiled[MEAN * period + i], sums[period + i]);
  }

  @Override
  public void addMaskedGradients(
      float[] g,
      float[] y,
      float[] x,
      int at,
      int count,
      int period,
      float[] tiled,
      float[] masked,
      float[] sums) {
    for (int done = 0; done < count; done += period) {
      int to = Math.min(period, count - done);
      maskedGradients(g, y, x, at + done, 0, to, period, tiled, masked, sums);
    }
  }

  void maskedGradients(
      float[] g,
      float[] y,
      float[] x,
      int at,
      int from,
      int to,
      int period,
      float[] tiled,
      float[] masked,
      float[] sums) {
    for (int i = from; i < to; i++) {
      float counted = y[at + i] <= 0 ? 0 : g[at + i];
      masked[at + i] = counted;
      addGradient(counted, x[at + i], period, tiled, sums, i);
    }
  }

  @Override
  public void gradient(
      float[] g,
      float[] x,
      int at,
      int count,
      int period,
      float[] tiled,
      boolean rectified,
      float[] gradX) {
    for (int done = 0; done < count; done += period) {
      int to = Math.min(period, count - done);
      gradientOf(g, x, at + done, 0, to, period, tiled, rectified, gradX);
    }
  }

  void gradientOf(
      float[] g,
      float[] x,
      int at,
      int from,
      int to,
      int period,
      float[] tiled,
      boolean rectified,
      float[] gradX) {
    for (int i = from; i < to; i++) {
      boolean stopped = rectified && output(x[at + i], period, tiled, i) <= 0;
      float counted = stopped ? 0 : g[at + i];
      float d = x[at + i] - tiled[MEAN * period + i];
      float rest = Math.fma(d, tiled[SLOPE * period + i], tiled[OFFSET * period + i]);
      gradX[at + i] = Math.fma(counted, tiled[FACTOR * period + i], rest);
    }
  }
}
