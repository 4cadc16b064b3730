package io.lanewise.kernels.parallel;

/**
 * A fixed cut of consecutive items into slices: {@code size} items each, the last one what is left.
 * Sizes come from shapes, never from the number of threads, so that sums over slices in order have
 * the same bits everywhere.
 *
 * @param items number of items, at least 0
 * @param size items in a slice, at least 1
 */
public record Slices(int items, int size) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if items is negative or size below 1
   */
  public Slices {
    if (items < 0 || size < 1) {
      throw new IllegalArgumentException(
          "slices of " + size + " out of " + items + " items: needs items >= 0 and size >= 1");
    }
  }

  /**
   * A cut into at most {@code most} slices of nearly equal size.
   *
   * @throws IllegalArgumentException if items is negative or most below 1
   */
  public static Slices atMost(int most, int items) {
    if (most < 1) {
      throw new IllegalArgumentException("at most " + most + " slices: needs at least 1");
    }
    return new Slices(items, Math.max(1, items / most + (items % most == 0 ? 0 : 1)));
  }

  /** Number of slices. */
  public int count() {
    return items / size + (items % size == 0 ? 0 : 1);
  }

  /** First item of a slice. */
  public int start(int slice) {
    return slice * size;
  }

  /** Items in a slice. */
  public int length(int slice) {
    return Math.min(size, items - slice * size);
  }
}
