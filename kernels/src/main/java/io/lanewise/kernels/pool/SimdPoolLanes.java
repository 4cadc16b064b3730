package io.lanewise.kernels.pool;

import static jdk.incubator.vector.FloatVector.fromArray;

import io.lanewise.kernels.lanes.SimdSpecies;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link PoolLanes} on vectors of channels. Where a value is overwritten, the last vector of a
 * pixel ends at its last channel and computes some channels twice, so that only pixels of less than
 * one vector are left to the scalar twin; where values are added to, the twin takes the tail.
 */
final class SimdPoolLanes implements PoolLanes {
  private static final VectorSpecies<Float> F = SimdSpecies.FLOAT;
  private static final VectorSpecies<Integer> I = SimdSpecies.INT;
  private static final int L = F.length();

  private final ScalarPoolLanes scalar = new ScalarPoolLanes();

  /** Vectors that cover the channels of a pixel, none if there are less than one vector's. */
  private static int covering(int channels) {
    return channels < L ? 0 : (channels + L - 1) / L;
  }

  @Override
  public void max(PoolRun run, float[] input, float[] output, int[] argmax) {
    int channels = run.channels;
    int vectors = covering(channels);
    if (vectors == 0) {
      scalar.max(run, input, output, argmax);
      return;
    }
    int rows = run.rows;
    int cols = run.cols;
    int rowPitch = run.rowPitch;
    int colPitch = run.colPitch;
    for (int p = 0; p < run.pixels; p++) {
      int inputAt = run.inputAt + p * run.inputStep;
      int outputAt = run.outputAt + p * channels;
      for (int v = 0; v < vectors; v++) {
        int ch = Math.min(v * L, channels - L);
        FloatVector best = fromArray(F, input, inputAt + ch);
        // The bits of an int in a float lane: the mask of floats then selects values and taps.
        FloatVector bestTap = FloatVector.broadcast(F, Float.intBitsToFloat(run.firstTap));
        for (int r = 0; r < rows; r++) {
          int at = inputAt + r * rowPitch + ch;
          int tap = run.firstTap + r * run.kw;
          for (int q = 0; q < cols; q++) {
            FloatVector value = fromArray(F, input, at + q * colPitch);
            VectorMask<Float> wins =
                value
                    .compare(VectorOperators.GT, best)
                    .or(value.compare(VectorOperators.NE, value));
            best = best.blend(value, wins);
            bestTap = bestTap.blend(FloatVector.broadcast(F, Float.intBitsToFloat(tap + q)), wins);
          }
        }
        best.intoArray(output, outputAt + ch);
        bestTap.reinterpretAsInts().intoArray(argmax, outputAt + ch);
      }
    }
  }

  @Override
  public void average(PoolRun run, float[] input, float[] output) {
    int channels = run.channels;
    int vectors = covering(channels);
    if (vectors == 0) {
      scalar.average(run, input, output);
      return;
    }
    int rows = run.rows;
    int cols = run.cols;
    int rowPitch = run.rowPitch;
    int colPitch = run.colPitch;
    for (int p = 0; p < run.pixels; p++) {
      int inputAt = run.inputAt + p * run.inputStep;
      int outputAt = run.outputAt + p * channels;
      for (int v = 0; v < vectors; v++) {
        int ch = Math.min(v * L, channels - L);
        FloatVector sum = FloatVector.zero(F);
        for (int r = 0; r < rows; r++) {
          int at = inputAt + r * rowPitch + ch;
          for (int q = 0; q < cols; q++) {
            sum = sum.add(fromArray(F, input, at + q * colPitch));
          }
        }
        sum.div(run.divisor).intoArray(output, outputAt + ch);
      }
    }
  }

  @Override
  public void route(PoolRun run, float[] gradOutput, int[] argmax, boolean add, float[] gradInput) {
    int channels = run.channels;
    int vectors = add ? channels / L : covering(channels);
    int rows = run.rows;
    int cols = run.cols;
    int rowPitch = run.rowPitch;
    int colPitch = run.colPitch;
    IntVector zero = IntVector.zero(I);
    for (int p = 0; p < run.pixels; p++) {
      int inputAt = run.inputAt + p * run.inputStep;
      int outputAt = run.outputAt + p * channels;
      for (int v = 0; v < vectors; v++) {
        int ch = Math.min(v * L, channels - L);
        IntVector taps = IntVector.fromArray(I, argmax, outputAt + ch);
        IntVector grad = fromArray(F, gradOutput, outputAt + ch).reinterpretAsInts();
        for (int r = 0; r < rows; r++) {
          int at = inputAt + r * rowPitch + ch;
          int tap = run.firstTap + r * run.kw;
          for (int q = 0; q < cols; q++, at += colPitch) {
            VectorMask<Integer> named = taps.compare(VectorOperators.EQ, tap + q);
            FloatVector share = zero.blend(grad, named).reinterpretAsFloats();
            if (add) {
              share = fromArray(F, gradInput, at).add(share);
            }
            share.intoArray(gradInput, at);
          }
        }
      }
      if (add || vectors == 0) {
        scalar.routePixel(run, p, vectors * L, gradOutput, argmax, add, gradInput);
      }
    }
  }

  @Override
  public void spread(PoolRun run, float[] gradOutput, boolean add, float[] gradInput) {
    int channels = run.channels;
    int vectors = add ? channels / L : covering(channels);
    int rows = run.rows;
    int cols = run.cols;
    int rowPitch = run.rowPitch;
    int colPitch = run.colPitch;
    for (int p = 0; p < run.pixels; p++) {
      int inputAt = run.inputAt + p * run.inputStep;
      int outputAt = run.outputAt + p * channels;
      for (int v = 0; v < vectors; v++) {
        int ch = Math.min(v * L, channels - L);
        FloatVector share = fromArray(F, gradOutput, outputAt + ch).div(run.divisor);
        for (int r = 0; r < rows; r++) {
          int at = inputAt + r * rowPitch + ch;
          for (int q = 0; q < cols; q++, at += colPitch) {
            FloatVector grad = add ? fromArray(F, gradInput, at).add(share) : share;
            grad.intoArray(gradInput, at);
          }
        }
      }
      if (add || vectors == 0) {
        scalar.spreadPixel(run, p, vectors * L, gradOutput, add, gradInput);
      }
    }
  }

  @Override
  public void columnMeans(
      float[] matrix, int matrixAt, int rows, int channels, float[] means, int meansAt) {
    int ch = 0;
    for (; ch <= channels - 4 * L; ch += 4 * L) {
      FloatVector sum0 = FloatVector.zero(F);
      FloatVector sum1 = FloatVector.zero(F);
      FloatVector sum2 = FloatVector.zero(F);
      FloatVector sum3 = FloatVector.zero(F);
      for (int r = 0; r < rows; r++) {
        int at = matrixAt + r * channels + ch;
        sum0 = sum0.add(fromArray(F, matrix, at));
        sum1 = sum1.add(fromArray(F, matrix, at + L));
        sum2 = sum2.add(fromArray(F, matrix, at + 2 * L));
        sum3 = sum3.add(fromArray(F, matrix, at + 3 * L));
      }
      sum0.div(rows).intoArray(means, meansAt + ch);
      sum1.div(rows).intoArray(means, meansAt + ch + L);
      sum2.div(rows).intoArray(means, meansAt + ch + 2 * L);
      sum3.div(rows).intoArray(means, meansAt + ch + 3 * L);
    }
    for (; ch <= channels - L; ch += L) {
      FloatVector sum = FloatVector.zero(F);
      for (int r = 0; r < rows; r++) {
        sum = sum.add(fromArray(F, matrix, matrixAt + r * channels + ch));
      }
      sum.div(rows).intoArray(means, meansAt + ch);
    }
    scalar.columnMeansFrom(ch, matrix, matrixAt, rows, channels, means, meansAt);
  }
}
