package io.lanewise.kernels.elementwise;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.XOR;

import io.lanewise.kernels.lanes.SimdMath;
import io.lanewise.kernels.lanes.SimdSpecies;
import java.util.stream.IntStream;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link ElementwiseLanes} on vectors: whole vectors first, the tail by the scalar twin. */
final class SimdElementwiseLanes implements ElementwiseLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final VectorSpecies<Integer> I = SimdSpecies.INT;
  private static final int L = F.length();
  private static final int MIX1 = ScalarElementwiseLanes.MIX1;
  private static final int MIX2 = ScalarElementwiseLanes.MIX2;
  private static final int[] STEPS = IntStream.range(0, L).toArray();

  private final ScalarElementwiseLanes tail = new ScalarElementwiseLanes();

  @Override
  public void shift(float term, float[] input, float[] output, int at, int count) {
    FloatVector terms = FloatVector.broadcast(F, term);
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, input, at + i).add(terms).intoArray(output, at + i);
    }
    tail.shift(term, input, output, at + i, count - i);
  }

  @Override
  public void exp(float[] input, float[] output, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      SimdMath.exp(fromArray(F, input, at + i)).intoArray(output, at + i);
    }
    tail.exp(input, output, at + i, count - i);
  }

  @Override
  public void square(float[] input, float[] output, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector x = fromArray(F, input, at + i);
      x.mul(x).intoArray(output, at + i);
    }
    tail.square(input, output, at + i, count - i);
  }

  @Override
  public void squareBackward(
      float[] gradOutput, float[] input, float[] gradInput, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector x = fromArray(F, input, at + i);
      fromArray(F, gradOutput, at + i).mul(x.add(x)).intoArray(gradInput, at + i);
    }
    tail.squareBackward(gradOutput, input, gradInput, at + i, count - i);
  }

  @Override
  public void reciprocal(float[] input, float[] output, int at, int count) {
    FloatVector one = FloatVector.broadcast(F, 1);
    int i = 0;
    for (; i <= count - L; i += L) {
      one.div(fromArray(F, input, at + i)).intoArray(output, at + i);
    }
    tail.reciprocal(input, output, at + i, count - i);
  }

  @Override
  public void reciprocalBackward(
      float[] gradOutput, float[] output, float[] gradInput, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector y = fromArray(F, output, at + i);
      fromArray(F, gradOutput, at + i).mul(y).neg().mul(y).intoArray(gradInput, at + i);
    }
    tail.reciprocalBackward(gradOutput, output, gradInput, at + i, count - i);
  }

  @Override
  public void dropout(
      long key,
      int threshold,
      float scale,
      int col,
      float[] input,
      float[] output,
      int at,
      int count) {
    int low = (int) key;
    IntVector zero = IntVector.zero(I);
    IntVector steps = IntVector.fromArray(I, STEPS, 0);
    IntVector mix1 = IntVector.broadcast(I, MIX1);
    IntVector mix2 = IntVector.broadcast(I, MIX2);
    IntVector highs = IntVector.broadcast(I, (int) (key >>> 32));
    IntVector least = IntVector.broadcast(I, threshold);
    FloatVector scales = FloatVector.broadcast(F, scale);
    int i = 0;
    for (; i <= count - L; i += L) {
      IntVector hash = steps.add(IntVector.broadcast(I, low + col + i));
      hash = hash.lanewise(XOR, hash.lanewise(LSHR, 16)).mul(mix1).lanewise(XOR, highs);
      hash = hash.lanewise(XOR, hash.lanewise(LSHR, 15)).mul(mix2);
      hash = hash.lanewise(XOR, hash.lanewise(LSHR, 16));
      IntVector scaled = fromArray(F, input, at + i).mul(scales).reinterpretAsInts();
      zero.blend(scaled, hash.compare(GE, least)).reinterpretAsFloats().intoArray(output, at + i);
    }
    tail.dropout(key, threshold, scale, col + i, input, output, at + i, count - i);
  }
}
