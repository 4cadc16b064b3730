package io.lanewise.engine.checkpoint;

import io.lanewise.engine.graph.Graph;
import io.lanewise.engine.graph.Node;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Optimizer;
import io.lanewise.engine.tensor.Buffer;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Resumable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a {@link Checkpoint} consists of, and how its parts are called. */
final class CheckpointContent {
  /** The format this version writes; it reads this and the ones before. */
  static final int FORMAT = 1;

  /** Who wrote the file; for people, not read. */
  static final String LANEWISE_VERSION = "0.1.0";

  static final String OPTIMIZER_ARRAYS = "optimizer/";
  static final String BUFFER_ARRAYS = "buffer/";
  static final String OTHER_ARRAYS = "also/";

  static final String FORMAT_KEY = "lanewise.format";
  static final String VERSION_KEY = "lanewise.version";
  static final String SETTING = "setting.";
  static final String STATE = "state.";

  private CheckpointContent() {}

  /** A net to use; see {@link Checkpoint#save}. */
  static Safetensors of(Network network, Metadata metadata) {
    return Safetensors.of(describe(network, metadata), arrays(network.graph()));
  }

  /** A net to go on training; see {@link Checkpoint#saveTraining}. */
  static Safetensors ofTraining(
      Network network,
      Optimizer optimizer,
      Map<String, Resumable> others,
      Metadata metadata,
      Map<String, String> state) {
    Map<String, String> texts = describe(network, metadata);
    texts.put("optimizer", optimizer.getClass().getSimpleName());
    texts.put("steps", Long.toString(optimizer.steps()));
    texts.put("learningRate", Double.toHexString(optimizer.learningRate()));
    state.forEach((key, value) -> texts.put(STATE + key, value));
    List<Safetensors.Array> arrays = arrays(network.graph());
    addState(arrays, OPTIMIZER_ARRAYS, optimizer);
    others.forEach(
        (name, other) -> {
          texts.put(stepsKey(name), Long.toString(other.steps()));
          addState(arrays, OTHER_ARRAYS + name + "/", other);
        });
    return Safetensors.of(texts, arrays);
  }

  static String stepsKey(String other) {
    return "also." + other + ".steps";
  }

  private static void addState(List<Safetensors.Array> arrays, String prefix, Resumable kept) {
    kept.state()
        .forEach(
            (name, values) ->
                arrays.add(
                    new Safetensors.Array(prefix + name, new int[] {values.length}, values)));
  }

  private static Map<String, String> describe(Network network, Metadata metadata) {
    metadata.check(network);
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(FORMAT_KEY, Integer.toString(FORMAT));
    texts.put(VERSION_KEY, LANEWISE_VERSION);
    texts.put("model", metadata.model());
    texts.put("image", metadata.image().toString());
    texts.put("layers", layers(network.graph()));
    texts.put("classes", String.join("\n", metadata.classNames()));
    texts.put("normalization", metadata.normalization().toString());
    metadata.settings().forEach((key, value) -> texts.put(SETTING + key, value));
    return texts;
  }

  static boolean isState(String array) {
    return array.startsWith(OPTIMIZER_ARRAYS) || array.startsWith(OTHER_ARRAYS);
  }

  static String layers(Graph graph) {
    return graph.nodes().stream().map(Node::name).collect(Collectors.joining(" "));
  }

  private static List<Safetensors.Array> arrays(Graph graph) {
    List<Safetensors.Array> arrays = new ArrayList<>();
    for (Parameter parameter : graph.parameters()) {
      String name = parameter.name();
      if (isState(name) || name.startsWith(BUFFER_ARRAYS)) {
        throw new IllegalArgumentException(
            "parameter " + name + ": names cannot start with optimizer/, also/ or buffer/");
      }
      arrays.add(new Safetensors.Array(name, parameter.shape().dims(), parameter.value()));
    }
    for (Buffer buffer : graph.buffers()) {
      String name = BUFFER_ARRAYS + buffer.name();
      arrays.add(new Safetensors.Array(name, buffer.shape().dims(), buffer.value()));
    }
    return arrays;
  }
}
