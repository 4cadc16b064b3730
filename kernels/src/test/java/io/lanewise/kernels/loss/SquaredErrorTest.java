package io.lanewise.kernels.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

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

class SquaredErrorTest {
  @Nested
  @Covers(owner = SquaredError.class, method = "forward")
  class Forward extends KernelContract<RowShape> {
    @Override
    protected List<RowShape> shapes() {
      return Grids.rows();
    }

    @Override
    protected void declare(RowShape s, Signature arrays) {
      arrays.input("prediction", s.size());
      arrays.input("target", s.size());
      arrays.output("losses", s.rows());
    }

    @Override
    protected void run(RowShape s, Values v, Workspace workspace, Parallel parallel) {
      SquaredError.forward(
          s, v.floats("prediction"), v.floats("target"), v.floats("losses"), parallel);
    }

    @Override
    protected void reference(RowShape s, Doubles d) {
      d.set("losses", RefLoss.squaredError(s, d.of("prediction"), d.of("target")));
    }

    /** Summed in double, rounded once. */
    @Override
    protected Bound bound(RowShape s, String array) {
      return Bound.ulps(0.51);
    }
  }

  @Nested
  @Covers(owner = SquaredError.class, method = "backward")
  class Backward extends KernelContract<RowShape> {
    @Override
    protected List<RowShape> shapes() {
      return Grids.rows();
    }

    @Override
    protected void declare(RowShape s, Signature arrays) {
      arrays.input("gradLosses", s.rows());
      arrays.input("prediction", s.size());
      arrays.input("target", s.size());
      arrays.output("gradPrediction", s.size());
    }

    @Override
    protected void run(RowShape s, Values v, Workspace workspace, Parallel parallel) {
      SquaredError.backward(
          s,
          v.floats("gradLosses"),
          v.floats("prediction"),
          v.floats("target"),
          v.floats("gradPrediction"),
          parallel);
    }

    @Override
    protected void reference(RowShape s, Doubles d) {
      d.set(
          "gradPrediction",
          RefLoss.squaredErrorBackward(s, d.of("gradLosses"), d.of("prediction"), d.of("target")));
    }

    /** Computed in double, rounded once. */
    @Override
    protected Bound bound(RowShape s, String array) {
      return Bound.ulps(0.51);
    }

    @Override
    protected List<Gradient> gradients(RowShape s) {
      double[] target = new double[s.size()];
      for (int i = 0; i < target.length; i++) {
        target[i] = i % 5 - 2;
      }
      return List.of(
          Gradient.of(
              "prediction",
              s.size(),
              x -> RefLoss.squaredError(s, x, target),
              (x, g) -> RefLoss.squaredErrorBackward(s, g, x, target)));
    }
  }

  @Test
  void hugeValuesGiveNoNaN() {
    RowShape shape = new RowShape(2, 2);
    float huge = Float.MAX_VALUE;
    float[] prediction = {huge, 1, huge, 0};
    float[] target = {-huge, 1, huge, 3};
    float[] losses = new float[2];
    float[] gradPrediction = new float[4];
    SquaredError.forward(shape, prediction, target, losses, Parallel.serial());
    assertArrayEquals(new float[] {Float.POSITIVE_INFINITY, 9}, losses);
    SquaredError.backward(
        shape, new float[] {0, 1}, prediction, target, gradPrediction, Parallel.serial());
    assertArrayEquals(new float[] {0, 0, 0, -6}, gradPrediction);
  }
}
