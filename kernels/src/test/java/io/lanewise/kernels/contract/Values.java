package io.lanewise.kernels.contract;

import java.lang.reflect.Array;
import java.util.LinkedHashMap;
import java.util.Map;

/** The arrays of one kernel call, by parameter name. */
public final class Values {
  private final Map<String, Object> arrays = new LinkedHashMap<>();

  Values() {}

  /** A float array. */
  public float[] floats(String name) {
    return (float[]) array(name);
  }

  /** An int array. */
  public int[] ints(String name) {
    return (int[]) array(name);
  }

  /** A byte array. */
  public byte[] bytes(String name) {
    return (byte[]) array(name);
  }

  /** A boolean array. */
  public boolean[] booleans(String name) {
    return (boolean[]) array(name);
  }

  Object array(String name) {
    if (!arrays.containsKey(name)) {
      throw new IllegalArgumentException(
          "no array is declared as " + name + ", only " + arrays.keySet());
    }
    return arrays.get(name);
  }

  void put(String name, Object array) {
    arrays.put(name, array);
  }

  /** These values in arrays of their own. */
  Values copy() {
    Values copy = new Values();
    arrays.forEach((name, array) -> copy.put(name, resized(array, length(array))));
    return copy;
  }

  static int length(Object array) {
    return array == null ? 0 : Array.getLength(array);
  }

  /** A copy cut off, or with zeros behind it. */
  static Object resized(Object array, int length) {
    if (array == null) {
      return null;
    }
    Object copy = Array.newInstance(array.getClass().getComponentType(), length);
    System.arraycopy(array, 0, copy, 0, Math.min(length, Array.getLength(array)));
    return copy;
  }

  /** A value's bits, so that NaN equals NaN and -0 differs from 0. */
  static long bits(Object array, int at) {
    if (array instanceof float[] floats) {
      return Float.floatToRawIntBits(floats[at]);
    }
    if (array instanceof int[] ints) {
      return ints[at];
    }
    if (array instanceof byte[] bytes) {
      return bytes[at];
    }
    return ((boolean[]) array)[at] ? 1 : 0;
  }
}
