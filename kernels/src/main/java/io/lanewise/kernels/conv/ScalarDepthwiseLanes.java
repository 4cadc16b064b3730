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
          for (int line = 0; line < run.lines; line++) {
            int from = sourceAt + line * run.sourceLine + ch;
            int by = run.targetAt + line * run.targetLine + ch;
            for (int p = 0; p < run.pixels; p++) {
              sum =
                  Math.fma(source[from + p * run.sourceStep], target[by + p * run.targetStep], sum);
            }
          }
          weightSums[weightAt + ch] = sum;
        }
      }
    }
  }
}
