package io.lanewise.kernels.reduce;

import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.shape.ChannelShape;

/**
 * How the rows of a {@link ChannelShape} are cut for sums over them; the shape decides alone.
 *
 * <p>Loops run over periods of several rows at a time, straight on, so that lanes are full whatever
 * the number of channels is. Constants of the channels are tiled, repeated until they fill a
 * period, and sums are tiled too: a sum for each place of the period, folded in the end.
 */
public final class ChannelBlocks {
  /** Floats of tiled constants: five arrays of them take 10 KB, a third of an L1 cache. */
  private static final int PERIOD = 512;

  /** Most blocks: enough for a large machine, few enough that adding their sums costs little. */
  private static final int MOST_BLOCKS = 64;

  /** Floats of the smallest block worth a task. */
  private static final int LEAST_BLOCK = 1 << 15;

  private ChannelBlocks() {}

  /** Floats after which channels and their tiled constants repeat: whole rows. */
  public static int period(int c) {
    int rows = Math.max(1, PERIOD / c);
    return c * (rows > 16 ? rows / 16 * 16 : rows);
  }

  /** Blocks of rows, each but the last a whole number of periods. */
  public static Slices rows(ChannelShape shape) {
    int period = period(shape.c()) / shape.c();
    int fair = (shape.rows() + MOST_BLOCKS - 1) / MOST_BLOCKS;
    int rows = Math.max(fair, LEAST_BLOCK / shape.c());
    int whole = Math.max(1, (rows + period - 1) / period);
    return new Slices(shape.rows(), whole * period);
  }

  /** A run of whole rows: {@code count} floats from {@code at}. */
  public interface Run {
    /** Works the run off. */
    void run(int at, int count);
  }

  /** Runs the blocks. */
  public static void forEach(ChannelShape shape, Parallel parallel, Run body) {
    Slices blocks = rows(shape);
    int c = shape.c();
    parallel.forEach(blocks.count(), b -> body.run(blocks.start(b) * c, blocks.length(b) * c));
  }

  /** Repeats channels over one of the arrays of constants. */
  public static void tile(float[] channels, float[] tiled, int constant, int c, int period) {
    System.arraycopy(channels, 0, tiled, constant * period, c);
    tile(tiled, constant, c, period);
  }

  /** Repeats the first c floats of one of the arrays of constants. */
  public static void tile(float[] tiled, int constant, int c, int period) {
    int at = constant * period;
    for (int done = c; done < period; done *= 2) {
      System.arraycopy(tiled, at, tiled, at + done, Math.min(done, period - done));
    }
  }

  /** Adds the rows of a tiled array up, in order: c sums from {@code to}. */
  public static void fold(float[] tiled, int at, int c, int period, float[] sums, int to) {
    System.arraycopy(tiled, at, sums, to, c);
    for (int row = c; row < period; row += c) {
      Lanes.ACTIVE.accumulate(tiled, at + row, sums, to, c);
    }
  }
}
