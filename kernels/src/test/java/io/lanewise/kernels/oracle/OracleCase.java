package io.lanewise.kernels.oracle;

import java.util.Map;

/**
 * One op on one input, as PyTorch computes it.
 *
 * @param name op, shape and keys, as written
 * @param op the op
 * @param shape text of its shape
 * @param keys hyperparameters
 * @param arrays inputs and results
 */
record OracleCase(
    String name, String op, String shape, Map<String, String> keys, Map<String, double[]> arrays) {

  /** A hyperparameter; 0 if the case does not name it. */
  double key(String key) {
    return Double.parseDouble(keys.getOrDefault(key, "0"));
  }

  /** A copy of an array. */
  double[] array(String array) {
    if (!arrays.containsKey(array)) {
      throw new IllegalArgumentException(
          name + ": has no array " + array + ", only " + arrays.keySet());
    }
    return arrays.get(array).clone();
  }

  /** An array of ints. */
  int[] ints(String array) {
    double[] values = array(array);
    int[] ints = new int[values.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = (int) values[i];
    }
    return ints;
  }
}
