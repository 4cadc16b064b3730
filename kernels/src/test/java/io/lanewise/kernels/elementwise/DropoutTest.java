package io.lanewise.kernels.elementwise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefElementwise;
import io.lanewise.kernels.shape.RowShape;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropout: the kernel contract of both directions, and the statistics of the mask. */
class DropoutTest {
  /** Six standard deviations: one false alarm in 5e8 for each number tested. */
  private static final double SIGMAS = 6;

  /** A shape and what else makes the mask. */
  record Case(RowShape shape, float rate, long seed, long firstRow) {
    @Override
    public String toString() {
      return shape + " at rate " + rate;
    }
  }

  private abstract static class Contract extends KernelContract<Case> {
    @Override
    protected List<Case> shapes() {
      return Grids.rows().stream()
          .flatMap(
              shape ->
                  Stream.of(
                      new Case(shape, 0.5f, 42, 0),
                      new Case(shape, 0.3f, -7, 1L << 40),
                      new Case(shape, 0, 1, 1)))
          .filter(c -> Grids.full() || c.shape().size() < 65536 || c.rate() == 0.3f)
          .toList();
    }

    /** The roundings of 1 - rate, of its reciprocal and of the product. */
    @Override
    protected Bound bound(Case c, String array) {
      return (expected, magnitude) -> 0x3.1p-24 * Math.abs(expected);
    }

    @Override
    protected boolean isExactOnIntegers(Case c) {
      return c.rate() == 0 || c.rate() == 0.5f;
    }

    @Override
    protected String text(Case c) {
      return c.shape().toString();
    }

    static double[] reference(Case c, double[] input) {
      return RefElementwise.dropout(
          c.shape().rows(), c.shape().cols(), c.rate(), c.seed(), c.firstRow(), input);
    }
  }

  @Nested
  @Covers(owner = Dropout.class, method = "forward")
  class Forward extends Contract {
    @Override
    protected void declare(Case c, Signature arrays) {
      arrays.input("input", c.shape().size());
      arrays.output("output", c.shape().size());
    }

    @Override
    protected void run(Case c, Values v, Workspace workspace, Parallel parallel) {
      float[] input = v.floats("input");
      float[] output = v.floats("output");
      Dropout.forward(c.shape(), c.rate(), c.seed(), c.firstRow(), input, output, parallel);
    }

    @Override
    protected void reference(Case c, Doubles d) {
      d.set("output", reference(c, d.of("input")));
    }
  }

  @Nested
  @Covers(owner = Dropout.class, method = "backward")
  class Backward extends Contract {
    @Override
    protected void declare(Case c, Signature arrays) {
      arrays.input("gradOutput", c.shape().size());
      arrays.output("gradInput", c.shape().size());
    }

    @Override
    protected void run(Case c, Values v, Workspace workspace, Parallel parallel) {
      float[] gradOutput = v.floats("gradOutput");
      float[] gradInput = v.floats("gradInput");
      Dropout.backward(
          c.shape(), c.rate(), c.seed(), c.firstRow(), gradOutput, gradInput, parallel);
    }

    @Override
    protected void reference(Case c, Doubles d) {
      d.set("gradInput", reference(c, d.of("gradOutput")));
    }

    @Override
    protected List<Gradient> gradients(Case c) {
      return List.of(
          Gradient.linear("input", c.shape().size(), x -> reference(c, x), g -> reference(c, g)));
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {0.05f, 0.25f, 0.5f, 0.9f})
  void keepsAtTheRate(float rate) {
    int rows = 500;
    int cols = 1000;
    boolean[] mask = mask(new RowShape(rows, cols), rate, 11, 0);
    assertBinomial(count(mask), mask.length, 1 - rate);
    double rowSpread = 0;
    double colSpread = 0;
    for (int row = 0; row < rows; row++) {
      boolean[] kept = Arrays.copyOfRange(mask, row * cols, (row + 1) * cols);
      rowSpread += squaredDeviation(count(kept), cols, 1 - rate);
    }
    for (int col = 0; col < cols; col++) {
      int kept = 0;
      for (int row = 0; row < rows; row++) {
        kept += mask[row * cols + col] ? 1 : 0;
      }
      colSpread += squaredDeviation(kept, rows, 1 - rate);
    }
    assertEquals(rows, rowSpread, SIGMAS * Math.sqrt(2 * rows));
    assertEquals(cols, colSpread, SIGMAS * Math.sqrt(2 * cols));
  }

  @Test
  void rowsColumnsAndSeedsAreUnrelated() {
    int rows = 200;
    int cols = 1000;
    RowShape shape = new RowShape(rows, cols);
    boolean[] mask = mask(shape, 0.5f, 3, 0);
    for (int lag : new int[] {1, 2, 16, cols - 1, cols, cols + 1, 2 * cols, 64 * cols}) {
      boolean[] lagged = Arrays.copyOfRange(mask, lag, mask.length);
      assertBinomial(agreements(mask, lagged), lagged.length, 0.5);
    }
    for (long seed : new long[] {2, 4, -3, 3L << 32, Long.MIN_VALUE + 3}) {
      assertBinomial(agreements(mask, mask(shape, 0.5f, seed, 0)), mask.length, 0.5);
    }
  }

  @Test
  void slicesOfABatchHaveItsMask() {
    int cols = 37;
    boolean[] whole = mask(new RowShape(9, cols), 0.4f, 5, 100);
    boolean[] slice = mask(new RowShape(4, cols), 0.4f, 5, 103);
    assertArrayEquals(Arrays.copyOfRange(whole, 3 * cols, 7 * cols), slice);
  }

  @Test
  void droppedNanIsZero() {
    float[] input = new float[100];
    Arrays.fill(input, Float.NaN);
    float[] output = new float[100];
    Dropout.forward(new RowShape(1, 100), 0.5f, 1, 0, input, output, Parallel.serial());
    for (float value : output) {
      assertTrue(Float.isNaN(value) || value == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1, 2, Float.NaN})
  void refusesRate(float rate) {
    RowShape shape = new RowShape(1, 1);
    float[] array = new float[1];
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Dropout.forward(shape, rate, 1, 0, array, array, Parallel.serial()));
    assertEquals("rows1cols1: rate is " + rate + ", needs 0 <= rate < 1", refused.getMessage());
  }

  private static boolean[] mask(RowShape shape, float rate, long seed, long firstRow) {
    float[] ones = new float[shape.size()];
    Arrays.fill(ones, 1);
    float[] output = new float[shape.size()];
    Dropout.forward(shape, rate, seed, firstRow, ones, output, Parallel.serial());
    boolean[] mask = new boolean[output.length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = output[i] != 0;
    }
    return mask;
  }

  private static int count(boolean[] mask) {
    int count = 0;
    for (boolean kept : mask) {
      count += kept ? 1 : 0;
    }
    return count;
  }

  private static int agreements(boolean[] a, boolean[] b) {
    int count = 0;
    for (int i = 0; i < Math.min(a.length, b.length); i++) {
      count += a[i] == b[i] ? 1 : 0;
    }
    return count;
  }

  /** The square of the deviation of a binomial count, in standard deviations. */
  private static double squaredDeviation(int count, int of, double probability) {
    double deviation = count - of * probability;
    return deviation * deviation / (of * probability * (1 - probability));
  }

  private static void assertBinomial(int count, int of, double probability) {
    double deviation = Math.sqrt(of * probability * (1 - probability));
    assertEquals(of * probability, count, SIGMAS * deviation);
  }
}
