package io.lanewise.jmh;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.norm.BatchNorm;
import io.lanewise.kernels.shape.ChannelShape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Batch normalisation with a rectifier: in training, with given statistics, and backward. */
public class NormBenchmark extends KernelBenchmark {
  private static final float EPS = 1e-5f;

  @Param("rows65536c64")
  private String shape;

  private ChannelShape norm;
  private float[] input;
  private float[] gradOutput;
  private float[] scale;
  private float[] bias;
  private float[] mean;
  private float[] variance;
  private float[] givenMean;
  private float[] givenVariance;
  private float[] output;
  private float[] gradInput;
  private float[] gradScale;
  private float[] gradBias;

  static Work work(String method, String shape) {
    return Work.floats((method.equals("backward") ? 3L : 2L) * ChannelShape.parse(shape).size());
  }

  @Override
  protected void prepare() {
    norm = ChannelShape.parse(shape);
    int c = norm.c();
    input = Data.gaussian(norm.size(), 1);
    gradOutput = Data.gaussian(norm.size(), 2);
    scale = Data.gaussian(c, 3);
    bias = Data.gaussian(c, 4);
    givenMean = Data.gaussian(c, 5);
    givenVariance = Data.gaussian(c, 6);
    for (int j = 0; j < c; j++) {
      givenVariance[j] = 0.5f + givenVariance[j] * givenVariance[j];
    }
    mean = new float[c];
    variance = new float[c];
    output = new float[norm.size()];
    gradInput = new float[norm.size()];
    gradScale = new float[c];
    gradBias = new float[c];
    forwardEval();
    for (int j = 0; j < c; j++) {
      checkForward(j, givenMean[j], givenVariance[j]);
    }
    forwardTrain();
    backward();
    for (int j = 0; j < c; j++) {
      checkTraining(j);
    }
  }

  private void checkForward(int channel, double mu, double sigma2) {
    for (int row = 0; row < norm.rows(); row++) {
      int at = row * norm.c() + channel;
      double normal = (input[at] - mu) / Math.sqrt(sigma2 + EPS);
      double right = scale[channel] * normal + bias[channel];
      double magnitude = 1 + Math.abs(scale[channel]) * (1 + Math.abs(normal));
      Data.check("forward " + norm, at, output[at], Math.max(right, 0), magnitude);
    }
  }

  /** A channel from its statistics to its gradients, by the formulas. */
  private void checkTraining(int channel) {
    int rows = norm.rows();
    double sum = 0;
    double squares = 0;
    for (int row = 0; row < rows; row++) {
      double x = input[row * norm.c() + channel];
      sum += x;
      squares += x * x;
    }
    double mu = sum / rows;
    double sigma2 = squares / rows - mu * mu;
    Data.check("mean " + norm, channel, mean[channel], mu, 1);
    Data.check("variance " + norm, channel, variance[channel], sigma2, 1);
    checkForward(channel, mu, sigma2);
    double std = Math.sqrt(sigma2 + EPS);
    double sumG = 0;
    double sumGh = 0;
    double size = 0;
    for (int row = 0; row < rows; row++) {
      int at = row * norm.c() + channel;
      double g = passed(at);
      double h = (input[at] - mu) / std;
      sumG += g;
      sumGh += g * h;
      size += Math.abs(g) * (1 + Math.abs(h));
    }
    Data.check("gradBias " + norm, channel, gradBias[channel], sumG, size);
    Data.check("gradScale " + norm, channel, gradScale[channel], sumGh, size);
    for (int row = 0; row < rows; row++) {
      int at = row * norm.c() + channel;
      double h = (input[at] - mu) / std;
      double factor = scale[channel] / std;
      double right = factor * (passed(at) - sumG / rows - h * sumGh / rows);
      double magnitude = Math.abs(factor) * (1 + Math.abs(passed(at))) * (1 + Math.abs(h));
      Data.check("gradInput " + norm, at, gradInput[at], right, magnitude);
    }
  }

  private double passed(int at) {
    return output[at] > 0 ? gradOutput[at] : 0;
  }

  /** Statistics of the batch, then output = max(scale * normal + bias, 0). */
  @Benchmark
  public void forwardTrain() {
    BatchNorm.forwardTrain(
        norm,
        EPS,
        Epilogue.RELU,
        input,
        null,
        scale,
        bias,
        mean,
        variance,
        output,
        workspace(),
        parallel());
  }

  /** The same with given statistics. */
  @Benchmark
  public void forwardEval() {
    BatchNorm.forwardEval(
        norm,
        EPS,
        Epilogue.RELU,
        input,
        null,
        scale,
        bias,
        givenMean,
        givenVariance,
        output,
        workspace(),
        parallel());
  }

  /** Gradients of input, scale and bias. */
  @Benchmark
  public void backward() {
    BatchNorm.backward(
        norm,
        EPS,
        Epilogue.RELU,
        gradOutput,
        input,
        null,
        scale,
        bias,
        mean,
        variance,
        gradInput,
        null,
        gradScale,
        gradBias,
        workspace(),
        parallel());
  }
}
