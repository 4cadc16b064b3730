package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link SimdDepthwiseLanes} for a run of three by three dense taps moved by one
 * pixel, where padding is wider than {@link SimdDepthwisePair} knows: four neighbouring pixels
 * share the six columns their windows cover, so that 36 products need 18 loads of the source.
 * Arrays do not start at a cache line, so most loads touch two lines, and loads are what limits
 * these loops.
 */
final class SimdDepthwise3x3 {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private SimdDepthwise3x3() {}

  /** Whether these loops know the run's geometry. */
  static boolean fits(DepthwiseRun run) {
    boolean neighbours = run.sourceColPitch == run.sourceStep;
    return run.rows == 3 && run.cols == 3 && neighbours && run.pixels >= 4 && run.channels >= L;
  }

  /**
   * {@link DepthwiseLanes#weightedSums}. The last four pixels may overlap those before and are then
   * computed twice.
   */
  static void weightedSums(
      DepthwiseRun run, float[] source, float[] weight, float[] initial, float[] target) {
    int channels = run.channels;
    int vectors = (channels + L - 1) / L;
    int last = run.pixels - 4;
    int step = run.sourceStep;
    int targetStep = run.targetStep;
    int row = run.sourceRowPitch;
    int weightCol = run.weightColPitch;
    int weightRow = run.weightRowPitch;
    for (int p = 0; p < last + 4; p += 4) {
      int pixel = Math.min(p, last);
      for (int v = 0; v < vectors; v++) {
        int ch = Math.min(v * L, channels - L);
        FloatVector start = initial == null ? FloatVector.zero(F) : fromArray(F, initial, ch);
        int by = run.weightAt + ch;
        int from = run.sourceAt + ch + pixel * step;
        int at = run.targetAt + ch + pixel * targetStep;
        FloatVector x0 = fromArray(F, source, from);
        FloatVector x1 = fromArray(F, source, from + step);
        FloatVector x2 = fromArray(F, source, from + 2 * step);
        FloatVector x3 = fromArray(F, source, from + 3 * step);
        FloatVector x4 = fromArray(F, source, from + 4 * step);
        FloatVector x5 = fromArray(F, source, from + 5 * step);
        FloatVector w00 = fromArray(F, weight, by);
        FloatVector w01 = fromArray(F, weight, by + weightCol);
        FloatVector w02 = fromArray(F, weight, by + 2 * weightCol);
        FloatVector sum0 = x0.fma(w00, start);
        sum0 = x1.fma(w01, sum0);
        sum0 = x2.fma(w02, sum0);
        FloatVector sum1 = x1.fma(w00, start);
        sum1 = x2.fma(w01, sum1);
        sum1 = x3.fma(w02, sum1);
        FloatVector sum2 = x2.fma(w00, start);
        sum2 = x3.fma(w01, sum2);
        sum2 = x4.fma(w02, sum2);
        FloatVector sum3 = x3.fma(w00, start);
        sum3 = x4.fma(w01, sum3);
        sum3 = x5.fma(w02, sum3);
        from += row;
        x0 = fromArray(F, source, from);
        x1 = fromArray(F, source, from + step);
        x2 = fromArray(F, source, from + 2 * step);
        x3 = fromArray(F, source, from + 3 * step);
        x4 = fromArray(F, source, from + 4 * step);
        x5 = fromArray(F, source, from + 5 * step);
        FloatVector w10 = fromArray(F, weight, by + weightRow);
        FloatVector w11 = fromArray(F, weight, by + weightRow + weightCol);
        FloatVector w12 = fromArray(F, weight, by + weightRow + 2 * weightCol);
        sum0 = x0.fma(w10, sum0);
        sum0 = x1.fma(w11, sum0);
        sum0 = x2.fma(w12, sum0);
        sum1 = x1.fma(w10, sum1);
        sum1 = x2.fma(w11, sum1);
        sum1 = x3.fma(w12, sum1);
        sum2 = x2.fma(w10, sum2);
        sum2 = x3.fma(w11, sum2);
        sum2 = x4.fma(w12, sum2);
        sum3 = x3.fma(w10, sum3);
        sum3 = x4.fma(w11, sum3);
        sum3 = x5.fma(w12, sum3);
        from += row;
        x0 = fromArray(F, source, from);
        x1 = fromArray(F, source, from + step);
        x2 = fromArray(F, source, from + 2 * step);
        x3 = fromArray(F, source, from + 3 * step);
        x4 = fromArray(F, source, from + 4 * step);
        x5 = fromArray(F, source, from + 5 * step);
        FloatVector w20 = fromArray(F, weight, by + 2 * weightRow);
        FloatVector w21 = fromArray(F, weight, by + 2 * weightRow + weightCol);
        FloatVector w22 = fromArray(F, weight, by + 2 * weightRow + 2 * weightCol);
        sum0 = x0.fma(w20, sum0);
        sum0 = x1.fma(w21, sum0);
        sum0 = x2.fma(w22, sum0);
        sum1 = x1.fma(w20, sum1);
        sum1 = x2.fma(w21, sum1);
        sum1 = x3.fma(w22, sum1);
        sum2 = x2.fma(w20, sum2);
        sum2 = x3.fma(w21, sum2);
        sum2 = x4.fma(w22, sum2);
        sum3 = x3.fma(w20, sum3);
        sum3 = x4.fma(w21, sum3);
        sum3 = x5.fma(w22, sum3);
        sum0.intoArray(target, at);
        sum1.intoArray(target, at + targetStep);
        sum2.intoArray(target, at + 2 * targetStep);
        sum3.intoArray(target, at + 3 * targetStep);
      }
    }
  }
}
