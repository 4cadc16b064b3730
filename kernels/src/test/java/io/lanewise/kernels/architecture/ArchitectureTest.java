package io.lanewise.kernels.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lanes stay in their rooms, threads behind their door, and packages look one way. */
class ArchitectureTest {
  private static final Set<String> FLOOR = Set.of("settings", "shape", "lanes", "parallel");
  private static final Set<String> ON_GEMM =
      Set.of("settings", "shape", "lanes", "parallel", "reduce", "gemm");

  /** For each package those it may use; op families stand side by side. */
  private static final Map<String, Set<String>> DIRECTIONS =
      Map.ofEntries(
          Map.entry("settings", Set.of()),
          Map.entry("shape", Set.of()),
          Map.entry("lanes", Set.of("settings", "shape")),
          Map.entry("parallel", Set.of("shape", "lanes")),
          Map.entry("gemm", FLOOR),
          Map.entry("conv", ON_GEMM),
          Map.entry("linear", ON_GEMM),
          Map.entry("peak", FLOOR),
          Map.entry("pool", FLOOR),
          Map.entry("norm", ON_GEMM),
          Map.entry("activation", FLOOR),
          Map.entry("elementwise", FLOOR),
          Map.entry("reduce", FLOOR),
          Map.entry("loss", FLOOR),
          Map.entry("update", FLOOR),
          Map.entry("image", FLOOR));

  private final Sources sources = Sources.main("io.lanewise.kernels");

  @Test
  void onlySimdClassesUseTheVectorModule() {
    assertEquals(
        List.of(),
        sources.usesOutside(
            "jdk\\.incubator\\.vector", file -> file.getFileName().toString().startsWith("Simd")));
  }

  @Test
  void onlyParallelAndItsTeamUseThreads() {
    Set<Path> doors =
        Set.of(Path.of("parallel", "Parallel.java"), Path.of("parallel", "Team.java"));
    assertEquals(
        List.of(),
        sources.usesOutside(
            "ForkJoin\\w*|Recursive(Action|Task)|CountedCompleter|CompletableFuture|Executors?"
                + "|ExecutorService|parallelStream|Thread",
            doors::contains));
  }

  @Test
  void packagesLookOneWay() {
    assertEquals(List.of(), sources.against(DIRECTIONS));
  }

  @Test
  void theScanSeesImportsAndFullNamesButNoCommentsAndStrings(@TempDir Path root)
      throws IOException {
    Path files = Files.createDirectories(root.resolve("a/b/conv"));
    Files.writeString(files.resolve("One.java"), "import a.b.pool.Pool;\nclass One {}\n");
    Files.writeString(files.resolve("Two.java"), "class Two { a.b.pool.Pool pool; }\n");
    Files.writeString(
        files.resolve("Three.java"),
        "/** See {@link a.b.pool.Pool}. */\nclass Three { String s = \"a.b.pool\"; } // a.b.pool\n");
    Sources scanned = new Sources(root, "a.b");
    assertEquals(
        List.of(
            "conv/One.java uses pool, but conv may not",
            "conv/Two.java uses pool, but conv may not"),
        scanned.against(Map.of("conv", Set.of())));
    assertEquals(
        List.of("conv/Two.java uses a.b.pool"),
        scanned.usesOutside("a\\.b\\.pool", file -> file.endsWith("One.java")));
    assertEquals(3, scanned.against(Map.of()).size());
  }
}
