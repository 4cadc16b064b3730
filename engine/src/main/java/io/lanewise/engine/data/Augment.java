package io.lanewise.engine.data;

import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Shape;

/**
 * Random changes of training images: mixed with another one, mirrored left to right, shifted by up
 * to a few pixels (which is a crop of the padded image), with a square cut out; in this order.
 *
 * @param flip which images are mirrored
 * @param shift most pixels to shift, in each direction; 0 for none
 * @param border what moves in at the edge
 * @param cutout rows and columns of the square of zeros, whose middle is anywhere; 0 for none
 * @param mixUp parameter of {@link MixUp}; 0 for none
 */
public record Augment(Flip flip, int shift, Border border, int cutout, double mixUp) {
  /** Which images are mirrored. */
  public enum Flip {
    /** None. */
    NONE,
    /** Each with probability 1/2, anew in each epoch. */
    RANDOM,
    /**
     * Each with probability 1/2 in the first epoch, then in turn: over two epochs an image is seen
     * both ways (Jordan, "94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024, section 3.6).
     */
    ALTERNATING
  }

  /** What moves in at the edge of a shifted image. */
  public enum Border {
    /** Zeros: pixels as the normalisation's mean. */
    ZERO,
    /** The image, mirrored at its outermost pixels. */
    REFLECT
  }

  /** Images as they are. */
  public static final Augment NONE = new Augment(false, 0);

  /** What the ConvNetJS CIFAR-10 demo does: flips and shifts of up to 2 pixels. */
  public static final Augment FLIP_SHIFT_2 = new Augment(true, 2);

  /** Checks the numbers. */
  public Augment {
    if (shift < 0) {
      throw new IllegalArgumentException("shift is " + shift + " pixels, needs at least 0");
    }
    if (cutout < 0) {
      throw new IllegalArgumentException("cutout is " + cutout + " pixels, needs at least 0");
    }
    if (mixUp != 0 && !(mixUp >= MixUp.LEAST && mixUp <= MixUp.MOST)) {
      throw new IllegalArgumentException(
          "mix-up is " + mixUp + ", needs 0, or " + MixUp.LEAST + " to " + MixUp.MOST);
    }
  }

  /**
   * Random flips, and shifts with zeros moving in.
   *
   * @param flip whether to mirror with probability 1/2
   * @param shift most pixels to shift
   * @throws IllegalArgumentException if the shift is negative
   */
  public Augment(boolean flip, int shift) {
    this(flip ? Flip.RANDOM : Flip.NONE, shift, Border.ZERO, 0, 0);
  }

  /** The same with a square cut out. */
  public Augment withCutout(int side) {
    return new Augment(flip, shift, border, side, mixUp);
  }

  /** The same with mix-up. */
  public Augment withMixUp(double alpha) {
    return new Augment(flip, shift, border, cutout, alpha);
  }

  /**
   * Checks the square that is cut out against images: one as large as they are would leave nothing
   * of those whose middle it hits.
   *
   * @param image {@code [h, w, c]}
   * @throws IllegalArgumentException if it is not smaller
   */
  public void requireFits(Shape image) {
    int side = Math.min(image.dim(0), image.dim(1));
    if (cutout >= side) {
      throw new IllegalArgumentException(
          "cutout is "
              + cutout
              + " pixels, needs to be smaller than images of "
              + image.dim(0)
              + "x"
              + image.dim(1));
    }
  }

  boolean isNone() {
    return flip == Flip.NONE && shift == 0 && cutout == 0 && mixUp == 0;
  }

  /**
   * Whether to mirror an image.
   *
   * @param random draws of this image in this epoch
   * @param first draws of this image, the same in every epoch
   */
  boolean drawFlip(Seeds random, Seeds first, int epoch) {
    return switch (flip) {
      case NONE -> false;
      case RANDOM -> random.nextBoolean();
      case ALTERNATING -> first.nextBoolean() ^ (epoch % 2 == 1);
    };
  }

  int drawShift(Seeds random) {
    return shift == 0 ? 0 : random.nextInt(2 * shift + 1) - shift;
  }

  /** The first row or column of the square. */
  int drawCutout(Seeds random, int size) {
    return cutout == 0 ? 0 : random.nextInt(size) - cutout / 2;
  }
}
