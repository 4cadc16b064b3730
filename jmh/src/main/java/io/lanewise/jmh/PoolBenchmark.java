package io.lanewise.jmh;

import io.lanewise.kernels.pool.AvgPool2d;
import io.lanewise.kernels.pool.MaxPool2d;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.Window;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Max and average pooling, forward and backward. */
public class PoolBenchmark extends KernelBenchmark {
  @Param("n64h32w32c64_k2s2p0")
  private String shape;

  private PoolShape pool;
  private float[] input;
  private float[] output;
  private int[] argmax;
  private float[] gradOutput;
  private float[] gradInput;

  static Work work(String method, String shape) {
    PoolShape pool = PoolShape.parse(shape);
    return new Work(pool.flops(), pool.bytes());
  }

  @Override
  protected void prepare() {
    pool = PoolShape.parse(shape);
    input = Data.gaussian(pool.inputSize(), 1);
    gradOutput = Data.gaussian(pool.outputSize(), 2);
    output = new float[pool.outputSize()];
    argmax = new int[pool.outputSize()];
    gradInput = new float[pool.inputSize()];
    maxForward();
    maxBackward();
    check(true);
    averageForward();
    averageBackward();
    check(false);
  }

  private void check(boolean max) {
    Window window = pool.window();
    double[] gradient = new double[gradInput.length];
    double[] magnitude = new double[gradInput.length];
    for (int at = 0; at < output.length; at++) {
      int pixel = at / pool.c();
      int top = pixel / pool.ow() % pool.oh() * window.strideH() - window.padTop();
      int left = pixel % pool.ow() * window.strideW() - window.padLeft();
      int image = pixel / pool.ow() / pool.oh() * pool.h();
      double sum = 0;
      double sizes = 0;
      int best = -1;
      for (int turn = 0; turn < 2; turn++) {
        int count = turn == 0 ? 0 : averaged(window, top, left);
        for (int ky = 0; ky < window.kh(); ky++) {
          for (int kx = 0; kx < window.kw(); kx++) {
            int iy = top + ky * window.dilationH();
            int ix = left + kx * window.dilationW();
            if (iy < 0 || iy >= pool.h() || ix < 0 || ix >= pool.w()) {
              continue;
            }
            int from = ((image + iy) * pool.w() + ix) * pool.c() + at % pool.c();
            if (turn == 0) {
              sum += input[from];
              sizes += Math.abs(input[from]);
              best = best < 0 || input[from] > input[best] ? from : best;
            } else if (!max) {
              gradient[from] += (double) gradOutput[at] / count;
              magnitude[from] += Math.abs((double) gradOutput[at] / count);
            }
          }
        }
      }
      if (max) {
        gradient[best] += gradOutput[at];
        magnitude[best] += Math.abs(gradOutput[at]);
        Data.check("max " + pool, at, output[at], input[best]);
      } else {
        int count = averaged(window, top, left);
        Data.check("average " + pool, at, output[at], sum / count, sizes / count);
      }
    }
    for (int at = 0; at < gradInput.length; at++) {
      Data.check("backward " + pool, at, gradInput[at], gradient[at], magnitude[at]);
    }
  }

  /** The divisor of a window: its cells inside the image, or inside the padded image. */
  private int averaged(Window window, int top, int left) {
    int count = 0;
    for (int ky = 0; ky < window.kh(); ky++) {
      for (int kx = 0; kx < window.kw(); kx++) {
        int iy = top + ky;
        int ix = left + kx;
        boolean image = iy >= 0 && iy < pool.h() && ix >= 0 && ix < pool.w();
        boolean padded = iy < pool.h() + window.padBottom() && ix < pool.w() + window.padRight();
        count += image || (padded && pool.paddingCounts()) ? 1 : 0;
      }
    }
    return count;
  }

  /** Maximum and where it was. */
  @Benchmark
  public void maxForward() {
    MaxPool2d.forward(pool, input, output, argmax, parallel());
  }

  /** Gradients to where the maximum was. */
  @Benchmark
  public void maxBackward() {
    MaxPool2d.backward(pool, gradOutput, argmax, gradInput, parallel());
  }

  /** Averages. */
  @Benchmark
  public void averageForward() {
    AvgPool2d.forward(pool, input, output, parallel());
  }

  /** Gradients to all of a window. */
  @Benchmark
  public void averageBackward() {
    AvgPool2d.backward(pool, gradOutput, gradInput, parallel());
  }
}
