package io.lanewise.engine.random;

/**
 * Random numbers that depend only on what they are for: a stream is named by a seed and a path of
 * numbers, such as (epoch, sample), so that no draw depends on threads or on the order of work.
 *
 * <p>The generator is SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
 * generators", 2014).
 */
public final class Seeds {
  private static final long GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  private Seeds(long state) {
    this.state = state;
  }

  /**
   * A stream of its own for a purpose.
   *
   * @param seed the seed of the run
   * @param path what the numbers are for, for example purpose, epoch and sample
   */
  public static Seeds stream(long seed, long... path) {
    long mixed = mix(seed + GAMMA);
    for (long part : path) {
      mixed = mix(mixed ^ mix(part + GAMMA)) + GAMMA;
    }
    return new Seeds(mixed);
  }

  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** 64 random bits. */
  public long nextLong() {
    state += GAMMA;
    return mix(state);
  }

  /** A whole number from 0 to bound - 1; its bias is below bound / 2^63. */
  public int nextInt(int bound) {
    return (int) ((nextLong() >>> 1) % bound);
  }

  /** A number in [0, 1) with 53 random bits. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** True or false, evenly. */
  public boolean nextBoolean() {
    return nextLong() < 0;
  }

  /** A normal number of mean 0 and deviation 1 (Box and Muller, 1958). */
  public double nextGaussian() {
    double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - nextDouble()));
    return radius * StrictMath.cos(2 * Math.PI * nextDouble());
  }

  /** Shuffles in place (Fisher and Yates). */
  public void shuffle(int[] values) {
    for (int i = values.length - 1; i > 0; i--) {
      int j = nextInt(i + 1);
      int swapped = values[i];
      values[i] = values[j];
      values[j] = swapped;
    }
  }
}
