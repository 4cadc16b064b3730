package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link SimdDepthwiseLanes} for the commonest window, three by three dense taps moved
 * by one pixel: four neighbouring pixels share the six columns their windows cover, so that 36
 * products need 18 loads of the source. Arrays do not start at a cache line, so most loads touch
 * two lines, and loads are what limits these loops.
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

  /**
   * {@link DepthwiseLanes#addProducts} for whole vectors of channels and lines of whole fours of
   * pixels. Each tap's sum stays in a register over all lines, which are one loop, as C2 boxes
   * vectors that two nested loops carry.
   */
  static void addProducts(DepthwiseRun run, float[] source, float[] target, float[] weightSums) {
    int fours = run.pixels / 4;
    int turns = run.lines * fours;
    int sourceReturn = run.sourceLine - (fours - 1) * 4 * run.sourceStep;
    int targetReturn = run.targetLine - (fours - 1) * 4 * run.targetStep;
    int step = run.sourceStep;
    int row = run.sourceRowPitch;
    int weightCol = run.weightColPitch;
    int weightRow = run.weightRowPitch;
    int targetStep = run.targetStep;
    for (int ch = 0; ch <= run.channels - L; ch += L) {
      int to = run.weightAt + ch;
      FloatVector sum00 = fromArray(F, weightSums, to);
      FloatVector sum01 = fromArray(F, weightSums, to + weightCol);
      FloatVector sum02 = fromArray(F, weightSums, to + 2 * weightCol);
      FloatVector sum10 = fromArray(F, weightSums, to + weightRow);
      FloatVector sum11 = fromArray(F, weightSums, to + weightRow + weightCol);
      FloatVector sum12 = fromArray(F, weightSums, to + weightRow + 2 * weightCol);
      FloatVector sum20 = fromArray(F, weightSums, to + 2 * weightRow);
      FloatVector sum21 = fromArray(F, weightSums, to + 2 * weightRow + weightCol);
      FloatVector sum22 = fromArray(F, weightSums, to + 2 * weightRow + 2 * weightCol);
      int from = run.sourceAt + ch;
      int by = run.targetAt + ch;
      for (int turn = 0, four = 0; turn < turns; turn++) {
        FloatVector t0 = fromArray(F, target, by);
        FloatVector t1 = fromArray(F, target, by + targetStep);
        FloatVector t2 = fromArray(F, target, by + 2 * targetStep);
        FloatVector t3 = fromArray(F, target, by + 3 * targetStep);
        FloatVector x0 = fromArray(F, source, from);
        FloatVector x1 = fromArray(F, source, from + step);
        FloatVector x2 = fromArray(F, source, from + 2 * step);
        FloatVector x3 = fromArray(F, source, from + 3 * step);
        FloatVector x4 = fromArray(F, source, from + 4 * step);
        FloatVector x5 = fromArray(F, source, from + 5 * step);
        sum00 = x0.fma(t0, sum00);
        sum01 = x1.fma(t0, sum01);
        sum02 = x2.fma(t0, sum02);
        sum00 = x1.fma(t1, sum00);
        sum01 = x2.fma(t1, sum01);
        sum02 = x3.fma(t1, sum02);
        sum00 = x2.fma(t2, sum00);
        sum01 = x3.fma(t2, sum01);
        sum02 = x4.fma(t2, sum02);
        sum00 = x3.fma(t3, sum00);
        sum01 = x4.fma(t3, sum01);
        sum02 = x5.fma(t3, sum02);
        x0 = fromArray(F, source, from + row);
        x1 = fromArray(F, source, from + row + step);
        x2 = fromArray(F, source, from + row + 2 * step);
        x3 = fromArray(F, source, from + row + 3 * step);
        x4 = fromArray(F, source, from + row + 4 * step);
        x5 = fromArray(F, source, from + row + 5 * step);
        sum10 = x0.fma(t0, sum10);
        sum11 = x1.fma(t0, sum11);
        sum12 = x2.fma(t0, sum12);
        sum10 = x1.fma(t1, sum10);
        sum11 = x2.fma(t1, sum11);
        sum12 = x3.fma(t1, sum12);
        sum10 = x2.fma(t2, sum10);
        sum11 = x3.fma(t2, sum11);
        sum12 = x4.fma(t2, sum12);
        sum10 = x3.fma(t3, sum10);
        sum11 = x4.fma(t3, sum11);
        sum12 = x5.fma(t3, sum12);
        x0 = fromArray(F, source, from + 2 * row);
        x1 = fromArray(F, source, from + 2 * row + step);
        x2 = fromArray(F, source, from + 2 * row + 2 * step);
        x3 = fromArray(F, source, from + 2 * row + 3 * step);
        x4 = fromArray(F, source, from + 2 * row + 4 * step);
        x5 = fromArray(F, source, from + 2 * row + 5 * step);
        sum20 = x0.fma(t0, sum20);
        sum21 = x1.fma(t0, sum21);
        sum22 = x2.fma(t0, sum22);
        sum20 = x1.fma(t1, sum20);
        sum21 = x2.fma(t1, sum21);
        sum22 = x3.fma(t1, sum22);
        sum20 = x2.fma(t2, sum20);
        sum21 = x3.fma(t2, sum21);
        sum22 = x4.fma(t2, sum22);
        sum20 = x3.fma(t3, sum20);
        sum21 = x4.fma(t3, sum21);
        sum22 = x5.fma(t3, sum22);
        boolean endsLine = ++four == fours;
        four = endsLine ? 0 : four;
        from += endsLine ? sourceReturn : 4 * step;
        by += endsLine ? targetReturn : 4 * targetStep;
      }
      sum00.intoArray(weightSums, to);
      sum01.intoArray(weightSums, to + weightCol);
      sum02.intoArray(weightSums, to + 2 * weightCol);
      sum10.intoArray(weightSums, to + weightRow);
      sum11.intoArray(weightSums, to + weightRow + weightCol);
      sum12.intoArray(weightSums, to + weightRow + 2 * weightCol);
      sum20.intoArray(weightSums, to + 2 * weightRow);
      sum21.intoArray(weightSums, to + 2 * weightRow + weightCol);
      sum22.intoArray(weightSums, to + 2 * weightRow + 2 * weightCol);
    }
  }
}
