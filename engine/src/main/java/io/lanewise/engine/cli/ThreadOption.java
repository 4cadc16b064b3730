package io.lanewise.engine.cli;

import io.lanewise.kernels.parallel.Parallel;
import picocli.CommandLine.Option;

/** The option {@code --threads}. */
final class ThreadOption {
  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads (default: one for each processor); results do not depend on it")
  private Integer threads;

  Parallel parallel() {
    return threads == null
        ? Parallel.allProcessors()
        : Parallel.of(DataOptions.atLeastOne("--threads", threads));
  }

  /** {@code 1 thread}, {@code 2 threads}. */
  static String count(Parallel parallel) {
    return parallel.threads() == 1 ? "1 thread" : parallel.threads() + " threads";
  }
}
