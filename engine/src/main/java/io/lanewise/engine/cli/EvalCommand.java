package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.Cifar10;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.train.Evaluator;
import io.lanewise.engine.train.Metrics;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a trained net. */
@Command(name = "eval", description = "Measures a trained net on the CIFAR-10 test images.")
final class EvalCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "a training run's folder or model.safetensors")
  private Path run;

  @Mixin private DataOptions data;
  @Mixin private ThreadOption threads;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    Checkpoint checkpoint = Checkpoint.load(RunFolder.modelFile(run));
    Network net = checkpoint.network();
    Dataset test = Cifar10.test(data.data()).first(data.limit());
    if (!test.imageShape().equals(net.image().shape())) {
      throw new IllegalArgumentException(
          checkpoint.path()
              + ": takes images of "
              + net.image().shape()
              + ", but the test images are "
              + test.imageShape());
    }
    try (Parallel parallel = threads.parallel()) {
      Metrics metrics =
          new Evaluator(net, test, checkpoint.metadata().normalization(), parallel).evaluate();
      PrintWriter out = spec.commandLine().getOut();
      out.printf(
          Locale.ROOT,
          "%s, %,d test images: loss %.4f%n",
          net.name(),
          metrics.samples(),
          metrics.loss());
      out.printf(Locale.ROOT, "test accuracy %.4f%n", metrics.accuracy());
      out.flush();
    }
    return 0;
  }
}
