package io.lanewise.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.jmh.suite.Recorder;
import io.lanewise.jmh.suite.Results;
import io.lanewise.jmh.suite.RowResult;
import io.lanewise.jmh.suite.Sample;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built jar in processes of its own: as a module, killed in the middle, with a wrong kernel.
 */
class BenchJarIT {
  private static final String MAIN = "io.lanewise.jmh.Bench";
  private static final String VECTOR = "--add-modules=jdk.incubator.vector";

  /** Two benchmarks. */
  private static final String RELU = "elementwise.relu";

  @TempDir Path folder;

  private static Path jar() {
    return Path.of(System.getProperty("tests.root"), "jmh", "target", "benchmarks.jar");
  }

  private Path results() {
    return folder.resolve("results.json");
  }

  private Path temporary() {
    return folder.resolve("tmp");
  }

  private Process start(Path out, List<String> before, String rows, String... after)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add(VECTOR);
    command.add("-Djava.io.tmpdir=" + Files.createDirectories(temporary()));
    command.addAll(before);
    command.addAll(List.of("--group", "smoke", "--rows", rows, "--out", results().toString()));
    command.addAll(List.of(after));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  private void ends(int exit, List<String> before, String rows, String... after) throws Exception {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Process process = start(out, before, rows, after);
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "still running");
    assertEquals(exit, process.exitValue(), Files.readString(out));
  }

  private static List<Sample> samples(Results results) {
    return results.rows().stream().flatMap(row -> row.samples().stream()).toList();
  }

  /** Its forks find their classes in the module, too: there is no class path. */
  @Test
  void runsAsANamedModule() throws Exception {
    List<String> module = List.of("-p", jar().toString(), "-m", "io.lanewise.jmh/" + MAIN);
    ends(0, module, "start.first");
    Files.delete(results());
    ends(0, module, RELU);
    Results results = Recorder.read(results());
    assertEquals(2, samples(results).size());
    assertTrue(results.host().lanes().startsWith("simd"), results.host().toString());
    assertTrue(results.host().build().matches("[0-9a-f]+"), results.host().build());
  }

  /** The same in a JVM of which only flags are asked, as for a side of a comparison. */
  @Test
  void flagsMakeItAModule() throws Exception {
    List<String> flags = List.of("--module-path=" + jar(), "--add-modules=io.lanewise.jmh");
    List<String> before = new ArrayList<>(flags);
    before.addAll(List.of("-cp", jar().toString(), MAIN));
    ends(0, before, RELU);
    assertTrue(Recorder.read(results()).host().flags().containsAll(flags));
  }

  @Test
  void whatWasMeasuredBeforeAKillIsKept() throws Exception {
    List<String> plain = List.of("-jar", jar().toString());
    Path out = folder.resolve("killed.txt");
    Process process = start(out, plain, RELU, "--forks", "3");
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
    while (process.isAlive() && kept().size() < 3 && System.nanoTime() < end) {
      Thread.sleep(20);
    }
    process.destroyForcibly().waitFor();
    List<Sample> before = kept();
    assertTrue(before.size() >= 3 && before.size() < 6, Files.readString(out));
    assertTrue(
        Files.readString(out).contains("# results go to " + results()), "what to go on with");
    ends(1, plain, RELU, "--forks", "3");
    ends(0, plain, RELU, "--forks", "3", "--resume");
    List<Sample> after = kept();
    assertEquals(6, after.size());
    List<Double> times = after.stream().map(Sample::micros).toList();
    before.forEach(sample -> assertTrue(times.contains(sample.micros())));
  }

  @Test
  void aRunThatIsToldToEndLeavesNoTemporaryFiles() throws Exception {
    Path out = folder.resolve("ended.txt");
    Process process = start(out, List.of("-jar", jar().toString()), RELU);
    while (process.isAlive() && ours().isEmpty()) {
      Thread.sleep(20);
    }
    assertTrue(process.isAlive(), Files.readString(out));
    process.destroy();
    process.waitFor();
    assertEquals(List.of(), ours());
  }

  private List<Path> ours() throws IOException {
    try (Stream<Path> files = Files.list(temporary())) {
      return files.filter(file -> file.getFileName().toString().startsWith("lanewise")).toList();
    }
  }

  private List<Sample> kept() throws IOException {
    return Files.exists(results()) ? samples(Recorder.read(results())) : List.of();
  }

  /** One does not fit into memory; the other is kept. */
  @Test
  void aShapeThatFailsTakesNothingFromThoseBefore() throws Exception {
    Path json = folder.resolve("jmh.json");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(VECTOR, "-Xmx1g", "-jar", jar().toString()));
    command.addAll(List.of("infer", "mlp_b1", "mlp_b99999", "--quick", "--json", json.toString()));
    Path out = folder.resolve("out.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertTrue(process.waitFor(5, TimeUnit.MINUTES), "still running");
    assertEquals(1, process.exitValue(), Files.readString(out));
    assertTrue(Files.readString(json).contains("\"mlp_b1\""), Files.readString(out));
  }

  /** A rectifier that forgets the last value, put before the jar. */
  @Test
  void aWrongKernelFailsTheRun() throws Exception {
    Path source = folder.resolve("Relu.java");
    Files.writeString(
        source,
        """
        package io.lanewise.kernels.activation;

        import io.lanewise.kernels.parallel.Parallel;
        import io.lanewise.kernels.shape.FlatShape;

        public final class Relu {
          public static void forward(FlatShape shape, float[] in, float[] out, Parallel parallel) {
            for (int i = 0; i < shape.size() - 1; i++) {
              out[i] = Math.max(0, in[i]);
            }
            out[shape.size() - 1] = -1;
          }

          public static void backward(
              FlatShape shape, float[] gradOutput, float[] out, float[] gradIn, Parallel parallel) {
            forward(shape, gradOutput, gradIn, parallel);
          }
        }
        """);
    var javac = ToolProvider.getSystemJavaCompiler();
    assertNotNull(javac, "needs a JDK");
    String jar = jar().toString();
    String[] args = {"-cp", jar, "-d", folder.toString(), "--release", "17", source.toString()};
    assertEquals(0, javac.run(null, null, null, args));
    ends(1, List.of("-cp", folder + File.pathSeparator + jar, MAIN), RELU);
    for (RowResult row : Recorder.read(results()).rows()) {
      assertEquals(List.of(), row.samples());
      assertTrue(row.failures().get(0).contains("needs"), row.failures().toString());
    }
  }
}
