package io.lanewise.engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that are killed while they train, and go on: {@code scripts/kill-resume-test} does the
 * same many times.
 */
class KillResumeTest {
  @TempDir Path folder;

  private Process lanewise(String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Lanewise.class.getName());
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
        .start();
  }

  private Process start(Path run, String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("train", "--out", "" + run, "--threads", "1"));
    args.addAll(List.of("--data", "" + TestData.cifarMini(), "--batch", "8", "--epochs", "2"));
    args.addAll(List.of(more));
    return lanewise(args.toArray(new String[0]));
  }

  private void finish(Process process) throws Exception {
    assertTrue(process.waitFor(5, TimeUnit.MINUTES));
    assertEquals(0, process.exitValue(), Files.readString(folder.resolve("log")));
  }

  private static void waitFor(Process process, Path file) throws InterruptedException {
    while (process.isAlive() && !Files.exists(file)) {
      Thread.sleep(5);
    }
  }

  private static void assertSame(Path straight, Path killed) throws IOException {
    assertEquals(
        -1,
        Files.mismatch(straight.resolve("model.safetensors"), killed.resolve("model.safetensors")));
    assertEquals(withoutTimes(straight), withoutTimes(killed));
    assertFalse(Files.exists(killed.resolve("checkpoint.safetensors")));
  }

  private static List<String> withoutTimes(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.csv")).stream()
        .map(line -> line.split(","))
        .map(f -> String.join(",", f[0], f[1], f[3], f[4], f[5], f[6], f[7]))
        .toList();
  }

  @Test
  void killedAndToldToStopItComesToTheSameBits() throws Exception {
    Path straight = folder.resolve("straight");
    finish(start(straight));

    Path run = folder.resolve("run");
    Random random = new Random(1);
    Process process = start(run, "--save-every", "3");
    for (int i = 0; i < 4; i++) {
      waitFor(process, run.resolve("checkpoint.safetensors"));
      Thread.sleep(random.nextInt(1500));
      if (i % 2 == 0) {
        process.destroyForcibly();
      } else {
        process.destroy();
      }
      process.waitFor();
      process = lanewise("train", "--resume", run.toString(), "--save-every", "5");
    }
    finish(process);
    assertSame(straight, run);
  }
}
