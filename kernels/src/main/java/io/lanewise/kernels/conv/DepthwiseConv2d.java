package io.lanewise.kernels.conv;

import io.lanewise.kernels.parallel.*;
import io.lanewise.kernels.shape.*;

/** stub. */
public final class DepthwiseConv2d {
  public static void forward(
      ConvShape s, float[] a, float[] b, float[] c, float[] d, Workspace w, Parallel p) {}

  public static void backwardInput(
      ConvShape s, float[] a, float[] b, float[] d, Workspace w, Parallel p) {}

  public static void backwardWeight(
      ConvShape s, float[] a, float[] b, float[] d, Workspace w, Parallel p) {}
}
