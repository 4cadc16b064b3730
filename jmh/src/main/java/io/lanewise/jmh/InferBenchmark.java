package io.lanewise.jmh;

import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Network;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** Inference with a net of the zoo. */
public class InferBenchmark extends KernelBenchmark {
  @Param("convnetjs-cifar10_b128")
  private String shape;

  private int n;
  private Session session;

  static Work work(String method, String shape) {
    return NetText.parse(shape).work(false);
  }

  @Override
  protected void prepare() {
    NetText text = NetText.parse(shape);
    Network net = text.build();
    n = text.batch();
    session =
        Session.on(net.graph())
            .batch(n)
            .parallel(parallel())
            .keep(net.scores())
            .frozen()
            .inference();
    float[] images = Data.gaussian(n * net.image().size(), 1);
    session.feed(net.image(), images);
    session.feedLabels(new int[n]);
    forward();
    float[] found = session.value(net.scores());
    double[] right = new PlainNet(net).forward(images, 0).get(net.scores());
    double magnitude = 0;
    for (double score : right) {
      magnitude = Math.max(magnitude, Math.abs(score));
    }
    for (int j = 0; j < right.length; j++) {
      Data.check("scores of " + shape, j, found[j], right[j], magnitude);
    }
  }

  /** Scores of a batch. */
  @Benchmark
  public void forward() {
    session.forward(n);
  }
}
