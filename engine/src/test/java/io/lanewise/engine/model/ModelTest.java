package io.lanewise.engine.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.nodes.TanhNode;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelTest {
  private static final Shape IMAGE = Shape.of(8, 8, 3);
  private static final int CLASSES = 10;
  private static final List<String> NAMES =
      IntStream.range(0, CLASSES).mapToObj(i -> "class " + i).toList();

  private static Metadata metadata(Network network) {
    return Metadata.of(network, NAMES, Normalization.CIFAR10);
  }

  private static Model model(String name) {
    Network network = Models.build(name, IMAGE, CLASSES, 3);
    return Model.of(network, metadata(network));
  }

  private static byte[] planes(int n) {
    Seeds random = Seeds.stream(11);
    byte[] planes = new byte[n * IMAGE.size()];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (byte) random.nextInt(256);
    }
    return planes;
  }

  private static byte[] image(byte[] planes, int index) {
    return Arrays.copyOfRange(planes, index * IMAGE.size(), (index + 1) * IMAGE.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"convnetjs-cifar10", "airbench94"})
  void sameBitsAtFullSize(String name) {
    Shape full = Shape.of(32, 32, 3);
    Network network = Models.build(name, full, CLASSES, 3);
    Model model = Model.of(network, metadata(network));
    byte[] planes = new byte[9 * full.size()];
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (byte) (i * i >> 5);
    }
    float[] together = model.predictPixels(planes, 9);
    byte[] last = Arrays.copyOfRange(planes, 8 * full.size(), planes.length);
    assertArrayEquals(
        Arrays.copyOfRange(together, 8 * CLASSES, 9 * CLASSES), model.predictPixels(last, 1));
  }

  /** Nets that take small images. */
  static List<String> zoo() {
    return Models.names().stream().filter(name -> !name.equals("airbench94")).toList();
  }

  @ParameterizedTest
  @MethodSource("zoo")
  void sameBitsAloneAndInAnyBatch(String name) {
    int n = 150;
    byte[] planes = planes(n);
    Model model = model(name);
    float[] together = model.predictPixels(planes, n);
    assertEquals(n * CLASSES, together.length);
    for (int i : new int[] {0, 1, 63, 64, 127, 128, 149}) {
      assertArrayEquals(
          Arrays.copyOfRange(together, i * CLASSES, (i + 1) * CLASSES),
          model.predictPixels(image(planes, i), 1),
          "image " + i);
    }
    for (int part : new int[] {2, 3, 7, 65}) {
      assertArrayEquals(
          Arrays.copyOf(together, part * CLASSES), model.predictPixels(planes, part), "n " + part);
    }
    try (Parallel three = Parallel.of(3)) {
      Model parallel = model.on(three);
      assertArrayEquals(together, parallel.predictPixels(planes, n));
      assertArrayEquals(Arrays.copyOf(together, CLASSES), parallel.predictPixels(planes, 1));
    }
  }

  @Test
  void manyThreadsGetTheBitsOfOne() throws Exception {
    int images = 20;
    int threads = 8;
    int calls = 200;
    byte[] planes = planes(images);
    Model model = model("convnetjs-cifar10");
    float[] expected = model.predictPixels(planes, images);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Void>> work = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        int offset = t;
        work.add(
            () -> {
              for (int i = 0; i < calls; i++) {
                int index = (i + 3 * offset) % images;
                assertArrayEquals(
                    Arrays.copyOfRange(expected, index * CLASSES, (index + 1) * CLASSES),
                    model.predictPixels(image(planes, index), 1));
              }
              return null;
            });
      }
      for (Future<Void> done : pool.invokeAll(work)) {
        done.get();
      }
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void rowsAreProbabilitiesOfTheScores() {
    Network network = Models.build("mlp", IMAGE, CLASSES, 3);
    byte[] planes = planes(5);
    float[] images = new float[5 * IMAGE.size()];
    int area = 8 * 8;
    float[] mean = Normalization.CIFAR10.mean();
    float[] std = Normalization.CIFAR10.std();
    for (int i = 0; i < images.length; i++) {
      int ch = i % 3;
      int pixel = i / 3;
      int value = planes[(pixel / area * 3 + ch) * area + pixel % area] & 0xFF;
      images[i] = (value / 255f - mean[ch]) / std[ch];
    }
    Session session = Session.on(network.graph()).batch(5).keep(network.scores()).inference();
    session.feed(network.image(), images);
    session.feedLabels(new int[5]);
    session.forward(5);
    float[] scores = session.value(network.scores());
    Model model = Model.of(network, metadata(network));
    float[] probabilities = model.predict(images, 5);
    for (int row = 0; row < 5; row++) {
      double sum = 0;
      for (int j = 0; j < CLASSES; j++) {
        sum += Math.exp(scores[row * CLASSES + j]);
      }
      for (int j = 0; j < CLASSES; j++) {
        double exact = Math.exp(scores[row * CLASSES + j]) / sum;
        assertEquals(exact, probabilities[row * CLASSES + j], exact * 0x1p-23);
      }
    }
    assertArrayEquals(probabilities, model.predictPixels(planes, 5));
  }

  @Test
  void largeScoresStayFinite() {
    Models.Recipe recipe = (image, classes, seed) -> NetBuilder.image(image).fc(2).svm("two");
    Network network = recipe.build(Shape.of(1, 1, 1), 2, 0);
    network.graph().parameters().get(0).set(1e30f, -1e30f);
    Normalization plain = Normalization.of(new float[] {0}, new float[] {1});
    Model model = Model.of(network, Metadata.of(network, List.of("a", "b"), plain), recipe);
    assertArrayEquals(new float[] {1, 0}, model.predict(new float[] {1}, 1));
    assertArrayEquals(new float[] {0.5f, 0.5f}, model.predict(new float[] {0}, 1));
  }

  @Test
  void laterTrainingChangesNothing() {
    Network network = Models.build("convnetjs-cifar10", IMAGE, CLASSES, 3);
    Model model = Model.of(network, metadata(network));
    for (Parameter parameter : network.graph().parameters()) {
      Arrays.fill(parameter.value(), Float.NaN);
    }
    byte[] planes = planes(2);
    float[] first = model.predictPixels(planes, 2);
    assertArrayEquals(model("convnetjs-cifar10").predictPixels(planes, 2), first);
    float[] kept = first.clone();
    model.predictPixels(planes(1), 1);
    assertArrayEquals(kept, first, "the answer is the caller's");
  }

  @Test
  void warmUpChangesNothing() {
    Model warm = model("mlp");
    warm.warmUp(Duration.ofMillis(100));
    warm.warmUp(Duration.ofNanos(1));
    byte[] planes = planes(3);
    assertArrayEquals(model("mlp").predictPixels(planes, 3), warm.predictPixels(planes, 3));
    assertThrows(IllegalArgumentException.class, () -> warm.warmUp(Duration.ZERO));
  }

  @Test
  void packedPixelsAreRedGreenBlue() {
    byte[] planes = planes(1);
    int area = 8 * 8;
    int[] argb = new int[area];
    for (int i = 0; i < area; i++) {
      argb[i] =
          0x80000000
              | (planes[i] & 0xFF) << 16
              | (planes[area + i] & 0xFF) << 8
              | (planes[2 * area + i] & 0xFF);
    }
    Model model = model("mlp");
    assertArrayEquals(model.predictPixels(planes, 1), model.predictRgb(argb, 8, 8));
    assertEquals(
        "mlp: found an image of 4 x 16 pixels (h x w) with 3 channels, needs 8x8x3; scale it"
            + " before",
        assertThrows(IllegalArgumentException.class, () -> model.predictRgb(argb, 16, 4))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> model.predictRgb(new int[area - 1], 8, 8));
  }

  @Test
  void wrongSizesAreSaid() {
    Model model = model("mlp");
    assertEquals(
        "mlp: planes hold 383 bytes, needs at least 1 image and n*h*w*c = 2*192",
        assertThrows(IllegalArgumentException.class, () -> model.predictPixels(new byte[383], 2))
            .getMessage());
    assertThrows(IllegalArgumentException.class, () -> model.predict(new float[191], 1));
    assertThrows(IllegalArgumentException.class, () -> model.predict(new float[192], 0));
    assertThrows(
        IllegalArgumentException.class, () -> model.predict(new float[192], Integer.MAX_VALUE));
  }

  @Test
  void recipeOfAnotherNetIsRefused() {
    NetBuilder builder = NetBuilder.image(IMAGE).fc(256);
    Network tanh = builder.add(new TanhNode(builder.last())).fc(CLASSES).softmax("mlp");
    String message =
        assertThrows(IllegalArgumentException.class, () -> Model.of(tanh, metadata(tanh)))
            .getMessage();
    assertTrue(message.startsWith("mlp: the recipe builds [image "), message);
    Network own = NetBuilder.image(IMAGE).fc(CLASSES).softmax("my-net");
    assertThrows(IllegalArgumentException.class, () -> Model.of(own, metadata(own)));
  }

  @Test
  void namesAndShapes() {
    Model model = model("mlp");
    assertEquals(NAMES, model.classNames());
    assertEquals("class 3", model.className(3));
    assertEquals(IMAGE, model.imageShape());
    assertEquals("mlp", model.metadata().model());
    assertEquals(1, Model.argmax(0.2f, 0.4f, 0.4f));
    assertEquals(0, Model.argmax(1));
  }
}
