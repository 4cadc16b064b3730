package io.lanewise.engine.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A training step allocates no arrays and boxes no vectors once warm, only small objects.
 *
 * <p>Each net has a process of its own, for what the compiler leaves depends on all that ran
 * before. There compilation is not in the background, so that a busy machine makes it slower but
 * not later, and threads have no buffers to allocate from, whose rests count as arrays.
 */
class WarmStepTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"convnet", "convnetjs", "resnet", "airbench"})
  void allocatesNoArrays(String net) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx1g", "-Xmn768m"));
    command.addAll(List.of("-XX:-UseTLAB", "-XX:-BackgroundCompilation"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(WarmSteps.class.getName(), net));
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertTrue(process.waitFor(10, TimeUnit.MINUTES), "not done in ten minutes");
      assertEquals(0, process.exitValue(), Files.readString(log));
    } finally {
      process.destroyForcibly();
    }
  }
}
