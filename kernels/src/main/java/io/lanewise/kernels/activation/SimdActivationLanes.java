package io.lanewise.kernels.activation;

import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;

import io.lanewise.kernels.lanes.SimdMath;
import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link ActivationLanes} on vectors: whole vectors first, the tail by the scalar twin. */
final class SimdActivationLanes implements ActivationLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final int L = F.length();

  private final ScalarActivationLanes tail = new ScalarActivationLanes();

  @Override
  public void relu(float[] input, float[] output, int at, int count) {
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector x = fromArray(F, input, at + i);
      x.blend(zero, x.compare(LE, zero)).intoArray(output, at + i);
    }
    tail.relu(input, output, at + i, count - i);
  }

  @Override
  public void reluBackward(
      float[] gradOutput, float[] output, float[] gradInput, int at, int count) {
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, gradOutput, at + i)
          .blend(zero, fromArray(F, output, at + i).compare(LE, zero))
          .intoArray(gradInput, at + i);
    }
    tail.reluBackward(gradOutput, output, gradInput, at + i, count - i);
  }

  @Override
  public void leakyRelu(float slope, float[] input, float[] output, int at, int count) {
    FloatVector slopes = FloatVector.broadcast(F, slope);
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector x = fromArray(F, input, at + i);
      x.mul(slopes).blend(x, x.compare(GT, zero)).intoArray(output, at + i);
    }
    tail.leakyRelu(slope, input, output, at + i, count - i);
  }

  @Override
  public void leakyReluBackward(
      float slope, float[] gradOutput, float[] input, float[] gradInput, int at, int count) {
    FloatVector slopes = FloatVector.broadcast(F, slope);
    FloatVector zero = FloatVector.zero(F);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector g = fromArray(F, gradOutput, at + i);
      g.mul(slopes)
          .blend(g, fromArray(F, input, at + i).compare(GT, zero))
          .intoArray(gradInput, at + i);
    }
    tail.leakyReluBackward(slope, gradOutput, input, gradInput, at + i, count - i);
  }

  @Override
  public void sigmoid(float[] input, float[] output, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      SimdMath.sigmoid(fromArray(F, input, at + i)).intoArray(output, at + i);
    }
    tail.sigmoid(input, output, at + i, count - i);
  }

  @Override
  public void sigmoidBackward(
      float[] gradOutput, float[] output, float[] gradInput, int at, int count) {
    FloatVector one = FloatVector.broadcast(F, 1);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector y = fromArray(F, output, at + i);
      fromArray(F, gradOutput, at + i).mul(y.mul(one.sub(y))).intoArray(gradInput, at + i);
    }
    tail.sigmoidBackward(gradOutput, output, gradInput, at + i, count - i);
  }

  @Override
  public void tanh(float[] input, float[] output, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      SimdMath.tanh(fromArray(F, input, at + i)).intoArray(output, at + i);
    }
    tail.tanh(input, output, at + i, count - i);
  }

  @Override
  public void tanhBackward(
      float[] gradOutput, float[] output, float[] gradInput, int at, int count) {
    FloatVector one = FloatVector.broadcast(F, 1);
    int i = 0;
    for (; i <= count - L; i += L) {
      FloatVector y = fromArray(F, output, at + i);
      fromArray(F, gradOutput, at + i).mul(y.neg().fma(y, one)).intoArray(gradInput, at + i);
    }
    tail.tanhBackward(gradOutput, output, gradInput, at + i, count - i);
  }

  @Override
  public void gelu(float[] input, float[] output, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      SimdMath.gelu(fromArray(F, input, at + i)).intoArray(output, at + i);
    }
    tail.gelu(input, output, at + i, count - i);
  }

  @Override
  public void geluBackward(
      float[] gradOutput, float[] input, float[] gradInput, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, gradOutput, at + i)
          .mul(SimdMath.geluDerivative(fromArray(F, input, at + i)))
          .intoArray(gradInput, at + i);
    }
    tail.geluBackward(gradOutput, input, gradInput, at + i, count - i);
  }

  @Override
  public void silu(float[] input, float[] output, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      SimdMath.silu(fromArray(F, input, at + i)).intoArray(output, at + i);
    }
    tail.silu(input, output, at + i, count - i);
  }

  @Override
  public void siluBackward(
      float[] gradOutput, float[] input, float[] gradInput, int at, int count) {
    int i = 0;
    for (; i <= count - L; i += L) {
      fromArray(F, gradOutput, at + i)
          .mul(SimdMath.siluDerivative(fromArray(F, input, at + i)))
          .intoArray(gradInput, at + i);
    }
    tail.siluBackward(gradOutput, input, gradInput, at + i, count - i);
  }
}
