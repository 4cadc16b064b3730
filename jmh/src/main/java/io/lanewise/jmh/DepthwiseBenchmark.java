package io.lanewise.jmh;

import io.lanewise.kernels.conv.DepthwiseConv2d;
import io.lanewise.kernels.shape.ConvShape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The three large directions of a depthwise convolution. */
public class DepthwiseBenchmark extends KernelBenchmark {
  @Param("n64h32w32c64_oc64_k3s1p1_g64")
  private String shape;

  private ConvShape conv;
  private float[] input;
  private float[] weight;
  private float[] output;
  private float[] gradOutput;
  private float[] gradInput;
  private float[] gradWeight;

  static Work work(String method, String shape) {
    ConvShape conv = ConvShape.parse(shape);
    return new Work(conv.flops(), conv.bytes());
  }

  @Override
  protected void prepare() {
    conv = ConvShape.parse(shape);
    input = Data.integers(conv.inputSize(), 1);
    weight = Data.integers(conv.weightSize(), 2);
    gradOutput = Data.integers(conv.outputSize(), 3);
    output = new float[conv.outputSize()];
    gradInput = new float[conv.inputSize()];
    gradWeight = new float[conv.weightSize()];
    forward();
    backwardInput();
    backwardWeight();
    PlainConv plain = new PlainConv(conv);
    plain.checkOutput(input, weight, output);
    plain.checkGradInput(gradOutput, weight, gradInput);
    plain.checkGradWeight(gradOutput, input, gradWeight);
  }

  /** output = input * weight. */
  @Benchmark
  public void forward() {
    DepthwiseConv2d.forward(conv, input, weight, null, output, workspace(), parallel());
  }

  /** gradInput = gradOutput * rotated weight. */
  @Benchmark
  public void backwardInput() {
    DepthwiseConv2d.backwardInput(conv, gradOutput, weight, gradInput, workspace(), parallel());
  }

  /** gradWeight += input patches^T * gradOutput. */
  @Benchmark
  public void backwardWeight() {
    DepthwiseConv2d.backwardWeight(conv, gradOutput, input, gradWeight, workspace(), parallel());
  }
}
