package io.lanewise.kernels.contract;

/** How far a float result may lie from the double reference. */
@FunctionalInterface
public interface Bound {
  /** The relative error of one rounding to float, 2^-24. */
  double ROUNDING = 0x1p-24;

  /**
   * The largest difference allowed.
   *
   * @param expected the reference's value
   * @param magnitude the reference's value where every float input is replaced by its absolute
   *     value; for sums of products this is the sum of |a*b|
   */
  double at(double expected, double magnitude);

  /** The float nearest to the reference, as for values that are only moved about. */
  static Bound exact() {
    return (expected, magnitude) -> 0;
  }

  /**
   * The bound of a sum of {@code terms} products in any order, {@code (terms + 4) * 2^-24 * sum of
   * |a*b|} (Higham, "Accuracy and Stability of Numerical Algorithms", section 3.1).
   */
  static Bound sumOf(long terms) {
    return (expected, magnitude) -> (terms + 4) * ROUNDING * magnitude;
  }

  /** A number of units in the last place of the expected float. */
  static Bound ulps(double ulps) {
    return (expected, magnitude) -> ulps * Math.ulp((float) expected);
  }

  /** The same difference for every value. */
  static Bound absolute(double difference) {
    return (expected, magnitude) -> difference;
  }

  /** This bound and another, added. */
  default Bound plus(Bound other) {
    return (expected, magnitude) -> at(expected, magnitude) + other.at(expected, magnitude);
  }
}
