package io.lanewise.kernels.norm;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link NormLanes} on vectors: whole vectors of each piece, its tail by the scalar twin. */
final class SimdNormLanes implements NormLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarNormLanes tail = new ScalarNormLanes();

  @Override
  public void addDeviations(float[] x, int at, int count, int period, float[] tiled, float[] sums) {
    int done = 0;
    for (; done <= count - 4 * period; done += 4 * period) {
      deviationsOfFour(x, at + done, period, tiled, sums);
    }
    for (; done < count; done += period) {
      deviations(x, at + done, Math.min(period, count - done), period, tiled, sums);
    }
  }

  /** Four pieces at once, in their order, so that sums are loaded and stored once. */
  private void deviationsOfFour(float[] x, int at, int period, float[] tiled, float[] sums) {
    int second = at + period;
    int third = second + period;
    int fourth = third + period;
    int i = 0;
    for (; i <= period - L; i += L) {
      FloatVector mean = fromArray(F, tiled, i);
      FloatVector a = fromArray(F, x, at + i).sub(mean);
      FloatVector b = fromArray(F, x, second + i).sub(mean);
      FloatVector c = fromArray(F, x, third + i).sub(mean);
      FloatVector d = fromArray(F, x, fourth + i).sub(mean);
      fromArray(F, sums, i).add(a).add(b).add(c).add(d).intoArray(sums, i);
      FloatVector squares = a.fma(a, fromArray(F, sums, period + i));
      d.fma(d, c.fma(c, b.fma(b, squares))).intoArray(sums, period + i);
    }
    tail.deviations(x, at, i, period, period, tiled, sums);
    tail.deviations(x, second, i, period, period, tiled, sums);
    tail.deviations(x, third, i, period, period, tiled, sums);
    tail.deviations(x, fourth, i, period, period, tiled, sums);
  }

  private void deviations(float[] x, int at, int count, int period, float[] tiled, float[] sums) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector d = fromArray(F, x, at + i).sub(fromArray(F, tiled, i));
      fromArray(F, sums, i).add(d).intoArray(sums, i);
      d.fma(d, fromArray(F, sums, period + i)).intoArray(sums, period + i);
    }
    tail.deviations(x, at, i, count, period, tiled, sums);
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
      int i =
          residual == null
              ? normalized(x, at + done, to, period, tiled, rectified, y)
              : normalizedSum(x, residual, at + done, to, period, tiled, rectified, y);
      tail.normalized(x, residual, at + done, i, to, period, tiled, rectified, y);
    }
  }

  private static int normalized(
      float[] x, int at, int count, int period, float[] tiled, boolean rectified, float[] y) {
    int factorAt = FACTOR * period;
    int termAt = TERM * period;
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector value =
          fromArray(F, x, at + i)
              .fma(fromArray(F, tiled, factorAt + i), fromArray(F, tiled, termAt + i));
      if (rectified) {
        value = value.blend(zero(F), value.compare(LE, zero(F)));
      }
      value.intoArray(y, at + i);
    }
    return i;
  }

  private static int normalizedSum(
      float[] x,
      float[] residual,
      int at,
      int count,
      int period,
      float[] tiled,
      boolean rectified,
      float[] y) {
    int factorAt = FACTOR * period;
    int termAt = TERM * period;
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector value =
          fromArray(F, x, at + i)
              .fma(fromArray(F, tiled, factorAt + i), fromArray(F, tiled, termAt + i))
              .add(fromArray(F, residual, at + i));
      if (rectified) {
        value = value.blend(zero(F), value.compare(LE, zero(F)));
      }
      value.intoArray(y, at + i);
    }
    return i;
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
      int i =
          rectified
              ? rectifiedGradients(g, x, at + done, to, period, tiled, sums)
              : gradients(g, x, at + done, to, period, tiled, sums);
      tail.gradients(g, x, at + done, i, to, period, tiled, rectified, sums);
    }
  }

  private static int gradients(
      float[] g, float[] x, int at, int count, int period, float[] tiled, float[] sums) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector incoming = fromArray(F, g, at + i);
      FloatVector d = fromArray(F, x, at + i).sub(fromArray(F, tiled, i));
      fromArray(F, sums, i).add(incoming).intoArray(sums, i);
      incoming.fma(d, fromArray(F, sums, period + i)).intoArray(sums, period + i);
    }
    return i;
  }

  private static int rectifiedGradients(
      float[] g, float[] x, int at, int count, int period, float[] tiled, float[] sums) {
    int factorAt = FACTOR * period;
    int termAt = TERM * period;
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector input = fromArray(F, x, at + i);
      FloatVector output =
          input.fma(fromArray(F, tiled, factorAt + i), fromArray(F, tiled, termAt + i));
      FloatVector incoming = fromArray(F, g, at + i).blend(zero(F), output.compare(LE, zero(F)));
      FloatVector d = input.sub(fromArray(F, tiled, i));
      fromArray(F, sums, i).add(incoming).intoArray(sums, i);
      incoming.fma(d, fromArray(F, sums, period + i)).intoArray(sums, period + i);
    }
    return i;
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
      int i = maskedGradients(g, y, x, at + done, to, period, tiled, masked, sums);
      tail.maskedGradients(g, y, x, at + done, i, to, period, tiled, masked, sums);
    }
  }

  private static int maskedGradients(
      float[] g,
      float[] y,
      float[] x,
      int at,
      int count,
      int period,
      float[] tiled,
      float[] masked,
      float[] sums) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector incoming =
          fromArray(F, g, at + i).blend(zero(F), fromArray(F, y, at + i).compare(LE, zero(F)));
      incoming.intoArray(masked, at + i);
      FloatVector d = fromArray(F, x, at + i).sub(fromArray(F, tiled, i));
      fromArray(F, sums, i).add(incoming).intoArray(sums, i);
      incoming.fma(d, fromArray(F, sums, period + i)).intoArray(sums, period + i);
    }
    return i;
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
      int i = gradientOf(g, x, at + done, to, period, tiled, rectified, gradX);
      tail.gradientOf(g, x, at + done, i, to, period, tiled, rectified, gradX);
    }
  }

  private static int gradientOf(
      float[] g,
      float[] x,
      int at,
      int count,
      int period,
      float[] tiled,
      boolean rectified,
      float[] gradX) {
    int factorAt = FACTOR * period;
    int termAt = TERM * period;
    int slopeAt = SLOPE * period;
    int offsetAt = OFFSET * period;
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector input = fromArray(F, x, at + i);
      FloatVector factor = fromArray(F, tiled, factorAt + i);
      FloatVector incoming = fromArray(F, g, at + i);
      if (rectified) {
        FloatVector output = input.fma(factor, fromArray(F, tiled, termAt + i));
        incoming = incoming.blend(zero(F), output.compare(LE, zero(F)));
      }
      FloatVector rest =
          input
              .sub(fromArray(F, tiled, i))
              .fma(fromArray(F, tiled, slopeAt + i), fromArray(F, tiled, offsetAt + i));
      incoming.fma(factor, rest).intoArray(gradX, at + i);
    }
    return i;
  }
}
