package io.lanewise.kernels.norm;

import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.reduce.ChannelBlocks;

/**
 * The loops of normalisation over runs of whole rows, {@code count} floats from index {@code at}.
 *
 * <p>Channels have constants of their own. These are tiled: an array repeats its c constants until
 * it is about {@link ChannelBlocks#period} floats long, and a run is worked off in pieces of that
 * length. So every loop reads and writes its arrays straight on, whatever c is, and lanes are full
 * for 16 channels as for 17. {@code tiled} holds five such arrays one behind the other: {@link
 * #MEAN}, {@link #FACTOR}, {@link #TERM}, {@link #SLOPE}, {@link #OFFSET}.
 *
 * <p>Sums are tiled too, {@code [2 * period]}: two sums for each place of the period, taken one
 * piece after the other. The twins {@link SimdNormLanes} and {@link ScalarNormLanes} give the same
 * bits at every vector width.
 */
interface NormLanes {
  /** The lanes of this process. */
  NormLanes ACTIVE = LanesProvider.choose(() -> new SimdNormLanes(), () -> new ScalarNormLanes());

  /** First array of constants: the mean, or another number near it. */
  int MEAN = 0;

  /** {@code factor} of {@code y = factor * x + term}. */
  int FACTOR = 1;

  /** {@code term} of {@code y = factor * x + term}. */
  int TERM = 2;

  /** {@code slope} of {@code gradX = factor * g + (slope * (x - mean) + offset)}. */
  int SLOPE = 3;

  /** {@code offset} of the same. */
  int OFFSET = 4;

  /** How many arrays of constants there are. */
  int CONSTANTS = 5;

  /** Adds {@code d = x - mean} to the first sums and {@code d * d} to the second ones. */
  void addDeviations(float[] x, int at, int count, int period, float[] tiled, float[] sums);

  /**
   * {@code y = factor * x + term}, plus the residual if there is one, rectified if so wished.
   *
   * @param residual read from the same places, or null
   */
  void normalize(
      float[] x,
      float[] residual,
      int at,
      int count,
      int period,
      float[] tiled,
      boolean rectified,
      float[] y);

  /**
   * Adds {@code g} to the first sums and {@code g * (x - mean)} to the second ones.
   *
   * @param rectified whether g counts only where {@code factor * x + term} is positive
   */
  void addGradients(
      float[] g,
      float[] x,
      int at,
      int count,
      int period,
      float[] tiled,
      boolean rectified,
      float[] sums);

  /**
   * As {@link #addGradients}, where g counts only where y is positive.
   *
   * @param masked receives g where it counts and 0 elsewhere; may be g
   */
  void addMaskedGradients(
      float[] g,
      float[] y,
      float[] x,
      int at,
      int count,
      int period,
      float[] tiled,
      float[] masked,
      float[] sums);

  /**
   * {@code gradX = factor * g + (slope * (x - mean) + offset)}.
   *
   * @param rectified as for {@link #addGradients}
   * @param gradX may be g
   */
  void gradient(
      float[] g,
      float[] x,
      int at,
      int count,
      int period,
      float[] tiled,
      boolean rectified,
      float[] gradX);
}
