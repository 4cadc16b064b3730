package io.lanewise.kernels.shape;

/** The checks that shapes and kernel entry points share. */
public final class Sizes {
  private Sizes() {}

  /**
   * Whether {@link #product} accepts two dimensions. Shapes that are made in every step ask this
   * first, so that they make a text only for an error.
   */
  static boolean fit(int a, int b) {
    return a >= 1 && b >= 1 && (long) a * b <= Integer.MAX_VALUE - 8;
  }

  /**
   * Multiplies dimensions to the number of floats in an array.
   *
   * @throws IllegalArgumentException if a dimension is below 1 or the product does not fit an array
   */
  static int product(String shape, String what, int... dims) {
    long product = 1;
    for (int dim : dims) {
      if (dim < 1) {
        throw new IllegalArgumentException(
            shape + ": " + what + " has a dimension of " + dim + ", needs at least 1");
      }
      product *= dim;
      if (product > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            shape + ": " + what + " needs more than 2^31 - 9 floats, the most one array can hold");
      }
    }
    return (int) product;
  }

  /**
   * Checks the length of a float array at a public kernel entry point. Longer arrays are accepted:
   * a planned slot may be larger than the tensor in it.
   *
   * @param shape the shape record, whose text starts the error
   * @param name the parameter's name
   * @param array the array, not null
   * @param need the number of floats the shape needs
   * @param formula how the need follows from the shape, for example {@code n*oh*ow*oc}
   * @throws IllegalArgumentException if the array is null or shorter than needed
   */
  public static void check(Object shape, String name, float[] array, int need, String formula) {
    if (array == null || array.length < need) {
      throw tooShort(shape, name, array == null ? -1 : array.length, "floats", need, formula);
    }
  }

  /** As {@link #check(Object, String, float[], int, String)}, for ints. */
  public static void check(Object shape, String name, int[] array, int need, String formula) {
    if (array == null || array.length < need) {
      throw tooShort(shape, name, array == null ? -1 : array.length, "ints", need, formula);
    }
  }

  /** As {@link #check(Object, String, float[], int, String)}, for bytes. */
  public static void check(Object shape, String name, byte[] array, int need, String formula) {
    if (array == null || array.length < need) {
      throw tooShort(shape, name, array == null ? -1 : array.length, "bytes", need, formula);
    }
  }

  private static IllegalArgumentException tooShort(
      Object shape, String name, int found, String unit, int need, String formula) {
    String holds = found < 0 ? "is null" : "holds " + found + " " + unit;
    return new IllegalArgumentException(
        shape + ": " + name + " " + holds + ", needs " + formula + " = " + need);
  }
}
