package io.lanewise.engine.data;

import io.lanewise.engine.random.Seeds;

/**
 * Mix-up (Zhang et al., "mixup: Beyond empirical risk minimization", 2017): an image becomes {@code
 * share * itself + (1 - share) * another}, the share from a symmetric beta distribution.
 *
 * <p>The loss of the paper is the same mixture of the losses for both labels. Here one label is
 * drawn, that of the image with probability {@code share}: the mean loss is that of the paper, and
 * nets and losses know nothing of it. Pixels are mixed as bytes, rounded.
 */
final class MixUp {
  /** The smallest alpha: far below it the powers of {@link #drawShare} all become 0. */
  static final double LEAST = 0.01;

  /** The largest alpha: of its pairs one of 70 is accepted, and ever fewer beyond it. */
  static final double MOST = 4;

  private MixUp() {}

  /**
   * A number from Beta(alpha, alpha), by the method of Joehnk (1964): accepted pairs of powers of
   * uniform numbers.
   */
  static double drawShare(double alpha, Seeds random) {
    while (true) {
      double x = StrictMath.pow(random.nextDouble(), 1 / alpha);
      double y = StrictMath.pow(random.nextDouble(), 1 / alpha);
      if (x + y > 0 && x + y <= 1) {
        return x / (x + y);
      }
    }
  }

  /** {@code bytes[at...] = share * bytes[at...] + (1 - share) * other}, of unsigned bytes. */
  static void mix(double share, byte[] bytes, int at, byte[] other) {
    for (int i = 0; i < other.length; i++) {
      double mixed = share * (bytes[at + i] & 0xff) + (1 - share) * (other[i] & 0xff);
      bytes[at + i] = (byte) (int) (mixed + 0.5);
    }
  }
}
