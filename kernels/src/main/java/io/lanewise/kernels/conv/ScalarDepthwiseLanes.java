package io.lanewise.kernels.conv;

/** {@link DepthwiseLanes} in plain Java. */
final class ScalarDepthwiseLanes implements DepthwiseLanes {
  @Override
  public void weightedSums(
      DepthwiseRun run, float[] source, float[] weight, float[] initial, float[] target) {
    for (int p = 0; p < run.pixels; p++) {
      int sourceAt = run.sourceAt + p * run.sourceStep;
      int targetAt = run.targetAt + p * run.targetStep;
      for (int ch = 0; ch < run.channels; ch++) {
        float sum = initial == null ? 0 : initial[ch];
        for (int r = 0; r < run.rows; r++) {
          int from = sourceAt + r * run.sourceRowPitch + ch;
          int by = run.weightAt + r * run.weightRowPitch + ch;
          for (int q = 0; q < run.cols; q++) {
            sum =
                Math.fma(
                    source[from + q * run.sourceColPitch],
                    weight[by + q * run.weightColPitch],
                    sum);
          }
        }
        target[targetAt + ch] = sum;
      }
    }
  }

  @Override
  public void addProducts(DepthwiseRun run, float[] source, float[] target, float[] weightSums) {
    addProductsFrom(0, run, source, target, weightSums);
  }

  /** {@link #addProducts} from a channel on. */
  void addProductsFrom(
      int channel, DepthwiseRun run, float[] source, float[] target, float[] weightSums) {
    for (int r = 0; r < run.rows; r++) {
      for (int q = 0; q < run.cols; q++) {
        int sourceAt = run.sourceAt + r * run.sourceRowPitch + q * run.sourceColPitch;
        int weightAt = run.weightAt + r * run.weightRowPitch + q * run.weightColPitch;
        for (int ch = channel; ch < run.channels; ch++) {
          float sum = weightSums[weightAt + ch];
          int from = sourceAt + ch;
          int by = run.targetAt + ch;
          for (int p = 0; p < run.pixels; p++) {
            sum = Math.fma(source[from + p * run.sourceStep], target[by + p * run.targetStep], sum);
          }
          weightSums[weightAt + ch] = sum;
        }
      }
    }
  }

  @Override
  public void weightedSums(DepthwisePair pair, float[] weight, float[] initial) {
    for (int line = 0; line < 2; line++) {
      for (int p = 0; p < pair.pixels; p++) {
        weightedSums(pair, line, p, weight, initial);
      }
    }
  }

  private static void weightedSums(
      DepthwisePair pair, int line, int pixel, float[] weight, float[] initial) {
    int channels = pair.channels;
    float[] target = pair.target(line);
    int targetAt = pair.targetAt(line) + pixel * channels;
    for (int ch = 0; ch < channels; ch++) {
      target[targetAt + ch] = initial == null ? 0 : initial[ch];
    }
    for (int r = 0; r < 3; r++) {
      for (int q = 0; q < 3; q++) {
        boolean padding = pair.isPadding(pixel + q);
        float[] source = padding ? pair.zeros : pair.source(line, r);
        int from = padding ? 0 : pair.sourceAt(line, r) + (pixel + q) * channels;
        int by = pair.weightAt + r * pair.weightRowPitch + q * pair.weightColPitch;
        for (int ch = 0; ch < channels; ch++) {
          target[targetAt + ch] =
              Math.fma(source[from + ch], weight[by + ch], target[targetAt + ch]);
        }
      }
    }
  }

  @Override
  public void addProducts(DepthwisePair pair, float[] weightSums) {
    addProductsFrom(0, pair, weightSums);
  }

  /** {@link #addProducts(DepthwisePair, float[])} from a channel on. */
  void addProductsFrom(int channel, DepthwisePair pair, float[] weightSums) {
    for (int strip = 0; strip < pair.pixels; strip += DepthwisePair.STRIP) {
      for (int line = 0; line < 2; line++) {
        for (int p = strip; p < strip + DepthwisePair.STRIP; p++) {
          addProductsFrom(channel, pair, line, p, weightSums);
        }
      }
    }
  }

  private static void addProductsFrom(
      int channel, DepthwisePair pair, int line, int pixel, float[] weightSums) {
    int channels = pair.channels;
    float[] target = pair.target(line);
    int targetAt = pair.targetAt(line) + pixel * channels;
    for (int r = 0; r < 3; r++) {
      for (int q = 0; q < 3; q++) {
        boolean padding = pair.isPadding(pixel + q);
        float[] source = padding ? pair.zeros : pair.source(line, r);
        int from = padding ? 0 : pair.sourceAt(line, r) + (pixel + q) * channels;
        int to = pair.weightAt + r * pair.weightRowPitch + q * pair.weightColPitch;
        for (int ch = channel; ch < channels; ch++) {
          weightSums[to + ch] =
              Math.fma(source[from + ch], target[targetAt + ch], weightSums[to + ch]);
        }
      }
    }
  }
}
