package io.lanewise.kernels.linear;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.Gemm;
import io.lanewise.kernels.gemm.PackedB;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.reduce.ColumnSums;
import io.lanewise.kernels.shape.ChannelShape;
import io.lanewise.kernels.shape.GemmShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * The fully connected layer: {@code output[m,n] = input[m,k] * weight[k,n] + bias[n]}, where m
 * counts samples, k inputs and n outputs.
 *
 * <p>Its directions are the three products of a matrix product: {@code gradInput = gradOutput *
 * weight^T}, {@code gradWeight += input^T * gradOutput}, and {@code gradBias += column sums of
 * gradOutput}. PyTorch's {@code linear} stores the weight transposed, {@code [n, k]}.
 *
 * <p><b>Split:</b> as {@link Gemm}: by blocks of the result.
 *
 * <p><b>Backward needs:</b> input and weight.
 */
public final class Linear {
  private Linear() {}

  /**
   * {@code output = input * weight + bias}.
   *
   * @param input {@code [m, k]}
   * @param weight {@code [k, n]}
   * @param bias {@code [n]}, or null for none
   * @param output {@code [m, n]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void forward(
      GemmShape shape,
      float[] input,
      float[] weight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    checkForward(shape, input, bias, output);
    Sizes.check(shape, "weight", weight, shape.bSize(), "k*n");
    float[] packed = workspace.borrow(Kind.CALL, packedWeightSize(shape));
    packWeight(shape, weight, packed, parallel);
    forwardPacked(shape, Epilogue.NONE, input, packed, bias, output, workspace, parallel);
    workspace.giveBack(Kind.CALL, packed);
  }

  /** Floats that {@link #packWeight} writes. */
  public static int packedWeightSize(GemmShape shape) {
    return PackedB.size(shape.k(), shape.n());
  }

  /**
   * Prepares the weight for {@link #forwardPacked}, once for many slices of a batch.
   *
   * @param weight {@code [k, n]}
   * @param packed receives {@link #packedWeightSize} floats
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void packWeight(
      GemmShape shape, float[] weight, float[] packed, Parallel parallel) {
    Sizes.check(shape, "weight", weight, shape.bSize(), "k*n");
    Sizes.check(shape, "packed", packed, packedWeightSize(shape), "packed k*n");
    PackedB.pack(shape.k(), shape.n(), weight, 0, shape.n(), packed, 0, parallel);
  }

  /**
   * As {@link #forward}, with the weight from {@link #packWeight}.
   *
   * @param epilogue what happens to finished values
   * @param input {@code [m, k]}
   * @param packedWeight what {@link #packWeight} wrote
   * @param bias {@code [n]}, or null for none
   * @param output {@code [m, n]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void forwardPacked(
      GemmShape shape,
      Epilogue epilogue,
      float[] input,
      float[] packedWeight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    checkForward(shape, input, bias, output);
    Sizes.check(shape, "packedWeight", packedWeight, packedWeightSize(shape), "packed k*n");
    Gemm.packed(shape, epilogue, input, packedWeight, bias, output, workspace, parallel);
  }

  /**
   * {@code gradInput = gradOutput * weight^T}.
   *
   * @param gradOutput {@code [m, n]}
   * @param weight {@code [k, n]}
   * @param gradInput {@code [m, k]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void backwardInput(
      GemmShape shape,
      float[] gradOutput,
      float[] weight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.cSize(), "m*n");
    Sizes.check(shape, "weight", weight, shape.bSize(), "k*n");
    Sizes.check(shape, "gradInput", gradInput, shape.aSize(), "m*k");
    float[] transposed = workspace.borrow(Kind.CALL, transposedWeightSize(shape));
    transposeWeight(shape, weight, transposed, parallel);
    backwardInputTransposed(shape, gradOutput, transposed, gradInput, workspace, parallel);
    workspace.giveBack(Kind.CALL, transposed);
  }

  /** Floats that {@link #transposeWeight} writes. */
  public static int transposedWeightSize(GemmShape shape) {
    return PackedB.size(shape.n(), shape.k());
  }

  /**
   * Prepares the weight for {@link #backwardInputTransposed}, once for many slices of a batch.
   *
   * @param weight {@code [k, n]}
   * @param transposed receives {@link #transposedWeightSize} floats
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void transposeWeight(
      GemmShape shape, float[] weight, float[] transposed, Parallel parallel) {
    Sizes.check(shape, "weight", weight, shape.bSize(), "k*n");
    Sizes.check(shape, "transposed", transposed, transposedWeightSize(shape), "packed n*k");
    int n = shape.n();
    PackedB.gather(n, shape.k(), PackedB.ofTransposed(weight, n), transposed, 0, parallel);
  }

  /**
   * As {@link #backwardInput}, with the weight from {@link #transposeWeight}.
   *
   * @param gradOutput {@code [m, n]}
   * @param transposedWeight what {@link #transposeWeight} wrote
   * @param gradInput {@code [m, k]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void backwardInputTransposed(
      GemmShape shape,
      float[] gradOutput,
      float[] transposedWeight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.cSize(), "m*n");
    int size = transposedWeightSize(shape);
    Sizes.check(shape, "transposedWeight", transposedWeight, size, "packed n*k");
    Sizes.check(shape, "gradInput", gradInput, shape.aSize(), "m*k");
    GemmShape product = new GemmShape(shape.m(), shape.k(), shape.n());
    Gemm.packed(
        product, Epilogue.NONE, gradOutput, transposedWeight, null, gradInput, workspace, parallel);
  }

  /**
   * {@code gradWeight += input^T * gradOutput}.
   *
   * @param gradOutput {@code [m, n]}
   * @param input {@code [m, k]}
   * @param gradWeight {@code [k, n]}, added into
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void backwardWeight(
      GemmShape shape,
      float[] gradOutput,
      float[] input,
      float[] gradWeight,
      Workspace workspace,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.cSize(), "m*n");
    Sizes.check(shape, "input", input, shape.aSize(), "m*k");
    Sizes.check(shape, "gradWeight", gradWeight, shape.bSize(), "k*n");
    GemmShape product = new GemmShape(shape.k(), shape.n(), shape.m());
    Gemm.addTn(product, input, gradOutput, gradWeight, workspace, parallel);
  }

  /**
   * {@code gradBias += sum over m of gradOutput}.
   *
   * @param gradOutput {@code [m, n]}
   * @param gradBias {@code [n]}, added into
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void backwardBias(
      GemmShape shape,
      float[] gradOutput,
      float[] gradBias,
      Workspace workspace,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.cSize(), "m*n");
    Sizes.check(shape, "gradBias", gradBias, shape.n(), "n");
    ColumnSums.add(
        new ChannelShape(shape.m(), shape.n()), gradOutput, gradBias, workspace, parallel);
  }

  private static void checkForward(GemmShape shape, float[] input, float[] bias, float[] output) {
    Sizes.check(shape, "input", input, shape.aSize(), "m*k");
    Sizes.check(shape, "output", output, shape.cSize(), "m*n");
    if (bias != null) {
      Sizes.check(shape, "bias", bias, shape.n(), "n");
    }
  }
}
