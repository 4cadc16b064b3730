package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.train.Evaluator;
import io.lanewise.engine.train.Metrics;
import io.lanewise.engine.train.TestViews;
import io.lanewise.kernels.parallel.Parallel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a trained net. */
@Command(name = "eval", description = "Measures a trained net on the test images.")
final class EvalCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN", description = "a training run's folder or model.safetensors")
  private Path run;

  @Option(
      names = "--views",
      paramLabel = "NAME",
      defaultValue = "plain",
      description =
          "what the net is shown of each image, answers averaged: plain, mirror, mirror-shifts,"
              + " convnetjs (default: ${DEFAULT-VALUE})")
  private String views;

  @Mixin private DataOptions data;
  @Mixin private ThreadOption threads;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    TestViews shown = TestViews.named(views);
    Path file = RunFolder.modelFile(run);
    Checkpoint checkpoint = Checkpoint.load(file);
    Network net = checkpoint.network();
    data.fillFrom(run, checkpoint.metadata().settings(), false);
    Dataset test = data.test();
    checkFits(run, checkpoint.metadata(), test);
    try (Parallel parallel = threads.parallel()) {
      Metrics metrics =
          new Evaluator(net, test, checkpoint.metadata().normalization(), parallel).evaluate(shown);
      PrintWriter out = spec.commandLine().getOut();
      RunFolder.sayIfUnfinished(file, checkpoint, out);
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

  /** Refuses to measure a net on images it was not made for. */
  static void checkFits(Path run, Metadata net, Dataset images) {
    if (!net.image().equals(images.imageShape()) || !net.classNames().equals(images.classNames())) {
      throw new IllegalArgumentException(
          String.format(
              "%s: the net takes images of %s and knows the classes %s; the test images are %s of"
                  + " %s",
              run,
              net.image(),
              String.join(" ", net.classNames()),
              images.imageShape(),
              String.join(" ", images.classNames())));
    }
  }
}
