package io.lanewise.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Regularisation per parameter, and the defaults behind the names. */
class OptimizerTest {
  private static Parameter parameter(boolean regularized) {
    Parameter parameter = new Parameter("p", Shape.of(3), regularized);
    parameter.set(2, -4, 0);
    return parameter;
  }

  private static float[] afterStep(Parameter parameter, Function<List<Parameter>, Optimizer> make) {
    make.apply(List.of(parameter)).step(Parallel.serial());
    return parameter.value();
  }

  @Test
  void l2PullsWeightsButNotBiases() {
    Function<List<Parameter>, Optimizer> sgd = list -> new Sgd(list, 0.5, 0, false, 0, 0.5);
    assertArrayEquals(new float[] {1.5f, -3, 0}, afterStep(parameter(true), sgd));
    assertArrayEquals(new float[] {2, -4, 0}, afterStep(parameter(false), sgd));
    Parameter half = parameter(true).regularize(0, 0.5f);
    assertArrayEquals(new float[] {1.75f, -3.5f, 0}, afterStep(half, sgd));
  }

  @Test
  void l1PullsBySign() {
    Function<List<Parameter>, Optimizer> sgd = list -> new Sgd(list, 0.5, 0, false, 0.5, 0);
    assertArrayEquals(new float[] {1.75f, -3.75f, 0}, afterStep(parameter(true), sgd));
    assertArrayEquals(new float[] {2, -4, 0}, afterStep(parameter(false), sgd));
    Parameter twice = parameter(true).regularize(2, 0);
    assertArrayEquals(new float[] {1.5f, -3.5f, 0}, afterStep(twice, sgd));
  }

  @Test
  void adamwDecaysWeightsButNotBiases() {
    Function<List<Parameter>, Optimizer> adamw =
        list -> new OptimizerSpec("adamw", 0.5, null, null, null, 0, 0.5).create(list);
    assertArrayEquals(new float[] {1.5f, -3, 0}, afterStep(parameter(true), adamw));
    assertArrayEquals(new float[] {2, -4, 0}, afterStep(parameter(false), adamw));
  }

  @Test
  void namesHaveTheirDefaults() {
    Map<String, Function<List<Parameter>, Optimizer>> expected =
        Map.of(
            "sgd", list -> new Sgd(list, 0.01, 0, false, 0, 0.1),
            "momentum", list -> new Sgd(list, 0.01, 0.9, false, 0, 0.1),
            "nesterov", list -> new Sgd(list, 0.01, 0.9, true, 0, 0.1),
            "adagrad", list -> new Adagrad(list, 0.01, 1e-10, 0, 0.1),
            "adadelta", list -> new Adadelta(list, 1, 0.95, 1e-8, 0, 0.1),
            "rmsprop", list -> new Rmsprop(list, 0.001, 0.99, 1e-8, 0, 0, 0.1),
            "adam", list -> new Adam(list, 0.001, 0.9, 0.999, 1e-8, 0, 0.1),
            "adamw", list -> new AdamW(list, 0.001, 0.9, 0.999, 1e-8, 0, 0.1));
    assertEquals(OptimizerSpec.names(), expected.keySet().stream().sorted().toList());
    expected.forEach(
        (name, make) -> {
          OptimizerSpec spec = new OptimizerSpec(name, null, null, null, null, 0, 0.1);
          assertArrayEquals(threeSteps(make), threeSteps(spec::create), name);
        });
  }

  private static float[] threeSteps(Function<List<Parameter>, Optimizer> make) {
    Parameter parameter = parameter(true);
    Optimizer optimizer = make.apply(List.of(parameter));
    float[] tiny = {1e-6f, -3e-5f, 0.25f};
    for (int i = 0; i < 3; i++) {
      System.arraycopy(tiny, 0, parameter.grad(), 0, tiny.length);
      optimizer.step(Parallel.serial());
    }
    return parameter.value();
  }

  @Test
  void refusesWhatAnOptimizerDoesNotTake() {
    refused("sgd takes no rho", () -> new OptimizerSpec("sgd", null, null, 0.9, null, 0, 0));
    refused("adam takes no momentum", () -> new OptimizerSpec("adam", null, 0.9, null, null, 0, 0));
    refused("nesterov takes no eps", () -> new OptimizerSpec("nesterov", 1., 0., null, 1e-8, 0, 0));
    refused("unknown optimizer", () -> new OptimizerSpec("Sgd", null, null, null, null, 0, 0));
  }

  private static void refused(String part, Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
