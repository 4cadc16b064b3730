package io.lanewise.kernels.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.Sizes;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Proves of each check of {@link KernelContract} that it fails for a kernel broken that way. */
class KernelContractTest {
  private static final List<Function<Toy, Stream<DynamicTest>>> CHECKS =
      List.of(
          KernelContract::exactOnIntegers,
          KernelContract::withinErrorBound,
          KernelContract::overwritesEveryOutput,
          KernelContract::staysInBounds,
          KernelContract::leavesInputsAlone,
          KernelContract::acceptsLongerSlots,
          KernelContract::sameBitsForAnyThreadCount,
          KernelContract::givesScratchBack,
          KernelContract::rejectsWrongSizes,
          KernelContract::adjointOrGradient,
          KernelContract::keepsNaN);

  private enum Fault {
    OFF_BY_ONE,
    OFF_BY_LITTLE,
    NOT_A_NUMBER,
    IGNORES_BIAS,
    IGNORES_ADDED,
    DOUBLES_ADDED,
    WRONG_INDEX,
    READS_OUTPUT,
    SKIPS_OUTPUT,
    READS_SCRATCH,
    WRITES_BEHIND,
    WRITES_BEHIND_INPUT,
    WRITES_INPUT,
    USES_LENGTH,
    DEPENDS_ON_THREADS,
    KEEPS_SCRATCH,
    CHECKS_NOTHING,
    CHECKS_WITH_WRONG_NAME,
    CHECKS_LATE,
    REJECTS_NULLABLE,
    WRONG_GRADIENT,
    WRONG_ADJOINT,
    NO_GRADIENT,
    LOSES_NAN
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        arguments(Fault.OFF_BY_ONE, 0, "needs"),
        arguments(Fault.OFF_BY_ONE, 1, "times that"),
        arguments(Fault.OFF_BY_LITTLE, 0, "needs"),
        arguments(Fault.OFF_BY_LITTLE, 1, "times that"),
        arguments(Fault.NOT_A_NUMBER, 1, "output[0] is NaN"),
        arguments(Fault.IGNORES_BIAS, 1, "output["),
        arguments(Fault.IGNORES_ADDED, 0, "gradWeight[0] is"),
        arguments(Fault.IGNORES_ADDED, 1, "gradWeight["),
        arguments(Fault.DOUBLES_ADDED, 1, "gradWeight["),
        arguments(Fault.WRONG_INDEX, 0, "argmax[0] differs from the reference"),
        arguments(Fault.READS_OUTPUT, 2, "output[0] depends on old contents"),
        arguments(Fault.SKIPS_OUTPUT, 2, "depends on old contents"),
        arguments(Fault.READS_SCRATCH, 2, "depends on old contents"),
        arguments(Fault.WRITES_BEHIND, 3, "output[5] was written behind its end"),
        arguments(Fault.WRITES_BEHIND_INPUT, 3, "input[5] was written behind its end"),
        arguments(Fault.WRITES_INPUT, 4, "input[0] is an input, but was written"),
        arguments(Fault.USES_LENGTH, 5, "differs when arrays are longer"),
        arguments(Fault.DEPENDS_ON_THREADS, 6, "on 2 threads than on 1"),
        arguments(Fault.KEEPS_SCRATCH, 7, "did not give back"),
        arguments(Fault.CHECKS_NOTHING, 8, "input holds 0 : gives java.lang.ArrayIndex"),
        arguments(Fault.CHECKS_WITH_WRONG_NAME, 8, "does not say 'input holds 0 '"),
        arguments(Fault.CHECKS_LATE, 8, "was written before argmax was refused"),
        arguments(Fault.REJECTS_NULLABLE, 0, "bias is null"),
        arguments(Fault.WRONG_GRADIENT, 9, "central differences give"),
        arguments(Fault.WRONG_ADJOINT, 9, "<f(x),g> = "),
        arguments(Fault.NO_GRADIENT, 9, "has to override gradients"),
        arguments(Fault.LOSES_NAN, 10, "needs NaN, since one is in input"),
        arguments(Fault.LOSES_NAN, 10, "needs NaN, since one is in bias"));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void everyFaultIsListed(Fault fault) {
    assertTrue(faults().anyMatch(arguments -> arguments.get()[0] == fault));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void findsTheFault(Fault fault, int check, String message) {
    Toy toy = fault == Fault.NO_GRADIENT ? new ToyBackward(fault) : new Toy(fault);
    List<String> failures = failures(CHECKS.get(check).apply(toy));
    assertTrue(
        failures.stream().anyMatch(failure -> failure.contains(message)),
        fault + " gives " + failures);
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"OFF_BY_LITTLE", "WRITES_BEHIND", "KEEPS_SCRATCH", "DEPENDS_ON_THREADS"})
  void findsNothingElse(Fault fault) {
    for (int check = 0; check < CHECKS.size(); check++) {
      int at = check;
      boolean expected = faults().anyMatch(a -> a.get()[0] == fault && (int) a.get()[1] == at);
      assertEquals(
          expected, !failures(CHECKS.get(check).apply(new Toy(fault))).isEmpty(), "check " + check);
    }
  }

  private static List<String> failures(Stream<DynamicTest> tests) {
    return tests
        .map(
            test -> {
              try {
                test.getExecutable().execute();
                return "";
              } catch (Throwable t) {
                return String.valueOf(t.getMessage());
              }
            })
        .filter(failure -> !failure.isEmpty())
        .toList();
  }

  /** Without a fault the contract holds. */
  @Nested
  class Sound extends Toy {
    Sound() {
      super(null);
    }
  }

  @Covers(owner = KernelContractTest.class, method = "backward")
  private static final class ToyBackward extends Toy {
    ToyBackward(Fault fault) {
      super(fault);
    }
  }

  /** output = 2*input + bias, gradWeight += 3*input, argmax = index of the larger neighbour. */
  private static class Toy extends KernelContract<FlatShape> {
    private final Fault fault;

    Toy(Fault fault) {
      this.fault = fault;
    }

    @Override
    protected List<FlatShape> shapes() {
      return List.of(new FlatShape(1), new FlatShape(5), new FlatShape(300));
    }

    @Override
    protected void declare(FlatShape s, Signature arrays) {
      arrays.input("input", s.size());
      arrays.input("bias", s.size()).nullable();
      arrays.ints("labels", s.size(), (random, i) -> random.nextInt(10));
      arrays.output("output", s.size());
      arrays.added("gradWeight", s.size());
      arrays.updated("value", s.size());
      arrays.intOutput("argmax", s.size());
    }

    @Override
    protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
      kernel(
          s,
          v.floats("input"),
          v.floats("bias"),
          v.ints("labels"),
          v.floats("output"),
          v.floats("gradWeight"),
          v.floats("value"),
          v.ints("argmax"),
          workspace,
          parallel);
    }

    @Override
    protected void reference(FlatShape s, Doubles d) {
      double[] input = d.of("input");
      for (int i = 0; i < s.size(); i++) {
        d.of("output")[i] = 2 * input[i] + (d.of("bias") == null ? 0 : d.of("bias")[i]);
        d.of("gradWeight")[i] = 3 * input[i];
        d.of("value")[i] -= input[i];
        d.ints("argmax")[i] = d.ints("labels")[i] + 1;
      }
    }

    @Override
    protected Bound bound(FlatShape s, String array) {
      return Bound.sumOf(1);
    }

    @Override
    protected List<Gradient> gradients(FlatShape s) {
      if (fault == Fault.NO_GRADIENT) {
        return List.of();
      }
      double factor = fault == Fault.WRONG_ADJOINT ? 2.001 : 2;
      double power = fault == Fault.WRONG_GRADIENT ? 3.001 : 3;
      return List.of(
          Gradient.linear(
              "input", s.size(), x -> map(x, x, (a, b) -> 2 * a), g -> scaled(g, factor)),
          Gradient.of(
              "cube",
              s.size(),
              x -> map(x, x, (a, b) -> a * a * a),
              (x, g) -> map(x, g, (a, b) -> power * a * a * b)));
    }

    private static double[] scaled(double[] a, double factor) {
      return map(a, a, (x, y) -> factor * x);
    }

    private static double[] map(double[] a, double[] b, DoubleBinaryOperator f) {
      double[] out = new double[a.length];
      Arrays.setAll(out, i -> f.applyAsDouble(a[i], b[i]));
      return out;
    }

    private void kernel(
        FlatShape s,
        float[] input,
        float[] bias,
        int[] labels,
        float[] output,
        float[] gradWeight,
        float[] value,
        int[] argmax,
        Workspace workspace,
        Parallel parallel) {
      int size = s.size();
      if (fault != Fault.CHECKS_NOTHING) {
        String name = fault == Fault.CHECKS_WITH_WRONG_NAME ? "source" : "input";
        Sizes.check(s, name, input, size, "size");
        if (bias != null || fault == Fault.REJECTS_NULLABLE) {
          Sizes.check(s, "bias", bias, size, "size");
        }
        Sizes.check(s, "labels", labels, size, "size");
        Sizes.check(s, "output", output, size, "size");
        Sizes.check(s, "gradWeight", gradWeight, size, "size");
        Sizes.check(s, "value", value, size, "size");
        if (fault == Fault.CHECKS_LATE) {
          output[0] = 0;
        }
        Sizes.check(s, "argmax", argmax, size, "size");
      }
      float[] scratch = workspace.borrow(Workspace.Kind.CALL, size);
      if (fault != Fault.READS_SCRATCH) {
        Arrays.fill(scratch, 0);
      }
      int last = fault == Fault.SKIPS_OUTPUT ? size - 1 : size;
      for (int i = 0; i < last; i++) {
        float b = bias == null || fault == Fault.IGNORES_BIAS ? 0 : bias[i];
        output[i] = 2 * input[i] + b + scratch[i] + (fault == Fault.READS_OUTPUT ? output[i] : 0);
        gradWeight[i] = 3 * input[i] + (fault == Fault.IGNORES_ADDED ? 0 : gradWeight[i]);
        if (fault == Fault.DOUBLES_ADDED) {
          gradWeight[i] *= 2;
        }
        value[i] -= input[i];
        argmax[i] = labels[i] + (fault == Fault.WRONG_INDEX ? 0 : 1);
      }
      if (fault != Fault.KEEPS_SCRATCH) {
        workspace.giveBack(Workspace.Kind.CALL, scratch);
      }
      spoil(size, input, output, argmax, parallel);
    }

    private void spoil(int size, float[] input, float[] output, int[] argmax, Parallel parallel) {
      if (fault == Fault.OFF_BY_ONE) {
        output[size - 1] += 1;
      } else if (fault == Fault.OFF_BY_LITTLE) {
        output[size / 2] *= 1 + 0x1p-20f;
      } else if (fault == Fault.NOT_A_NUMBER) {
        output[0] = Float.NaN;
      } else if (fault == Fault.WRITES_BEHIND && output.length > size) {
        output[size] = 0;
      } else if (fault == Fault.WRITES_BEHIND_INPUT && input.length > size) {
        input[size] = 0;
      } else if (fault == Fault.WRITES_INPUT) {
        input[0] = 1;
      } else if (fault == Fault.USES_LENGTH) {
        output[0] = output.length;
      } else if (fault == Fault.DEPENDS_ON_THREADS) {
        output[0] += parallel.threads() == 1 ? 0 : Math.ulp(output[0]);
      } else if (fault == Fault.LOSES_NAN) {
        for (int i = 0; i < size; i++) {
          output[i] = Float.isNaN(output[i]) ? 0 : output[i];
        }
      }
    }
  }
}
