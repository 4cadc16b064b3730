package io.lanewise.engine.data;

import io.lanewise.engine.random.Seeds;

/**
 * Random changes of training images that keep their class: mirrored left to right with probability
 * 1/2, and shifted by up to a few pixels with zeros moving in.
 *
 * @param flip whether to mirror
 * @param shift most pixels to shift, in each direction; 0 for none
 */
public record Augment(boolean flip, int shift) {
  /** Images as they are. */
  public static final Augment NONE = new Augment(false, 0);

  /** What the ConvNetJS CIFAR-10 demo does: flips and shifts of up to 2 pixels. */
  public static final Augment FLIP_SHIFT_2 = new Augment(true, 2);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the shift is negative
   */
  public Augment {
    if (shift < 0) {
      throw new IllegalArgumentException("shift is " + shift + " pixels, needs at least 0");
    }
  }

  boolean isNone() {
    return !flip && shift == 0;
  }

  boolean drawFlip(Seeds random) {
    return flip && random.nextBoolean();
  }

  int drawShift(Seeds random) {
    return shift == 0 ? 0 : random.nextInt(2 * shift + 1) - shift;
  }
}
