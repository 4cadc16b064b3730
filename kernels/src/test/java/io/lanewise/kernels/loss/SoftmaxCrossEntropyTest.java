package io.lanewise.kernels.loss;

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
import io.lanewise.kernels.reference.RefLoss;
import io.lanewise.kernels.shape.RowShape;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SoftmaxCrossEntropyTest {
  private static final float HUGE = Float.MAX_VALUE;

  record Case(RowShape shape, float smoothing) {
    static List<Case> all() {
      return Grids.rows().stream()
          .flatMap(
              shape ->
                  (shape.size() < 100 ? Stream.of(0f, 0.1f, 1f) : Stream.of(0.1f))
                      .map(smoothing -> new Case(shape, smoothing)))
          .toList();
    }

    @Override
    public String toString() {
      return shape + " smoothing " + smoothing;
    }
  }

  @Nested
  @Covers(owner = SoftmaxCrossEntropy.class, method = "forward")
  class Forward extends KernelContract<Case> {
    @Override
    protected List<Case> shapes() {
      return Case.all();
    }

    @Override
    protected String text(Case s) {
      return s.shape.toString();
    }

    @Override
    protected void declare(Case s, Signature arrays) {
      arrays.input("logits", s.shape.size()).drawn((random, i) -> 10 * random.nextGaussian());
      arrays.ints("labels", s.shape.rows(), (random, i) -> random.nextInt(s.shape.cols()));
      arrays.output("probabilities", s.shape.size());
      arrays.output("losses", s.shape.rows());
    }

    @Override
    protected void run(Case s, Values v, Workspace workspace, Parallel parallel) {
      SoftmaxCrossEntropy.forward(
          s.shape,
          s.smoothing,
          v.floats("logits"),
          v.ints("labels"),
          v.floats("probabilities"),
          v.floats("losses"),
          parallel);
    }

    @Override
    protected void reference(Case s, Doubles d) {
      d.set("probabilities", RefLoss.softmax(s.shape, d.of("logits")));
      d.set("losses", RefLoss.crossEntropy(s.shape, s.smoothing, d.of("logits"), d.ints("labels")));
    }

    /**
     * The difference d of a logit and the largest is rounded before its exponential is taken, which
     * adds up to 1.1 ulp: |d| + 3 roundings, with |d| below 100 here, and one of the product. The
     * sum is off by less, as |d| * e^d is below 0.4.
     */
    @Override
    protected Bound bound(Case s, String array) {
      return array.equals("losses")
          ? Bound.ulps(0.51).plus(Bound.absolute(4 * Bound.ROUNDING))
          : (expected, magnitude) -> 108 * Bound.ROUNDING * expected + Float.MIN_NORMAL;
    }

    @Override
    protected boolean isExactOnIntegers(Case s) {
      return false;
    }
  }

  @Nested
  @Covers(owner = SoftmaxCrossEntropy.class, method = "backward")
  class Backward extends KernelContract<Case> {
    @Override
    protected List<Case> shapes() {
      return Case.all();
    }

    @Override
    protected String text(Case s) {
      return s.shape.toString();
    }

    @Override
    protected void declare(Case s, Signature arrays) {
      arrays.input("gradLosses", s.shape.rows());
      arrays.ints("labels", s.shape.rows(), (random, i) -> random.nextInt(s.shape.cols()));
      arrays.input("probabilities", s.shape.size()).between(0, 1);
      arrays.output("gradLogits", s.shape.size());
    }

    @Override
    protected void run(Case s, Values v, Workspace workspace, Parallel parallel) {
      SoftmaxCrossEntropy.backward(
          s.shape,
          s.smoothing,
          v.floats("gradLosses"),
          v.ints("labels"),
          v.floats("probabilities"),
          v.floats("gradLogits"),
          parallel);
    }

    @Override
    protected void reference(Case s, Doubles d) {
      d.set(
          "gradLogits",
          RefLoss.crossEntropyBackward(
              s.shape, s.smoothing, d.of("gradLosses"), d.ints("labels"), d.of("probabilities")));
    }

    /** Target, difference and product are rounded, all of numbers below 1 times the gradient. */
    @Override
    protected double[] bounds(Case s, String array, Doubles d, double[] magnitudes) {
      double[] bounds = new double[s.shape.size()];
      for (int i = 0; i < bounds.length; i++) {
        bounds[i] = 4 * Bound.ROUNDING * Math.abs(d.of("gradLosses")[i / s.shape.cols()]);
      }
      return bounds;
    }

    @Override
    protected Bound bound(Case s, String array) {
      throw new AssertionError("bounds are given value by value");
    }

    @Override
    protected boolean isExactOnIntegers(Case s) {
      return false;
    }

    @Override
    protected List<Gradient> gradients(Case s) {
      int[] labels = new int[s.shape.rows()];
      for (int r = 0; r < labels.length; r++) {
        labels[r] = r % s.shape.cols();
      }
      return List.of(
          Gradient.of(
              "logits",
              s.shape.size(),
              x -> RefLoss.crossEntropy(s.shape, s.smoothing, x, labels),
              (x, g) ->
                  RefLoss.crossEntropyBackward(
                      s.shape, s.smoothing, g, labels, RefLoss.softmax(s.shape, x))));
    }
  }

  @Test
  void hugeLogitsGiveNoNaN() {
    RowShape shape = new RowShape(4, 3);
    float[] logits = {HUGE, HUGE, HUGE, -HUGE, -HUGE, -HUGE, HUGE, -HUGE, 0, -HUGE, HUGE, HUGE};
    int[] labels = {0, 1, 0, 0};
    float[] probabilities = new float[12];
    float[] losses = new float[4];
    float[] gradLogits = new float[12];
    float log2 = (float) Math.log(2);
    float log3 = (float) Math.log(3);
    float third = 1 / 3f;
    float inf = Float.POSITIVE_INFINITY;

    SoftmaxCrossEntropy.forward(shape, 0, logits, labels, probabilities, losses, Parallel.serial());
    assertArrayEquals(new float[] {log3, log3, 0, inf}, losses);
    assertArrayEquals(
        new float[] {third, third, third, third, third, third, 1, 0, 0, 0, .5f, .5f},
        probabilities);
    SoftmaxCrossEntropy.backward(
        shape, 0, new float[] {1, 1, 1, 1}, labels, probabilities, gradLogits, Parallel.serial());
    assertArrayEquals(
        new float[] {third - 1, third, third, third, third - 1, third, 0, 0, 0, -1, .5f, .5f},
        gradLogits);

    float[] moderate = {0, 1e30f, 1e30f};
    SoftmaxCrossEntropy.forward(
        new RowShape(1, 3), 1, moderate, new int[] {1}, probabilities, losses, Parallel.serial());
    assertEquals((float) (log2 + 1e30 / 3), losses[0]);
  }

  /** Scores whose softmax is the target have the least loss, and all others more. */
  @Test
  void smoothedLabelsLeaveALoss() {
    RowShape shape = new RowShape(2, 4);
    float smoothing = 0.2f;
    float log = (float) Math.log(0.85 / 0.05);
    float[] logits = {log, 0, 0, 0, log + 0.1f, 0, 0, 0};
    float[] losses = new float[2];
    int[] labels = {0, 0};
    SoftmaxCrossEntropy.forward(
        shape, smoothing, logits, labels, new float[8], losses, Parallel.serial());
    double least = SoftmaxCrossEntropy.leastLoss(shape, smoothing);
    assertEquals(losses[0], least, 1e-6);
    assertTrue(losses[1] > least + 1e-4);
    assertEquals(0, SoftmaxCrossEntropy.leastLoss(shape, 0));
    assertEquals(0, SoftmaxCrossEntropy.leastLoss(new RowShape(1, 1), 0.1f));
    assertEquals(Math.log(4), SoftmaxCrossEntropy.leastLoss(shape, 1), 1e-12);
  }

  @Test
  void outputsMayBeInputs() {
    RowShape shape = new RowShape(2, 3);
    float[] logits = {1, 2, 3, 0, -1, 5};
    int[] labels = {2, 0};
    float[] probabilities = new float[6];
    float[] losses = new float[2];
    float[] gradLogits = new float[6];
    float[] inPlace = logits.clone();
    Parallel serial = Parallel.serial();
    SoftmaxCrossEntropy.forward(shape, 0.1f, logits, labels, probabilities, losses, serial);
    SoftmaxCrossEntropy.backward(shape, 0.1f, losses, labels, probabilities, gradLogits, serial);
    SoftmaxCrossEntropy.forward(shape, 0.1f, inPlace, labels, inPlace, losses, serial);
    assertArrayEquals(probabilities, inPlace);
    SoftmaxCrossEntropy.backward(shape, 0.1f, losses, labels, inPlace, inPlace, serial);
    assertArrayEquals(gradLogits, inPlace);
  }

  @Test
  void refusesWrongLabels() {
    RowShape shape = new RowShape(3, 10);
    float[] untouched = new float[30];
    for (int wrong : new int[] {-1, 10, Integer.MAX_VALUE}) {
      int[] labels = {0, 9, wrong};
      String message =
          "rows3cols10: the label of row 2 is " + wrong + ", needs a class from 0 to cols - 1 = 9";
      assertEquals(
          message,
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      SoftmaxCrossEntropy.forward(
                          shape, 0, new float[30], labels, untouched, untouched, Parallel.serial()))
              .getMessage());
      assertEquals(
          message,
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      SoftmaxCrossEntropy.backward(
                          shape,
                          0,
                          new float[3],
                          labels,
                          new float[30],
                          untouched,
                          Parallel.serial()))
              .getMessage());
    }
    assertArrayEquals(new float[30], untouched);
  }

  @Test
  void refusesWrongSmoothing() {
    RowShape shape = new RowShape(1, 2);
    for (float wrong : new float[] {-0.1f, 1.5f, Float.NaN}) {
      assertEquals(
          "rows1cols2: label smoothing is " + wrong + ", needs 0 to 1",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      SoftmaxCrossEntropy.forward(
                          shape,
                          wrong,
                          new float[2],
                          new int[1],
                          new float[2],
                          new float[1],
                          Parallel.serial()))
              .getMessage());
    }
  }
}
