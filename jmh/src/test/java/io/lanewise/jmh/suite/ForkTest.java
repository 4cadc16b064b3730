package io.lanewise.jmh.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Real JVMs, started and measured. */
class ForkTest {
  private static final Timing SHORT = new Timing(0, 1, 10, 3, 10, 200);
  private static final Timing SETTLED = new Timing(1000, 1, 10, 3, 10, 200);

  @Test
  void aForkOfJmh() throws Exception {
    Sample sample = new Forker(SHORT).fork(new Row("elementwise.add", "size1000", 1));
    assertEquals(3, sample.iterations().size());
    assertEquals(Medians.of(sample.iterations()), sample.micros());
    assertTrue(sample.micros() > 0);
    assertTrue(sample.allocated() > 0);
  }

  @TempDir Path folder;

  /** An array of 80 bytes a call, in a rectifier that comes before the built one. */
  @Test
  void oneArrayInACallIsCounted() throws Exception {
    Row add = new Row("elementwise.add", "size1000", 1);
    Row relu = new Row("elementwise.reluForward", "size1000", 1);
    assertNull(new Forker(SHORT).fork(add).arrays(), "cold code is not counted");
    assertEquals(0, new Forker(SETTLED).fork(add).arrays());
    assertEquals(0, new Forker(SETTLED).fork(relu).arrays());
    String classes = System.getProperty("java.class.path");
    Path source = folder.resolve("Relu.java");
    Files.writeString(
        source,
        """
        package io.lanewise.kernels.activation;

        import io.lanewise.kernels.parallel.Parallel;
        import io.lanewise.kernels.shape.FlatShape;

        public final class Relu {
          public static volatile float[] kept;

          public static void forward(FlatShape shape, float[] in, float[] out, Parallel parallel) {
            kept = new float[16];
            for (int i = 0; i < shape.size(); i++) {
              out[i] = Math.max(0, in[i]);
            }
          }

          public static void backward(
              FlatShape shape, float[] gradOutput, float[] out, float[] gradIn, Parallel parallel) {
            for (int i = 0; i < shape.size(); i++) {
              gradIn[i] = out[i] > 0 ? gradOutput[i] : 0;
            }
          }
        }
        """);
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    assertNotNull(javac, "needs a JDK");
    String[] args = {"-cp", classes, "-d", folder.toString(), "--release", "17", source.toString()};
    assertEquals(0, javac.run(null, null, null, args));
    System.setProperty("java.class.path", folder + File.pathSeparator + classes);
    try {
      assertEquals(1, new Forker(SETTLED).fork(relu).arrays());
    } finally {
      System.setProperty("java.class.path", classes);
    }
  }

  /** Such as that another JMH runs, which no log holds. */
  @Test
  void whyAForkFailed() throws Exception {
    Path log = Files.writeString(folder.resolve("log"), "# Warmup\n");
    RunnerException error = new RunnerException("ERROR: Another JMH instance\n");
    assertEquals("ERROR: Another JMH instance", JmhLog.cause(log, error));
    Files.writeString(log, "# Warmup\njava.lang.IllegalStateException: value 3 is 1\n\tat a.b\n");
    assertEquals("java.lang.IllegalStateException: value 3 is 1", JmhLog.cause(log, error));
  }

  @Test
  void whatFailedIsNamed() throws Exception {
    Path log = Files.createFile(folder.resolve("log"));
    Options nothing = new OptionsBuilder().include("no such benchmark").output("" + log).build();
    Exception error =
        assertThrows(RunnerException.class, () -> JmhLog.run("gemm.nn", nothing, log));
    assertTrue(error.getMessage().startsWith("gemm.nn failed: No benchmarks to run"), "" + error);
  }

  @Test
  void foldersGoWithAllThatTheyHold() throws Exception {
    Path inner = folder.resolve("a");
    Files.writeString(Files.createDirectories(inner.resolve("b/c")).resolve("file"), "text");
    TempFiles.deleteFolder(inner);
    assertFalse(Files.exists(inner));
  }

  /** No bytes are left out by the profiler, but that they were counted is not. */
  @Test
  void bytesThatWereNotCountedAreNotNone() throws Exception {
    assertEquals(0, Forker.allocated(List.of(Map.of("gc.alloc.rate", 0.0))));
    Map<String, Double> some = Map.of("gc.alloc.rate", 3.0, "gc.alloc.rate.norm", 16.0);
    Map<String, Double> more = Map.of("gc.alloc.rate", 9.0, "gc.alloc.rate.norm", 48.0);
    assertEquals(16, Forker.allocated(List.of(more, some)));
    assertThrows(
        MeasureException.class, () -> Forker.allocated(List.of(some, Map.of("gc.count", 0.0))));
  }

  @Test
  void freshJvms() throws Exception {
    Sample first = new Forker(SHORT).fork(new Row(Row.FIRST, "mlp_b1", 1));
    assertTrue(first.micros() > 10_000, "a JVM starts in " + first.micros() + " us");
    Sample warmUp = new Forker(SHORT).fork(new Row(Row.WARM_UP, "mlp_b1", 1));
    List<double[]> curve = warmUp.curve();
    assertTrue(curve.size() > 1, "points: " + curve.size());
    assertTrue(curve.get(curve.size() - 1)[0] >= curve.get(0)[0] + 200);
    assertTrue(warmUp.micros() > 0, "lost: " + warmUp.micros() + " us");
  }
}
