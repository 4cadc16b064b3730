package io.lanewise.kernels.contract;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Declares the arrays of a kernel: names as in its parameter list, sizes for one shape, and how
 * test values are drawn. Unless told otherwise, float inputs are normally distributed, or integers
 * from -3 to 3 where results must be exact.
 */
public final class Signature {
  enum Role {
    INPUT,
    OUTPUT,
    ADDED,
    UPDATED
  }

  /** Draws one float. */
  @FunctionalInterface
  public interface Draw {
    /** The value at an index. */
    double at(Random random, int index);
  }

  /** Draws one int. */
  @FunctionalInterface
  public interface IntDraw {
    /** The value at an index. */
    int at(Random random, int index);
  }

  /** Fills an array, perhaps from arrays declared before it. */
  @FunctionalInterface
  public interface Fill {
    /** Writes the array; all arrays are exactly as long as declared. */
    void fill(Values values, Random random);
  }

  private final List<Spec> specs = new ArrayList<>();

  Signature() {}

  /** A float array the kernel reads. */
  public Spec input(String name, int size) {
    return add(new Spec(name, Role.INPUT, new float[size]));
  }

  /** An int array the kernel reads. */
  public Spec ints(String name, int size, IntDraw draw) {
    Spec spec = add(new Spec(name, Role.INPUT, new int[size]));
    return spec.filled(
        (values, random) -> Arrays.setAll(values.ints(name), i -> draw.at(random, i)));
  }

  /** An array of arbitrary bytes the kernel reads. */
  public Spec bytes(String name, int size) {
    Spec spec = add(new Spec(name, Role.INPUT, new byte[size]));
    return spec.filled((values, random) -> random.nextBytes(values.bytes(name)));
  }

  /** An array of arbitrary booleans the kernel reads. */
  public Spec booleans(String name, int size) {
    Spec spec = add(new Spec(name, Role.INPUT, new boolean[size]));
    return spec.filled(
        (values, random) -> {
          boolean[] array = values.booleans(name);
          for (int i = 0; i < array.length; i++) {
            array[i] = random.nextBoolean();
          }
        });
  }

  /** A float array the kernel overwrites. */
  public Spec output(String name, int size) {
    return add(new Spec(name, Role.OUTPUT, new float[size]));
  }

  /** An int array the kernel overwrites. */
  public Spec intOutput(String name, int size) {
    return add(new Spec(name, Role.OUTPUT, new int[size]));
  }

  /** A float array the kernel adds to: the gradient of a parameter. */
  public Spec added(String name, int size) {
    return add(new Spec(name, Role.ADDED, new float[size]));
  }

  /** A float array the kernel reads and writes: a parameter or an optimizer's state. */
  public Spec updated(String name, int size) {
    return add(new Spec(name, Role.UPDATED, new float[size]));
  }

  private Spec add(Spec spec) {
    specs.add(spec);
    return spec;
  }

  List<Spec> specs() {
    return specs;
  }

  Values draw(long seed, boolean integers, boolean withoutNullables) {
    Values values = new Values();
    for (Spec spec : specs) {
      values.put(spec.name, Values.resized(spec.prototype, spec.size()));
    }
    Random random = new Random(seed);
    for (Spec spec : specs) {
      if (spec.role != Role.OUTPUT) {
        (integers ? spec.integerFill : spec.fill).fill(values, random);
      }
    }
    for (Spec spec : specs) {
      if (withoutNullables && spec.nullable) {
        values.put(spec.name, null);
      }
    }
    return values;
  }

  /** One declared array. */
  public static final class Spec {
    final String name;
    final Role role;
    final Object prototype;
    boolean nullable;
    boolean unseen;
    Fill fill;
    Fill integerFill;

    private Spec(String name, Role role, Object prototype) {
      this.name = name;
      this.role = role;
      this.prototype = prototype;
      this.fill = floats((random, i) -> random.nextGaussian());
      this.integerFill = floats((random, i) -> random.nextInt(7) - 3);
    }

    int size() {
      return Values.length(prototype);
    }

    /** Draws each float so, instead of from the normal distribution, for exact tests too. */
    public Spec drawn(Draw draw) {
      return filled(floats(draw));
    }

    /** Draws each float evenly from a range. */
    public Spec between(double low, double high) {
      return drawn((random, i) -> low + (high - low) * random.nextDouble());
    }

    /** Draws each float so where results must be exact; comes after {@link #drawn}. */
    public Spec drawnExactly(Draw draw) {
      integerFill = floats(draw);
      return this;
    }

    /** Fills the array so, for instance from arrays declared before it. */
    public Spec filled(Fill other) {
      fill = other;
      integerFill = other;
      return this;
    }

    /** The kernel may be called with null here, and is, besides, tested so. */
    public Spec nullable() {
      nullable = true;
      return this;
    }

    /**
     * The kernel does not get this array; other arrays are filled from it, the reference reads it.
     */
    public Spec unseen() {
      unseen = true;
      return this;
    }

    private Fill floats(Draw draw) {
      return (values, random) -> {
        float[] array = values.floats(name);
        for (int i = 0; i < array.length; i++) {
          array[i] = (float) draw.at(random, i);
        }
      };
    }
  }
}
