package io.lanewise.kernels.linear;

import io.lanewise.kernels.contract.Bound;
import io.lanewise.kernels.contract.Covers;
import io.lanewise.kernels.contract.Doubles;
import io.lanewise.kernels.contract.Gradient;
import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.contract.KernelContract;
import io.lanewise.kernels.contract.Signature;
import io.lanewise.kernels.contract.Values;
import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.reference.RefLinear;
import io.lanewise.kernels.shape.GemmShape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;

class LinearTest {
  private abstract static class Direction extends KernelContract<GemmShape> {
    @Override
    protected List<GemmShape> shapes() {
      return Grids.linear();
    }
  }

  private static double[] random(int size) {
    return new Random(size).doubles(size, -1, 1).toArray();
  }

  @Nested
  @Covers(owner = Linear.class, method = "forward")
  class Forward extends Direction {
    @Override
    protected void declare(GemmShape s, Signature arrays) {
      arrays.input("input", s.aSize());
      arrays.input("weight", s.bSize());
      arrays.input("bias", s.n()).nullable();
      arrays.output("output", s.cSize());
    }

    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Linear.forward(
          s,
          v.floats("input"),
          v.floats("weight"),
          v.floats("bias"),
          v.floats("output"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      d.set("output", RefLinear.forward(s, d.of("input"), d.of("weight"), d.of("bias")));
    }

    @Override
    protected Bound bound(GemmShape s, String array) {
      return Bound.sumOf(s.k() + 1);
    }
  }

  @Nested
  @Covers(owner = Linear.class, method = "forwardPacked")
  class ForwardPacked extends Forward {
    @Override
    protected void declare(GemmShape s, Signature arrays) {
      arrays.input("input", s.aSize());
      arrays.input("weight", s.bSize()).unseen();
      arrays
          .input("packedWeight", Linear.packedWeightSize(s))
          .filled(
              (values, random) ->
                  Linear.packWeight(
                      s,
                      values.floats("weight"),
                      values.floats("packedWeight"),
                      Parallel.serial()));
      arrays.input("bias", s.n()).nullable();
      arrays.output("output", s.cSize());
    }

    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Linear.forwardPacked(
          s,
          Epilogue.NONE,
          v.floats("input"),
          v.floats("packedWeight"),
          v.floats("bias"),
          v.floats("output"),
          workspace,
          parallel);
    }
  }

  @Nested
  @Covers(owner = Linear.class, method = "backwardInput")
  class BackwardInput extends Direction {
    @Override
    protected void declare(GemmShape s, Signature arrays) {
      arrays.input("gradOutput", s.cSize());
      arrays.input("weight", s.bSize());
      arrays.output("gradInput", s.aSize());
    }

    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Linear.backwardInput(
          s,
          v.floats("gradOutput"),
          v.floats("weight"),
          v.floats("gradInput"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      d.set("gradInput", RefLinear.backwardInput(s, d.of("gradOutput"), d.of("weight")));
    }

    @Override
    protected Bound bound(GemmShape s, String array) {
      return Bound.sumOf(s.n());
    }

    @Override
    protected List<Gradient> gradients(GemmShape s) {
      double[] weight = random(s.bSize());
      return List.of(
          Gradient.linear(
              "input",
              s.aSize(),
              x -> RefLinear.forward(s, x, weight, null),
              g -> RefLinear.backwardInput(s, g, weight)));
    }
  }

  @Nested
  @Covers(owner = Linear.class, method = "backwardInputTransposed")
  class BackwardInputTransposed extends BackwardInput {
    @Override
    protected void declare(GemmShape s, Signature arrays) {
      arrays.input("gradOutput", s.cSize());
      arrays.input("weight", s.bSize()).unseen();
      arrays
          .input("transposedWeight", Linear.transposedWeightSize(s))
          .filled(
              (values, random) ->
                  Linear.transposeWeight(
                      s,
                      values.floats("weight"),
                      values.floats("transposedWeight"),
                      Parallel.serial()));
      arrays.output("gradInput", s.aSize());
    }

    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Linear.backwardInputTransposed(
          s,
          v.floats("gradOutput"),
          v.floats("transposedWeight"),
          v.floats("gradInput"),
          workspace,
          parallel);
    }
  }

  @Nested
  @Covers(owner = Linear.class, method = "backwardWeight")
  class BackwardWeight extends Direction {
    @Override
    protected void declare(GemmShape s, Signature arrays) {
      arrays.input("gradOutput", s.cSize());
      arrays.input("input", s.aSize());
      arrays.added("gradWeight", s.bSize());
    }

    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Linear.backwardWeight(
          s,
          v.floats("gradOutput"),
          v.floats("input"),
          v.floats("gradWeight"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      d.set("gradWeight", RefLinear.backwardWeight(s, d.of("gradOutput"), d.of("input")));
    }

    @Override
    protected Bound bound(GemmShape s, String array) {
      return Bound.sumOf(s.m() + 1);
    }

    @Override
    protected List<Gradient> gradients(GemmShape s) {
      double[] input = random(s.aSize());
      return List.of(
          Gradient.linear(
              "weight",
              s.bSize(),
              x -> RefLinear.forward(s, input, x, null),
              g -> RefLinear.backwardWeight(s, g, input)));
    }
  }

  @Nested
  @Covers(owner = Linear.class, method = "backwardBias")
  class BackwardBias extends Direction {
    @Override
    protected void declare(GemmShape s, Signature arrays) {
      arrays.input("gradOutput", s.cSize());
      arrays.added("gradBias", s.n());
    }

    @Override
    protected void run(GemmShape s, Values v, Workspace workspace, Parallel parallel) {
      Linear.backwardBias(s, v.floats("gradOutput"), v.floats("gradBias"), workspace, parallel);
    }

    @Override
    protected void reference(GemmShape s, Doubles d) {
      d.set("gradBias", RefLinear.backwardBias(s, d.of("gradOutput")));
    }

    @Override
    protected Bound bound(GemmShape s, String array) {
      return Bound.sumOf(s.m() + 1);
    }

    @Override
    protected List<Gradient> gradients(GemmShape s) {
      double[] input = new double[s.aSize()];
      double[] weight = new double[s.bSize()];
      return List.of(
          Gradient.linear(
              "bias",
              s.n(),
              x -> RefLinear.forward(s, input, weight, x),
              g -> RefLinear.backwardBias(s, g)));
    }
  }
}
