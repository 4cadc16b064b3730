package io.lanewise.kernels.contract;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What every kernel promises. A subclass declares the kernel's arrays, runs it and its double
 * reference, and names its shapes; it gets one test per promise and shape, named by the shape:
 *
 * <pre>{@code
 * class SigmoidTest {
 *   @Nested
 *   @Covers(owner = Sigmoid.class, method = "backward")
 *   class Backward extends KernelContract<FlatShape> {
 *     @Override
 *     protected List<FlatShape> shapes() {
 *       return Grids.flat();
 *     }
 *
 *     @Override
 *     protected void declare(FlatShape s, Signature arrays) {
 *       arrays.input("gradOutput", s.size());
 *       arrays.input("output", s.size()).between(0, 1);
 *       arrays.output("gradInput", s.size());
 *     }
 *
 *     @Override
 *     protected void run(FlatShape s, Values v, Workspace workspace, Parallel parallel) {
 *       Sigmoid.backward(
 *           s, v.floats("gradOutput"), v.floats("output"), v.floats("gradInput"), parallel);
 *     }
 *
 *     @Override
 *     protected void reference(FlatShape s, Doubles d) {
 *       d.set("gradInput", RefSigmoid.backward(d.of("gradOutput"), d.of("output")));
 *     }
 *
 *     @Override
 *     protected Bound bound(FlatShape s, String array) {
 *       return Bound.ulps(3);
 *     }
 *
 *     @Override
 *     protected boolean isExactOnIntegers(FlatShape s) {
 *       return false;
 *     }
 *
 *     @Override
 *     protected List<Gradient> gradients(FlatShape s) {
 *       return List.of(
 *           Gradient.of("input", s.size(), RefSigmoid::forward,
 *               (x, g) -> RefSigmoid.backward(g, RefSigmoid.forward(x))));
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Hyperparameters are constants of the subclass, or S is a record of shape and hyperparameters;
 * then {@link #text} gives the text of the shape alone, with which errors start.
 *
 * @param <S> the shape of the op
 */
public abstract class KernelContract<S> {
  private static final int[] THREADS = {1, 2, 3, 7};
  private static final Parallel[] PARALLEL =
      Arrays.stream(THREADS).mapToObj(Parallel::of).toArray(Parallel[]::new);
  private static final int GUARDS = 37;
  private static final int LARGEST_GRADIENT = 4096;
  private static final int REJECTED_SHAPES = 4;

  /** The shapes to test; the first few should be small. */
  protected abstract List<S> shapes();

  /** Declares the kernel's arrays. */
  protected abstract void declare(S shape, Signature arrays);

  /** Calls the kernel. */
  protected abstract void run(S shape, Values arrays, Workspace workspace, Parallel parallel);

  /** Computes each array the kernel writes; those it adds to start from zero here. */
  protected abstract void reference(S shape, Doubles arrays);

  /** How far values of a written float array may lie from the reference. */
  protected abstract Bound bound(S shape, String array);

  /**
   * The bound of each value of a written float array; by default from {@link #bound}. Overridden
   * where a bound needs more than {@link Bound} is given.
   *
   * @param arrays as {@link #reference} left them
   * @param magnitudes the array by the reference on absolute values, plus |start| if added to
   */
  protected double[] bounds(S shape, String array, Doubles arrays, double[] magnitudes) {
    Bound bound = bound(shape, array);
    double[] expected = arrays.of(array);
    double[] bounds = new double[expected.length];
    Arrays.setAll(bounds, i -> bound.at(expected[i], magnitudes[i]));
    return bounds;
  }

  /** Whether results on integer inputs are floats that must be met exactly. */
  protected boolean isExactOnIntegers(S shape) {
    return true;
  }

  /** Whether the reference says where results are NaN; not if it multiplies by 0 to select. */
  protected boolean referenceKnowsNaN(S shape) {
    return true;
  }

  /** What the reference claims to be the gradient of; required of backward directions. */
  protected List<Gradient> gradients(S shape) {
    return List.of();
  }

  /** The text of the shape, with which the kernel's errors start. */
  protected String text(S shape) {
    return shape.toString();
  }

  /** On small integers, where every partial sum is a float, results equal the reference. */
  @TestFactory
  public final Stream<DynamicTest> exactOnIntegers() {
    return shapes().stream()
        .filter(this::isExactOnIntegers)
        .flatMap(shape -> flavours(shape, without -> compare(shape, true, without)));
  }

  /** On random floats, each result lies within its bound of the reference. */
  @TestFactory
  public final Stream<DynamicTest> withinErrorBound() {
    return shapes().stream()
        .flatMap(shape -> flavours(shape, without -> compare(shape, false, without)));
  }

  /** Neither old contents of outputs nor those of scratch arrays reach a result. */
  @TestFactory
  public final Stream<DynamicTest> overwritesEveryOutput() {
    return each(
        shape -> {
          Values clean = draw(shape, false, false);
          Values dirty = clean.copy();
          Workspace workspace = new Workspace(Parallel.serial());
          prefill(shape, clean, -7e30f, 0x5a5a5a5a);
          run(shape, clean, workspace, Parallel.serial());
          prefill(shape, dirty, Float.NaN, Integer.MIN_VALUE);
          poison(workspace);
          run(shape, dirty, workspace, Parallel.serial());
          sameOutputs(
              shape, clean, dirty, "depends on old contents of an output or a scratch array");
        });
  }

  /** Nothing behind the end of a tensor is written. */
  @TestFactory
  public final Stream<DynamicTest> staysInBounds() {
    return each(
        shape -> {
          Values guarded = lengthened(shape, draw(shape, false, false), GUARDS);
          Values before = guarded.copy();
          runSerially(shape, guarded);
          for (Signature.Spec spec : signature(shape).specs()) {
            int end = Values.length(guarded.array(spec.name));
            sameBits(spec, before, guarded, spec.size(), end, "was written behind its end");
          }
        });
  }

  /** No array that is only read is written. */
  @TestFactory
  public final Stream<DynamicTest> leavesInputsAlone() {
    return each(
        shape -> {
          Values values = draw(shape, false, false);
          Values before = values.copy();
          runSerially(shape, values);
          for (Signature.Spec spec : signature(shape).specs()) {
            if (spec.role == Signature.Role.INPUT) {
              sameBits(spec, before, values, 0, spec.size(), "is an input, but was written");
            }
          }
        });
  }

  /** Arrays may be longer than their tensors; what lies behind does not reach a result. */
  @TestFactory
  public final Stream<DynamicTest> acceptsLongerSlots() {
    return each(
        shape -> {
          Values tight = draw(shape, false, false);
          Values longer = lengthened(shape, tight, 1000);
          runSerially(shape, tight);
          runSerially(shape, longer);
          sameOutputs(shape, tight, longer, "differs when arrays are longer than needed");
        });
  }

  /**
   * What is not a number is not lost: with a NaN in one of the inputs, a different one from shape
   * to shape, results are NaN wherever the reference's are, or the kernel refuses it.
   */
  @TestFactory
  public final Stream<DynamicTest> keepsNaN() {
    List<S> shapes = shapes();
    return IntStream.range(0, shapes.size())
        .mapToObj(
            i -> {
              S shape = shapes.get(i);
              return named(shape.toString(), () -> keepsNaN(shape, i));
            });
  }

  /** Results have the same bits on 1, 2, 3 and 7 threads. */
  @TestFactory
  public final Stream<DynamicTest> sameBitsForAnyThreadCount() {
    return each(
        shape -> {
          Values start = draw(shape, false, false);
          Values one = start.copy();
          runSerially(shape, one);
          for (Parallel parallel : PARALLEL) {
            Values many = start.copy();
            run(shape, many, new Workspace(parallel), parallel);
            sameOutputs(
                shape, one, many, "has other bits on " + parallel.threads() + " threads than on 1");
          }
        });
  }

  /** Scratch arrays go back to the workspace, so that a second call makes none. */
  @TestFactory
  public final Stream<DynamicTest> givesScratchBack() {
    return each(
        shape -> {
          Workspace workspace = new Workspace(Parallel.serial());
          Values values = draw(shape, false, false);
          run(shape, values.copy(), workspace, Parallel.serial());
          Set<float[]> before = scratch(workspace);
          run(shape, values.copy(), workspace, Parallel.serial());
          assertTrue(
              before.equals(scratch(workspace)), "borrowed scratch that it did not give back");
        });
  }

  /**
   * An array too short, or null, is refused before work starts, by shape, name, found and needed.
   */
  @TestFactory
  public final Stream<DynamicTest> rejectsWrongSizes() {
    return shapes().stream()
        .limit(REJECTED_SHAPES)
        .map(
            shape ->
                named(
                    shape.toString(),
                    () -> {
                      for (Signature.Spec spec : signature(shape).specs()) {
                        if (!spec.unseen) {
                          rejects(shape, spec, "holds " + (spec.size() - 1) + " ");
                        }
                        if (!spec.unseen && !spec.nullable) {
                          rejects(shape, spec, "is null");
                        }
                      }
                    }));
  }

  /** The reference itself is right: adjoint identity and central differences. */
  @TestFactory
  public final Stream<DynamicTest> adjointOrGradient() {
    boolean backward =
        Stream.of(getClass().getAnnotationsByType(Covers.class))
            .anyMatch(covers -> covers.method().startsWith("backward"));
    if (backward && shapes().stream().allMatch(shape -> gradients(shape).isEmpty())) {
      return Stream.of(
          named("gradients", () -> fail("a backward direction has to override gradients")));
    }
    return shapes().stream()
        .filter(shape -> !gradients(shape).isEmpty())
        .filter(shape -> gradients(shape).stream().allMatch(g -> g.size() <= LARGEST_GRADIENT))
        .map(
            shape ->
                named(
                    shape.toString(),
                    () -> gradients(shape).forEach(g -> g.check(new Random(seed(shape))))));
  }

  private void keepsNaN(S shape, int number) {
    List<String> inputs =
        signature(shape).specs().stream()
            .filter(s -> s.role == Signature.Role.INPUT && !s.unseen)
            .filter(s -> s.prototype instanceof float[])
            .map(s -> s.name)
            .toList();
    if (inputs.isEmpty() || !referenceKnowsNaN(shape)) {
      return;
    }
    String input = inputs.get(number % inputs.size());
    Values values = draw(shape, false, false);
    float[] spoilt = values.floats(input);
    spoilt[new Random(seed(shape)).nextInt(spoilt.length)] = Float.NaN;
    Doubles expected = doubles(shape, values, values.copy(), false);
    reference(shape, expected);
    try {
      runSerially(shape, values);
    } catch (IllegalArgumentException e) {
      return;
    }
    for (Signature.Spec spec : signature(shape).specs()) {
      if (spec.role != Signature.Role.INPUT && spec.prototype instanceof float[]) {
        float[] found = values.floats(spec.name);
        double[] value = expected.of(spec.name);
        for (int i = 0; i < value.length; i++) {
          if (Double.isNaN(value[i]) && !Float.isNaN(found[i])) {
            fail(
                String.format(
                    "%s[%d] is %s, needs NaN, since one is in %s", spec.name, i, found[i], input));
          }
        }
      }
    }
  }

  private Stream<DynamicTest> each(Consumer<S> check) {
    return shapes().stream().map(shape -> named(shape.toString(), () -> check.accept(shape)));
  }

  /** One test with all arrays, and one without the nullable ones if there are any. */
  private Stream<DynamicTest> flavours(S shape, Consumer<Boolean> check) {
    Stream<DynamicTest> all = Stream.of(named(shape.toString(), () -> check.accept(false)));
    List<String> nullable =
        signature(shape).specs().stream().filter(s -> s.nullable).map(s -> s.name).toList();
    if (nullable.isEmpty()) {
      return all;
    }
    String name = shape + " without " + String.join(", ", nullable);
    return Stream.concat(all, Stream.of(named(name, () -> check.accept(true))));
  }

  /** A test whose failures start with its name, for reports that do not show it. */
  private static DynamicTest named(String name, Runnable check) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          try {
            check.run();
          } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(name + ": " + e.getMessage(), e);
          }
        });
  }

  private Signature signature(S shape) {
    Signature signature = new Signature();
    declare(shape, signature);
    return signature;
  }

  private static long seed(Object shape) {
    return 0x9e3779b97f4a7c15L * (shape.toString().hashCode() + 1L);
  }

  private Values draw(S shape, boolean integers, boolean withoutNullables) {
    return signature(shape).draw(seed(shape), integers, withoutNullables);
  }

  private void runSerially(S shape, Values values) {
    run(shape, values, new Workspace(Parallel.serial()), Parallel.serial());
  }

  private void compare(S shape, boolean exactly, boolean withoutNullables) {
    Values values = draw(shape, exactly, withoutNullables);
    prefill(shape, values, Float.NaN, Integer.MIN_VALUE);
    Values start = values.copy();
    runSerially(shape, values);
    Values referenceInts = start.copy();
    Doubles expected = doubles(shape, start, referenceInts, false);
    reference(shape, expected);
    Doubles magnitudes = null;
    if (!exactly) {
      magnitudes = doubles(shape, start, start.copy(), true);
      reference(shape, magnitudes);
    }
    for (Signature.Spec spec : signature(shape).specs()) {
      if (spec.role == Signature.Role.INPUT || values.array(spec.name) == null) {
        continue;
      }
      if (!(spec.prototype instanceof float[])) {
        sameBits(spec, referenceInts, values, 0, spec.size(), "differs from the reference");
        continue;
      }
      float[] found = values.floats(spec.name);
      double[] value = expected.of(spec.name);
      double[] magnitude = exactly ? null : magnitudes.of(spec.name);
      if (spec.role == Signature.Role.ADDED) {
        float[] old = start.floats(spec.name);
        for (int i = 0; i < value.length; i++) {
          value[i] += old[i];
          if (!exactly) {
            magnitude[i] += Math.abs(old[i]);
          }
        }
      }
      if (exactly) {
        equal(spec, found, value);
      } else {
        within(spec, found, value, bounds(shape, spec.name, expected, magnitude));
      }
    }
  }

  private Doubles doubles(S shape, Values start, Values others, boolean absolute) {
    Doubles doubles = new Doubles(others);
    for (Signature.Spec spec : signature(shape).specs()) {
      if (spec.prototype instanceof float[]) {
        float[] from = start.floats(spec.name);
        double[] to = from == null ? null : new double[from.length];
        boolean read = spec.role == Signature.Role.INPUT || spec.role == Signature.Role.UPDATED;
        for (int i = 0; read && to != null && i < to.length; i++) {
          to[i] = absolute ? Math.abs(from[i]) : from[i];
        }
        doubles.put(spec.name, to);
      }
    }
    return doubles;
  }

  private static void equal(Signature.Spec spec, float[] found, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      if ((float) expected[i] != expected[i]) {
        fail(
            String.format(
                "%s[%d]: the reference gives %s, which is no float; draw other integers",
                spec.name, i, expected[i]));
      }
      if (found[i] != expected[i]) {
        fail(String.format("%s[%d] is %s, needs %s", spec.name, i, found[i], expected[i]));
      }
    }
  }

  private static void within(
      Signature.Spec spec, float[] found, double[] expected, double[] bounds) {
    int worst = -1;
    double worstRatio = 1;
    for (int i = 0; i < expected.length; i++) {
      boolean same =
          found[i] == (float) expected[i] || (Float.isNaN(found[i]) && Double.isNaN(expected[i]));
      double ratio = same ? 0 : Math.abs(found[i] - expected[i]) / bounds[i];
      if (!(ratio <= worstRatio)) {
        worst = i;
        worstRatio = Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
      }
    }
    if (worst >= 0) {
      fail(
          String.format(
              "%s[%d] is %s, needs %s within %.3g, but is off by %.3g, %.3g times that",
              spec.name,
              worst,
              found[worst],
              expected[worst],
              bounds[worst],
              Math.abs(found[worst] - expected[worst]),
              worstRatio));
    }
  }

  private void prefill(S shape, Values values, float old, int oldInt) {
    for (Signature.Spec spec : signature(shape).specs()) {
      if (spec.role == Signature.Role.OUTPUT && values.array(spec.name) != null) {
        if (spec.prototype instanceof float[]) {
          Arrays.fill(values.floats(spec.name), old);
        } else {
          Arrays.fill(values.ints(spec.name), oldInt);
        }
      }
    }
  }

  /** Longer arrays whose tails would spoil a result, and show it if they are written. */
  private Values lengthened(S shape, Values values, int by) {
    Values longer = new Values();
    for (Signature.Spec spec : signature(shape).specs()) {
      int size = spec.size();
      Object array = Values.resized(values.array(spec.name), size + by);
      if (array instanceof float[] floats) {
        Arrays.fill(floats, size, size + by, Float.intBitsToFloat(0x7fc0beef));
      } else if (array instanceof int[] ints) {
        Arrays.fill(ints, size, size + by, 0x5a5a5a5a);
      } else if (array instanceof byte[] bytes) {
        Arrays.fill(bytes, size, size + by, (byte) 0x5a);
      } else if (array instanceof boolean[] booleans) {
        Arrays.fill(booleans, size, size + by, true);
      }
      longer.put(spec.name, array);
    }
    return longer;
  }

  private void sameOutputs(S shape, Values expected, Values found, String what) {
    for (Signature.Spec spec : signature(shape).specs()) {
      if (spec.role != Signature.Role.INPUT) {
        sameBits(spec, expected, found, 0, spec.size(), what);
      }
    }
  }

  private static void sameBits(
      Signature.Spec spec, Values expected, Values found, int from, int to, String what) {
    Object a = expected.array(spec.name);
    Object b = found.array(spec.name);
    for (int i = from; i < to; i++) {
      if (Values.bits(a, i) != Values.bits(b, i)) {
        fail(
            String.format(
                "%s[%d] %s: %s instead of %s",
                spec.name, i, what, Array.get(b, i), Array.get(a, i)));
      }
    }
  }

  private void rejects(S shape, Signature.Spec wrong, String found) {
    Values values = draw(shape, false, false);
    prefill(shape, values, Float.NaN, Integer.MIN_VALUE);
    Object array =
        found.equals("is null") ? null : Values.resized(values.array(wrong.name), wrong.size() - 1);
    values.put(wrong.name, array);
    Values before = values.copy();
    String message = null;
    try {
      runSerially(shape, values);
    } catch (IllegalArgumentException e) {
      message = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      fail(wrong.name + " " + found + ": gives " + e + ", needs an IllegalArgumentException", e);
    }
    if (message == null) {
      fail(wrong.name + " " + found + ": was accepted");
    }
    List<String> parts = new ArrayList<>(List.of(wrong.name + " " + found, "= " + wrong.size()));
    parts.add(text(shape) + ": ");
    for (String part : parts) {
      if (!message.contains(part)) {
        fail("the error '" + message + "' does not say '" + part + "'");
      }
    }
    for (Signature.Spec spec : signature(shape).specs()) {
      int end = Values.length(before.array(spec.name));
      sameBits(spec, before, values, 0, end, "was written before " + wrong.name + " was refused");
    }
  }

  private static void poison(Workspace workspace) {
    for (float[] array : scratch(workspace)) {
      Arrays.fill(array, Float.NaN);
    }
  }

  /** The scratch arrays a serial workspace has ready: two of each kind. */
  private static Set<float[]> scratch(Workspace workspace) {
    Set<float[]> all = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Workspace.Kind kind : Workspace.Kind.values()) {
      List<float[]> borrowed = new ArrayList<>();
      for (int i = 0; i <= Parallel.serial().threads(); i++) {
        borrowed.add(workspace.borrow(kind, 1));
      }
      borrowed.forEach(array -> workspace.giveBack(kind, array));
      all.addAll(borrowed);
    }
    return all;
  }
}
