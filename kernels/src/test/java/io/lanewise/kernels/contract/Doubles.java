package io.lanewise.kernels.contract;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The arrays of one call of a double reference, by parameter name, each exactly as long as its
 * shape needs. Outputs and added gradients start as zeros, updated arrays with their old contents.
 */
public final class Doubles {
  private final Map<String, double[]> doubles = new LinkedHashMap<>();
  private final Values others;

  Doubles(Values others) {
    this.others = others;
  }

  /** A float array in double, or null if the kernel is called without it. */
  public double[] of(String name) {
    if (!doubles.containsKey(name)) {
      throw new IllegalArgumentException(
          "no float array is declared as " + name + ", only " + doubles.keySet());
    }
    return doubles.get(name);
  }

  /** Copies a result into a float array of the kernel. */
  public void set(String name, double[] result) {
    double[] array = of(name);
    if (result.length != array.length) {
      throw new IllegalArgumentException(
          "reference gives " + result.length + " values for " + name + ", needs " + array.length);
    }
    System.arraycopy(result, 0, array, 0, array.length);
  }

  /** An int array. */
  public int[] ints(String name) {
    return others.ints(name);
  }

  /** A byte array. */
  public byte[] bytes(String name) {
    return others.bytes(name);
  }

  /** A boolean array. */
  public boolean[] booleans(String name) {
    return others.booleans(name);
  }

  void put(String name, double[] array) {
    doubles.put(name, array);
  }
}
