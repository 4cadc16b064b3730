package io.lanewise.kernels.conv;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The loops of {@link SimdDepthwiseLanes} over a {@link DepthwisePair}: strips of four pixels on
 * both lines share the columns and lines that their windows cover, and the next strip keeps the
 * last two columns, so that 72 products need 16 loads of the source. What is beside the image comes
 * from an array of zeros: to choose an array is cheap, while C2 may box vectors that two branches
 * make.
 */
final class SimdDepthwisePair {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();
  private static final int STRIP = DepthwisePair.STRIP;

  private SimdDepthwisePair() {}

  /**
   * {@link DepthwiseLanes#weightedSums(DepthwisePair, float[], float[])}. The last vector of
   * channels may overlap the one before; these values are computed twice.
   */
  static void weightedSums(DepthwisePair pair, float[] weight, float[] initial) {
    float[] zeros = pair.zeros;
    float[] s0 = pair.source0;
    float[] s1 = pair.source1;
    float[] s2 = pair.source2;
    float[] s3 = pair.source3;
    int s0At = pair.source0At;
    int s1At = pair.source1At;
    int s2At = pair.source2At;
    int s3At = pair.source3At;
    float[] t0 = pair.target0;
    float[] t1 = pair.target1;
    int t0At = pair.target0At;
    int t1At = pair.target1At;
    int step = pair.channels;
    int weightCol = pair.weightColPitch;
    int weightRow = pair.weightRowPitch;
    int last = pair.pixels - STRIP;
    boolean left = pair.leftPadded;
    int lastPadded = pair.rightPadded ? last : -1;
    int vectors = (step + L - 1) / L;
    for (int v = 0; v < vectors; v++) {
      int ch = Math.min(v * L, step - L);
      int weightAt = pair.weightAt + ch;
      FloatVector w00 = fromArray(F, weight, weightAt);
      FloatVector w01 = fromArray(F, weight, weightAt + weightCol);
      FloatVector w02 = fromArray(F, weight, weightAt + 2 * weightCol);
      FloatVector w10 = fromArray(F, weight, weightAt + weightRow);
      FloatVector w11 = fromArray(F, weight, weightAt + weightRow + weightCol);
      FloatVector w12 = fromArray(F, weight, weightAt + weightRow + 2 * weightCol);
      FloatVector w20 = fromArray(F, weight, weightAt + 2 * weightRow);
      FloatVector w21 = fromArray(F, weight, weightAt + 2 * weightRow + weightCol);
      FloatVector w22 = fromArray(F, weight, weightAt + 2 * weightRow + 2 * weightCol);
      FloatVector start = initial == null ? FloatVector.zero(F) : fromArray(F, initial, ch);
      FloatVector y0 = fromArray(F, left ? zeros : s0, left ? 0 : s0At + ch);
      FloatVector z0 = fromArray(F, s0, s0At + ch + step);
      FloatVector y1 = fromArray(F, left ? zeros : s1, left ? 0 : s1At + ch);
      FloatVector z1 = fromArray(F, s1, s1At + ch + step);
      FloatVector y2 = fromArray(F, left ? zeros : s2, left ? 0 : s2At + ch);
      FloatVector z2 = fromArray(F, s2, s2At + ch + step);
      FloatVector y3 = fromArray(F, left ? zeros : s3, left ? 0 : s3At + ch);
      FloatVector z3 = fromArray(F, s3, s3At + ch + step);
      for (int p = 0; p <= last; p += STRIP) {
        boolean right = p == lastPadded;
        int from = p * step + ch;
        FloatVector x0 = y0;
        FloatVector x1 = z0;
        FloatVector x2 = fromArray(F, s0, s0At + from + 2 * step);
        FloatVector x3 = fromArray(F, s0, s0At + from + 3 * step);
        FloatVector x4 = fromArray(F, s0, s0At + from + 4 * step);
        FloatVector x5 = fromArray(F, right ? zeros : s0, right ? 0 : s0At + from + 5 * step);
        y0 = x4;
        z0 = x5;
        FloatVector a0 = x0.fma(w00, start);
        FloatVector a1 = x1.fma(w00, start);
        FloatVector a2 = x2.fma(w00, start);
        FloatVector a3 = x3.fma(w00, start);
        a0 = x1.fma(w01, a0);
        a1 = x2.fma(w01, a1);
        a2 = x3.fma(w01, a2);
        a3 = x4.fma(w01, a3);
        a0 = x2.fma(w02, a0);
        a1 = x3.fma(w02, a1);
        a2 = x4.fma(w02, a2);
        a3 = x5.fma(w02, a3);
        x0 = y1;
        x1 = z1;
        x2 = fromArray(F, s1, s1At + from + 2 * step);
        x3 = fromArray(F, s1, s1At + from + 3 * step);
        x4 = fromArray(F, s1, s1At + from + 4 * step);
        x5 = fromArray(F, right ? zeros : s1, right ? 0 : s1At + from + 5 * step);
        y1 = x4;
        z1 = x5;
        a0 = x0.fma(w10, a0);
        a1 = x1.fma(w10, a1);
        a2 = x2.fma(w10, a2);
        a3 = x3.fma(w10, a3);
        a0 = x1.fma(w11, a0);
        a1 = x2.fma(w11, a1);
        a2 = x3.fma(w11, a2);
        a3 = x4.fma(w11, a3);
        a0 = x2.fma(w12, a0);
        a1 = x3.fma(w12, a1);
        a2 = x4.fma(w12, a2);
        a3 = x5.fma(w12, a3);
        FloatVector b0 = x0.fma(w00, start);
        FloatVector b1 = x1.fma(w00, start);
        FloatVector b2 = x2.fma(w00, start);
        FloatVector b3 = x3.fma(w00, start);
        b0 = x1.fma(w01, b0);
        b1 = x2.fma(w01, b1);
        b2 = x3.fma(w01, b2);
        b3 = x4.fma(w01, b3);
        b0 = x2.fma(w02, b0);
        b1 = x3.fma(w02, b1);
        b2 = x4.fma(w02, b2);
        b3 = x5.fma(w02, b3);
        x0 = y2;
        x1 = z2;
        x2 = fromArray(F, s2, s2At + from + 2 * step);
        x3 = fromArray(F, s2, s2At + from + 3 * step);
        x4 = fromArray(F, s2, s2At + from + 4 * step);
        x5 = fromArray(F, right ? zeros : s2, right ? 0 : s2At + from + 5 * step);
        y2 = x4;
        z2 = x5;
        a0 = x0.fma(w20, a0);
        a1 = x1.fma(w20, a1);
        a2 = x2.fma(w20, a2);
        a3 = x3.fma(w20, a3);
        a0 = x1.fma(w21, a0);
        a1 = x2.fma(w21, a1);
        a2 = x3.fma(w21, a2);
        a3 = x4.fma(w21, a3);
        a0 = x2.fma(w22, a0);
        a1 = x3.fma(w22, a1);
        a2 = x4.fma(w22, a2);
        a3 = x5.fma(w22, a3);
        b0 = x0.fma(w10, b0);
        b1 = x1.fma(w10, b1);
        b2 = x2.fma(w10, b2);
        b3 = x3.fma(w10, b3);
        b0 = x1.fma(w11, b0);
        b1 = x2.fma(w11, b1);
        b2 = x3.fma(w11, b2);
        b3 = x4.fma(w11, b3);
        b0 = x2.fma(w12, b0);
        b1 = x3.fma(w12, b1);
        b2 = x4.fma(w12, b2);
        b3 = x5.fma(w12, b3);
        x0 = y3;
        x1 = z3;
        x2 = fromArray(F, s3, s3At + from + 2 * step);
        x3 = fromArray(F, s3, s3At + from + 3 * step);
        x4 = fromArray(F, s3, s3At + from + 4 * step);
        x5 = fromArray(F, right ? zeros : s3, right ? 0 : s3At + from + 5 * step);
        y3 = x4;
        z3 = x5;
        b0 = x0.fma(w20, b0);
        b1 = x1.fma(w20, b1);
        b2 = x2.fma(w20, b2);
        b3 = x3.fma(w20, b3);
        b0 = x1.fma(w21, b0);
        b1 = x2.fma(w21, b1);
        b2 = x3.fma(w21, b2);
        b3 = x4.fma(w21, b3);
        b0 = x2.fma(w22, b0);
        b1 = x3.fma(w22, b1);
        b2 = x4.fma(w22, b2);
        b3 = x5.fma(w22, b3);
        a0.intoArray(t0, t0At + from);
        a1.intoArray(t0, t0At + from + step);
        a2.intoArray(t0, t0At + from + 2 * step);
        a3.intoArray(t0, t0At + from + 3 * step);
        b0.intoArray(t1, t1At + from);
        b1.intoArray(t1, t1At + from + step);
        b2.intoArray(t1, t1At + from + 2 * step);
        b3.intoArray(t1, t1At + from + 3 * step);
      }
    }
  }

  /**
   * {@link DepthwiseLanes#addProducts(DepthwisePair, float[])} for whole vectors of channels. The
   * sums of a vector of channels stay in registers over all strips.
   */
  static void addProducts(DepthwisePair pair, float[] weightSums) {
    float[] zeros = pair.zeros;
    float[] s0 = pair.source0;
    float[] s1 = pair.source1;
    float[] s2 = pair.source2;
    float[] s3 = pair.source3;
    int s0At = pair.source0At;
    int s1At = pair.source1At;
    int s2At = pair.source2At;
    int s3At = pair.source3At;
    float[] t0 = pair.target0;
    float[] t1 = pair.target1;
    int t0At = pair.target0At;
    int t1At = pair.target1At;
    int step = pair.channels;
    int weightCol = pair.weightColPitch;
    int weightRow = pair.weightRowPitch;
    int last = pair.pixels - STRIP;
    boolean left = pair.leftPadded;
    int lastPadded = pair.rightPadded ? last : -1;
    for (int ch = 0; ch <= step - L; ch += L) {
      int weightAt = pair.weightAt + ch;
      FloatVector sum00 = fromArray(F, weightSums, weightAt);
      FloatVector sum01 = fromArray(F, weightSums, weightAt + weightCol);
      FloatVector sum02 = fromArray(F, weightSums, weightAt + 2 * weightCol);
      FloatVector sum10 = fromArray(F, weightSums, weightAt + weightRow);
      FloatVector sum11 = fromArray(F, weightSums, weightAt + weightRow + weightCol);
      FloatVector sum12 = fromArray(F, weightSums, weightAt + weightRow + 2 * weightCol);
      FloatVector sum20 = fromArray(F, weightSums, weightAt + 2 * weightRow);
      FloatVector sum21 = fromArray(F, weightSums, weightAt + 2 * weightRow + weightCol);
      FloatVector sum22 = fromArray(F, weightSums, weightAt + 2 * weightRow + 2 * weightCol);
      FloatVector y0 = fromArray(F, left ? zeros : s0, left ? 0 : s0At + ch);
      FloatVector z0 = fromArray(F, s0, s0At + ch + step);
      FloatVector y1 = fromArray(F, left ? zeros : s1, left ? 0 : s1At + ch);
      FloatVector z1 = fromArray(F, s1, s1At + ch + step);
      FloatVector y2 = fromArray(F, left ? zeros : s2, left ? 0 : s2At + ch);
      FloatVector z2 = fromArray(F, s2, s2At + ch + step);
      FloatVector y3 = fromArray(F, left ? zeros : s3, left ? 0 : s3At + ch);
      FloatVector z3 = fromArray(F, s3, s3At + ch + step);
      for (int p = 0; p <= last; p += STRIP) {
        boolean right = p == lastPadded;
        int from = p * step + ch;
        FloatVector g0 = fromArray(F, t0, t0At + from);
        FloatVector g1 = fromArray(F, t0, t0At + from + step);
        FloatVector g2 = fromArray(F, t0, t0At + from + 2 * step);
        FloatVector g3 = fromArray(F, t0, t0At + from + 3 * step);
        FloatVector h0 = fromArray(F, t1, t1At + from);
        FloatVector h1 = fromArray(F, t1, t1At + from + step);
        FloatVector h2 = fromArray(F, t1, t1At + from + 2 * step);
        FloatVector h3 = fromArray(F, t1, t1At + from + 3 * step);
        FloatVector x0 = y0;
        FloatVector x1 = z0;
        FloatVector x2 = fromArray(F, s0, s0At + from + 2 * step);
        FloatVector x3 = fromArray(F, s0, s0At + from + 3 * step);
        FloatVector x4 = fromArray(F, s0, s0At + from + 4 * step);
        FloatVector x5 = fromArray(F, right ? zeros : s0, right ? 0 : s0At + from + 5 * step);
        y0 = x4;
        z0 = x5;
        sum00 = x0.fma(g0, sum00);
        sum01 = x1.fma(g0, sum01);
        sum02 = x2.fma(g0, sum02);
        sum00 = x1.fma(g1, sum00);
        sum01 = x2.fma(g1, sum01);
        sum02 = x3.fma(g1, sum02);
        sum00 = x2.fma(g2, sum00);
        sum01 = x3.fma(g2, sum01);
        sum02 = x4.fma(g2, sum02);
        sum00 = x3.fma(g3, sum00);
        sum01 = x4.fma(g3, sum01);
        sum02 = x5.fma(g3, sum02);
        x0 = y1;
        x1 = z1;
        x2 = fromArray(F, s1, s1At + from + 2 * step);
        x3 = fromArray(F, s1, s1At + from + 3 * step);
        x4 = fromArray(F, s1, s1At + from + 4 * step);
        x5 = fromArray(F, right ? zeros : s1, right ? 0 : s1At + from + 5 * step);
        y1 = x4;
        z1 = x5;
        sum10 = x0.fma(g0, sum10);
        sum11 = x1.fma(g0, sum11);
        sum12 = x2.fma(g0, sum12);
        sum10 = x1.fma(g1, sum10);
        sum11 = x2.fma(g1, sum11);
        sum12 = x3.fma(g1, sum12);
        sum10 = x2.fma(g2, sum10);
        sum11 = x3.fma(g2, sum11);
        sum12 = x4.fma(g2, sum12);
        sum10 = x3.fma(g3, sum10);
        sum11 = x4.fma(g3, sum11);
        sum12 = x5.fma(g3, sum12);
        sum00 = x0.fma(h0, sum00);
        sum01 = x1.fma(h0, sum01);
        sum02 = x2.fma(h0, sum02);
        sum00 = x1.fma(h1, sum00);
        sum01 = x2.fma(h1, sum01);
        sum02 = x3.fma(h1, sum02);
        sum00 = x2.fma(h2, sum00);
        sum01 = x3.fma(h2, sum01);
        sum02 = x4.fma(h2, sum02);
        sum00 = x3.fma(h3, sum00);
        sum01 = x4.fma(h3, sum01);
        sum02 = x5.fma(h3, sum02);
        x0 = y2;
        x1 = z2;
        x2 = fromArray(F, s2, s2At + from + 2 * step);
        x3 = fromArray(F, s2, s2At + from + 3 * step);
        x4 = fromArray(F, s2, s2At + from + 4 * step);
        x5 = fromArray(F, right ? zeros : s2, right ? 0 : s2At + from + 5 * step);
        y2 = x4;
        z2 = x5;
        sum20 = x0.fma(g0, sum20);
        sum21 = x1.fma(g0, sum21);
        sum22 = x2.fma(g0, sum22);
        sum20 = x1.fma(g1, sum20);
        sum21 = x2.fma(g1, sum21);
        sum22 = x3.fma(g1, sum22);
        sum20 = x2.fma(g2, sum20);
        sum21 = x3.fma(g2, sum21);
        sum22 = x4.fma(g2, sum22);
        sum20 = x3.fma(g3, sum20);
        sum21 = x4.fma(g3, sum21);
        sum22 = x5.fma(g3, sum22);
        sum10 = x0.fma(h0, sum10);
        sum11 = x1.fma(h0, sum11);
        sum12 = x2.fma(h0, sum12);
        sum10 = x1.fma(h1, sum10);
        sum11 = x2.fma(h1, sum11);
        sum12 = x3.fma(h1, sum12);
        sum10 = x2.fma(h2, sum10);
        sum11 = x3.fma(h2, sum11);
        sum12 = x4.fma(h2, sum12);
        sum10 = x3.fma(h3, sum10);
        sum11 = x4.fma(h3, sum11);
        sum12 = x5.fma(h3, sum12);
        x0 = y3;
        x1 = z3;
        x2 = fromArray(F, s3, s3At + from + 2 * step);
        x3 = fromArray(F, s3, s3At + from + 3 * step);
        x4 = fromArray(F, s3, s3At + from + 4 * step);
        x5 = fromArray(F, right ? zeros : s3, right ? 0 : s3At + from + 5 * step);
        y3 = x4;
        z3 = x5;
        sum20 = x0.fma(h0, sum20);
        sum21 = x1.fma(h0, sum21);
        sum22 = x2.fma(h0, sum22);
        sum20 = x1.fma(h1, sum20);
        sum21 = x2.fma(h1, sum21);
        sum22 = x3.fma(h1, sum22);
        sum20 = x2.fma(h2, sum20);
        sum21 = x3.fma(h2, sum21);
        sum22 = x4.fma(h2, sum22);
        sum20 = x3.fma(h3, sum20);
        sum21 = x4.fma(h3, sum21);
        sum22 = x5.fma(h3, sum22);
      }
      sum00.intoArray(weightSums, weightAt);
      sum01.intoArray(weightSums, weightAt + weightCol);
      sum02.intoArray(weightSums, weightAt + 2 * weightCol);
      sum10.intoArray(weightSums, weightAt + weightRow);
      sum11.intoArray(weightSums, weightAt + weightRow + weightCol);
      sum12.intoArray(weightSums, weightAt + weightRow + 2 * weightCol);
      sum20.intoArray(weightSums, weightAt + 2 * weightRow);
      sum21.intoArray(weightSums, weightAt + 2 * weightRow + weightCol);
      sum22.intoArray(weightSums, weightAt + 2 * weightRow + 2 * weightCol);
    }
  }
}
