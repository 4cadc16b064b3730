package io.lanewise.engine;

import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Model;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.util.List;

/** An application with nothing but the two jars on its path: a training step and a prediction. */
public final class EmbeddedMain {
  private EmbeddedMain() {}

  /** Trains for a step and prints an answer. */
  public static void main(String[] args) {
    Network net = Models.mlp(Shape.of(8, 8, 3), 3, 1);
    Session session = Session.on(net.graph()).batch(2).training();
    session.feed(net.image(), new float[2 * 8 * 8 * 3]);
    session.feedLabels(new int[] {0, 1});
    session.step(2);
    new Sgd(net.graph().parameters(), 0.1).step(Parallel.serial());
    Metadata metadata = Metadata.of(net, List.of("a", "b", "c"), Normalization.CENTERED);
    float[] probabilities = Model.of(net, metadata).predictPixels(new byte[8 * 8 * 3], 1);
    System.out.println("answer " + metadata.classNames().get(Model.argmax(probabilities)));
  }
}
