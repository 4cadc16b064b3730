package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.Destination;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.PackedB;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ConvShape;

/**
 * One way to compute the output of a convolution, or the gradient of its input, from a weight that
 * is prepared once for any number of images. {@link Conv2d} checks the arguments and says what the
 * arrays are.
 *
 * <p>Where a plan says so, it goes by tiles; else channels that are groups of their own are lanes,
 * few filters are the rows of a product, and all others its columns.
 */
interface Correlation {
  /** The way to the output, {@code from} the input. */
  static Correlation forward(ConvShape shape, ConvPlan plan) {
    if (plan.forward() == ConvAlgorithm.WINOGRAD_ROWS) {
      return new AlongRows(shape, RowTiles.forward(shape), false);
    }
    WinogradTile tile = WinogradTile.of(plan.forward(), shape);
    if (tile != null) {
      return new Tiled(WinogradShape.forward(shape, tile), false);
    }
    if (shape.isDepthwise()) {
      return new Depthwise(shape, false);
    }
    return SlidingConv2d.suits(shape) ? new FewFilters(shape, false) : new Patchwise(shape);
  }

  /** The way to the gradient of the input, {@code from} that of the output; it has no bias. */
  static Correlation backwardInput(ConvShape shape, ConvPlan plan) {
    if (plan.backwardInput() == ConvAlgorithm.WINOGRAD_ROWS) {
      return new AlongRows(shape, RowTiles.backwardInput(shape), true);
    }
    WinogradTile tile = WinogradTile.of(plan.backwardInput(), shape);
    if (tile != null) {
      return new Tiled(WinogradShape.backwardInput(shape, tile), true);
    }
    if (shape.isDepthwise()) {
      return new Depthwise(shape, true);
    }
    return SlidingConv2d.suitsBackwards(shape) ? new FewFilters(shape, true) : new Phases(shape);
  }

  /** Floats that {@link #pack} writes. */
  int packedSize();

  /** Prepares the weight. */
  void pack(float[] weight, float[] packed, Workspace workspace, Parallel parallel);

  /** Computes {@code to} with what {@link #pack} wrote; the bias may be null. */
  void run(
      Epilogue epilogue,
      float[] from,
      float[] packed,
      float[] bias,
      float[] to,
      Workspace workspace,
      Parallel parallel);

  /** {@link DepthwiseConv2d}, which reads the weight as it is. */
  record Depthwise(ConvShape shape, boolean backwards) implements Correlation {
    /** Pixels that one task rectifies. */
    private static final int FINISHED_PIXELS = 256;

    @Override
    public int packedSize() {
      return shape.weightSize();
    }

    @Override
    public void pack(float[] weight, float[] packed, Workspace workspace, Parallel parallel) {
      System.arraycopy(weight, 0, packed, 0, shape.weightSize());
    }

    @Override
    public void run(
        Epilogue epilogue,
        float[] from,
        float[] packed,
        float[] bias,
        float[] to,
        Workspace workspace,
        Parallel parallel) {
      if (backwards) {
        DepthwiseConv2d.backwardInput(shape, from, packed, to, workspace, parallel);
        return;
      }
      DepthwiseConv2d.forward(shape, from, packed, bias, to, workspace, parallel);
      if (epilogue == Epilogue.RELU) {
        Slices slices = new Slices(shape.pixels(), FINISHED_PIXELS);
        parallel.forEach(
            slices.count(),
            i -> {
              int at = slices.start(i) * shape.oc();
              Destination.rectify(to, at, slices.length(i), shape.oc());
            });
      }
    }
  }

  /** {@link RowConv2d}. */
  record AlongRows(ConvShape shape, RowTiles tiles, boolean backwards) implements Correlation {
    @Override
    public int packedSize() {
      return RowConv2d.packedSize(tiles);
    }

    @Override
    public void pack(float[] weight, float[] packed, Workspace workspace, Parallel parallel) {
      if (backwards) {
        RowConv2d.rotate(shape, weight, packed, workspace, parallel);
      } else {
        RowConv2d.pack(tiles, weight, packed, workspace, parallel);
      }
    }

    @Override
    public void run(
        Epilogue epilogue,
        float[] from,
        float[] packed,
        float[] bias,
        float[] to,
        Workspace workspace,
        Parallel parallel) {
      RowConv2d.correlate(tiles, epilogue, from, packed, bias, to, workspace, parallel);
    }
  }

  /** {@link Winograd}. */
  record Tiled(WinogradShape tiles, boolean backwards) implements Correlation {
    @Override
    public int packedSize() {
      return tiles.weightSize();
    }

    @Override
    public void pack(float[] weight, float[] packed, Workspace workspace, Parallel parallel) {
      if (backwards) {
        WinogradWeights.rotateAndTransform(tiles, weight, packed, workspace, parallel);
      } else {
        WinogradWeights.transform(tiles, weight, packed, workspace, parallel);
      }
    }

    @Override
    public void run(
        Epilogue epilogue,
        float[] from,
        float[] packed,
        float[] bias,
        float[] to,
        Workspace workspace,
        Parallel parallel) {
      Winograd.correlate(tiles, epilogue, from, packed, bias, to, workspace, parallel);
    }
  }

  /** {@link SlidingConv2d}. */
  record FewFilters(ConvShape shape, boolean backwards) implements Correlation {
    @Override
    public int packedSize() {
      return backwards ? SlidingConv2d.rotatedSize(shape) : SlidingConv2d.packedSize(shape);
    }

    @Override
    public void pack(float[] weight, float[] packed, Workspace workspace, Parallel parallel) {
      if (backwards) {
        SlidingConv2d.rotate(shape, weight, packed, workspace);
      } else {
        SlidingConv2d.pack(shape, weight, packed);
      }
    }

    @Override
    public void run(
        Epilogue epilogue,
        float[] from,
        float[] packed,
        float[] bias,
        float[] to,
        Workspace workspace,
        Parallel parallel) {
      if (backwards) {
        SlidingConv2d.backwardInput(shape, from, packed, to, workspace, parallel);
      } else {
        SlidingConv2d.forward(shape, epilogue, from, packed, bias, to, workspace, parallel);
      }
    }
  }

  /** The output by {@link DirectConv2d}. */
  record Patchwise(ConvShape shape) implements Correlation {
    @Override
    public int packedSize() {
      int groups = shape.groups();
      return PackedB.size(groups, shape.patchSize(), shape.oc() / groups);
    }

    @Override
    public void pack(float[] weight, float[] packed, Workspace workspace, Parallel parallel) {
      int k = shape.patchSize();
      int channels = shape.oc() / shape.groups();
      for (int g = 0; g < shape.groups(); g++) {
        int at = g * PackedB.pitch(k, channels);
        PackedB.pack(k, channels, weight, g * channels, shape.oc(), packed, at, parallel);
      }
    }

    @Override
    public void run(
        Epilogue epilogue,
        float[] from,
        float[] packed,
        float[] bias,
        float[] to,
        Workspace workspace,
        Parallel parallel) {
      DirectConv2d.forward(shape, epilogue, from, packed, bias, to, workspace, parallel);
    }
  }

  /** The gradient of the input by {@link GradientPhases}. */
  record Phases(ConvShape shape) implements Correlation {
    @Override
    public int packedSize() {
      int groups = shape.groups();
      int k = shape.window().kh() * shape.window().kw() * (shape.oc() / groups);
      return PackedB.size(groups, k, shape.c() / groups);
    }

    @Override
    public void pack(float[] weight, float[] packed, Workspace workspace, Parallel parallel) {
      new GradientPhases(shape).pack(weight, packed, parallel);
    }

    @Override
    public void run(
        Epilogue epilogue,
        float[] from,
        float[] packed,
        float[] bias,
        float[] to,
        Workspace workspace,
        Parallel parallel) {
      new GradientPhases(shape).run(from, packed, to, workspace, parallel);
    }
  }
}
