package io.lanewise.kernels.conv;

import java.util.Arrays;

/**
 * Goes from pair to pair of some {@link DepthwisePairs}, piece by piece, and first reads one float
 * of each cache line of a piece, of the target, too, where it will be written: loops over one
 * vector of channels after the other meet memory in an order that waits for each line, while lines
 * one after the other come several times as fast. Java has no prefetch.
 *
 * <p>What was read is summed up as integers, of which none is special, or the JIT would drop the
 * loads; the sum is stored in scratch, where it is overwritten before anything is read.
 */
final class DepthwiseWalk {
  private static final int STRIP = DepthwisePair.STRIP;
  private static final int CACHE_LINE = 16;

  final DepthwisePair pair;
  private final DepthwisePairs pairs;
  private final int end;
  private final float[] source;
  private final float[] target;
  private final float[] missing;
  private final float[] zeros;
  private final float[] scratch;
  private int readTo;

  /**
   * A walk that is not at a pair yet.
   *
   * @param pairs the pairs of a batch
   * @param end the pair behind the last that this walk goes to
   * @param source {@code [images, sourceH, sourceW, c]}
   * @param target {@code [images, targetH, targetW, c]}
   * @param missing stands for the second line where a pair has none; zeros if targets are read
   * @param zeros begins with {@link DepthwisePairs#zerosSize} zeros
   * @param scratch {@link DepthwisePairs#scratchSize} floats for the walk alone
   */
  DepthwiseWalk(
      DepthwisePairs pairs,
      int end,
      float[] source,
      float[] target,
      float[] missing,
      float[] zeros,
      float[] scratch) {
    this.pairs = pairs;
    this.end = end;
    this.source = source;
    this.target = target;
    this.missing = missing;
    this.zeros = zeros;
    this.scratch = scratch;
    this.pair = new DepthwisePair(pairs.c(), zeros);
  }

  /** To a pair; in rising order. */
  void goTo(int index) {
    if (index >= readTo) {
      readPiece(index);
    }
    int image = index / pairs.perImage();
    int y = 2 * (index % pairs.perImage());
    int targetLine = pairs.targetW() * pairs.c();
    pair.pixels = pairs.targetW();
    pair.leftPadded = pairs.padLeft() == 1;
    pair.rightPadded = pairs.padRight() == 1;
    pair.source0 = sourceLine(y);
    pair.source1 = sourceLine(y + 1);
    pair.source2 = sourceLine(y + 2);
    pair.source3 = sourceLine(y + 3);
    pair.source0At = sourceAt(image, y);
    pair.source1At = sourceAt(image, y + 1);
    pair.source2At = sourceAt(image, y + 2);
    pair.source3At = sourceAt(image, y + 3);
    pair.target0 = target;
    pair.target0At = pairs.targetBegin(index);
    boolean two = y + 1 < pairs.targetH();
    pair.target1 = two ? target : missing;
    pair.target1At = two ? pair.target0At + targetLine : 0;
  }

  /** Shortens the lines to whole strips, if there is a rest, which is another pair. */
  boolean leaveRest() {
    int rest = pair.pixels % STRIP;
    pair.pixels -= rest;
    pair.rightPadded &= rest == 0;
    return rest > 0;
  }

  /** To the last strip of lines that {@link #leaveRest} left: it overlaps the strip before. */
  void goToRest() {
    int skipped = (pairs.targetW() - STRIP) * pairs.c();
    pair.source0At += skipped;
    pair.source1At += skipped;
    pair.source2At += skipped;
    pair.source3At += skipped;
    pair.target0At += skipped;
    pair.target1At += skipped;
    pair.pixels = STRIP;
    pair.leftPadded = false;
    pair.rightPadded = pairs.padRight() == 1;
  }

  /** For sums over a rest: its target becomes a copy with zeros where strips overlap. */
  void clearOverlap() {
    int strip = STRIP * pairs.c();
    int overlap = (STRIP - pairs.targetW() % STRIP) * pairs.c();
    for (int line = 0; line < 2; line++) {
      int to = line * strip;
      Arrays.fill(scratch, to, to + overlap, 0);
      int from = pair.targetAt(line) + overlap;
      System.arraycopy(pair.target(line), from, scratch, to + overlap, strip - overlap);
    }
    pair.target0 = scratch;
    pair.target0At = 0;
    pair.target1 = scratch;
    pair.target1At = strip;
  }

  private float[] sourceLine(int paddedY) {
    return isPadding(paddedY) ? zeros : source;
  }

  private int sourceAt(int image, int paddedY) {
    int line = image * pairs.sourceH() + paddedY - pairs.padTop();
    return isPadding(paddedY) ? 0 : (line * pairs.sourceW() - pairs.padLeft()) * pairs.c();
  }

  private boolean isPadding(int paddedY) {
    int y = paddedY - pairs.padTop();
    return y < 0 || y >= pairs.sourceH();
  }

  private void readPiece(int first) {
    int behind = Math.min(end, first + pairs.perPiece());
    int read = sum(source, pairs.sourceBegin(first), pairs.sourceEnd(behind - 1));
    scratch[0] = read + sum(target, pairs.targetBegin(first), pairs.targetBegin(behind));
    readTo = behind;
  }

  private static int sum(float[] values, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i += CACHE_LINE) {
      sum += Float.floatToRawIntBits(values[i]);
    }
    return sum;
  }
}
