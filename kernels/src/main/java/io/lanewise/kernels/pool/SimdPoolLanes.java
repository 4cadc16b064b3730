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
 *
 * <p>Forward, taps are one loop, not a loop of rows and one of columns: C2 boxes vectors that two
 * nested loops carry, which made a max pooling 8 times slower (JDK 17). That loop counts nothing,
 * so that C2 does not unroll it for its few turns.
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
    if (run.rows == 2 && run.cols == 2) {
      maxOfFour(run, vectors, input, output, argmax);
      return;
    }
    int cols = run.cols;
    int size = run.rows * run.rowPitch;
    int colPitch = run.colPitch;
    int rowReturn = run.rowPitch - (cols - 1) * colPitch;
    int tapReturn = run.kw - (cols - 1);
    for (int p = 0; p < run.pixels; p++) {
      int inputAt = run.inputAt + p * run.inputStep;
      int outputAt = run.outputAt + p * channels;
      for (int v = 0; v < vectors; v++) {
        int ch = Math.min(v * L, channels - L);
        FloatVector best = fromArray(F, input, inputAt + ch);
        // The bits of an int in a float lane: the mask of floats then selects values and taps.
        FloatVector bestTap = FloatVector.broadcast(F, Float.intBitsToFloat(run.firstTap));
        int tap = run.firstTap;
        int at = inputAt + ch;
        int end = at + size;
        for (int q = 0; at != end; ) {
          FloatVector value = fromArray(F, input, at);
          VectorMask<Float> wins = wins(value, best);
          best = best.blend(value, wins);
          bestTap = bestTap.blend(FloatVector.broadcast(F, Float.intBitsToFloat(tap)), wins);
          boolean endsRow = ++q == cols;
          q = endsRow ? 0 : q;
          at += endsRow ? rowReturn : colPitch;
          tap += endsRow ? tapReturn : 1;
        }
        best.intoArray(output, outputAt + ch);
        bestTap.reinterpretAsInts().intoArray(argmax, outputAt + ch);
      }
    }
  }

  /** {@link #max} for the commonest window, two by two taps, without the loop over taps. */
  private static void maxOfFour(
      PoolRun run, int vectors, float[] input, float[] output, int[] argmax) {
    int channels = run.channels;
    int rowPitch = run.rowPitch;
    int colPitch = run.colPitch;
    int tap = run.firstTap;
    FloatVector tap0 = FloatVector.broadcast(F, Float.intBitsToFloat(tap));
    FloatVector tap1 = FloatVector.broadcast(F, Float.intBitsToFloat(tap + 1));
    FloatVector tap2 = FloatVector.broadcast(F, Float.intBitsToFloat(tap + run.kw));
    FloatVector tap3 = FloatVector.broadcast(F, Float.intBitsToFloat(tap + run.kw + 1));
    for (int p = 0; p < run.pixels; p++) {
      int inputAt = run.inputAt + p * run.inputStep;
      int outputAt = run.outputAt + p * channels;
      for (int v = 0; v < vectors; v++) {
        int ch = Math.min(v * L, channels - L);
        int at = inputAt + ch;
        FloatVector best = fromArray(F, input, at);
        FloatVector value = fromArray(F, input, at + colPitch);
        VectorMask<Float> wins = wins(value, best);
        best = best.blend(value, wins);
        FloatVector bestTap = tap0.blend(tap1, wins);
        value = fromArray(F, input, at + rowPitch);
        wins = wins(value, best);
        best = best.blend(value, wins);
        bestTap = bestTap.blend(tap2, wins);
        value = fromArray(F, input, at + rowPitch + colPitch);
        wins = wins(value, best);
        best.blend(value, wins).intoArray(output, outputAt + ch);
        bestTap.blend(tap3, wins).reinterpretAsInts().intoArray(argmax, outputAt + ch);
      }
    }
  }

  /** Where a later value takes the place of the best so far: if greater, or not a number. */
  private static VectorMask<Float> wins(FloatVector value, FloatVector best) {
    return value.compare(VectorOperators.GT, best).or(value.compare(VectorOperators.NE, value));
  }

  @Override
  public void average(PoolRun run, float[] input, float[] output) {
    int channels = run.channels;
    int vectors = covering(channels);
    if (vectors == 0) {
      scalar.average(run, input, output);
      return;
    }
    int cols = run.cols;
    int size = run.rows * run.rowPitch;
    int colPitch = run.colPitch;
    int rowReturn = run.rowPitch - (cols - 1) * colPitch;
    for (int p = 0; p < run.pixels; p++) {
      int inputAt = run.inputAt + p * run.inputStep;
      int outputAt = run.outputAt + p * channels;
      for (int v = 0; v < vectors; v++) {
        int ch = Math.min(v * L, channels - L);
        FloatVector sum = FloatVector.zero(F);
        int at = inputAt + ch;
        int end = at + size;
        for (int q = 0; at != end; ) {
          sum = sum.add(fromArray(F, input, at));
          boolean endsRow = ++q == cols;
          q = endsRow ? 0 : q;
          at += endsRow ? rowReturn : colPitch;
        }
        sum.div(FloatVector.broadcast(F, run.divisor)).intoArray(output, outputAt + ch);
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
            VectorMask<Integer> named =
                taps.compare(VectorOperators.EQ, IntVector.broadcast(I, tap + q));
            // Zero is made here: carried through the loops it would be an array a call on JDK 17.
            FloatVector share = IntVector.zero(I).blend(grad, named).reinterpretAsFloats();
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
        FloatVector share =
            fromArray(F, gradOutput, outputAt + ch).div(FloatVector.broadcast(F, run.divisor));
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
    FloatVector count = FloatVector.broadcast(F, rows);
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
      sum0.div(count).intoArray(means, meansAt + ch);
      sum1.div(count).intoArray(means, meansAt + ch + L);
      sum2.div(count).intoArray(means, meansAt + ch + 2 * L);
      sum3.div(count).intoArray(means, meansAt + ch + 3 * L);
    }
    for (; ch <= channels - L; ch += L) {
      FloatVector sum = FloatVector.zero(F);
      for (int r = 0; r < rows; r++) {
        sum = sum.add(fromArray(F, matrix, matrixAt + r * channels + ch));
      }
      sum.div(count).intoArray(means, meansAt + ch);
    }
    scalar.columnMeansFrom(ch, matrix, matrixAt, rows, channels, means, meansAt);
  }
}
