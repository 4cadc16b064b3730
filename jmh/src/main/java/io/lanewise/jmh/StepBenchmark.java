package io.lanewise.jmh;

import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** A training step of a net of the zoo: forward, backward and SGD with momentum. */
public class StepBenchmark extends KernelBenchmark {
  /** How far parameters are moved, each the way its gradient points, to see the loss change. */
  private static final double MOVE = 1e-9;

  /** So small that the loss stays away from zero and gradients away from denormals. */
  private static final double LEARNING_RATE = 1e-5;

  @Param("convnetjs-cifar10_b128")
  private String shape;

  private int n;
  private Session session;
  private Sgd optimizer;

  static Work work(String method, String shape) {
    return NetText.parse(shape).work(true);
  }

  @Override
  protected void prepare() {
    NetText text = NetText.parse(shape);
    Network net = text.build();
    n = text.batch();
    session = Session.on(net.graph()).batch(n).parallel(parallel()).training();
    optimizer = new Sgd(net.graph().parameters(), LEARNING_RATE, 0.9, false, 0, 0);
    float[] images = Data.gaussian(n * net.image().size(), 1);
    int[] labels = Data.labels(n, net.classes(), 2);
    session.feed(net.image(), images);
    session.feedLabels(labels);
    double loss = session.step(1);
    double found = 0;
    PlainNet ahead = new PlainNet(net);
    PlainNet behind = new PlainNet(net);
    Seeds signs = Seeds.stream(3);
    for (Parameter parameter : net.graph().parameters()) {
      for (int i = 0; i < parameter.size(); i++) {
        double gradient = parameter.grad()[i];
        double sign = gradient == 0 ? 2 * signs.nextInt(2) - 1 : Math.signum(gradient);
        ahead.values(parameter)[i] += sign * MOVE;
        behind.values(parameter)[i] -= sign * MOVE;
        found += Math.abs(gradient);
      }
    }
    double more = ahead.train(images, labels[0]).get(net.loss())[0];
    double less = behind.train(images, labels[0]).get(net.loss())[0];
    Data.check("loss of " + shape, 0, loss, (more + less) / 2, 1 + Math.abs(loss));
    double right = (more - less) / (2 * MOVE);
    Data.check("slope of the loss of " + shape, 0, found, right, found);
  }

  /** Forward, backward and update. */
  @Benchmark
  public void train() {
    session.step(n);
    optimizer.step(parallel());
  }
}
