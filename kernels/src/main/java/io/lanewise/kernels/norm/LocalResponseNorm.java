package io.lanewise.kernels.norm;

import io.lanewise.kernels.lanes.FloatMath;
import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.shape.ChannelShape;
import io.lanewise.kernels.shape.Sizes;
import java.util.Arrays;

/**
 * Local response normalisation across channels: {@code y[j] = x[j] / s[j]^beta} with {@code s[j] =
 * k + alpha / size * sum of x[i]^2} over the channels i from {@code j - size/2} to {@code j +
 * (size-1)/2} that there are.
 *
 * <p>Alpha is divided by the size of the window, as by ConvNetJS, cuda-convnet and PyTorch's {@code
 * LocalResponseNorm}; windows at either end count missing channels as zeros. In the paper's formula
 * (Krizhevsky, Sutskever and Hinton, 2012, section 3.3) alpha is not divided: its alpha of 1e-4
 * with a window of 5 is 5e-4 here.
 *
 * <p>Pixels are laid out with gaps of zeros, so that sums over windows are additions of shifted
 * runs, in the order of channels. Powers of 3/4 are two square roots; others are {@link
 * FloatMath#pow}.
 *
 * <p><b>Split:</b> pieces of about 32K floats; pixels are independent.
 *
 * <p><b>Backward needs:</b> input.
 */
public final class LocalResponseNorm {
  private static final int PIECE = 1 << 15;

  /** Floats of a strip of pixels: five arrays of them stay in an L1 of 32 KB. */
  private static final int STRIP = 1024;

  /**
   * The constants of the formula.
   *
   * @param size channels in a window
   * @param alpha divided by size, factor of the sum of squares
   * @param beta exponent
   * @param k term
   */
  public record Settings(int size, float alpha, float beta, float k) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if size is below 1, k not positive or alpha or beta negative
     */
    public Settings {
      if (!(size >= 1 && alpha >= 0 && beta >= 0 && k > 0)) {
        throw new IllegalArgumentException(
            String.format(
                "local response norm: size %s, alpha %s, beta %s, k %s; needs a size of at least"
                    + " 1, alpha and beta of at least 0 and k above 0",
                size, alpha, beta, k));
      }
    }

    float slope() {
      return alpha / size;
    }
  }

  private LocalResponseNorm() {}

  /**
   * Divides each value by the power of its neighbourhood's sum of squares.
   *
   * @param input {@code [rows, c]}
   * @param output {@code [rows, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short
   */
  public static void forward(
      ChannelShape shape,
      Settings settings,
      float[] input,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    Sizes.check(shape, "input", input, shape.size(), "rows*c");
    Sizes.check(shape, "output", output, shape.size(), "rows*c");
    Strip.each(
        shape,
        settings,
        workspace,
        parallel,
        (strip, row, rows) -> {
          strip.powers(input, row, rows);
          for (int i = 0; i < rows; i++) {
            int at = (row + i) * strip.c;
            Lanes.ACTIVE.mul(
                input, at, strip.scratch, strip.factorAt + i * strip.pitch, output, at, strip.c);
          }
        });
  }

  /**
   * The gradient of the input, {@code gradInput[i] = g[i] / s[i]^beta - 2 * alpha * beta / size *
   * x[i] * sum of g[j] * x[j] / s[j]^(beta+1)} over the channels j whose window holds i.
   *
   * @param gradOutput {@code [rows, c]}
   * @param input {@code [rows, c]}
   * @param gradInput {@code [rows, c]}, overwritten
   * @throws IllegalArgumentException if an array is too short
   */
  public static void backward(
      ChannelShape shape,
      Settings settings,
      float[] gradOutput,
      float[] input,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    Sizes.check(shape, "gradOutput", gradOutput, shape.size(), "rows*c");
    Sizes.check(shape, "input", input, shape.size(), "rows*c");
    Sizes.check(shape, "gradInput", gradInput, shape.size(), "rows*c");
    float coupling = -2 * settings.slope() * settings.beta();
    Strip.each(
        shape,
        settings,
        workspace,
        parallel,
        (strip, row, rows) -> {
          strip.powers(input, row, rows);
          strip.shares(gradOutput, input, row, rows);
          for (int i = 0; i < rows; i++) {
            int at = (row + i) * strip.c;
            int factorAt = strip.factorAt + i * strip.pitch;
            int sumAt = strip.sumsAt + i * strip.pitch;
            float[] scratch = strip.scratch;
            Lanes.ACTIVE.mul(input, at, scratch, sumAt, scratch, sumAt, strip.c);
            Lanes.ACTIVE.mul(gradOutput, at, scratch, factorAt, gradInput, at, strip.c);
            Lanes.ACTIVE.accumulateScaled(coupling, scratch, sumAt, gradInput, at, strip.c);
          }
        });
  }

  /** Works on a strip of pixels. */
  private interface Body {
    void run(Strip strip, int row, int rows);
  }

  /**
   * The scratch of a task: four arrays of a strip of pixels, {@code pitch} floats each, one behind
   * the other. The first has gaps of zeros between pixels.
   */
  private static final class Strip {
    final int c;
    final int pitch;
    final float[] scratch;
    final int sumsAt;
    final int factorAt;
    final int ratioAt;
    private final Settings settings;
    private final int below;
    private final int above;

    private Strip(int c, Settings settings, int rows, Workspace workspace) {
      this.c = c;
      this.settings = settings;
      this.below = below(settings, c);
      this.above = above(settings, c);
      this.pitch = below + c + above;
      this.sumsAt = rows * pitch + below + above;
      this.factorAt = sumsAt + rows * pitch;
      this.ratioAt = factorAt + rows * pitch;
      this.scratch = workspace.borrow(Kind.TASK, ratioAt + rows * pitch);
    }

    /** Channels of a window before its own, as far as there can be any. */
    private static int below(Settings settings, int c) {
      return Math.min(settings.size() / 2, c - 1);
    }

    /** Channels of a window behind its own, as far as there can be any. */
    private static int above(Settings settings, int c) {
      return Math.min((settings.size() - 1) / 2, c - 1);
    }

    static void each(
        ChannelShape shape, Settings settings, Workspace workspace, Parallel parallel, Body body) {
      int c = shape.c();
      int most = Math.max(1, STRIP / (below(settings, c) + c + above(settings, c)));
      Slices slices = new Slices(shape.rows(), Math.max(most, PIECE / c));
      parallel.forEach(
          slices.count(),
          s -> {
            Strip strip = new Strip(c, settings, most, workspace);
            int end = slices.start(s) + slices.length(s);
            for (int row = slices.start(s); row < end; row += most) {
              body.run(strip, row, Math.min(most, end - row));
            }
            workspace.giveBack(Kind.TASK, strip.scratch);
          });
    }

    /** From the input to {@code factor = s^-beta} and {@code ratio = s^-(beta+1)}. */
    void powers(float[] input, int row, int rows) {
      Arrays.fill(scratch, 0, rows * pitch + below + above, 0);
      for (int i = 0; i < rows; i++) {
        int at = (row + i) * c;
        Lanes.ACTIVE.mul(input, at, input, at, scratch, i * pitch + below, c);
      }
      addShifted(rows);
      PowerLanes.powers(settings, scratch, sumsAt, factorAt, ratioAt, rows * pitch);
    }

    /** From gradients to sums of {@code g * x * ratio} over the windows that hold a channel. */
    void shares(float[] gradOutput, float[] input, int row, int rows) {
      Arrays.fill(scratch, 0, rows * pitch + below + above, 0);
      for (int i = 0; i < rows; i++) {
        int at = (row + i) * c;
        int to = i * pitch + above;
        Lanes.ACTIVE.mul(gradOutput, at, input, at, scratch, to, c);
        Lanes.ACTIVE.mul(scratch, to, scratch, ratioAt + i * pitch, scratch, to, c);
      }
      addShifted(rows);
    }

    private void addShifted(int rows) {
      System.arraycopy(scratch, 0, scratch, sumsAt, rows * pitch);
      for (int shift = 1; shift <= below + above; shift++) {
        Lanes.ACTIVE.accumulate(scratch, shift, scratch, sumsAt, rows * pitch);
      }
    }
  }
}
