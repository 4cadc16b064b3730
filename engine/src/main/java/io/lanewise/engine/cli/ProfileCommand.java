package io.lanewise.engine.cli;

import io.lanewise.engine.profile.StepProfile;
import io.lanewise.kernels.lanes.LanesProvider;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.peak.Peaks;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Shows where the time of a step goes. */
@Command(
    name = "profile",
    description = {
      "Shows where the time of a net's steps goes, node by node and direction by direction, on"
          + " random images.",
      "Times are medians over steps, thread time divided by the number of threads, so that they add"
          + " up to the step. Peaks are measured in the same process: multiply-adds, and a triad"
          + " over as many bytes as threads work on at a time. \"Of peak\" is against whichever"
          + " allows less, FLOPs as a plain sum of products needs them: an algorithm with fewer may"
          + " pass 100 %%."
    })
final class ProfileCommand implements Callable<Integer> {
  @Mixin private WorkOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int n = options.batch();
    double seconds = options.seconds();
    PrintWriter out = spec.commandLine().getOut();
    try (Parallel parallel = options.parallel()) {
      WorkOptions.Work work = options.new Work(parallel, true);
      StepProfile profile = new StepProfile(work.session().times(), n, work.updateBytes());
      work.warmUp(out);
      record(work, profile, seconds);
      Peaks peaks = new Peaks(parallel);
      out.printf(
          Locale.ROOT,
          "# %s batch %d %s, %s, %s, java %s, %d steps%n",
          options.model(),
          n,
          options.infer() ? "inference" : "training",
          ThreadOption.count(parallel),
          LanesProvider.description(),
          Runtime.version(),
          profile.steps());
      new ProfileTable(profile, peaks).print(out);
      out.flush();
    }
    return 0;
  }

  private static void record(WorkOptions.Work work, StepProfile profile, double seconds) {
    long start = System.nanoTime();
    do {
      work.feed(profile.steps());
      profile.step(work::run, work::update);
    } while (System.nanoTime() - start < seconds * 1e9);
  }
}
