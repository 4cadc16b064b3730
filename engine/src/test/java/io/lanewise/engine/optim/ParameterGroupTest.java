package io.lanewise.engine.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.engine.schedule.Schedule;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.util.List;
import org.junit.jupiter.api.Test;

class ParameterGroupTest {
  private final Parameter weight = parameter("weight", true);
  private final Parameter bias = parameter("bias", false);

  private static Parameter parameter(String name, boolean regularized) {
    Parameter parameter = new Parameter(name, Shape.of(1), regularized);
    parameter.set(1);
    parameter.grad()[0] = 1;
    return parameter;
  }

  private void steps(int count, ParameterGroup... groups) {
    Sgd sgd = new Sgd(List.of(weight, bias), 0.25, 0, false, 0, 0.5);
    sgd.groups(List.of(groups));
    sgd.plannedSteps(4);
    for (int i = 0; i < count; i++) {
      sgd.step(Parallel.serial());
    }
  }

  private void assertValues(double weightValue, double biasValue) {
    assertArrayEquals(new float[] {(float) weightValue}, weight.value());
    assertArrayEquals(new float[] {(float) biasValue}, bias.value());
  }

  private static ParameterGroup biases() {
    return ParameterGroup.of("biases", p -> p.name().equals("bias"));
  }

  @Test
  void ratesHaveFactors() {
    steps(1, biases().rateFactor(2));
    assertValues(1 - 0.25 * 1.5, 1 - 0.5);
  }

  @Test
  void factorsFollowSchedules() {
    steps(2, biases().rateFactor(Schedule.linear(0)));
    assertEquals(1 - 0.25 - 0.25 * 0.75, bias.value()[0], 1e-7);
  }

  @Test
  void decayIsTheGroups() {
    steps(1, biases().decay(1));
    assertValues(1 - 0.25 * 1.5, 1 - 0.25 * 2);
  }

  @Test
  void frozenParametersStayWholly() {
    steps(4, biases().frozenUntil(3));
    assertEquals(0.75, bias.value()[0]);
    bias.set(1);
    steps(4, biases().frozenFrom(1));
    assertEquals(0.75, bias.value()[0]);
  }

  @Test
  void theFirstGroupCounts() {
    steps(1, biases().frozenFrom(0), ParameterGroup.of("all", p -> true).rateFactor(0));
    assertValues(1, 1);
  }

  @Test
  void groupsHaveMembers() {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> steps(1, ParameterGroup.of("scales", p -> p.name().equals("scale"))));
    assertEquals(
        "parameter group scales has no member among [weight [1], bias [1]]", e.getMessage());
  }

  @Test
  void clippingCutsValuesAndThenTheNorm() {
    weight.grad()[0] = -3;
    bias.grad()[0] = 8;
    List<Parameter> all = List.of(weight, bias);
    GradientClip.NONE.apply(all);
    assertEquals(8, bias.grad()[0]);
    new GradientClip(0, 4).apply(all);
    assertEquals(-3, weight.grad()[0]);
    assertEquals(4, bias.grad()[0]);
    new GradientClip(10, 0).apply(all);
    assertEquals(5, GradientClip.normOf(all));
    new GradientClip(2.5, 0).apply(all);
    assertEquals(-1.5f, weight.grad()[0]);
    assertEquals(2, bias.grad()[0]);
    assertThrows(IllegalArgumentException.class, () -> new GradientClip(-1, 0));
  }
}
