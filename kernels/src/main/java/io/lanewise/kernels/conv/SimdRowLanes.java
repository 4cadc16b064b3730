package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.FloatVector.zero;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link RowLanes} on vectors: whole ones first, what is left by the scalar twin. */
final class SimdRowLanes implements RowLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarRowLanes tail = new ScalarRowLanes();

  @Override
  public void input(int count, float[] d, int dAt, int dPitch, float[] v, int vAt, int vPitch) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector d0 = fromArray(F, d, dAt + i);
      FloatVector d1 = fromArray(F, d, dAt + dPitch + i);
      FloatVector d2 = fromArray(F, d, dAt + 2 * dPitch + i);
      FloatVector d3 = fromArray(F, d, dAt + 3 * dPitch + i);
      FloatVector d4 = fromArray(F, d, dAt + 4 * dPitch + i);
      FloatVector d5 = fromArray(F, d, dAt + 5 * dPitch + i);
      FloatVector d6 = fromArray(F, d, dAt + 6 * dPitch + i);
      FloatVector d7 = fromArray(F, d, dAt + 7 * dPitch + i);
      broadcast(F, 5.25f).fma(d4.sub(d2), d0.sub(d6)).intoArray(v, vAt + i);
      broadcast(F, 5.25f).fma(d3.sub(d5), d7.sub(d1)).intoArray(v, vAt + 7 * vPitch + i);
      FloatVector even = broadcast(F, -4.25f).fma(d4, d2.add(d6));
      FloatVector odd = broadcast(F, -4.25f).fma(d3, d1.add(d5));
      even.add(odd).intoArray(v, vAt + vPitch + i);
      even.sub(odd).intoArray(v, vAt + 2 * vPitch + i);
      FloatVector even2 = broadcast(F, 0.25f).fma(d2, broadcast(F, -1.25f).fma(d4, d6));
      FloatVector odd2 =
          broadcast(F, 0.5f).fma(d1, broadcast(F, -2.5f).fma(d3, broadcast(F, 2).mul(d5)));
      even2.add(odd2).intoArray(v, vAt + 3 * vPitch + i);
      even2.sub(odd2).intoArray(v, vAt + 4 * vPitch + i);
      FloatVector evenHalf = broadcast(F, 4).fma(d2, broadcast(F, -5).fma(d4, d6));
      FloatVector oddHalf =
          broadcast(F, 2).fma(d1, broadcast(F, -2.5f).fma(d3, broadcast(F, 0.5f).mul(d5)));
      evenHalf.add(oddHalf).intoArray(v, vAt + 5 * vPitch + i);
      evenHalf.sub(oddHalf).intoArray(v, vAt + 6 * vPitch + i);
    }
    tail.input(count - i, d, dAt + i, dPitch, v, vAt + i, vPitch);
  }

  @Override
  public void weight(int count, float[] g, int gAt, int gPitch, float[] u, int uAt, int uPitch) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector g0 = fromArray(F, g, gAt + i);
      FloatVector g1 = fromArray(F, g, gAt + gPitch + i);
      FloatVector g2 = fromArray(F, g, gAt + 2 * gPitch + i);
      FloatVector g3 = fromArray(F, g, gAt + 3 * gPitch + i);
      FloatVector g4 = fromArray(F, g, gAt + 4 * gPitch + i);
      g0.intoArray(u, uAt + i);
      g4.intoArray(u, uAt + 7 * uPitch + i);
      FloatVector even = g0.add(g2).add(g4);
      FloatVector odd = g1.add(g3);
      FloatVector one = broadcast(F, ScalarRowLanes.ONE);
      even.add(odd).mul(one).intoArray(u, uAt + uPitch + i);
      even.sub(odd).mul(one).intoArray(u, uAt + 2 * uPitch + i);
      FloatVector even2 = broadcast(F, 16).fma(g4, broadcast(F, 4).fma(g2, g0));
      FloatVector odd2 = broadcast(F, 4).fma(g3, g1).mul(broadcast(F, 2));
      FloatVector two = broadcast(F, ScalarRowLanes.TWO);
      even2.add(odd2).mul(two).intoArray(u, uAt + 3 * uPitch + i);
      even2.sub(odd2).mul(two).intoArray(u, uAt + 4 * uPitch + i);
      FloatVector evenHalf = broadcast(F, 0.0625f).fma(g4, broadcast(F, 0.25f).fma(g2, g0));
      FloatVector oddHalf = broadcast(F, 0.25f).fma(g3, g1).mul(broadcast(F, 0.5f));
      FloatVector half = broadcast(F, ScalarRowLanes.HALF);
      evenHalf.add(oddHalf).mul(half).intoArray(u, uAt + 5 * uPitch + i);
      evenHalf.sub(oddHalf).mul(half).intoArray(u, uAt + 6 * uPitch + i);
    }
    tail.weight(count - i, g, gAt + i, gPitch, u, uAt + i, uPitch);
  }

  /** Whole vectors only: there is room behind the runs. */
  @Override
  public void output(int count, float term, boolean rectify, float[] sums, int at, int pitch) {
    float floor = rectify ? 0 : Float.NaN;
    for (int i = 0; i < count; i += L) {
      FloatVector m1 = fromArray(F, sums, at + pitch + i);
      FloatVector m2 = fromArray(F, sums, at + 2 * pitch + i);
      FloatVector m3 = fromArray(F, sums, at + 3 * pitch + i);
      FloatVector m4 = fromArray(F, sums, at + 4 * pitch + i);
      FloatVector m5 = fromArray(F, sums, at + 5 * pitch + i);
      FloatVector m6 = fromArray(F, sums, at + 6 * pitch + i);
      FloatVector even = m1.add(m2);
      FloatVector odd = m1.sub(m2);
      FloatVector even2 = m3.add(m4);
      FloatVector odd2 = m3.sub(m4);
      FloatVector evenHalf = m5.add(m6);
      FloatVector oddHalf = m5.sub(m6);
      FloatVector terms = broadcast(F, term);
      FloatVector least = broadcast(F, floor);
      FloatVector y0 = first(fromArray(F, sums, at + i), even, even2, evenHalf).add(terms);
      FloatVector y1 = second(odd, odd2, oddHalf).add(terms);
      FloatVector y2 = third(even, even2, evenHalf).add(terms);
      FloatVector m7 = fromArray(F, sums, at + 7 * pitch + i);
      FloatVector y3 = fourth(odd, odd2, oddHalf, m7).add(terms);
      y0.blend(zero(F), y0.compare(LE, least)).intoArray(sums, at + i);
      y1.blend(zero(F), y1.compare(LE, least)).intoArray(sums, at + pitch + i);
      y2.blend(zero(F), y2.compare(LE, least)).intoArray(sums, at + 2 * pitch + i);
      y3.blend(zero(F), y3.compare(LE, least)).intoArray(sums, at + 3 * pitch + i);
    }
  }

  @Override
  public void pixels(
      int count,
      int pixels,
      int channels,
      float[] bias,
      boolean rectify,
      float[] sums,
      int at,
      int tilePitch,
      int pitch,
      float[] output,
      int outputAt) {
    int o = 0;
    for (; o <= channels - L; o += L) {
      FloatVector terms = bias == null ? zero(F) : fromArray(F, bias, o);
      FloatVector least = broadcast(F, rectify ? 0 : Float.NaN);
      for (int i = 0; i < count; i++) {
        int from = at + i * tilePitch + o;
        int to = outputAt + i * RowTiles.PIXELS * channels + o;
        FloatVector m1 = fromArray(F, sums, from + pitch);
        FloatVector m2 = fromArray(F, sums, from + 2 * pitch);
        FloatVector m3 = fromArray(F, sums, from + 3 * pitch);
        FloatVector m4 = fromArray(F, sums, from + 4 * pitch);
        FloatVector m5 = fromArray(F, sums, from + 5 * pitch);
        FloatVector m6 = fromArray(F, sums, from + 6 * pitch);
        FloatVector even = m1.add(m2);
        FloatVector odd = m1.sub(m2);
        FloatVector even2 = m3.add(m4);
        FloatVector odd2 = m3.sub(m4);
        FloatVector evenHalf = m5.add(m6);
        FloatVector oddHalf = m5.sub(m6);
        FloatVector y0 = first(fromArray(F, sums, from), even, even2, evenHalf).add(terms);
        y0.blend(zero(F), y0.compare(LE, least)).intoArray(output, to);
        if (pixels > 1) {
          FloatVector y1 = second(odd, odd2, oddHalf).add(terms);
          y1.blend(zero(F), y1.compare(LE, least)).intoArray(output, to + channels);
        }
        if (pixels > 2) {
          FloatVector y2 = third(even, even2, evenHalf).add(terms);
          y2.blend(zero(F), y2.compare(LE, least)).intoArray(output, to + 2 * channels);
        }
        if (pixels > 3) {
          FloatVector m7 = fromArray(F, sums, from + 7 * pitch);
          FloatVector y3 = fourth(odd, odd2, oddHalf, m7).add(terms);
          y3.blend(zero(F), y3.compare(LE, least)).intoArray(output, to + 3 * channels);
        }
      }
    }
    ScalarRowLanes.pixels(
        o, count, pixels, channels, bias, rectify, sums, at, tilePitch, pitch, output, outputAt);
  }

  private static FloatVector first(
      FloatVector m0, FloatVector even, FloatVector even2, FloatVector evenHalf) {
    return m0.add(even).add(even2.add(evenHalf));
  }

  private static FloatVector second(FloatVector odd, FloatVector odd2, FloatVector oddHalf) {
    return broadcast(F, 0.5f).fma(oddHalf, broadcast(F, 2).fma(odd2, odd));
  }

  private static FloatVector third(FloatVector even, FloatVector even2, FloatVector evenHalf) {
    return broadcast(F, 0.25f).fma(evenHalf, broadcast(F, 4).fma(even2, even));
  }

  private static FloatVector fourth(
      FloatVector odd, FloatVector odd2, FloatVector oddHalf, FloatVector m7) {
    return broadcast(F, 0.125f).fma(oddHalf, broadcast(F, 8).fma(odd2, odd)).add(m7);
  }

  @Override
  public void outputGradient(
      int count, float[] e, int eAt, int ePitch, float[] p, int pAt, int pPitch) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector e0 = fromArray(F, e, eAt + i);
      FloatVector e1 = fromArray(F, e, eAt + ePitch + i);
      FloatVector e2 = fromArray(F, e, eAt + 2 * ePitch + i);
      FloatVector e3 = fromArray(F, e, eAt + 3 * ePitch + i);
      e0.intoArray(p, pAt + i);
      e3.intoArray(p, pAt + 7 * pPitch + i);
      FloatVector even = e0.add(e2);
      FloatVector odd = e1.add(e3);
      even.add(odd).intoArray(p, pAt + pPitch + i);
      even.sub(odd).intoArray(p, pAt + 2 * pPitch + i);
      FloatVector even2 = broadcast(F, 4).fma(e2, e0);
      FloatVector odd2 = broadcast(F, 4).fma(e3, e1).mul(broadcast(F, 2));
      even2.add(odd2).intoArray(p, pAt + 3 * pPitch + i);
      even2.sub(odd2).intoArray(p, pAt + 4 * pPitch + i);
      FloatVector evenHalf = broadcast(F, 0.25f).fma(e2, e0);
      FloatVector oddHalf = broadcast(F, 0.25f).fma(e3, e1).mul(broadcast(F, 0.5f));
      evenHalf.add(oddHalf).intoArray(p, pAt + 5 * pPitch + i);
      evenHalf.sub(oddHalf).intoArray(p, pAt + 6 * pPitch + i);
    }
    tail.outputGradient(count - i, e, eAt + i, ePitch, p, pAt + i, pPitch);
  }

  @Override
  public void weightGradient(int count, float[] sums, int at, int pitch) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector q1 = fromArray(F, sums, at + pitch + i);
      FloatVector q2 = fromArray(F, sums, at + 2 * pitch + i);
      FloatVector q3 = fromArray(F, sums, at + 3 * pitch + i);
      FloatVector q4 = fromArray(F, sums, at + 4 * pitch + i);
      FloatVector q5 = fromArray(F, sums, at + 5 * pitch + i);
      FloatVector q6 = fromArray(F, sums, at + 6 * pitch + i);
      FloatVector one = broadcast(F, ScalarRowLanes.ONE);
      FloatVector even = q1.add(q2).mul(one);
      FloatVector odd = q1.sub(q2).mul(one);
      FloatVector two = broadcast(F, ScalarRowLanes.TWO);
      FloatVector even2 = q3.add(q4).mul(two);
      FloatVector odd2 = q3.sub(q4).mul(two);
      FloatVector half = broadcast(F, ScalarRowLanes.HALF);
      FloatVector evenHalf = q5.add(q6).mul(half);
      FloatVector oddHalf = q5.sub(q6).mul(half);
      first(fromArray(F, sums, at + i), even, even2, evenHalf).intoArray(sums, at + i);
      second(odd, odd2, oddHalf).intoArray(sums, at + pitch + i);
      third(even, even2, evenHalf).intoArray(sums, at + 2 * pitch + i);
      broadcast(F, 0.125f)
          .fma(oddHalf, broadcast(F, 8).fma(odd2, odd))
          .intoArray(sums, at + 3 * pitch + i);
      broadcast(F, 0.0625f)
          .fma(evenHalf, broadcast(F, 16).fma(even2, even))
          .add(fromArray(F, sums, at + 7 * pitch + i))
          .intoArray(sums, at + 4 * pitch + i);
    }
    tail.weightGradient(count - i, sums, at + i, pitch);
  }
}
