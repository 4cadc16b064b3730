package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.reduce.ColumnSums;
import io.lanewise.kernels.shape.ChannelShape;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Sizes;
import io.lanewise.kernels.shape.Window;

/**
 * Convolution in all its directions; the formula is that of {@link ConvShape} (a cross-correlation,
 * as in PyTorch's {@code conv2d}, whose weight order OIHW becomes {@code [kh, kw, c/groups, oc]}).
 *
 * <p>Each direction is one matrix product per group: {@code output = patches * weight}, {@code
 * gradInput = gradient patches * rotated weight}, {@code gradWeight += patches^T * gradOutput}. The
 * patch matrix is never stored; packing the blocks of the product reads it from the image. Where a
 * {@link ConvPlan} says so, 3x3 windows at stride 1 or 2 are computed in tiles instead ({@link
 * Winograd}), and 5x5 windows at stride 1 in tiles along rows ({@link RowConv2d}). Where every
 * channel is a group of its own, {@link DepthwiseConv2d} sums without a product.
 *
 * <p><b>Split:</b> forward and backwardInput by blocks of pixels and channels; backwardWeight by
 * slices of the batch with partial sums that are added in slice order. All cuts come from the
 * shape, so bits do not depend on threads.
 *
 * <p><b>Backward needs:</b> input and weight.
 */
public final class Conv2d {
  private Conv2d() {}

  /**
   * {@code output = epilogue(bias + input * weight)}.
   *
   * @param plan how to compute it
   * @param epilogue what happens to finished values
   * @param input {@code [n, h, w, c]}
   * @param weight {@code [kh, kw, c/groups, oc]}
   * @param bias {@code [oc]}, or null for none
   * @param output {@code [n, oh, ow, oc]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape, or the plan does not
   *     fit it
   */
  public static void forward(
      ConvShape shape,
      ConvPlan plan,
      Epilogue epilogue,
      float[] input,
      float[] weight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    checkForward(shape, input, bias, output);
    checkWeight(shape, "weight", weight);
    Correlation way = Correlation.forward(shape, plan);
    float[] packed = workspace.borrow(Kind.CALL, way.packedSize());
    way.pack(weight, packed, workspace, parallel);
    way.run(epilogue, input, packed, bias, output, workspace, parallel);
    workspace.giveBack(Kind.CALL, packed);
  }

  /** {@link #forward} by the shape's own plan and without an epilogue. */
  public static void forward(
      ConvShape shape,
      float[] input,
      float[] weight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    ConvPlan plan = ConvPlan.of(shape);
    forward(shape, plan, Epilogue.NONE, input, weight, bias, output, workspace, parallel);
  }

  /** Floats that {@link #packWeight} writes. */
  public static int packedWeightSize(ConvShape shape, ConvPlan plan) {
    return Correlation.forward(shape, plan).packedSize();
  }

  /**
   * Prepares the weight for {@link #forwardPacked}, so that it is done once for many slices of a
   * batch.
   *
   * @param plan that {@link #forwardPacked} will get, too
   * @param weight {@code [kh, kw, c/groups, oc]}
   * @param packed receives {@link #packedWeightSize} floats
   * @throws IllegalArgumentException if an array is too short for the shape, or the plan does not
   *     fit it
   */
  public static void packWeight(
      ConvShape shape,
      ConvPlan plan,
      float[] weight,
      float[] packed,
      Workspace workspace,
      Parallel parallel) {
    checkWeight(shape, "weight", weight);
    Correlation way = Correlation.forward(shape, plan);
    Sizes.check(shape, "packed", packed, way.packedSize(), "packed weight");
    way.pack(weight, packed, workspace, parallel);
  }

  /**
   * As {@link #forward}, with the weight from {@link #packWeight}.
   *
   * @param input {@code [n, h, w, c]}
   * @param packedWeight what {@link #packWeight} wrote for the same shape, with any n, and plan
   * @param bias {@code [oc]}, or null for none
   * @param output {@code [n, oh, ow, oc]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape, or the plan does not
   *     fit it
   */
  public static void forwardPacked(
      ConvShape shape,
      ConvPlan plan,
      Epilogue epilogue,
      float[] input,
      float[] packedWeight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    checkForward(shape, input, bias, output);
    Correlation way = Correlation.forward(shape, plan);
    Sizes.check(shape, "packedWeight", packedWeight, way.packedSize(), "packed weight");
    way.run(epilogue, input, packedWeight, bias, output, workspace, parallel);
  }

  /**
   * {@code gradInput = gradOutput * rotated weight}.
   *
   * @param plan how to compute it
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param weight {@code [kh, kw, c/groups, oc]}
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape, or the plan does not
   *     fit it
   */
  public static void backwardInput(
      ConvShape shape,
      ConvPlan plan,
      float[] gradOutput,
      float[] weight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    checkOutput(shape, "gradOutput", gradOutput);
    checkWeight(shape, "weight", weight);
    checkInput(shape, "gradInput", gradInput);
    Correlation way = Correlation.backwardInput(shape, plan);
    float[] rotated = workspace.borrow(Kind.CALL, way.packedSize());
    way.pack(weight, rotated, workspace, parallel);
    way.run(Epilogue.NONE, gradOutput, rotated, null, gradInput, workspace, parallel);
    workspace.giveBack(Kind.CALL, rotated);
  }

  /** {@link #backwardInput} by the shape's own plan. */
  public static void backwardInput(
      ConvShape shape,
      float[] gradOutput,
      float[] weight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    ConvPlan plan = ConvPlan.of(shape);
    backwardInput(shape, plan, gradOutput, weight, gradInput, workspace, parallel);
  }

  /** Floats that {@link #rotateWeight} writes. */
  public static int rotatedWeightSize(ConvShape shape, ConvPlan plan) {
    return Correlation.backwardInput(shape, plan).packedSize();
  }

  /**
   * Prepares the weight for {@link #backwardInputRotated}: kernel rows and columns backwards, input
   * and output channels exchanged, packed phase by phase of the stride.
   *
   * @param plan that {@link #backwardInputRotated} will get, too
   * @param weight {@code [kh, kw, c/groups, oc]}
   * @param rotated receives {@link #rotatedWeightSize} floats
   * @throws IllegalArgumentException if an array is too short for the shape, or the plan does not
   *     fit it
   */
  public static void rotateWeight(
      ConvShape shape,
      ConvPlan plan,
      float[] weight,
      float[] rotated,
      Workspace workspace,
      Parallel parallel) {
    checkWeight(shape, "weight", weight);
    Correlation way = Correlation.backwardInput(shape, plan);
    Sizes.check(shape, "rotated", rotated, way.packedSize(), "rotated weight");
    way.pack(weight, rotated, workspace, parallel);
  }

  /**
   * As {@link #backwardInput}, with the weight from {@link #rotateWeight}.
   *
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param rotatedWeight what {@link #rotateWeight} wrote for the same shape, with any n, and plan
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape, or the plan does not
   *     fit it
   */
  public static void backwardInputRotated(
      ConvShape shape,
      ConvPlan plan,
      float[] gradOutput,
      float[] rotatedWeight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    checkOutput(shape, "gradOutput", gradOutput);
    Correlation way = Correlation.backwardInput(shape, plan);
    Sizes.check(shape, "rotatedWeight", rotatedWeight, way.packedSize(), "rotated weight");
    checkInput(shape, "gradInput", gradInput);
    way.run(Epilogue.NONE, gradOutput, rotatedWeight, null, gradInput, workspace, parallel);
  }

  /**
   * {@code gradWeight += input patches^T * gradOutput}.
   *
   * @param plan how to compute it
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param input {@code [n, h, w, c]}
   * @param gradWeight {@code [kh, kw, c/groups, oc]}, added into
   * @throws IllegalArgumentException if an array is too short for the shape, or the plan does not
   *     fit it
   */
  public static void backwardWeight(
      ConvShape shape,
      ConvPlan plan,
      float[] gradOutput,
      float[] input,
      float[] gradWeight,
      Workspace workspace,
      Parallel parallel) {
    if (shape.isDepthwise()) {
      DepthwiseConv2d.backwardWeight(shape, gradOutput, input, gradWeight, workspace, parallel);
      return;
    }
    checkOutput(shape, "gradOutput", gradOutput);
    checkInput(shape, "input", input);
    checkWeight(shape, "gradWeight", gradWeight);
    if (plan.backwardWeight() == ConvAlgorithm.WINOGRAD_ROWS) {
      RowTiles tiles = RowTiles.forward(shape);
      RowGradient.backwardWeight(tiles, gradOutput, input, gradWeight, workspace, parallel);
      return;
    }
    WinogradTile tile = WinogradTile.of(plan.backwardWeight(), shape);
    if (tile != null) {
      WinogradShape tiles = WinogradShape.forward(shape, tile);
      WinogradGradient.backwardWeight(tiles, gradOutput, input, gradWeight, workspace, parallel);
      return;
    }
    DirectConv2d.backwardWeight(shape, gradOutput, input, gradWeight, workspace, parallel);
  }

  /** {@link #backwardWeight} by the shape's own plan. */
  public static void backwardWeight(
      ConvShape shape,
      float[] gradOutput,
      float[] input,
      float[] gradWeight,
      Workspace workspace,
      Parallel parallel) {
    ConvPlan plan = ConvPlan.of(shape);
    backwardWeight(shape, plan, gradOutput, input, gradWeight, workspace, parallel);
  }

  /**
   * {@code gradBias += sum over img, oy, ox of gradOutput}.
   *
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param gradBias {@code [oc]}, added into
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void backwardBias(
      ConvShape shape,
      float[] gradOutput,
      float[] gradBias,
      Workspace workspace,
      Parallel parallel) {
    checkOutput(shape, "gradOutput", gradOutput);
    Sizes.check(shape, "gradBias", gradBias, shape.biasSize(), "oc");
    ChannelShape rows = new ChannelShape(shape.pixels(), shape.oc());
    ColumnSums.add(rows, gradOutput, gradBias, workspace, parallel);
  }

  private static void checkForward(ConvShape shape, float[] input, float[] bias, float[] output) {
    checkInput(shape, "input", input);
    checkOutput(shape, "output", output);
    if (bias != null) {
      Sizes.check(shape, "bias", bias, shape.biasSize(), "oc");
    }
  }

  private static void checkInput(ConvShape shape, String name, float[] array) {
    if (array == null || array.length < shape.inputSize()) {
      String numbers = shape.n() + "*" + shape.h() + "*" + shape.w() + "*" + shape.c();
      Sizes.check(shape, name, array, shape.inputSize(), "n*h*w*c = " + numbers);
    }
  }

  private static void checkOutput(ConvShape shape, String name, float[] array) {
    if (array == null || array.length < shape.outputSize()) {
      String numbers = shape.n() + "*" + shape.oh() + "*" + shape.ow() + "*" + shape.oc();
      Sizes.check(shape, name, array, shape.outputSize(), "n*oh*ow*oc = " + numbers);
    }
  }

  private static void checkWeight(ConvShape shape, String name, float[] array) {
    if (array == null || array.length < shape.weightSize()) {
      Window window = shape.window();
      String numbers =
          window.kh() + "*" + window.kw() + "*" + shape.c() / shape.groups() + "*" + shape.oc();
      Sizes.check(shape, name, array, shape.weightSize(), "kh*kw*c/groups*oc = " + numbers);
    }
  }
}
