package io.lanewise.jmh;

/**
 * What one call of a benchmark does.
 *
 * @param flops floating-point operations, or 0 where they do not count
 * @param bytes bytes read and written, or 0 if unknown
 * @param footprint bytes of the arrays that are read and written
 */
public record Work(long flops, long bytes, long footprint) {
  /** Work that touches its arrays once. */
  public Work(long flops, long bytes) {
    this(flops, bytes, bytes);
  }

  /** So many floats of traffic and no arithmetic worth counting. */
  public static Work floats(long floats) {
    return new Work(0, Float.BYTES * floats);
  }
}
