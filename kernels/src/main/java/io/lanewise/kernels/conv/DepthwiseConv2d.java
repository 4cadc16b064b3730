package io.lanewise.kernels.conv;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.Sizes;
import io.lanewise.kernels.shape.WindowAxis;
import java.util.Arrays;

/**
 * Depthwise convolution, each channel with a kernel of its own: {@code output[img,oy,ox,ch] =
 * bias[ch] + sum over ky,kx of input[img, oy*strideH + ky*dilH - padTop, ox*strideW + kx*dilW -
 * padLeft, ch] * weight[ky,kx,ch]} (Howard et al., "MobileNets", 2017).
 *
 * <p>Direct, without a column matrix: lanes run along channels, the taps of a pixel are summed in
 * registers, ky and kx ascending; backward each input pixel gathers from the windows that read it,
 * in rising order, so that ky and kx descend.
 *
 * <p><b>Split:</b> forward and backwardInput by rows of the result, in pieces of about 32K floats;
 * backwardWeight by fixed slices over the images, at most 16, each with sums of its own that are
 * added in slice order. All cuts come from the shape, so the bits are the same for any number of
 * threads.
 *
 * <p><b>Backward needs:</b> the weight for backwardInput, the input for backwardWeight.
 */
public final class DepthwiseConv2d {
  private static final int PIECE = 32 * 1024;
  private static final int MOST_WEIGHT_SLICES = 16;

  private DepthwiseConv2d() {}

  /**
   * The convolution.
   *
   * @param input {@code [n, h, w, c]}
   * @param weight {@code [kh, kw, c]}
   * @param bias {@code [c]}, or null for none
   * @param output {@code [n, oh, ow, c]}, overwritten
   * @throws IllegalArgumentException if the shape is not depthwise or an array is too short
   */
  public static void forward(
      ConvShape shape,
      float[] input,
      float[] weight,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    checkDepthwise(shape);
    Sizes.check(shape, "input", input, shape.inputSize(), "n*h*w*c");
    Sizes.check(shape, "weight", weight, shape.weightSize(), "kh*kw*c");
    if (bias != null) {
      Sizes.check(shape, "bias", bias, shape.biasSize(), "c");
    }
    Sizes.check(shape, "output", output, shape.outputSize(), "n*oh*ow*c");
    int oh = shape.oh();
    Slices slices = rowSlices(shape.n() * oh, shape.outputSize());
    parallel.forEach(
        slices.count(),
        slice -> {
          WindowRuns runs = new WindowRuns(shape);
          for (int i = 0; i < slices.length(slice); i++) {
            int row = slices.start(slice) + i;
            runs.start(row / oh, row % oh);
            while (runs.next()) {
              DepthwiseLanes.ACTIVE.weightedSums(runs.run, input, weight, bias, output);
            }
          }
        });
  }

  /**
   * The gradient of the input.
   *
   * @param gradOutput {@code [n, oh, ow, c]}
   * @param weight {@code [kh, kw, c]}
   * @param gradInput {@code [n, h, w, c]}, overwritten
   * @throws IllegalArgumentException if the shape is not depthwise or an array is too short
   */
  public static void backwardInput(
      ConvShape shape,
      float[] gradOutput,
      float[] weight,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    checkDepthwise(shape);
    Sizes.check(shape, "gradOutput", gradOutput, shape.outputSize(), "n*oh*ow*c");
    Sizes.check(shape, "weight", weight, shape.weightSize(), "kh*kw*c");
    Sizes.check(shape, "gradInput", gradInput, shape.inputSize(), "n*h*w*c");
    int h = shape.h();
    Slices slices = rowSlices(shape.n() * h, shape.inputSize());
    parallel.forEach(
        slices.count(),
        slice -> {
          CellRuns runs = new CellRuns(shape);
          for (int i = 0; i < slices.length(slice); i++) {
            int row = slices.start(slice) + i;
            runs.start(row / h, row % h);
            while (runs.next()) {
              DepthwiseLanes.ACTIVE.weightedSums(runs.run, gradOutput, weight, null, gradInput);
            }
          }
        });
  }

  /**
   * Adds the gradient of the weight.
   *
   * @param gradOutput {@code [n, oh, ow, c]}
   * @param input {@code [n, h, w, c]}
   * @param gradWeight {@code [kh, kw, c]}, added to
   * @throws IllegalArgumentException if the shape is not depthwise or an array is too short
   */
  public static void backwardWeight(
      ConvShape shape,
      float[] gradOutput,
      float[] input,
      float[] gradWeight,
      Workspace workspace,
      Parallel parallel) {
    checkDepthwise(shape);
    Sizes.check(shape, "gradOutput", gradOutput, shape.outputSize(), "n*oh*ow*c");
    Sizes.check(shape, "input", input, shape.inputSize(), "n*h*w*c");
    Sizes.check(shape, "gradWeight", gradWeight, shape.weightSize(), "kh*kw*c");
    int weightSize = shape.weightSize();
    boolean padded = PaddedBands.fit(shape);
    Slices slices = imageSlices(shape);
    float[] sums = workspace.borrow(Workspace.Kind.CALL, slices.count() * weightSize);
    parallel.forEach(
        slices.count(),
        slice -> {
          int sumsAt = slice * weightSize;
          Arrays.fill(sums, sumsAt, sumsAt + weightSize, 0);
          int first = slices.start(slice);
          int end = first + slices.length(slice);
          if (padded) {
            PaddedBands.addProducts(shape, first, end, input, gradOutput, sums, sumsAt, workspace);
          } else {
            addProducts(shape, first, end, input, gradOutput, sums, sumsAt);
          }
        });
    for (int slice = 0; slice < slices.count(); slice++) {
      Lanes.ACTIVE.accumulate(sums, slice * weightSize, gradWeight, 0, weightSize);
    }
    workspace.giveBack(Workspace.Kind.CALL, sums);
  }

  private static void addProducts(
      ConvShape shape,
      int firstImage,
      int endImage,
      float[] input,
      float[] gradOutput,
      float[] sums,
      int sumsAt) {
    WindowRuns runs = new WindowRuns(shape);
    for (int image = firstImage; image < endImage; image++) {
      for (int oy = 0; oy < shape.oh(); oy++) {
        runs.start(image, oy);
        while (runs.next()) {
          runs.run.weightAt += sumsAt;
          DepthwiseLanes.ACTIVE.addProducts(runs.run, input, gradOutput, sums);
        }
      }
    }
  }

  private static void checkDepthwise(ConvShape shape) {
    if (!shape.isDepthwise()) {
      throw new IllegalArgumentException(
          shape + ": depthwise convolution needs g = oc = c and c > 1");
    }
  }

  private static Slices rowSlices(int rows, int size) {
    return new Slices(rows, (int) Math.max(1, (long) PIECE * rows / size));
  }

  private static Slices imageSlices(ConvShape shape) {
    int atLeast = Math.max(1, PIECE / (shape.h() * shape.w() * shape.c()));
    return new Slices(
        shape.n(), Math.max(atLeast, Slices.atMost(MOST_WEIGHT_SLICES, shape.n()).size()));
  }

  /** Runs of output pixels whose windows meet the image with the same taps. */
  private static final class WindowRuns {
    final DepthwiseRun run;
    private final ConvShape shape;
    private final WindowAxis vertical;
    private final WindowAxis horizontal;
    private int img;
    private int oy;
    private int ox;

    WindowRuns(ConvShape shape) {
      this.shape = shape;
      this.vertical = WindowAxis.rows(shape);
      this.horizontal = WindowAxis.columns(shape);
      int c = shape.c();
      this.run = new DepthwiseRun(c);
      run.sourceStep = horizontal.stride() * c;
      run.sourceRowPitch = vertical.dilation() * shape.w() * c;
      run.sourceColPitch = horizontal.dilation() * c;
      run.weightRowPitch = horizontal.k() * c;
      run.weightColPitch = c;
      run.targetStep = c;
    }

    /** Goes before the first run of an output row. */
    void start(int image, int outputRow) {
      img = image;
      oy = outputRow;
      ox = 0;
    }

    /** Goes to the next run of the row, if there is one. */
    boolean next() {
      if (ox == horizontal.positions()) {
        return false;
      }
      int c = shape.c();
      int ky = vertical.firstTap(oy);
      int kx = horizontal.firstTap(ox);
      int iy = vertical.cell(oy) + ky * vertical.dilation();
      int ix = horizontal.cell(ox) + kx * horizontal.dilation();
      int end = horizontal.runEnd(ox);
      run.pixels = end - ox;
      run.rows = vertical.endTap(oy) - ky;
      run.cols = horizontal.endTap(ox) - kx;
      run.sourceAt = ((img * shape.h() + iy) * shape.w() + ix) * c;
      run.weightAt = (ky * horizontal.k() + kx) * c;
      run.targetAt = ((img * vertical.positions() + oy) * horizontal.positions() + ox) * c;
      ox = end;
      return true;
    }
  }

  /**
   * Runs of input pixels, one stride apart, that the same taps of windows read. From one pixel of a
   * run to the next, windows move on by one.
   */
  private static final class CellRuns {
    final DepthwiseRun run;
    private final ConvShape shape;
    private final CellReaders vertical;
    private final CellReaders horizontal;
    private int img;
    private int iy;
    private int ix;

    CellRuns(ConvShape shape) {
      this.shape = shape;
      this.vertical = new CellReaders(WindowAxis.rows(shape));
      this.horizontal = new CellReaders(WindowAxis.columns(shape));
      int c = shape.c();
      int ow = horizontal.axis.positions();
      this.run = new DepthwiseRun(c);
      run.sourceStep = c;
      run.sourceRowPitch = vertical.positionStep * ow * c;
      run.sourceColPitch = horizontal.positionStep * c;
      run.weightRowPitch = -vertical.tapStep * horizontal.axis.k() * c;
      run.weightColPitch = -horizontal.tapStep * c;
      run.targetStep = horizontal.axis.stride() * c;
    }

    /** Goes before the first run of an input row. */
    void start(int image, int inputRow) {
      img = image;
      iy = inputRow;
      ix = 0;
      vertical.goTo(inputRow);
    }

    /** Goes to the next run of the row, if there is one. */
    boolean next() {
      if (ix >= shape.w()) {
        return false;
      }
      horizontal.goTo(ix);
      int c = shape.c();
      int oh = vertical.axis.positions();
      int ow = horizontal.axis.positions();
      run.pixels = horizontal.run;
      run.rows = vertical.count;
      run.cols = horizontal.count;
      int oy = vertical.firstPosition();
      int ox = horizontal.firstPosition();
      run.sourceAt = ((img * oh + oy) * ow + ox) * c;
      run.weightAt = (vertical.lastTap() * horizontal.axis.k() + horizontal.lastTap()) * c;
      run.targetAt = ((img * shape.h() + iy) * shape.w() + ix) * c;
      int stride = horizontal.axis.stride();
      int behind = ix + horizontal.run * stride;
      boolean samePhase = behind < shape.w();
      ix = samePhase ? behind : ix % stride + 1;
      if (!samePhase && ix >= stride) {
        ix = shape.w();
      }
      return true;
    }
  }

  /**
   * Who reads an input cell along one axis: {@code count} windows, the first by {@code tap} at
   * {@code position}, each further one by a tap {@code tapStep} later at a position {@code
   * positionStep} earlier. The same taps read the {@code run} cells that follow, one stride apart.
   */
  private static final class CellReaders {
    final WindowAxis axis;
    final int tapStep;
    final int positionStep;
    int tap;
    int position;
    int count;
    int run;

    CellReaders(WindowAxis axis) {
      this.axis = axis;
      int divisor = greatestCommonDivisor(axis.stride(), axis.dilation());
      this.tapStep = axis.stride() / divisor;
      this.positionStep = axis.dilation() / divisor;
    }

    void goTo(int cell) {
      int stride = axis.stride();
      int fromStart = cell + axis.padBefore();
      int k = 0;
      while (k < axis.k() && !meets(fromStart - k * axis.dilation())) {
        k++;
      }
      tap = k;
      position = (fromStart - k * axis.dilation()) / stride;
      count = 0;
      int at = position;
      while (k < axis.k() && at >= 0) {
        count++;
        k += tapStep;
        at -= positionStep;
      }
      int cells = (axis.size() - cell + stride - 1) / stride;
      if (count == 0) {
        position = 0;
        tap = 0;
        run = 1;
      } else {
        int untilNextTap = k < axis.k() ? -at : cells;
        run = Math.min(Math.min(axis.positions() - position, untilNextTap), cells);
      }
    }

    int firstPosition() {
      return count == 0 ? 0 : position - (count - 1) * positionStep;
    }

    int lastTap() {
      return count == 0 ? 0 : tap + (count - 1) * tapStep;
    }

    /** Whether a window starts this many cells behind the start of the padded image. */
    private boolean meets(int cells) {
      return cells >= 0 && cells % axis.stride() == 0 && cells / axis.stride() < axis.positions();
    }

    private static int greatestCommonDivisor(int a, int b) {
      return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }
  }
}
