package io.lanewise.kernels.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class HingeTest {
  private static final float MARGIN = 1;
  private static final float HUGE = Float.MAX_VALUE;

  @Nested
  @Covers(owner = Hinge.class, method = "forward")
  class Forward extends KernelContract<RowShape> {
    @Override
    protected List<RowShape> shapes() {
      return Grids.rows();
    }

    @Override
    protected void declare(RowShape s, Signature arrays) {
      arrays.input("scores", s.size());
      arrays.ints("labels", s.rows(), (random, i) -> random.nextInt(s.cols()));
      arrays.output("losses", s.rows());
    }

    @Override
    protected void run(RowShape s, Values v, Workspace workspace, Parallel parallel) {
      Hinge.forward(s, MARGIN, v.floats("scores"), v.ints("labels"), v.floats("losses"), parallel);
    }

    @Override
    protected void reference(RowShape s, Doubles d) {
      d.set("losses", RefLoss.hinge(s, MARGIN, d.of("scores"), d.ints("labels")));
    }

    /** Summed in double, rounded once. */
    @Override
    protected Bound bound(RowShape s, String array) {
      return Bound.ulps(0.51);
    }
  }

  @Nested
  @Covers(owner = Hinge.class, method = "backward")
  class Backward extends KernelContract<RowShape> {
    @Override
    protected List<RowShape> shapes() {
      return Grids.rows();
    }

    @Override
    protected void declare(RowShape s, Signature arrays) {
      arrays.input("gradLosses", s.rows());
      arrays.input("scores", s.size());
      arrays.ints("labels", s.rows(), (random, i) -> random.nextInt(s.cols()));
      arrays.output("gradScores", s.size());
    }

    @Override
    protected void run(RowShape s, Values v, Workspace workspace, Parallel parallel) {
      Hinge.backward(
          s,
          MARGIN,
          v.floats("gradLosses"),
          v.floats("scores"),
          v.ints("labels"),
          v.floats("gradScores"),
          parallel);
    }

    @Override
    protected void reference(RowShape s, Doubles d) {
      d.set(
          "gradScores",
          RefLoss.hingeBackward(s, MARGIN, d.of("gradLosses"), d.of("scores"), d.ints("labels")));
    }

    /** A count times the gradient, rounded once. */
    @Override
    protected Bound bound(RowShape s, String array) {
      return Bound.ulps(0.51);
    }

    @Override
    protected List<Gradient> gradients(RowShape s) {
      int[] labels = new int[s.rows()];
      for (int r = 0; r < labels.length; r++) {
        labels[r] = r % s.cols();
      }
      return List.of(
          Gradient.of(
              "scores",
              s.size(),
              x -> RefLoss.hinge(s, MARGIN, x, labels),
              (x, g) -> RefLoss.hingeBackward(s, MARGIN, g, x, labels)));
    }
  }

  @Test
  void hugeScoresGiveNoNaN() {
    RowShape shape = new RowShape(3, 2);
    float[] scores = {HUGE, -HUGE, HUGE, -HUGE, HUGE, HUGE};
    int[] labels = {0, 1, 0};
    float[] losses = new float[3];
    float[] gradScores = new float[6];
    Hinge.forward(shape, 1, scores, labels, losses, Parallel.serial());
    assertArrayEquals(new float[] {0, Float.POSITIVE_INFINITY, 1}, losses);
    Hinge.backward(shape, 1, new float[] {2, 3, 5}, scores, labels, gradScores, Parallel.serial());
    assertArrayEquals(new float[] {0, 0, 3, -3, -5, 5}, gradScores);
  }

  @Test
  void refusesWrongLabels() {
    RowShape shape = new RowShape(2, 3);
    float[] untouched = new float[6];
    int[] labels = {1, 3};
    String message = "rows2cols3: the label of row 1 is 3, needs a class from 0 to cols - 1 = 2";
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () -> Hinge.forward(shape, 1, new float[6], labels, untouched, Parallel.serial()))
            .getMessage());
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Hinge.backward(
                        shape, 1, new float[2], new float[6], labels, untouched, Parallel.serial()))
            .getMessage());
    assertArrayEquals(new float[6], untouched);
  }
}
