package io.lanewise.engine.profile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.profile.StepProfile.Row;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows are complete, say the work that was done, and never add up to more than the step. */
class StepProfileTest {
  private static final int N = 12;
  private static final Shape IMAGE = Shape.of(16, 16, 3);

  private static Network net() {
    return Models.build("convnetjs-cifar10", IMAGE, 10, 1);
  }

  private static Session feed(Network net, Session session) {
    float[] images = new float[N * IMAGE.size()];
    for (int i = 0; i < images.length; i++) {
      images[i] = (i % 13 - 6) / 6f;
    }
    session.feed(net.image(), images);
    session.feedLabels(new int[N]);
    return session;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 12})
  void rowsOfOneStepAddUpToNoMoreThanTheStep(int threads) {
    for (int n : new int[] {1, N}) {
      try (Parallel parallel = Parallel.of(threads)) {
        Network net = net();
        Session session =
            feed(net, Session.on(net.graph()).batch(n).parallel(parallel).timed().training());
        StepProfile profile = new StepProfile(session.times(), n, 400);
        profile.step(() -> session.step(n), () -> {});
        double sum = profile.rows().stream().mapToDouble(Row::nanos).sum();
        assertEquals(1, profile.steps());
        assertTrue(sum > 0 && sum <= profile.wallNanos(), sum + " of " + profile.wallNanos());
      }
    }
  }

  @Test
  void rowsOfTrainingNameEveryDirection() {
    Network net = net();
    Session session = feed(net, Session.on(net.graph()).batch(N).timed().training());
    StepProfile profile = new StepProfile(session.times(), N, 400);
    for (int i = 0; i < 3; i++) {
      profile.step(() -> session.step(N), () -> Math.sqrt(System.nanoTime()));
    }
    Map<String, List<String>> directions =
        profile.rows().stream()
            .collect(
                Collectors.groupingBy(
                    Row::node, Collectors.mapping(Row::direction, Collectors.toList())));
    assertEquals(
        List.of("prepare", "forward", "backwardWeight", "backwardBias"), directions.get("conv1"));
    assertEquals(
        List.of("prepare", "forward", "backwardInput", "backwardWeight", "backwardBias"),
        directions.get("fc1"));
    assertTrue(directions.get("pool2").containsAll(List.of("forward", "backward")));
    assertTrue(directions.get("parameters").contains("sums"));
    Row conv2 =
        profile.rows().stream()
            .filter(row -> row.node().equals("conv2") && row.direction().equals("backwardInput"))
            .findFirst()
            .orElseThrow();
    int input = N * 8 * 8 * 16;
    int output = N * 8 * 8 * 20;
    assertEquals("n12h8w8c16_oc20_k5s1p2", conv2.shape());
    assertEquals(2L * output * 25 * 16, conv2.flops());
    assertEquals(4L * (input + output + 25 * 16 * 20 + 20), conv2.bytes());
    assertTrue(conv2.bytesAtOnce() > 0 && conv2.bytesAtOnce() <= conv2.bytes());
  }

  @Test
  void inferenceHasNoBackwardAndNoUpdate() {
    Network net = net();
    Session session = feed(net, Session.on(net.graph()).batch(N).timed().frozen().inference());
    session.forward(N);
    StepProfile profile = new StepProfile(session.times(), N, 0);
    profile.step(() -> session.forward(N), () -> {});
    for (Row row : profile.rows()) {
      assertEquals("forward", row.direction());
    }
  }

  @Test
  void timingChangesNoBits() {
    Network plain = net();
    Network timed = net();
    feed(plain, Session.on(plain.graph()).batch(N).training()).step(N);
    feed(timed, Session.on(timed.graph()).batch(N).timed().training()).step(N);
    for (int i = 0; i < plain.graph().parameters().size(); i++) {
      Parameter expected = plain.graph().parameters().get(i);
      assertArrayEquals(expected.grad(), timed.graph().parameters().get(i).grad());
    }
  }

  @Test
  void untimedSessionsHaveNoTimes() {
    Session session = Session.on(net().graph()).batch(N).training();
    assertTrue(
        assertThrows(IllegalStateException.class, session::times)
            .getMessage()
            .contains("Session.on(...).timed()"));
  }
}
