package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.BlockSource;
import io.lanewise.kernels.gemm.BlockedGemm;
import io.lanewise.kernels.gemm.Destination;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.MatrixBlocks;
import io.lanewise.kernels.gemm.PackedB;
import io.lanewise.kernels.gemm.PanelSource;
import io.lanewise.kernels.gemm.TableGemm;
import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.shape.ConvShape;
import java.util.Arrays;

/**
 * Dense and grouped convolution as matrix products whose patch matrix is never stored; {@link
 * Conv2d} checks the arguments and has the formulas.
 */
final class DirectConv2d {
  /** Slices of the batch in backwardWeight where blocks of the weight give too little to do. */
  private static final int WEIGHT_SLICES = 8;

  /** Below this many floating-point operations, 40 us of a thread, slices bring nothing. */
  private static final long SLICED_FLOPS = 1L << 22;

  /**
   * With fewer pixels, adding up the sums of slices takes longer than they save: 3x3 stride 2,
   * 64-128@16, 256 pixels: 1.6 times as long on 2 threads of a Zen 4; 1x1 256-64@16, 1024 pixels:
   * 0.7.
   */
  private static final int SLICED_PIXELS = 1024;

  /** Values of the weight whose partial sums one task adds, about. */
  private static final int SUMMED = 1 << 12;

  private DirectConv2d() {}

  static void forward(
      ConvShape shape,
      Epilogue epilogue,
      float[] input,
      float[] packedWeight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    if (Planes.suit(shape)) {
      Planes planes = new Planes(shape);
      float[] pixels = workspace.borrow(Kind.LAYOUT, planes.size());
      planes.fill(input, pixels, parallel);
      int[] table = workspace.borrowInts(shape.patchSize());
      planes.fillTable(table);
      Destination to = new Destination(output, 0, shape.oc(), bias, 0, epilogue);
      TableGemm.overwrite(
          shape.n() * shape.oh(),
          shape.ow(),
          shape.oc(),
          shape.patchSize(),
          table,
          pixels,
          row -> planes.rowAt(row / shape.oh(), row % shape.oh()),
          packedWeight,
          to,
          workspace,
          parallel);
      workspace.giveBack(table);
      workspace.giveBack(Kind.LAYOUT, pixels);
      return;
    }
    int k = shape.patchSize();
    int channels = shape.oc() / shape.groups();
    for (int g = 0; g < shape.groups(); g++) {
      int at = g * channels;
      Patches patches = new Patches(shape, input, g);
      float[] padded = pad(patches, shape.n(), workspace);
      BlockSource rows =
          isMatrix(shape)
              ? new MatrixBlocks(input, 0, k, false)
              : patches.read(shape.n(), padded, parallel).asRows();
      BlockedGemm.overwrite(
          shape.pixels(),
          channels,
          k,
          rows,
          packedWeight,
          g * PackedB.pitch(k, channels),
          new Destination(output, at, shape.oc(), bias, at, epilogue),
          workspace,
          parallel);
      giveBack(padded, workspace);
    }
  }

  /** Whether patches are pixels: the matrix of patches is the image as it lies in memory. */
  static boolean isMatrix(ConvShape shape) {
    return shape.window().isPointwise() && shape.groups() == 1;
  }

  /** An array for the padded images of patches that want them, or null. */
  static float[] pad(Patches patches, int n, Workspace workspace) {
    return patches.wantPadding() ? workspace.borrow(Kind.LAYOUT, patches.paddedSize(n)) : null;
  }

  static void giveBack(float[] padded, Workspace workspace) {
    if (padded != null) {
      workspace.giveBack(Kind.LAYOUT, padded);
    }
  }

  static void backwardWeight(
      ConvShape shape,
      float[] gradOutput,
      float[] input,
      float[] gradWeight,
      Workspace workspace,
      Parallel parallel) {
    SliceGradient gradient;
    boolean transposed = false;
    boolean onlyBySlices = SlidingGradient.suits(shape);
    float[] layout;
    int[] table = null;
    if (onlyBySlices) {
      transposed = true;
      SlidingGradient sliding = new SlidingGradient(shape, input);
      layout = workspace.borrow(Kind.LAYOUT, sliding.paddedSize());
      sliding.pad(layout, parallel);
      table = workspace.borrowInts(sliding.tableSize());
      sliding.fillTable(table);
      gradient = sliding.of(gradOutput, layout, table, workspace);
    } else if (Planes.suit(shape)) {
      Planes planes = new Planes(shape);
      layout = workspace.borrow(Kind.LAYOUT, planes.size());
      planes.fill(input, layout, parallel);
      table = workspace.borrowInts(shape.patchSize());
      planes.fillTable(table);
      gradient = ofPlanes(shape, gradOutput, planes, layout, table, workspace, parallel);
    } else {
      Patches patches = new Patches(shape, input, 0);
      layout = pad(patches, shape.n(), workspace);
      patches = patches.read(shape.n(), layout, parallel);
      transposed = isNarrow(shape);
      gradient =
          transposed
              ? ofFilters(shape, gradOutput, patches, workspace, parallel)
              : ofPatches(shape, gradOutput, input, patches, workspace, parallel);
    }
    addInSlices(shape, transposed, onlyBySlices, gradWeight, workspace, parallel, gradient);
    giveBack(layout, workspace);
    if (table != null) {
      workspace.giveBack(table);
    }
  }

  /** {@code patches^T * gradOutput}, patches read from planes. */
  private static SliceGradient ofPlanes(
      ConvShape shape,
      float[] gradOutput,
      Planes planes,
      float[] pixels,
      int[] table,
      Workspace workspace,
      Parallel parallel) {
    return (first, count, sum, sumAt, shared) ->
        BlockedGemm.add(
            shape.patchSize(),
            shape.oc(),
            count,
            planes.asPatchRows(pixels, table, first),
            PanelSource.stored(gradOutput, first * shape.oc(), shape.oc()),
            Destination.plain(sum, sumAt, shape.oc()),
            shared,
            workspace,
            parallel);
  }

  /** {@code gradOutput^T * patches}. */
  private static SliceGradient ofFilters(
      ConvShape shape,
      float[] gradOutput,
      Patches patches,
      Workspace workspace,
      Parallel parallel) {
    return (first, count, sum, sumAt, shared) ->
        BlockedGemm.add(
            shape.oc(),
            shape.patchSize(),
            count,
            new MatrixBlocks(gradOutput, first * shape.oc(), shape.oc(), true),
            patches.asPanels(first),
            Destination.plain(sum, sumAt, shape.patchSize()),
            shared,
            workspace,
            parallel);
  }

  /** {@code patches^T * gradOutput}, group by group. */
  private static SliceGradient ofPatches(
      ConvShape shape,
      float[] gradOutput,
      float[] input,
      Patches firstGroup,
      Workspace workspace,
      Parallel parallel) {
    int channels = shape.oc() / shape.groups();
    return (first, count, sum, sumAt, shared) -> {
      for (int g = 0; g < shape.groups(); g++) {
        int at = g * channels;
        BlockedGemm.add(
            shape.patchSize(),
            channels,
            count,
            columns(shape, input, g == 0 ? firstGroup : new Patches(shape, input, g), first),
            PanelSource.stored(gradOutput, first * shape.oc() + at, shape.oc()),
            Destination.plain(sum, sumAt + at, shape.oc()),
            shared,
            workspace,
            parallel);
      }
    };
  }

  private static BlockSource columns(ConvShape shape, float[] input, Patches patches, int first) {
    return isMatrix(shape)
        ? new MatrixBlocks(input, first * shape.c(), shape.c(), true)
        : patches.asColumns(first);
  }

  /**
   * Whether the weight gradient is computed transposed: filters are rows of the register tile,
   * which come by fours, instead of its columns, which come by vectors.
   */
  private static boolean isNarrow(ConvShape shape) {
    return shape.groups() == 1 && shape.oc() % 16 != 0 && shape.oc() <= 96;
  }

  /** Adds the products of some pixels' patches and gradients to a sum. */
  interface SliceGradient {
    /** With {@code shared} as in {@link BlockedGemm#add}. */
    void add(int firstPixel, int pixels, float[] sum, int sumAt, boolean shared);
  }

  /**
   * Sums over slices of the batch, where the weight alone gives too little to do side by side or
   * its gradient comes transposed; slices are added in order.
   *
   * @param onlyBySlices whether there is no other way to share the work
   */
  private static void addInSlices(
      ConvShape shape,
      boolean transposed,
      boolean onlyBySlices,
      float[] gradWeight,
      Workspace workspace,
      Parallel parallel,
      SliceGradient gradient) {
    boolean sliced = shape.flops() > SLICED_FLOPS && (onlyBySlices || paysToSlice(shape));
    Slices slices = Slices.atMost(sliced ? WEIGHT_SLICES : 1, shape.n());
    if (slices.count() == 1 && !transposed) {
      gradient.add(0, shape.pixels(), gradWeight, 0, true);
      return;
    }
    int size = shape.weightSize();
    int imagePixels = shape.oh() * shape.ow();
    float[] partial = workspace.borrow(Kind.CALL, slices.count() * size);
    boolean shared = slices.count() == 1;
    parallel.forEach(
        slices.count(),
        i -> {
          Arrays.fill(partial, i * size, (i + 1) * size, 0);
          int first = slices.start(i) * imagePixels;
          int pixels = slices.length(i) * imagePixels;
          gradient.add(first, pixels, partial, i * size, shared);
        });
    sum(shape, transposed, partial, slices.count(), gradWeight, parallel);
    workspace.giveBack(Kind.CALL, partial);
  }

  /** Whether blocks of the weight are fewer than the slices, and those are enough. */
  private static boolean paysToSlice(ConvShape shape) {
    int blocks = shape.groups() * (shape.patchSize() / BlockSource.COLUMN_PITCH + 1);
    return blocks < WEIGHT_SLICES && shape.n() >= WEIGHT_SLICES && shape.pixels() >= SLICED_PIXELS;
  }

  /** Adds the partial sums in order, pieces of the patch side by side. */
  private static void sum(
      ConvShape shape,
      boolean transposed,
      float[] partial,
      int count,
      float[] gradWeight,
      Parallel parallel) {
    int oc = shape.oc();
    int size = shape.weightSize();
    int columns = size / oc;
    Slices pieces = new Slices(columns, Math.max(1, SUMMED / oc));
    parallel.forEach(
        pieces.count(),
        piece -> {
          int first = pieces.start(piece);
          int length = pieces.length(piece);
          for (int i = 0; i < count; i++) {
            if (transposed) {
              addTransposed(oc, columns, first, length, partial, i * size, gradWeight);
            } else {
              int from = i * size + first * oc;
              Lanes.ACTIVE.accumulate(partial, from, gradWeight, first * oc, length * oc);
            }
          }
        });
  }

  private static void addTransposed(
      int rows, int columns, int first, int count, float[] a, int aAt, float[] sum) {
    for (int j = first; j < first + count; j++) {
      for (int i = 0; i < rows; i++) {
        sum[j * rows + i] += a[aAt + i * columns + j];
      }
    }
  }
}
