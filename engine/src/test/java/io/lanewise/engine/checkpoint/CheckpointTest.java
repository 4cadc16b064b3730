package io.lanewise.engine.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.NetBuilder;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.nodes.TanhNode;
import io.lanewise.engine.optim.Adadelta;
import io.lanewise.engine.optim.Adagrad;
import io.lanewise.engine.optim.Adam;
import io.lanewise.engine.optim.AdamW;
import io.lanewise.engine.optim.Muon;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.optim.Rmsprop;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Resumable;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.parallel.Parallel;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CheckpointTest {
  private static final Shape IMAGE = Shape.of(4, 4, 3);
  private static final int BATCH = 6;

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void setPath() {
    path = folder.resolve("model.safetensors");
  }

  private static Network mlp(long seed) {
    return Models.build("mlp", IMAGE, 3, seed);
  }

  private static Metadata metadata(Network network) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("rate", "0.1");
    settings.put("note", "two\nlines");
    return Metadata.of(network, List.of("cat", "dog, big", "\u732b"), Normalization.CIFAR10)
        .withSettings(settings);
  }

  private static void assertSameParameters(Network expected, Network found) {
    for (int i = 0; i < expected.graph().parameters().size(); i++) {
      Parameter parameter = expected.graph().parameters().get(i);
      assertArrayEquals(
          parameter.value(), found.graph().parameters().get(i).value(), parameter.name());
    }
  }

  @Test
  void netComesBack() throws IOException {
    Network network = mlp(1);
    Metadata metadata = metadata(network);
    Checkpoint.save(path, network, metadata);
    Checkpoint checkpoint = Checkpoint.load(path);
    assertEquals(metadata, checkpoint.metadata());
    assertEquals(path, checkpoint.path());
    assertFalse(checkpoint.isTraining());
    assertEquals(Map.of(), checkpoint.state());
    assertSameParameters(network, checkpoint.network());
    Network other = mlp(2);
    checkpoint.into(other);
    assertSameParameters(network, other);
  }

  @Test
  void sameNetMakesTheSameBytes() throws IOException {
    Checkpoint.save(path, mlp(1), metadata(mlp(1)));
    byte[] first = Files.readAllBytes(path);
    Checkpoint.save(path, mlp(1), metadata(mlp(1)));
    assertArrayEquals(first, Files.readAllBytes(path));
  }

  /** The optimisers, by name, each with all its state in use. */
  private static Map<String, Function<List<Parameter>, Optimizer>> optimizers() {
    Map<String, Function<List<Parameter>, Optimizer>> all = new TreeMap<>();
    all.put("Sgd", p -> new Sgd(p, 0.05, 0.9, true, 1e-4, 1e-3));
    all.put("Adagrad", p -> new Adagrad(p, 0.05, 1e-10, 1e-4, 1e-3));
    all.put("Adadelta", p -> new Adadelta(p, 1, 0.95, 1e-6, 1e-4, 1e-3));
    all.put("Rmsprop", p -> new Rmsprop(p, 0.01, 0.99, 1e-8, 0.9, 1e-4, 1e-3));
    all.put("Adam", p -> new Adam(p, 0.01, 0.9, 0.999, 1e-8, 1e-4, 1e-3));
    all.put("Muon", p -> new Muon(p, 0.05, 0.6, 0.9, 1e-4, 1e-3));
    all.put("AdamW", p -> new AdamW(p, 0.01, 0.9, 0.999, 1e-8, 1e-4, 1e-2));
    return all;
  }

  static Stream<String> optimizerNames() {
    return optimizers().keySet().stream();
  }

  @Test
  void everyOptimizerIsTested() throws ReflectiveOperationException, URISyntaxException {
    File classes =
        new File(Optimizer.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    TreeSet<String> found = new TreeSet<>();
    for (String file : new File(classes, "io/lanewise/engine/optim").list()) {
      Class<?> type = Class.forName("io.lanewise.engine.optim." + file.replace(".class", ""));
      if (Optimizer.class.isAssignableFrom(type) && type != Optimizer.class) {
        found.add(type.getSimpleName());
      }
    }
    assertEquals(found, optimizers().keySet());
  }

  /** A run that could be stopped after any step. */
  private static final class Run {
    final Network network;
    final Optimizer optimizer;
    final Session session;

    Run(long seed, String optimizerName) {
      // Muon has a way of its own with filters, which mlp has not.
      this.network =
          optimizerName.equals("Muon")
              ? Models.build("convnetjs-cifar10", Shape.of(8, 8, 3), 3, seed)
              : mlp(seed);
      this.optimizer = optimizers().get(optimizerName).apply(network.graph().parameters());
      this.session = Session.on(network.graph()).batch(BATCH).training();
    }

    void train(int firstStep, int endStep) {
      float[] images = new float[BATCH * network.image().size()];
      int[] labels = new int[BATCH];
      session.feed(network.image(), images);
      session.feedLabels(labels);
      for (int step = firstStep; step < endStep; step++) {
        Seeds random = Seeds.stream(7, step);
        for (int i = 0; i < images.length; i++) {
          images[i] = (float) random.nextGaussian();
        }
        for (int i = 0; i < BATCH; i++) {
          labels[i] = random.nextInt(3);
        }
        session.step(BATCH);
        optimizer.step(Parallel.serial());
        optimizer.learningRate(optimizer.learningRate() * 0.97);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("optimizerNames")
  void resumedRunHasTheBitsOfAStraightOne(String optimizer) throws IOException {
    Run straight = new Run(1, optimizer);
    straight.train(0, 10);

    Run stopped = new Run(1, optimizer);
    stopped.train(0, 5);
    Map<String, String> state = Map.of("epoch", "3", "", "odd key");
    Checkpoint.saveTraining(
        path, stopped.network, stopped.optimizer, metadata(stopped.network), state);

    Checkpoint checkpoint = Checkpoint.load(path);
    assertTrue(checkpoint.isTraining());
    assertEquals(state, checkpoint.state());
    Run resumed = new Run(99, optimizer);
    checkpoint.into(resumed.network);
    checkpoint.intoOptimizer(resumed.optimizer);
    assertEquals(stopped.optimizer.steps(), resumed.optimizer.steps());
    assertEquals(stopped.optimizer.learningRate(), resumed.optimizer.learningRate());
    resumed.train(5, 10);

    assertSameParameters(straight.network, resumed.network);
    straight
        .optimizer
        .state()
        .forEach(
            (name, values) -> assertArrayEquals(values, resumed.optimizer.state().get(name), name));
    assertSameParameters(stopped.network, checkpoint.network());
  }

  /** An average of one parameter, as an example of what else training keeps. */
  private static final class Average implements Resumable {
    private final float[] values;
    private long steps;

    Average(long steps, float... values) {
      this.values = values;
      this.steps = steps;
    }

    @Override
    public Map<String, float[]> state() {
      return Map.of("fc1.weight", values);
    }

    @Override
    public long steps() {
      return steps;
    }

    @Override
    public void steps(long done) {
      steps = done;
    }
  }

  @Test
  void whatElseTrainingKeepsIsSaved() throws IOException {
    Run run = new Run(1, "Adam");
    Checkpoint.saveTraining(
        path,
        run.network,
        run.optimizer,
        Map.of("average", new Average(7, 1, 2, 3)),
        metadata(run.network),
        Map.of());
    Checkpoint checkpoint = Checkpoint.load(path);
    Average found = new Average(0, 0, 0, 0);
    checkpoint.intoOthers(Map.of("average", found));
    assertArrayEquals(new float[] {1, 2, 3}, found.values);
    assertEquals(7, found.steps);
    assertSameParameters(run.network, checkpoint.network());
    checkpoint.intoOptimizer(run.optimizer);

    assertRefusesOthers(checkpoint, Map.of(), "the file has [average] where this run has []");
    assertRefusesOthers(checkpoint, Map.of("other", found), "where this run has [other]");
    assertRefusesOthers(
        checkpoint, Map.of("average", new Average(0, 5)), "the file has [fc1.weight [3]]");
  }

  private static void assertRefusesOthers(
      Checkpoint checkpoint, Map<String, Resumable> others, String part) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> checkpoint.intoOthers(others))
            .getMessage();
    assertTrue(message.contains(part), message);
  }

  private String refusesInto(Network network) throws IOException {
    Checkpoint checkpoint = Checkpoint.load(path);
    List<float[]> before = new ArrayList<>();
    network.graph().parameters().forEach(p -> before.add(p.value().clone()));
    String message =
        assertThrows(IllegalArgumentException.class, () -> checkpoint.into(network)).getMessage();
    assertTrue(message.startsWith(path + ": "), message);
    for (int i = 0; i < before.size(); i++) {
      assertArrayEquals(before.get(i), network.graph().parameters().get(i).value());
    }
    return message;
  }

  @Test
  void otherParametersAreNamedOnBothSides() throws IOException {
    Checkpoint.save(path, mlp(1), metadata(mlp(1)));
    Network wider = NetBuilder.image(IMAGE).fc(7).relu().fc(3).softmax("mlp");
    assertEquals(
        path
            + ": parameters differ: the file has [fc1.weight [48, 256], fc1.bias [256], fc2.weight"
            + " [256, 3]] where the net has [fc1.weight [48, 7], fc1.bias [7], fc2.weight [7, 3]];"
            + " it was saved from model mlp",
        refusesInto(wider));
    Network shallow = NetBuilder.image(IMAGE).fc(256).relu().softmax("mlp");
    String message = refusesInto(shallow);
    assertTrue(
        message.contains("the file has [fc2.weight [256, 3], fc2.bias [3]] where the net has []"),
        message);
    Network deep = NetBuilder.image(IMAGE).fc(256).relu().fc(3).fc(3).softmax("mlp");
    message = refusesInto(deep);
    assertTrue(
        message.contains("the file has [] where the net has [fc3.weight [3, 3], fc3.bias [3]]"),
        message);
  }

  @Test
  void otherLayersWithTheSameParametersAreRefused() throws IOException {
    Checkpoint.save(path, mlp(1), metadata(mlp(1)));
    NetBuilder builder = NetBuilder.image(IMAGE).fc(256);
    Network tanh = builder.add(new TanhNode(builder.last())).fc(3).softmax("mlp");
    String message = refusesInto(tanh);
    assertTrue(message.contains("image fc1 relu1 fc2 softmax1 where"), message);
    assertTrue(message.contains("image fc1 tanh1 fc2 softmax1;"), message);
  }

  @Test
  void netOutsideTheZooNeedsItsRecipe() throws IOException {
    Models.Recipe recipe =
        (image, classes, seed) -> NetBuilder.image(image).seed(seed).fc(classes).svm("my-net");
    Network network = recipe.build(IMAGE, 3, 5);
    Checkpoint.save(path, network, metadata(network));
    Checkpoint checkpoint = Checkpoint.load(path);
    String message = assertThrows(IllegalArgumentException.class, checkpoint::network).getMessage();
    assertTrue(message.startsWith(path + ": unknown model my-net; known are conv"), message);
    assertThrows(IllegalArgumentException.class, checkpoint::model);
    assertSameParameters(network, checkpoint.network(recipe));
    assertEquals("dog, big", checkpoint.model(recipe).className(1));
  }

  @Test
  void metadataMustDescribeTheNet() {
    Metadata metadata = metadata(mlp(1));
    Network ten = Models.build("mlp", IMAGE, 10, 1);
    String message =
        assertThrows(IllegalArgumentException.class, () -> Checkpoint.save(path, ten, metadata))
            .getMessage();
    assertEquals(
        "mlp: the metadata's number of classes is 3, the net's is 10; describe the net you have",
        message);
    assertFalse(Files.exists(path));
  }

  @Test
  void otherOptimizersAreRefused() throws IOException {
    Run run = new Run(1, "Sgd");
    Checkpoint.save(path, run.network, metadata(run.network));
    String message = refusesOptimizer(run.optimizer);
    assertTrue(message.contains("was saved without an optimiser"), message);

    Checkpoint.saveTraining(path, run.network, run.optimizer, metadata(run.network), Map.of());
    message = refusesOptimizer(new Run(1, "Adam").optimizer);
    assertTrue(message.contains("the file has Sgd where this run has Adam"), message);

    Network small = NetBuilder.image(IMAGE).fc(3).softmax("mlp");
    message = refusesOptimizer(optimizers().get("Sgd").apply(small.graph().parameters()));
    assertTrue(message.contains("fc1.bias/velocity [256]"), message);
    assertTrue(message.contains("where this Sgd has [fc1.weight/velocity [144]"), message);
  }

  private String refusesOptimizer(Optimizer optimizer) throws IOException {
    Checkpoint checkpoint = Checkpoint.load(path);
    return assertThrows(IllegalArgumentException.class, () -> checkpoint.intoOptimizer(optimizer))
        .getMessage();
  }

  private String refusesMetadata(String key, String value) throws IOException {
    Checkpoint.save(path, mlp(1), metadata(mlp(1)));
    Safetensors file = Safetensors.read(path);
    Map<String, String> texts = new LinkedHashMap<>(file.metadata());
    texts.remove(key);
    if (value != null) {
      texts.put(key, value);
    }
    Safetensors.of(texts, List.copyOf(file.arrays().values())).write(path);
    String message = assertThrows(IOException.class, () -> Checkpoint.load(path)).getMessage();
    assertTrue(message.startsWith(path + ": "), message);
    return message;
  }

  @Test
  void faultyMetadataIsSaid() throws IOException {
    String message = refusesMetadata("lanewise.format", null);
    assertTrue(message.contains("found no \"lanewise.format\" in __metadata__"), message);
    message = refusesMetadata("lanewise.format", "2");
    assertTrue(message.contains("found checkpoint format 2, this version of Lanewise"), message);
    message = refusesMetadata("image", "4xfour");
    assertTrue(message.contains("found image \"4xfour\""), message);
    message = refusesMetadata("image", "4x4x0");
    assertTrue(message.contains("[4, 4, 0]"), message);
    message = refusesMetadata("normalization", "none");
    assertTrue(message.contains("found normalisation \"none\""), message);
    message = refusesMetadata("classes", "");
    assertTrue(message.contains("found class name \"\""), message);
  }

  @Test
  void versionIsThatOfTheBuild() throws IOException {
    String pom = Files.readString(Path.of(System.getProperty("tests.root"), "pom.xml"));
    String version = pom.replaceAll("(?s).*?<version>(.*?)(-SNAPSHOT)?</version>.*", "$1");
    assertEquals(version, CheckpointContent.LANEWISE_VERSION);
  }
}
