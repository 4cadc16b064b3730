package io.lanewise.engine.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lanewise.kernels.architecture.Sources;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Packages look one way, and lanes and threads stay in the kernels. */
class ArchitectureTest {
  /** For each package those it may use. */
  private static final Map<String, Set<String>> DIRECTIONS =
      Map.ofEntries(
          Map.entry("tensor", Set.of()),
          Map.entry("random", Set.of()),
          Map.entry("schedule", Set.of()),
          Map.entry("init", Set.of("tensor", "random")),
          Map.entry("optim", Set.of("tensor", "schedule")),
          Map.entry("data", Set.of("tensor", "random")),
          Map.entry("graph", Set.of("tensor", "random")),
          Map.entry("nodes", Set.of("tensor", "graph")),
          Map.entry("model", Set.of("tensor", "random", "init", "data", "graph", "nodes")),
          Map.entry("checkpoint", Set.of("tensor", "optim", "data", "graph", "model")),
          Map.entry("profile", Set.of("tensor", "graph")),
          Map.entry(
              "train",
              Set.of(
                  "tensor",
                  "random",
                  "schedule",
                  "init",
                  "optim",
                  "data",
                  "graph",
                  "nodes",
                  "model",
                  "checkpoint",
                  "profile")),
          Map.entry(
              "recipe",
              Set.of(
                  "tensor",
                  "random",
                  "schedule",
                  "init",
                  "optim",
                  "data",
                  "graph",
                  "nodes",
                  "model",
                  "checkpoint",
                  "profile",
                  "train")),
          Map.entry(
              "cli",
              Set.of(
                  "tensor",
                  "random",
                  "schedule",
                  "init",
                  "optim",
                  "data",
                  "graph",
                  "nodes",
                  "model",
                  "checkpoint",
                  "profile",
                  "train",
                  "recipe")));

  private final Sources sources = Sources.main("io.lanewise.engine");

  @Test
  void packagesLookOneWay() {
    assertEquals(List.of(), sources.against(DIRECTIONS));
  }

  @Test
  void lanesAndForkJoinStayInTheKernels() {
    assertEquals(
        List.of(),
        sources.usesOutside(
            "jdk\\.incubator\\.vector|ForkJoin\\w*|Recursive(Action|Task)|CountedCompleter"
                + "|CompletableFuture|Executors?|ExecutorService|parallelStream",
            file -> false));
  }

  /** Nodes bind slots to kernels; arithmetic has a kernel of its own. */
  @Test
  void nodesComputeNothing() {
    assertEquals(
        List.of(),
        sources.usesOutside(
            "(Strict)?Math\\.(fma|exp|log|sqrt|pow|tanh|abs)|\\w*\\[\\w+\\] [-+*/]?=",
            file -> !file.startsWith("nodes")));
  }
}
