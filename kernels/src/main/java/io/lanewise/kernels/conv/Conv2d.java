package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.PackedB;
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
 * patch matrix is never stored; packing the blocks of the product reads it from the image.
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
   * {@code output = bias + input * weight}.
   *
   * @param input {@code [n, h, w, c]}
   * @param weight {@code [kh, kw, c/groups, oc]}
   * @param bias {@code [oc]}, or null for none
   * @param output {@code [n, oh, ow, oc]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void forward(
      ConvShape shape,
      float[] input,
      float[] weight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    if (shape.isDepthwise()) {
      DepthwiseConv2d.forward(shape, input, weight, bias, output, workspace, parallel);
      return;
    }
    float[] packed = workspace.borrow(Kind.CALL, packedWeightSize(shape));
    packWeight(shape, weight, packed, parallel);
    forwardPacked(shape, input, packed, bias, output, workspace, parallel);
    workspace.giveBack(Kind.CALL, packed);
  }

  /** Floats that {@link #packWeight} writes. */
  public static int packedWeightSize(ConvShape shape) {
    return shape.isDepthwise()
        ? shape.weightSize()
        : Math.multiplyExact(
            shape.groups(), PackedB.size(shape.patchSize(), shape.oc() / shape.groups()));
  }

  /**
   * Prepares the weight for {@link #forwardPacked}, so that it is done once for many slices of a
   * batch.
   *
   * @param weight {@code [kh, kw, c/groups, oc]}
   * @param packed receives {@link #packedWeightSize} floats
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void packWeight(
      ConvShape shape, float[] weight, float[] packed, Parallel parallel) {
    checkWeight(shape, "weight", weight);
    Sizes.check(shape, "packed", packed, packedWeightSize(shape), "packed weight");
    if (shape.isDepthwise()) {
      System.arraycopy(weight, 0, packed, 0, shape.weightSize());
      return;
    }
    int k = shape.patchSize();
    int channels = shape.oc() / shape.groups();
    for (int g = 0; g < shape.groups(); g++) {
      int at = g * PackedB.size(k, channels);
      PackedB.pack(k, channels, weight, g * channels, shape.oc(), packed, at, parallel);
    }
  }

  /**
   * As {@link #forward}, with the weight from {@link #packWeight}.
   *
   * @param input {@code [n, h, w, c]}
   * @param packedWeight what {@link #packWeight} wrote for the same shape with any n
   * @param bias {@code [oc]}, or null for none
   * @param output {@code [n, oh, ow, oc]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void forwardPacked(
      ConvShape shape,
      float[] input,
      float[] packedWeight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    checkInput(shape, "input", input);
    Sizes.check(shape, "packedWeight", packedWeight, packedWeightSize(shape), "packed weight");
    checkOutput(shape, "output", output);
    if (bias != null) {
      Sizes.check(shape, "bias", bias, shape.biasSize(), "oc");
    }
    if (shape.isDepthwise()) {
      DepthwiseConv2d.forward(shape, input, packedWeight, bias, output, workspace, parallel);
      return;
    }
    DirectConv2d.forward(
        shape, Epilogue.NONE, input, packedWeight, bias, output, workspace, parallel);
  }

  /**
   * {@code gradInput = gradOutput * rotated weight}.
   *
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param weight {@code [kh, kw, c/groups, oc]}
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void backwardInput(
      ConvShape shape,
      float[] gradOutput,
      float[] weight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    if (shape.isDepthwise()) {
      DepthwiseConv2d.backwardInput(shape, gradOutput, weight, gradInput, workspace, parallel);
      return;
    }
    float[] rotated = workspace.borrow(Kind.CALL, rotatedWeightSize(shape));
    rotateWeight(shape, weight, rotated, parallel);
    backwardInputRotated(shape, gradOutput, rotated, gradInput, workspace, parallel);
    workspace.giveBack(Kind.CALL, rotated);
  }

  /** Floats that {@link #rotateWeight} writes. */
  public static int rotatedWeightSize(ConvShape shape) {
    if (shape.isDepthwise()) {
      return shape.weightSize();
    }
    int groups = shape.groups();
    int k = shape.window().kh() * shape.window().kw() * (shape.oc() / groups);
    return Math.multiplyExact(groups, PackedB.size(k, shape.c() / groups));
  }

  /**
   * Prepares the weight for {@link #backwardInputRotated}: kernel rows and columns backwards, input
   * and output channels exchanged, packed phase by phase of the stride.
   *
   * @param weight {@code [kh, kw, c/groups, oc]}
   * @param rotated receives {@link #rotatedWeightSize} floats
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void rotateWeight(
      ConvShape shape, float[] weight, float[] rotated, Parallel parallel) {
    checkWeight(shape, "weight", weight);
    Sizes.check(shape, "rotated", rotated, rotatedWeightSize(shape), "rotated weight");
    if (shape.isDepthwise()) {
      System.arraycopy(weight, 0, rotated, 0, shape.weightSize());
      return;
    }
    new GradientPhases(shape).pack(weight, rotated, parallel);
  }

  /**
   * As {@link #backwardInput}, with the weight from {@link #rotateWeight}.
   *
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param rotatedWeight what {@link #rotateWeight} wrote for the same shape with any n
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void backwardInputRotated(
      ConvShape shape,
      float[] gradOutput,
      float[] rotatedWeight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    checkOutput(shape, "gradOutput", gradOutput);
    Sizes.check(shape, "rotatedWeight", rotatedWeight, rotatedWeightSize(shape), "rotated weight");
    checkInput(shape, "gradInput", gradInput);
    if (shape.isDepthwise()) {
      DepthwiseConv2d.backwardInput(
          shape, gradOutput, rotatedWeight, gradInput, workspace, parallel);
      return;
    }
    new GradientPhases(shape).run(gradOutput, rotatedWeight, gradInput, workspace, parallel);
  }

  /**
   * {@code gradWeight += input patches^T * gradOutput}.
   *
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param input {@code [n, h, w, c]}
   * @param gradWeight {@code [kh, kw, c/groups, oc]}, added into
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void backwardWeight(
      ConvShape shape,
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
    DirectConv2d.backwardWeight(shape, gradOutput, input, gradWeight, workspace, parallel);
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
