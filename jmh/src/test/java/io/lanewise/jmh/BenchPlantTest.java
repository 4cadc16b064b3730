package io.lanewise.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is planted for a gate to find, in a repository of the two files that it is planted into. */
class BenchPlantTest {
  private static final String CONV = "kernels/src/main/java/io/lanewise/kernels/conv/Conv2d.java";
  private static final String SESSION =
      "engine/src/main/java/io/lanewise/engine/graph/Session.java";

  @TempDir Path folder;

  @BeforeEach
  void makeARepository() throws Exception {
    for (String file : List.of(CONV, SESSION, "scripts/bench-plant")) {
      Path to = folder.resolve(file);
      Files.createDirectories(to.getParent());
      Path from = Path.of(System.getProperty("tests.root")).resolve(file);
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    }
    git("init", "--quiet");
    git("add", ".");
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a");
  }

  private static String run(int exit, String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(exit, process.waitFor(), text);
    return text.strip();
  }

  private String git(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 3];
    System.arraycopy(new String[] {"git", "-C", folder.toString()}, 0, command, 0, 3);
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return run(0, command);
  }

  private String plant(int exit, String what) throws Exception {
    return run(exit, "bash", folder.resolve("scripts/bench-plant").toString(), what);
  }

  @Test
  void whatIsPlanted() throws Exception {
    String slow = plant(0, "5");
    assertEquals(CONV, git("diff", "--name-only", "HEAD", slow));
    assertTrue(git("show", slow).contains("(now - planted) * 5 / 100"), slow);
    assertEquals(slow, plant(0, "5"), "the same plant is the same commit");
    String more = plant(0, "alloc");
    assertEquals(SESSION, git("diff", "--name-only", "HEAD", more));
    assertEquals("", git("status", "--porcelain"));
    assertEquals(1, git("worktree", "list").lines().count());
  }

  /** A key may ask for a passphrase, a hook may refuse, and neither is about these commits. */
  @Test
  void settingsOfTheUserDoNotMatter() throws Exception {
    git("config", "commit.gpgSign", "true");
    git("config", "gpg.program", "false");
    Path hook = folder.resolve(".git/hooks/pre-commit");
    Files.createDirectories(hook.getParent());
    Files.writeString(hook, "#!/bin/sh\nexit 1\n");
    assertTrue(hook.toFile().setExecutable(true));
    assertTrue(plant(0, "5").matches("[0-9a-f]{40}"));
  }

  @Test
  void whatCannotBePlanted() throws Exception {
    for (String what : List.of("", "--nonsense", "2.5", "0", "05")) {
      String said = plant(2, what);
      assertTrue(
          said.contains("found '" + what + "', needs a whole number of percent, or alloc"), said);
    }
  }
}
