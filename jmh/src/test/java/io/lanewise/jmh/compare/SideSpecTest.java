package io.lanewise.jmh.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sides are called, and what is none, said before anything is built for it. */
class SideSpecTest {
  @TempDir Path folder;

  private static void refused(String why, SideSpec side) {
    Exception error = assertThrows(IllegalArgumentException.class, side::check);
    assertEquals(why, error.getMessage());
  }

  /** The home of a JDK whose java only says that. */
  private SideSpec saying(String what) throws IOException {
    Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho Picked up options >&2\necho '" + what + "' >&2\n");
    assertTrue(java.toFile().setExecutable(true));
    return new SideSpec(folder.toString(), true, "");
  }

  @Test
  void jdksOfOtherVersions() throws IOException {
    saying("openjdk version \"17.0.9\" 2023-10-17").check();
    saying("openjdk version \"25\" 2025-09-16").check();
    saying("openjdk version \"26-ea\" 2026-03-17").check();
    String old = folder + " is the home of Java %s, needs a JDK of 17 or newer";
    refused(String.format(old, "11"), saying("openjdk version \"11.0.22\" 2024-01-16"));
    refused(String.format(old, "8"), saying("java version \"1.8.0_402\""));
    refused(
        folder + " is no home of a JDK: its java -version says [Picked up options, I am none]",
        saying("I am none"));
  }

  /** Of a folder, this is what it most likely is. */
  @Test
  void aJdkThatIsNamedAsARevision() throws IOException {
    saying("openjdk version \"25\" 2025-09-16");
    String before = System.getProperty("bench.root");
    System.setProperty("bench.root", System.getProperty("tests.root"));
    try {
      refused(
          "'"
              + folder
              + "' is no results file, no git revision and not '.'; the home of a JDK needs --jdk"
              + " before it",
          new SideSpec(folder.toString(), false, ""));
    } finally {
      if (before == null) {
        System.clearProperty("bench.root");
      } else {
        System.setProperty("bench.root", before);
      }
    }
  }

  /** Else both sides would measure the same, and be called so. */
  @Test
  void settingsThatDoNotExist() throws IOException {
    refused(
        "there is no system property lanewise.lane, but lanewise.lanes",
        new SideSpec(".", false, "-Xint -Dlanewise.lane=scalar"));
    new SideSpec(".", false, "-Xint -Dlanewise.lanes=scalar -Delsewhere").check();
  }

  /** Of a path reports show no more than tells the sides apart. */
  @Test
  void sidesOfTheSameNameAreToldApart() {
    SideSpec old = new SideSpec("/opt/17/jdk", true, "");
    assertEquals("17/jdk", old.label(new SideSpec("/opt/21/jdk/", true, "")));
    assertEquals("opt/17/jdk", old.label(new SideSpec("/home/17/jdk", true, "")));
    assertEquals("jdk", old.label(new SideSpec("/opt/graal", true, "")));
    assertEquals("jdk", old.label(new SideSpec("/opt/21/jdk", true, "-Xint")));
    assertEquals("jdk", old.label(new SideSpec("/opt/../opt/17/jdk", true, "")));
    SideSpec tree = new SideSpec(".", false, "");
    assertEquals("working tree", tree.label(tree));
  }
}
