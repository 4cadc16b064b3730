package io.lanewise.jmh.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a side is started, and what it says of a JVM that ends. */
class SideTest {
  @TempDir Path folder;

  @AfterEach
  void forget() {
    System.clearProperty("bench.options");
    System.clearProperty("bench.pages");
  }

  /** A JDK whose java does what a script says. */
  private IOException ended(String script) throws IOException {
    Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\n" + script + "\n");
    assertTrue(java.toFile().setExecutable(true));
    Timing timing = Group.CORE.timing();
    try (Side side =
        Side.start("new", folder, Path.of("a.jar"), "rev", List.of("-Xmx1g"), timing)) {
      return assertThrows(IOException.class, side::host);
    }
  }

  /** What the user added for all comes before the side's own, which may say otherwise. */
  @Test
  void optionsOfTheUserReachTheSide() throws IOException {
    System.setProperty("bench.pages", "-XX:+UseTransparentHugePages");
    System.setProperty("bench.options", " -XX:UseAVX=2  -Xmx2g");
    String said = ended("echo \"Error: $*\" >&2; exit 3").getMessage();
    assertEquals(
        "new: its JVM ended, exit code 3: Error: --add-modules=jdk.incubator.vector"
            + " -XX:+UseParallelGC -XX:+UseTransparentHugePages -XX:UseAVX=2 -Xmx2g -Xmx1g",
        said.substring(0, said.indexOf(" -Dbench.revision=rev")));
  }

  private void says(String why, String script) throws IOException {
    assertEquals(
        "new: its JVM ended, exit code 1: " + why,
        ended("exec >&2; " + script + "; exit 1").getMessage());
  }

  @Test
  void theMostTellingLineOfAnEndIsSaid() throws IOException {
    String start = "echo 'Error: Could not create the Java Virtual Machine.' >&2";
    says(
        "Unrecognized VM option 'UseAXV=2'",
        start + "; echo \"Unrecognized VM option 'UseAXV=2'\"; " + start);
    says(
        "java.lang.IllegalStateException: value 3 is 1, needs 2",
        "echo 'VM warning: UseAVX=3 is not supported' >&2;"
            + " echo 'java.lang.IllegalStateException: value 3 is 1, needs 2' >&2; echo '\tat a.b' >&2");
    says("SIGSEGV (0xb) at pc=0x7f", "echo '# A fatal error'; echo '  SIGSEGV (0xb) at pc=0x7f'");
    says("killed by somebody", "echo started; echo 'killed by somebody'; echo ' '");
    says("it said nothing", "true");
  }
}
