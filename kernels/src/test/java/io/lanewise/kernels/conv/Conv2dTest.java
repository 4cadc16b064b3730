package io.lanewise.kernels.conv;

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
import io.lanewise.kernels.reference.RefConv2d;
import io.lanewise.kernels.shape.ConvShape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;

class Conv2dTest {
  private abstract static class Direction extends KernelContract<ConvShape> {
    @Override
    protected List<ConvShape> shapes() {
      return Grids.conv();
    }
  }

  private static final ConvPlan DIRECT = ConvPlan.all(ConvAlgorithm.DIRECT);

  private static double[] random(int size) {
    return new Random(size).doubles(size, -1, 1).toArray();
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "forward")
  class Forward extends Direction {
    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("input", s.inputSize());
      arrays.input("weight", s.weightSize());
      arrays.input("bias", s.biasSize()).nullable();
      arrays.output("output", s.outputSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.forward(
          s,
          DIRECT,
          Epilogue.NONE,
          v.floats("input"),
          v.floats("weight"),
          v.floats("bias"),
          v.floats("output"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("output", RefConv2d.forward(s, d.of("input"), d.of("weight"), d.of("bias")));
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.sumOf(s.patchSize() + 1);
    }
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "forwardPacked")
  class ForwardPacked extends Forward {
    @Override
    protected List<ConvShape> shapes() {
      return Grids.convPrepared();
    }

    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("input", s.inputSize());
      arrays.input("weight", s.weightSize()).unseen();
      arrays
          .input("packedWeight", Conv2d.packedWeightSize(s, DIRECT))
          .filled(
              (values, random) ->
                  Conv2d.packWeight(
                      s,
                      DIRECT,
                      values.floats("weight"),
                      values.floats("packedWeight"),
                      new Workspace(Parallel.serial()),
                      Parallel.serial()));
      arrays.input("bias", s.biasSize()).nullable();
      arrays.output("output", s.outputSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.forwardPacked(
          s,
          DIRECT,
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
  @Covers(owner = Conv2d.class, method = "backwardInput")
  class BackwardInput extends Direction {
    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("gradOutput", s.outputSize());
      arrays.input("weight", s.weightSize());
      arrays.output("gradInput", s.inputSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.backwardInput(
          s,
          DIRECT,
          v.floats("gradOutput"),
          v.floats("weight"),
          v.floats("gradInput"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("gradInput", RefConv2d.backwardInput(s, d.of("gradOutput"), d.of("weight")));
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.sumOf((long) s.window().kh() * s.window().kw() * s.oc() / s.groups());
    }

    @Override
    protected List<Gradient> gradients(ConvShape s) {
      double[] weight = random(s.weightSize());
      return List.of(
          Gradient.linear(
              "input",
              s.inputSize(),
              x -> RefConv2d.forward(s, x, weight, null),
              g -> RefConv2d.backwardInput(s, g, weight)));
    }
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "backwardInputRotated")
  class BackwardInputRotated extends BackwardInput {
    @Override
    protected List<ConvShape> shapes() {
      return Grids.convPrepared();
    }

    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("gradOutput", s.outputSize());
      arrays.input("weight", s.weightSize()).unseen();
      arrays
          .input("rotatedWeight", Conv2d.rotatedWeightSize(s, DIRECT))
          .filled(
              (values, random) ->
                  Conv2d.rotateWeight(
                      s,
                      DIRECT,
                      values.floats("weight"),
                      values.floats("rotatedWeight"),
                      new Workspace(Parallel.serial()),
                      Parallel.serial()));
      arrays.output("gradInput", s.inputSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.backwardInputRotated(
          s,
          DIRECT,
          v.floats("gradOutput"),
          v.floats("rotatedWeight"),
          v.floats("gradInput"),
          workspace,
          parallel);
    }
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "backwardWeight")
  class BackwardWeight extends Direction {
    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("gradOutput", s.outputSize());
      arrays.input("input", s.inputSize());
      arrays.added("gradWeight", s.weightSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.backwardWeight(
          s,
          DIRECT,
          v.floats("gradOutput"),
          v.floats("input"),
          v.floats("gradWeight"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("gradWeight", RefConv2d.backwardWeight(s, d.of("gradOutput"), d.of("input")));
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.sumOf(s.pixels() + 1);
    }

    @Override
    protected List<Gradient> gradients(ConvShape s) {
      double[] input = random(s.inputSize());
      return List.of(
          Gradient.linear(
              "weight",
              s.weightSize(),
              x -> RefConv2d.forward(s, input, x, null),
              g -> RefConv2d.backwardWeight(s, g, input)));
    }
  }

  @Nested
  @Covers(owner = Conv2d.class, method = "backwardBias")
  class BackwardBias extends Direction {
    @Override
    protected void declare(ConvShape s, Signature arrays) {
      arrays.input("gradOutput", s.outputSize());
      arrays.added("gradBias", s.biasSize());
    }

    @Override
    protected void run(ConvShape s, Values v, Workspace workspace, Parallel parallel) {
      Conv2d.backwardBias(s, v.floats("gradOutput"), v.floats("gradBias"), workspace, parallel);
    }

    @Override
    protected void reference(ConvShape s, Doubles d) {
      d.set("gradBias", RefConv2d.backwardBias(s, d.of("gradOutput")));
    }

    @Override
    protected Bound bound(ConvShape s, String array) {
      return Bound.sumOf(s.pixels() + 1);
    }

    @Override
    protected List<Gradient> gradients(ConvShape s) {
      double[] input = new double[s.inputSize()];
      double[] weight = new double[s.weightSize()];
      return List.of(
          Gradient.linear(
              "bias",
              s.biasSize(),
              x -> RefConv2d.forward(s, input, weight, x),
              g -> RefConv2d.backwardBias(s, g)));
    }
  }
}
