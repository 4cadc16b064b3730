package io.lanewise.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.annotations.Benchmark;

/** Arguments and errors of the command, and the checks that benchmarks make before they are run. */
class BenchTest {
  @TempDir Path folder;

  private static void refused(int exit, String part, String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      assertEquals(exit, Bench.run(args));
    } finally {
      System.setErr(before);
    }
    String text = err.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains(part), text);
    assertFalse(text.contains("\tat "), text);
  }

  @Test
  void wrongArguments() throws IOException {
    refused(1, "unknown family nonsense; known are gemm, conv", "nonsense");
    refused(1, "shape 'n1h2' has no w", "conv", "n1h2");
    refused(
        1,
        "m2n2k2 is a matrix product like m256n256k256, needs a convolution like"
            + " n128h32w32c64_oc64_k3s1p1; it is for gemm",
        "conv",
        "m2n2k2");
    refused(1, "it is for norm", "conv", "rows256c32");
    refused(1, "'foo' cannot be read at character 0, 'foo'; a shape is a text like", "peak", "foo");
    refused(1, "is a shape, put its family before it: elementwise or update", "size64x3");
    refused(1, "unknown family poool; known are gemm", "poool");
    refused(1, "conv.forward is no family, needs conv alone", "conv.forward", "n1h2");
    refused(1, "unknown family con.forward; known are gemm", "con.forward");
    refused(1, "did you mean pool?", "poool");
    refused(1, folder + " is a folder, needs a file", "gemm", folder.toString());
    refused(1, "needs MODEL_bN with N of 1 to 99999", "step", "vgg-small_b0");
    refused(1, "is not depthwise", "depthwise", "n1h4w4c4_oc8_k3s1p1");
    refused(1, "unknown model alexnet", "step", "alexnet_b4");
    refused(1, "needs MODEL_bN", "infer", "mlp");
    refused(1, "nowhere.txt: no such file", "gemm", folder.resolve("nowhere.txt").toString());
    refused(1, "--threads is 0", "gemm", "--threads", "0");
    refused(1, "--json", "gemm", "--json", folder.resolve("no/file.json").toString());
    refused(1, "needs a float for each of 3 threads", "peak", "size2", "--threads", "3");
    refused(2, "only a --group is kept: no --out or --forks", "gemm", "--out", "a", "--forks", "2");
    refused(2, "no --resume or --rows", "gemm", "--resume", "--rows", "nn");
    refused(2, "found 'quick', needs smoke or core or full", "--group", "quick");
    refused(1, "--forks is 0, needs at least 1", "--group", "smoke", "--forks", "0");
    refused(2, "--forks is x, needs a whole number", "--group", "smoke", "--forks", "x");
    String place = folder.toString();
    refused(1, "is a folder, needs a results file", "--group", "smoke", "--out", place);
    refused(1, "is a folder, needs a results file", "--group", "smoke", "--resume", "--out", place);
    refused(2, "--frobnicate", "gemm", "--frobnicate");
    refused(2, "FAMILY");
    Path file = Files.writeString(folder.resolve("bad.txt"), "# head\nm2n2k2\nm2n2\n");
    refused(1, "bad.txt:3: shape 'm2n2' has no k", "gemm", file.toString());
  }

  @Test
  void filesHoldShapesOfAllFamilies() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("shapes.txt"),
            "# layers\nn1h4w4c4_oc8_k3s1p1 # first\n\nn1h4w4c4_oc4_k3s1p1_g4\n m2n2k2\nmlp_b4\n");
    List<String> one = List.of(file.toString());
    ShapeArguments conv = new ShapeArguments(Family.CONV, one, 1);
    assertEquals(List.of("n1h4w4c4_oc8_k3s1p1"), conv.shapes());
    assertEquals(List.of("n1h4w4c4_oc4_k3s1p1_g4", "m2n2k2", "mlp_b4"), conv.skipped());
    assertEquals(
        List.of("n1h4w4c4_oc4_k3s1p1_g4"), new ShapeArguments(Family.DEPTHWISE, one, 1).shapes());
    assertEquals(List.of("mlp_b4"), new ShapeArguments(Family.STEP, one, 1).shapes());
    for (Family family : Family.values()) {
      assertEquals(family.shapes(), new ShapeArguments(family, List.of(), 2).shapes());
      family.shapes().forEach(shape -> family.check(shape, 2));
    }
  }

  /** Whatever a summary prints can be pasted, but for the padded shortcut a family of its own. */
  @Test
  void everyNodeHasAFamily() {
    Map<String, Family> families =
        Map.of(
            "conv", Family.CONV,
            "fc", Family.GEMM,
            "pool", Family.POOL,
            "globalpool", Family.POOL,
            "batchnorm", Family.NORM,
            "softmax", Family.SOFTMAX);
    for (String model : Models.names()) {
      for (Node node : Models.build(model, Shape.of(32, 32, 3), 10, 1).graph().nodes()) {
        if (!node.kind().equals("shortcut")) {
          boolean elementwise = node.shapeText(2).startsWith("size");
          Family family = elementwise ? Family.ELEMENTWISE : families.get(node.kind());
          family.check(node.shapeText(2), 2);
        }
      }
    }
  }

  /** Each benchmark's check accepts right answers: odd shapes, several threads. */
  @ParameterizedTest
  @CsvSource({
    "GEMM, m13n7k5",
    "CONV, n2h7w6c4_oc6_k3s2p1_g2",
    "CONV, n1h5w5c3_oc4_k5s1p2",
    "DEPTHWISE, n2h7w6c5_oc5_k3s1p1_g5",
    "POOL, n2h7w6c3_k3s2p1",
    "POOL, n1h6w6c3_k2s2p0_uncounted",
    "ELEMENTWISE, size1000",
    "NORM, rows50c3",
    "ELEMENTWISE, size2x5x7x3",
    "SOFTMAX, rows5cols7",
    "UPDATE, size1000",
    "STEP, mlp_b3",
    "STEP, convnetjs-cifar10_b2",
    "STEP, resnet20_b2",
    "INFER, convnetjs-cifar10_b2",
    "INFER, resnet20_b2",
    "PEAK, size1000"
  })
  void answersAreChecked(Family family, String shape) throws Exception {
    KernelBenchmark benchmark =
        (KernelBenchmark) family.benchmark().getDeclaredConstructor().newInstance();
    set(benchmark, family.benchmark(), "shape", shape);
    set(benchmark, KernelBenchmark.class, "threads", 2);
    benchmark.setUp();
    for (var method : family.benchmark().getDeclaredMethods()) {
      if (method.isAnnotationPresent(Benchmark.class)) {
        method.invoke(benchmark);
        Work work = family.work(method.getName(), shape, 2);
        assertTrue(work.flops() + work.bytes() > 0, method.getName());
      }
    }
    benchmark.tearDown();
  }

  private static void set(Object owner, Class<?> declared, String name, Object value)
      throws ReflectiveOperationException {
    Field field = declared.getDeclaredField(name);
    field.setAccessible(true);
    field.set(owner, value);
  }

  @Test
  void wrongAnswersAreNotTimed() {
    assertThrows(IllegalStateException.class, () -> Data.check("x", 0, 1.001f, 1));
    assertThrows(IllegalStateException.class, () -> Data.check("x", 0, Float.NaN, 1));
    Data.check("x", 0, 1.00001f, 1);
  }
}
