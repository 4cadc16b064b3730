package io.lanewise.jmh;

import io.lanewise.kernels.conv.Conv2d;
import io.lanewise.kernels.conv.ConvAlgorithm;
import io.lanewise.kernels.conv.ConvPlan;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.shape.ConvShape;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The three large directions of a convolution, packing of weights included. */
public class Conv2dBenchmark extends KernelBenchmark {
  @Param("n64h32w32c64_oc64_k3s1p1")
  private String shape;

  /** {@code AUTO} or a {@link ConvAlgorithm}. */
  @Param("AUTO")
  private String algorithm = "AUTO";

  private ConvShape conv;
  private ConvPlan plan;
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
    plan =
        algorithm.equals("AUTO")
            ? ConvPlan.of(conv)
            : ConvPlan.all(ConvAlgorithm.valueOf(algorithm));
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
    Conv2d.forward(conv, plan, Epilogue.NONE, input, weight, null, output, workspace(), parallel());
  }

  /** gradInput = gradOutput * rotated weight. */
  @Benchmark
  public void backwardInput() {
    Conv2d.backwardInput(conv, plan, gradOutput, weight, gradInput, workspace(), parallel());
  }

  /** gradWeight += input patches^T * gradOutput. */
  @Benchmark
  public void backwardWeight() {
    Conv2d.backwardWeight(conv, plan, gradOutput, input, gradWeight, workspace(), parallel());
  }
}
