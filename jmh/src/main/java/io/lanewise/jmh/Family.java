package io.lanewise.jmh;

import io.lanewise.kernels.settings.Nearest;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.FlatShape;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.annotations.Benchmark;

/** The families of benchmarks: what runs them, which shapes they take, and what a call does. */
public enum Family {
  GEMM(GemmBenchmark.class, each(GemmBenchmark::work), "m256n256k256", "m1024n1024k1024"),
  CONV(
      Conv2dBenchmark.class,
      each(Conv2dBenchmark::work),
      "n64h32w32c64_oc64_k3s1p1",
      "n64h16w16c128_oc128_k3s1p1",
      "n64h32w32c3_oc16_k5s1p2"),
  DEPTHWISE(
      DepthwiseBenchmark.class, each(DepthwiseBenchmark::work), "n64h32w32c64_oc64_k3s1p1_g64"),
  POOL(
      PoolBenchmark.class, each(PoolBenchmark::work), "n64h32w32c64_k2s2p0", "n64h32w32c64_k3s2p1"),
  NORM(NormBenchmark.class, each(NormBenchmark::work), "rows65536c64", "rows8192c64"),
  ELEMENTWISE(
      ElementwiseBenchmark.class, each(ElementwiseBenchmark::work), "size65536", "size4194304"),
  SOFTMAX(SoftmaxBenchmark.class, each(SoftmaxBenchmark::work), "rows128cols10", "rows128cols1000"),
  UPDATE(UpdateBenchmark.class, each(UpdateBenchmark::work), "size65536", "size4194304"),
  STEP(StepBenchmark.class, each(StepBenchmark::work), "convnetjs-cifar10_b128", "vgg-small_b128"),
  INFER(InferBenchmark.class, each(InferBenchmark::work), "vgg-small_b1", "vgg-small_b128"),
  PEAK(PeakBenchmark.class, PeakBenchmark::work, "size4096", "size65536", "size16777216");

  /** What a call of a benchmark method does. */
  private interface Works {
    Work of(String method, String shape, int threads);
  }

  /** What a call does on any number of threads. */
  private interface PlainWork {
    Work of(String method, String shape);
  }

  private final Class<?> benchmark;
  private final Works works;
  private final List<String> shapes;

  Family(Class<?> benchmark, Works works, String... shapes) {
    this.benchmark = benchmark;
    this.works = works;
    this.shapes = List.of(shapes);
  }

  private static Works each(PlainWork work) {
    return (method, shape, threads) -> work.of(method, shape);
  }

  /**
   * The family of a name.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  public static Family of(String name) {
    for (Family family : values()) {
      if (family.toString().equals(name)) {
        return family;
      }
    }
    if (ShapeArguments.isShape(name)) {
      throw new IllegalArgumentException(
          name + " is a shape, put its family before it: " + String.join(" or ", taking(name)));
    }
    String first = name.replaceFirst("\\..*", "");
    if (!first.equals(name) && names().contains(first)) {
      throw new IllegalArgumentException(
          name + " is no family, needs " + first + " alone, which runs all of its benchmarks");
    }
    throw new IllegalArgumentException(Nearest.unknown("family", name, names()));
  }

  /** The names of the families that take a shape. */
  private static List<String> taking(String shape) {
    List<String> families = new ArrayList<>();
    for (Family family : values()) {
      try {
        family.check(shape, 1);
      } catch (IllegalArgumentException e) {
        continue;
      }
      families.add(family.toString());
    }
    return families;
  }

  /** All names. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    Arrays.stream(values()).forEach(family -> names.add(family.toString()));
    return names;
  }

  /** The class of its benchmarks. */
  public Class<?> benchmark() {
    return benchmark;
  }

  /** Shapes for who names none. */
  public List<String> shapes() {
    return shapes;
  }

  /**
   * Checks the text of a shape.
   *
   * @throws IllegalArgumentException if it is none of this family's, naming those that take it
   */
  public void check(String shape, int threads) {
    if (this == PEAK && FlatShape.parse(shape).size() < threads) {
      throw new IllegalArgumentException(
          shape + ": is too small, needs a float for each of " + threads + " threads");
    }
    works.of("", shape, threads);
    if (this == DEPTHWISE && !ConvShape.parse(shape).isDepthwise()) {
      throw new IllegalArgumentException(
          shape + ": is not depthwise, needs groups = c = oc of at least 2");
    }
  }

  /**
   * As {@link #check}, for a shape that somebody named: the error also names the families that take
   * it.
   */
  public void checkNamed(String shape, int threads) {
    try {
      check(shape, threads);
    } catch (IllegalArgumentException e) {
      List<String> families = taking(shape);
      String others = families.isEmpty() ? "" : "; it is for " + String.join(" or ", families);
      throw new IllegalArgumentException(e.getMessage() + others, e);
    }
  }

  /**
   * Whether a line of a file is for this family, which is at most one of the kinds of convolution.
   */
  public boolean owns(String shape, int threads) {
    try {
      check(shape, threads);
    } catch (IllegalArgumentException e) {
      return false;
    }
    return this != CONV || !ConvShape.parse(shape).isDepthwise();
  }

  /** The names of its benchmarks, in alphabetical order. */
  public List<String> benchmarks() {
    return Arrays.stream(benchmark.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Benchmark.class))
        .map(Method::getName)
        .sorted()
        .toList();
  }

  /**
   * Checks the name of a benchmark.
   *
   * @throws IllegalArgumentException if there is none, naming those there are
   */
  public void requireBenchmark(String name) {
    if (!benchmarks().contains(name)) {
      throw new IllegalArgumentException(
          Nearest.unknown("benchmark of " + this, name, benchmarks()));
    }
  }

  /** What a call of a method does. */
  public Work work(String method, String shape, int threads) {
    return works.of(method, shape, threads);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
