package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.BlockSource;
import io.lanewise.kernels.gemm.BlockedGemm;
import io.lanewise.kernels.gemm.Destination;
import io.lanewise.kernels.gemm.MatrixBlocks;
import io.lanewise.kernels.gemm.PackedB;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.WindowAxis;
import java.util.Arrays;

/**
 * The gradient of a convolution's input, by phases: the input pixels whose places in the padded
 * image leave the same remainders by the strides are read by the same taps, so they are one dense
 * convolution of stride 1 over gradOutput with those taps alone, and no product with an inserted
 * zero is formed (as in the sub-pixel convolution of Shi et al., 2016, backwards).
 *
 * <pre>
 *   3x3 kernel, stride 2, by taps         pixels of the image, by phase
 *   a b a      phase a: 4 taps            a b a b a b
 *   c d c      phase b: 2 taps            c d c d c d
 *   a b a      c: 2 taps, d: 1 tap        a b a b a b
 * </pre>
 *
 * <p>Stride 1 is one phase. Phases without taps are zero.
 *
 * <p><b>Split:</b> phase by phase, each by blocks of pixels and channels.
 */
final class GradientPhases {
  /** Pixels of a phase without taps that one task clears. */
  private static final int CLEARED = 1024;

  private final ConvShape shape;
  private final WindowAxis vertical;
  private final WindowAxis horizontal;

  GradientPhases(ConvShape shape) {
    this.shape = shape;
    this.vertical = WindowAxis.rows(shape);
    this.horizontal = WindowAxis.columns(shape);
  }

  /**
   * Packs the weight of each group phase by phase: a phase's taps in rising output position, so
   * that kernel rows and columns run backwards, and within a tap input and output channels
   * exchanged.
   *
   * @param weight {@code [kh, kw, c/groups, oc]}
   * @param packed receives as many floats as for one packed matrix of all taps for each group
   */
  void pack(float[] weight, float[] packed, Parallel parallel) {
    int channels = shape.c() / shape.groups();
    int outChannels = shape.oc() / shape.groups();
    int at = 0;
    for (int row = 0; row < PhaseAxis.count(vertical); row++) {
      PhaseAxis y = PhaseAxis.of(vertical, row);
      for (int column = 0; column < PhaseAxis.count(horizontal); column++) {
        PhaseAxis x = PhaseAxis.of(horizontal, column);
        int k = y.taps() * x.taps() * outChannels;
        if (k == 0) {
          continue;
        }
        for (int g = 0; g < shape.groups(); g++) {
          PackedB.gather(k, channels, rotated(weight, y, x, g), packed, at, parallel);
          at += PackedB.pitch(k, channels);
        }
      }
    }
  }

  private PackedB.Columns rotated(float[] weight, PhaseAxis y, PhaseAxis x, int group) {
    int channels = shape.c() / shape.groups();
    int outChannels = shape.oc() / shape.groups();
    int kw = shape.window().kw();
    return (row, rows, channel, out, at, pitch) -> {
      int o = row % outChannels;
      for (int done = 0; done < rows; ) {
        int tap = (row + done) / outChannels;
        int place = y.tap(tap / x.taps()) * kw + x.tap(tap % x.taps());
        int count = Math.min(outChannels - o, rows - done);
        int from = (place * channels + channel) * shape.oc() + group * outChannels + o;
        PackedB.spread(weight, from, count, out, at + done * pitch, pitch);
        done += count;
        o = 0;
      }
    };
  }

  /**
   * Computes the gradient.
   *
   * @param gradOutput {@code [n, oh, ow, oc]}
   * @param rotated what {@link #pack} wrote
   * @param gradInput {@code [n, h, w, c]}, overwritten
   */
  void run(
      float[] gradOutput,
      float[] rotated,
      float[] gradInput,
      Workspace workspace,
      Parallel parallel) {
    int channels = shape.c() / shape.groups();
    int at = 0;
    for (int row = 0; row < PhaseAxis.count(vertical); row++) {
      PhaseAxis y = PhaseAxis.of(vertical, row);
      for (int column = 0; column < PhaseAxis.count(horizontal); column++) {
        PhaseAxis x = PhaseAxis.of(horizontal, column);
        int k = y.taps() * x.taps() * (shape.oc() / shape.groups());
        if (k == 0) {
          clear(y, x, gradInput, parallel);
          continue;
        }
        for (int g = 0; g < shape.groups(); g++) {
          Patches patches = Patches.ofGradient(shape, gradOutput, y, x, g);
          float[] padded = DirectConv2d.pad(patches, shape.n(), workspace);
          BlockSource rows =
              DirectConv2d.isMatrix(shape)
                  ? new MatrixBlocks(gradOutput, 0, k, false)
                  : patches.read(shape.n(), padded, parallel).asRows();
          multiply(y, x, k, rows, rotated, at, gradInput, g * channels, workspace, parallel);
          DirectConv2d.giveBack(padded, workspace);
          at += PackedB.pitch(k, channels);
        }
      }
    }
  }

  private void multiply(
      PhaseAxis y,
      PhaseAxis x,
      int k,
      BlockSource patches,
      float[] rotated,
      int rotatedAt,
      float[] gradInput,
      int groupAt,
      Workspace workspace,
      Parallel parallel) {
    int pixels = shape.n() * y.cells() * x.cells();
    int channels = shape.c() / shape.groups();
    boolean one = PhaseAxis.count(vertical) == 1 && PhaseAxis.count(horizontal) == 1;
    Destination to =
        one
            ? Destination.plain(gradInput, groupAt, shape.c())
            : Destination.inRuns(gradInput, groupAt, x.stride() * shape.c(), rows(y, x));
    BlockedGemm.overwrite(
        pixels, channels, k, patches, rotated, rotatedAt, to, workspace, parallel);
  }

  /** The pixels of a phase: those of an image row are a run. */
  private Destination.Places rows(PhaseAxis y, PhaseAxis x) {
    return new Destination.Places() {
      @Override
      public int of(int pixel) {
        return pixelAt(y, x, pixel);
      }

      @Override
      public int rowsFrom(int pixel) {
        return x.cells() - pixel % x.cells();
      }
    };
  }

  private void clear(PhaseAxis y, PhaseAxis x, float[] gradInput, Parallel parallel) {
    Slices slices = new Slices(shape.n() * y.cells() * x.cells(), CLEARED);
    parallel.forEach(
        slices.count(),
        slice -> {
          for (int i = 0; i < slices.length(slice); i++) {
            int at = pixelAt(y, x, slices.start(slice) + i);
            Arrays.fill(gradInput, at, at + shape.c(), 0);
          }
        });
  }

  /** Where a pixel of a phase, counted in rows over the whole batch, lies in gradInput. */
  private int pixelAt(PhaseAxis y, PhaseAxis x, int pixel) {
    int row = pixel / x.cells();
    int img = row / y.cells();
    int iy = y.cell(row - img * y.cells());
    int ix = x.cell(pixel - row * x.cells());
    return ((img * shape.h() + iy) * shape.w() + ix) * shape.c();
  }
}
