package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link DepthwiseLanes} on vectors of channels. Where a value is overwritten, the last vector of a
 * pixel ends at its last channel and computes some channels twice, so that only pixels of less than
 * one vector are left to the scalar twin; where values are added to, the twin takes the tail.
 *
 * <p>Taps are one loop, not a loop of rows and one of columns: C2 boxes vectors that two nested
 * loops carry, which made the sums 15 times slower (JDK 17).
 */
final class SimdDepthwiseLanes implements DepthwiseLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarDepthwiseLanes scalar = new ScalarDepthwiseLanes();

  @Override
  public void weightedSums(
      DepthwiseRun run, float[] source, float[] weight, float[] initial, float[] target) {
    int channels = run.channels;
    if (channels < L) {
      scalar.weightedSums(run, source, weight, initial, target);
      return;
    }
    int p = 0;
    for (; p <= run.pixels - 4; p += 4) {
      fourPixels(run, p, source, weight, initial, target);
    }
    for (; p < run.pixels; p++) {
      onePixel(run, p, source, weight, initial, target);
    }
  }

  /** Four pixels share each load of the weight and give four chains to hide the fma's latency. */
  private static void fourPixels(
      DepthwiseRun run, int p, float[] source, float[] weight, float[] initial, float[] target) {
    int channels = run.channels;
    int vectors = (channels + L - 1) / L;
    int cols = run.cols;
    int taps = run.rows * cols;
    int step = run.sourceStep;
    int sourceColPitch = run.sourceColPitch;
    int weightColPitch = run.weightColPitch;
    int sourceRowReturn = run.sourceRowPitch - (cols - 1) * sourceColPitch;
    int weightRowReturn = run.weightRowPitch - (cols - 1) * weightColPitch;
    int targetStep = run.targetStep;
    for (int v = 0; v < vectors; v++) {
      int ch = Math.min(v * L, channels - L);
      FloatVector sum0 = initial == null ? FloatVector.zero(F) : fromArray(F, initial, ch);
      FloatVector sum1 = sum0;
      FloatVector sum2 = sum0;
      FloatVector sum3 = sum0;
      int from = run.sourceAt + p * step + ch;
      int by = run.weightAt + ch;
      for (int t = 0, q = 0; t < taps; t++) {
        FloatVector w = fromArray(F, weight, by);
        sum0 = fromArray(F, source, from).fma(w, sum0);
        sum1 = fromArray(F, source, from + step).fma(w, sum1);
        sum2 = fromArray(F, source, from + 2 * step).fma(w, sum2);
        sum3 = fromArray(F, source, from + 3 * step).fma(w, sum3);
        boolean endsRow = ++q == cols;
        q = endsRow ? 0 : q;
        from += endsRow ? sourceRowReturn : sourceColPitch;
        by += endsRow ? weightRowReturn : weightColPitch;
      }
      int at = run.targetAt + p * targetStep + ch;
      sum0.intoArray(target, at);
      sum1.intoArray(target, at + targetStep);
      sum2.intoArray(target, at + 2 * targetStep);
      sum3.intoArray(target, at + 3 * targetStep);
    }
  }

  private static void onePixel(
      DepthwiseRun run, int p, float[] source, float[] weight, float[] initial, float[] target) {
    int channels = run.channels;
    int vectors = (channels + L - 1) / L;
    int cols = run.cols;
    int taps = run.rows * cols;
    int sourceColPitch = run.sourceColPitch;
    int weightColPitch = run.weightColPitch;
    int sourceRowReturn = run.sourceRowPitch - (cols - 1) * sourceColPitch;
    int weightRowReturn = run.weightRowPitch - (cols - 1) * weightColPitch;
    for (int v = 0; v < vectors; v++) {
      int ch = Math.min(v * L, channels - L);
      FloatVector sum = initial == null ? FloatVector.zero(F) : fromArray(F, initial, ch);
      int from = run.sourceAt + p * run.sourceStep + ch;
      int by = run.weightAt + ch;
      for (int t = 0, q = 0; t < taps; t++) {
        sum = fromArray(F, source, from).fma(fromArray(F, weight, by), sum);
        boolean endsRow = ++q == cols;
        q = endsRow ? 0 : q;
        from += endsRow ? sourceRowReturn : sourceColPitch;
        by += endsRow ? weightRowReturn : weightColPitch;
      }
      sum.intoArray(target, run.targetAt + p * run.targetStep + ch);
    }
  }

  @Override
  public void addProducts(DepthwiseRun run, float[] source, float[] target, float[] weightSums) {
    for (int r = 0; r < run.rows; r++) {
      addRow(run, r, source, target, weightSums);
    }
    int whole = run.channels - run.channels % L;
    if (whole < run.channels) {
      scalar.addProductsFrom(whole, run, source, target, weightSums);
    }
  }

  private static void addRow(
      DepthwiseRun run, int r, float[] source, float[] target, float[] weightSums) {
    int sourceAt = run.sourceAt + r * run.sourceRowPitch;
    int weightAt = run.weightAt + r * run.weightRowPitch;
    int q = 0;
    for (; q <= run.cols - 3; q += 3) {
      threeTaps(
          run,
          sourceAt + q * run.sourceColPitch,
          source,
          run.targetAt,
          target,
          weightAt + q * run.weightColPitch,
          weightSums);
    }
    for (; q < run.cols; q++) {
      oneTap(
          run,
          sourceAt + q * run.sourceColPitch,
          source,
          run.targetAt,
          target,
          weightAt + q * run.weightColPitch,
          weightSums);
    }
  }

  /** Three taps share each load of the target and give three chains to hide the fma's latency. */
  private static void threeTaps(
      DepthwiseRun run,
      int sourceAt,
      float[] source,
      int targetAt,
      float[] target,
      int weightAt,
      float[] weightSums) {
    int pixels = run.pixels;
    int step = run.sourceStep;
    int targetStep = run.targetStep;
    int sourceTap = run.sourceColPitch;
    int weightTap = run.weightColPitch;
    for (int ch = 0; ch <= run.channels - L; ch += L) {
      FloatVector sum0 = fromArray(F, weightSums, weightAt + ch);
      FloatVector sum1 = fromArray(F, weightSums, weightAt + weightTap + ch);
      FloatVector sum2 = fromArray(F, weightSums, weightAt + 2 * weightTap + ch);
      int from = sourceAt + ch;
      int by = targetAt + ch;
      for (int p = 0; p < pixels; p++) {
        FloatVector t = fromArray(F, target, by);
        sum0 = fromArray(F, source, from).fma(t, sum0);
        sum1 = fromArray(F, source, from + sourceTap).fma(t, sum1);
        sum2 = fromArray(F, source, from + 2 * sourceTap).fma(t, sum2);
        from += step;
        by += targetStep;
      }
      sum0.intoArray(weightSums, weightAt + ch);
      sum1.intoArray(weightSums, weightAt + weightTap + ch);
      sum2.intoArray(weightSums, weightAt + 2 * weightTap + ch);
    }
  }

  private static void oneTap(
      DepthwiseRun run,
      int sourceAt,
      float[] source,
      int targetAt,
      float[] target,
      int weightAt,
      float[] weightSums) {
    int pixels = run.pixels;
    for (int ch = 0; ch <= run.channels - L; ch += L) {
      FloatVector sum = fromArray(F, weightSums, weightAt + ch);
      for (int p = 0; p < pixels; p++) {
        FloatVector t = fromArray(F, target, targetAt + p * run.targetStep + ch);
        sum = fromArray(F, source, sourceAt + p * run.sourceStep + ch).fma(t, sum);
      }
      sum.intoArray(weightSums, weightAt + ch);
    }
  }

  @Override
  public void weightedSums(DepthwisePair pair, float[] weight, float[] initial) {
    if (pair.channels < L) {
      scalar.weightedSums(pair, weight, initial);
    } else {
      SimdDepthwisePair.weightedSums(pair, weight, initial);
    }
  }

  @Override
  public void addProducts(DepthwisePair pair, float[] weightSums) {
    SimdDepthwisePair.addProducts(pair, weightSums);
    int whole = pair.channels - pair.channels % L;
    if (whole < pair.channels) {
      scalar.addProductsFrom(whole, pair, weightSums);
    }
  }
}
