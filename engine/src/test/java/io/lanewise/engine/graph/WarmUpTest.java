package io.lanewise.engine.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Adadelta;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A warm-up runs, ends, and leaves no trace. */
class WarmUpTest {
  private static final int N = 6;
  private static final Duration SHORT = Duration.ofMillis(50);

  private static Network net() {
    return NetBuilder.image(Shape.of(8, 8, 3))
        .seed(4)
        .conv(8, 3)
        .relu()
        .pool(2)
        .dropout(0.25f)
        .fc(10)
        .softmax("net");
  }

  private static float[] images(int phase) {
    float[] images = new float[N * 8 * 8 * 3];
    for (int i = 0; i < images.length; i++) {
      images[i] = ((i + phase) % 17 - 8) / 8f;
    }
    return images;
  }

  /** Everything a training run shows, with warm-ups before and between its steps or without. */
  private static List<float[]> train(boolean warmUp) {
    Network net = net();
    List<float[]> seen = new ArrayList<>();
    Session session =
        Session.on(net.graph())
            .batch(N)
            .parallel(Parallel.serial())
            .keep(net.scores())
            .keepGradients(net.image())
            .training();
    Adadelta optimizer = new Adadelta(net.graph().parameters(), 1, 0.9, 1e-3, 0, 1e-4);
    session.feed(net.image(), images(0));
    session.feedLabels(new int[] {3, 1, 4, 1, 5, 9});
    session.seed(77);
    for (int step = 0; step < 3; step++) {
      if (warmUp) {
        session.warmUp(SHORT);
      }
      look(net, session, seen);
      seen.add(new float[] {(float) session.step(N - step)});
      if (warmUp) {
        session.warmUp(Duration.ofNanos(1));
      }
      look(net, session, seen);
      optimizer.step(Parallel.serial());
      optimizer.state().values().forEach(state -> seen.add(state.clone()));
    }
    return seen;
  }

  private static void look(Network net, Session session, List<float[]> seen) {
    seen.add(session.value(net.scores()).clone());
    seen.add(session.value(net.loss()).clone());
    seen.add(session.gradient(net.image()).clone());
    for (Parameter parameter : net.graph().parameters()) {
      seen.add(parameter.value().clone());
      seen.add(parameter.grad().clone());
    }
  }

  @Test
  void trainingGoesOnAsIfNothingHadHappened() {
    List<float[]> plain = train(false);
    List<float[]> warm = train(true);
    assertEquals(plain.size(), warm.size());
    for (int i = 0; i < plain.size(); i++) {
      assertArrayEquals(plain.get(i), warm.get(i), "array " + i);
    }
  }

  @Test
  void warmUpIsNoRunToLookBackAt() {
    Session session = Session.on(net().graph()).batch(N).training();
    session.warmUp(SHORT);
    assertThrows(IllegalStateException.class, session::firstNonFinite);
  }

  @Test
  void feedsAreStillMissing() {
    Session session = Session.on(net().graph()).batch(N).inference();
    session.warmUp(SHORT);
    String message =
        assertThrows(IllegalArgumentException.class, () -> session.forward(1)).getMessage();
    assertTrue(message.contains("nothing fed"), message);
  }

  @Test
  void frozenSessionsPrepareAgain() {
    Network net = net();
    Session session = Session.on(net.graph()).batch(N).keep(net.scores()).frozen().inference();
    session.warmUp(SHORT);
    Parameter bias = net.graph().parameters().get(3);
    Parameter weight = net.graph().parameters().get(2);
    Arrays.fill(weight.value(), 0);
    Arrays.fill(bias.value(), 7);
    session.feed(net.image(), images(0));
    session.feedLabels(new int[N]);
    session.forward(N);
    assertEquals(7, session.value(net.scores())[5]);
  }

  @Test
  void timesBeginAnew() {
    Session session = Session.on(net().graph()).batch(N).timed().training();
    session.warmUp(SHORT);
    StepTimes times = session.times();
    for (int node = 0; node <= times.wholeStep(); node++) {
      for (Direction direction : Direction.values()) {
        assertEquals(0, times.nanos(node, direction));
      }
    }
  }

  @Test
  void endsAtTheLimitOrWhenCalm() {
    int[] runs = {0};
    WarmUp.repeat(() -> runs[0]++, Duration.ofNanos(1));
    assertEquals(1, runs[0]);
    Duration limit = Duration.ofMinutes(5);
    assertTrue(WarmUp.repeat(() -> Math.sqrt(System.nanoTime()), limit).compareTo(limit) < 0);
    assertFalse(
        WarmUp.repeat(() -> runs[0]++, Duration.ofMillis(30)).compareTo(Duration.ofMillis(30)) < 0);
    WarmUp.Outcome cut = WarmUp.repeat(() -> {}, Duration.ofMillis(30), 1000);
    assertFalse(cut.steady());
    assertTrue(cut.runs() > 1);
    assertTrue(WarmUp.repeat(() -> Math.sqrt(System.nanoTime()), limit, 2).steady());
    for (Duration wrong : new Duration[] {Duration.ZERO, Duration.ofSeconds(-1)}) {
      assertThrows(IllegalArgumentException.class, () -> WarmUp.repeat(() -> {}, wrong));
    }
  }
}
