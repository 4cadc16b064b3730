package io.lanewise.kernels.pool;

/** {@link PoolLanes} in plain Java. */
final class ScalarPoolLanes implements PoolLanes {
  @Override
  public void max(PoolRun run, float[] input, float[] output, int[] argmax) {
    for (int p = 0; p < run.pixels; p++) {
      maxPixel(run, p, 0, input, output, argmax);
    }
  }

  @Override
  public void average(PoolRun run, float[] input, float[] output) {
    for (int p = 0; p < run.pixels; p++) {
      averagePixel(run, p, 0, input, output);
    }
  }

  @Override
  public void route(PoolRun run, float[] gradOutput, int[] argmax, boolean add, float[] gradInput) {
    for (int p = 0; p < run.pixels; p++) {
      routePixel(run, p, 0, gradOutput, argmax, add, gradInput);
    }
  }

  @Override
  public void spread(PoolRun run, float[] gradOutput, boolean add, float[] gradInput) {
    for (int p = 0; p < run.pixels; p++) {
      spreadPixel(run, p, 0, gradOutput, add, gradInput);
    }
  }

  @Override
  public void columnMeans(
      float[] matrix, int matrixAt, int rows, int channels, float[] means, int meansAt) {
    columnMeansFrom(0, matrix, matrixAt, rows, channels, means, meansAt);
  }

  /** One pixel of {@link #max}, from a channel on. */
  void maxPixel(PoolRun run, int p, int from, float[] input, float[] output, int[] argmax) {
    int inputAt = run.inputAt + p * run.inputStep;
    int outputAt = run.outputAt + p * run.channels;
    int rows = run.rows;
    int cols = run.cols;
    int colPitch = run.colPitch;
    for (int ch = from; ch < run.channels; ch++) {
      float best = input[inputAt + ch];
      int bestTap = run.firstTap;
      for (int r = 0; r < rows; r++) {
        int at = inputAt + r * run.rowPitch + ch;
        int tap = run.firstTap + r * run.kw;
        for (int q = 0; q < cols; q++, at += colPitch, tap++) {
          float value = input[at];
          boolean wins = value > best || value != value;
          best = wins ? value : best;
          bestTap = wins ? tap : bestTap;
        }
      }
      output[outputAt + ch] = best;
      argmax[outputAt + ch] = bestTap;
    }
  }

  /** One pixel of {@link #average}, from a channel on. */
  void averagePixel(PoolRun run, int p, int from, float[] input, float[] output) {
    int inputAt = run.inputAt + p * run.inputStep;
    int outputAt = run.outputAt + p * run.channels;
    int cols = run.cols;
    int colPitch = run.colPitch;
    for (int ch = from; ch < run.channels; ch++) {
      float sum = 0;
      for (int r = 0; r < run.rows; r++) {
        int at = inputAt + r * run.rowPitch + ch;
        for (int q = 0; q < cols; q++, at += colPitch) {
          sum += input[at];
        }
      }
      output[outputAt + ch] = sum / run.divisor;
    }
  }

  /** One pixel of {@link #route}, from a channel on. */
  void routePixel(
      PoolRun run,
      int p,
      int from,
      float[] gradOutput,
      int[] argmax,
      boolean add,
      float[] gradInput) {
    int inputAt = run.inputAt + p * run.inputStep;
    int outputAt = run.outputAt + p * run.channels;
    for (int r = 0; r < run.rows; r++) {
      for (int q = 0; q < run.cols; q++) {
        int at = inputAt + r * run.rowPitch + q * run.colPitch;
        int tap = run.firstTap + r * run.kw + q;
        for (int ch = from; ch < run.channels; ch++) {
          float share = argmax[outputAt + ch] == tap ? gradOutput[outputAt + ch] : 0;
          gradInput[at + ch] = add ? gradInput[at + ch] + share : share;
        }
      }
    }
  }

  /** One pixel of {@link #spread}, from a channel on. */
  void spreadPixel(
      PoolRun run, int p, int from, float[] gradOutput, boolean add, float[] gradInput) {
    int inputAt = run.inputAt + p * run.inputStep;
    int outputAt = run.outputAt + p * run.channels;
    int cols = run.cols;
    int colPitch = run.colPitch;
    for (int ch = from; ch < run.channels; ch++) {
      float share = gradOutput[outputAt + ch] / run.divisor;
      for (int r = 0; r < run.rows; r++) {
        int at = inputAt + r * run.rowPitch + ch;
        for (int q = 0; q < cols; q++, at += colPitch) {
          gradInput[at] = add ? gradInput[at] + share : share;
        }
      }
    }
  }

  /** {@link #columnMeans} from a column on. */
  void columnMeansFrom(
      int from, float[] matrix, int matrixAt, int rows, int channels, float[] means, int meansAt) {
    for (int ch = from; ch < channels; ch++) {
      float sum = 0;
      for (int r = 0; r < rows; r++) {
        sum += matrix[matrixAt + r * channels + ch];
      }
      means[meansAt + ch] = sum / rows;
    }
  }
}
