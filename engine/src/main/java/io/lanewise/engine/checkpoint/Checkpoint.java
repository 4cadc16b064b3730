package io.lanewise.engine.checkpoint;

import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Graph;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Model;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.tensor.Buffer;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Resumable;
import io.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A net on disk: one safetensors file that holds all it takes to use it, and if it was saved in
 * training also to go on training as if the run had never stopped.
 *
 * <table>
 * <caption>What is where</caption>
 * <tr><td>{@code conv1.weight}</td><td>a parameter, in its own shape and layout</td></tr>
 * <tr><td>{@code optimizer/conv1.weight/velocity}</td><td>a state array, flat</td></tr>
 * <tr><td>{@code also/NAME/conv1.weight}</td><td>a state array of something else that training
 * keeps</td></tr>
 * <tr><td>{@code buffer/batchnorm1.mean}</td><td>what a layer keeps besides parameters</td></tr>
 * <tr><td>{@code __metadata__}</td><td>{@code lanewise.format}, {@code lanewise.version}, {@code model}, {@code
 * image}, {@code layers}, {@code classes}, {@code normalization}; {@code setting.*}; in training
 * {@code optimizer}, {@code steps}, {@code learningRate}, {@code also.NAME.steps}, {@code
 * state.*}</td></tr>
 * </table>
 */
public final class Checkpoint {
  private final Path path;
  private final Safetensors file;
  private final Metadata metadata;

  private Checkpoint(Path path, Safetensors file) throws IOException {
    this.path = path;
    this.file = file;
    String format = text(CheckpointContent.FORMAT_KEY);
    if (!format.equals(Integer.toString(CheckpointContent.FORMAT))) {
      throw new IOException(
          String.format(
              "%s: found checkpoint format %s, this version of Lanewise reads %d; the file was"
                  + " written by Lanewise %s",
              path,
              format,
              CheckpointContent.FORMAT,
              file.metadata().get(CheckpointContent.VERSION_KEY)));
    }
    try {
      this.metadata =
          new Metadata(
              text("model"),
              shape(text("image")),
              List.of(text("classes").split("\n")),
              Normalization.parse(text("normalization")),
              withPrefix(CheckpointContent.SETTING));
    } catch (IllegalArgumentException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }

  /**
   * Writes a net to use: parameters and metadata.
   *
   * @throws IOException if it cannot be written; an older file is then left as it was
   * @throws IllegalArgumentException if the metadata describes another net
   */
  public static void save(Path path, Network network, Metadata metadata) throws IOException {
    CheckpointContent.of(network, metadata).write(path);
  }

  /**
   * Writes a net to go on training: besides what {@link #save} writes, the optimiser's arrays,
   * steps and learning rate, and whatever else the caller needs to resume.
   *
   * @param state free strings, such as the epoch; {@link #state()} gives them back
   * @throws IOException if it cannot be written; an older file is then left as it was
   * @throws IllegalArgumentException if the metadata describes another net
   */
  public static void saveTraining(
      Path path, Network network, Optimizer optimizer, Metadata metadata, Map<String, String> state)
      throws IOException {
    saveTraining(path, network, optimizer, Map.of(), metadata, state);
  }

  /**
   * As {@link #saveTraining(Path, Network, Optimizer, Metadata, Map)}, with what else training
   * keeps.
   *
   * @param others by names of the caller's, which {@link #intoOthers} wants again
   */
  public static void saveTraining(
      Path path,
      Network network,
      Optimizer optimizer,
      Map<String, Resumable> others,
      Metadata metadata,
      Map<String, String> state)
      throws IOException {
    CheckpointContent.ofTraining(network, optimizer, others, metadata, state).write(path);
  }

  /**
   * Reads a file that {@link #save} or {@link #saveTraining} wrote.
   *
   * @throws IOException if it cannot be read, is damaged, or is no checkpoint of Lanewise
   */
  public static Checkpoint load(Path path) throws IOException {
    return new Checkpoint(path, Safetensors.read(path));
  }

  private String text(String key) throws IOException {
    String text = file.metadata().get(key);
    if (text == null) {
      throw new IOException(
          String.format(
              "%s: found no \"%s\" in __metadata__, which every checkpoint of Lanewise has; it has"
                  + " %s",
              path, key, file.metadata().keySet()));
    }
    return text;
  }

  private static Shape shape(String text) {
    try {
      Shape shape = Shape.of(Arrays.stream(text.split("x")).mapToInt(Integer::parseInt).toArray());
      if (!shape.toString().equals(text)) {
        throw new NumberFormatException(text);
      }
      return shape;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "found image \"" + text + "\" in __metadata__, needs the form 32x32x3");
    }
  }

  private Map<String, String> withPrefix(String prefix) {
    Map<String, String> found = new LinkedHashMap<>();
    file.metadata()
        .forEach(
            (key, value) -> {
              if (key.startsWith(prefix)) {
                found.put(key.substring(prefix.length()), value);
              }
            });
    return Collections.unmodifiableMap(found);
  }

  /** Where it was read from. */
  public Path path() {
    return path;
  }

  /** What was saved besides the weights. */
  public Metadata metadata() {
    return metadata;
  }

  /** The arrays of the file by name: parameters and buffers, and in training the optimiser's. */
  public Map<String, Safetensors.Array> arrays() {
    return file.arrays();
  }

  /** Whether it was saved in training, so that {@link #intoOptimizer} works. */
  public boolean isTraining() {
    return file.metadata().containsKey("optimizer");
  }

  /** The free strings given to {@link #saveTraining}. */
  public Map<String, String> state() {
    return withPrefix(CheckpointContent.STATE);
  }

  /**
   * Overwrites a net's parameters and buffers with the saved ones.
   *
   * @throws IllegalArgumentException if the saved net is another one: a parameter is missing, is
   *     left over, has another shape or is not finite, or the layers differ; nothing is changed
   *     then
   */
  public void into(Network network) {
    into(network.graph());
  }

  /** As {@link #into(Network)}, for a graph. */
  public void into(Graph graph) {
    Map<String, int[]> wanted = new LinkedHashMap<>();
    graph.parameters().forEach(p -> wanted.put(p.name(), p.shape().dims()));
    graph
        .buffers()
        .forEach(b -> wanted.put(CheckpointContent.BUFFER_ARRAYS + b.name(), b.shape().dims()));
    Map<String, int[]> found = new LinkedHashMap<>();
    for (Safetensors.Array array : arrays().values()) {
      if (!CheckpointContent.isState(array.name())) {
        found.put(array.name(), array.dims());
      }
    }
    checkSame("parameters", found, "the net", wanted);
    String layers = file.metadata().get("layers");
    if (layers != null && !layers.equals(CheckpointContent.layers(graph))) {
      throw mismatch("layers", layers, "the net", CheckpointContent.layers(graph));
    }
    for (String name : wanted.keySet()) {
      checkFinite(name, arrays().get(name).values());
    }
    for (Parameter parameter : graph.parameters()) {
      parameter.set(arrays().get(parameter.name()).values());
    }
    for (Buffer buffer : graph.buffers()) {
      buffer.set(arrays().get(CheckpointContent.BUFFER_ARRAYS + buffer.name()).values());
    }
  }

  private void checkFinite(String name, float[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            path + ": value " + i + " of " + name + " is " + values[i] + ", needs a finite number");
      }
    }
  }

  /**
   * Overwrites an optimiser's state with the saved one: arrays, steps and learning rate. What its
   * constructor was given, such as momentum, must be given again.
   *
   * @throws IllegalArgumentException if this was not saved in training, or with another optimiser
   *     or net; nothing is changed then
   */
  public void intoOptimizer(Optimizer optimizer) {
    Map<String, String> texts = file.metadata();
    if (!isTraining()) {
      throw new IllegalArgumentException(
          path + ": was saved without an optimiser; resume from one of saveTraining");
    }
    String kind = optimizer.getClass().getSimpleName();
    if (!kind.equals(texts.get("optimizer"))) {
      throw mismatch("optimiser", texts.get("optimizer"), "this run", kind);
    }
    checkState("optimiser arrays", CheckpointContent.OPTIMIZER_ARRAYS, "this " + kind, optimizer);
    long steps = number("steps", Long::parseLong);
    double learningRate = number("learningRate", Double::parseDouble);
    restore(CheckpointContent.OPTIMIZER_ARRAYS, optimizer);
    optimizer.steps(steps);
    optimizer.learningRate(learningRate);
  }

  /**
   * Overwrites what else training keeps with what was saved of it.
   *
   * @param others by the names they were saved under
   * @throws IllegalArgumentException if others were saved, or of another net; nothing is changed
   *     then
   */
  public void intoOthers(Map<String, Resumable> others) {
    Set<String> saved = new TreeSet<>();
    for (String name : arrays().keySet()) {
      if (name.startsWith(CheckpointContent.OTHER_ARRAYS)) {
        saved.add(name.split("/", 3)[1]);
      }
    }
    if (!saved.equals(new TreeSet<>(others.keySet()))) {
      throw mismatch("kept states", saved.toString(), "this run", others.keySet().toString());
    }
    others.forEach(
        (name, other) ->
            checkState(name, CheckpointContent.OTHER_ARRAYS + name + "/", "this run", other));
    Map<String, Long> steps = new LinkedHashMap<>();
    others
        .keySet()
        .forEach(
            name -> steps.put(name, number(CheckpointContent.stepsKey(name), Long::parseLong)));
    others.forEach(
        (name, other) -> {
          restore(CheckpointContent.OTHER_ARRAYS + name + "/", other);
          other.steps(steps.get(name));
        });
  }

  private void checkState(String what, String prefix, String whose, Resumable kept) {
    Map<String, int[]> wanted = new LinkedHashMap<>();
    kept.state().forEach((name, values) -> wanted.put(name, new int[] {values.length}));
    Map<String, int[]> found = new LinkedHashMap<>();
    for (Safetensors.Array array : arrays().values()) {
      if (array.name().startsWith(prefix)) {
        found.put(array.name().substring(prefix.length()), array.dims());
      }
    }
    checkSame(what, found, whose, wanted);
  }

  private void restore(String prefix, Resumable kept) {
    kept.state()
        .forEach(
            (name, values) ->
                System.arraycopy(
                    arrays().get(prefix + name).values(), 0, values, 0, values.length));
  }

  private <N> N number(String key, Function<String, N> parse) {
    String text = String.valueOf(file.metadata().get(key));
    try {
      return parse.apply(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          path + ": found " + key + " = " + text + " in __metadata__, needs a number");
    }
  }

  /** Compares names and dimensions, and names what differs. */
  private void checkSame(
      String what, Map<String, int[]> found, String whose, Map<String, int[]> wanted) {
    List<String> here = new ArrayList<>();
    List<String> there = new ArrayList<>();
    found.forEach((name, dims) -> addIfOther(here, name, dims, wanted.get(name)));
    wanted.forEach((name, dims) -> addIfOther(there, name, dims, found.get(name)));
    if (!here.isEmpty() || !there.isEmpty()) {
      throw mismatch(what, here.toString(), whose, there.toString());
    }
  }

  private static void addIfOther(List<String> others, String name, int[] dims, int[] twin) {
    if (!Arrays.equals(dims, twin)) {
      others.add(name + " " + Arrays.toString(dims));
    }
  }

  private IllegalArgumentException mismatch(
      String what, String found, String whose, String wanted) {
    return new IllegalArgumentException(
        String.format(
            "%s: %s differ: the file has %s where %s has %s; it was saved from model %s",
            path, what, found, whose, wanted, metadata.model()));
  }

  /**
   * Builds the saved net again, a net of the zoo, with the saved parameters.
   *
   * @throws IllegalArgumentException if the zoo has no such net; for nets of your own see {@link
   *     #network(Models.Recipe)}
   */
  public Network network() {
    return network(recipe());
  }

  /**
   * Builds the saved net again, with the saved parameters.
   *
   * @param recipe what built it
   * @throws IllegalArgumentException if the recipe builds another net
   */
  public Network network(Models.Recipe recipe) {
    Network network = recipe.build(metadata.image(), metadata.classNames().size(), 0);
    metadata.check(network);
    into(network);
    return network;
  }

  /**
   * The saved net, a net of the zoo, to ask.
   *
   * @throws IllegalArgumentException if the zoo has no such net; for nets of your own see {@link
   *     #model(Models.Recipe)}
   */
  public Model model() {
    return model(recipe());
  }

  /**
   * The saved net to ask.
   *
   * @param recipe what built it
   * @throws IllegalArgumentException if the recipe builds another net
   */
  public Model model(Models.Recipe recipe) {
    return Model.of(metadata, recipe, this::into);
  }

  private Models.Recipe recipe() {
    try {
      return Models.recipe(metadata.model());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
    }
  }
}
