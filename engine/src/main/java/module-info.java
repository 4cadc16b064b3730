/** Computation graphs, training and inference on the Lanewise kernels. */
module io.lanewise.engine {
  requires transitive io.lanewise.kernels;
  requires static info.picocli;
  requires static java.desktop;

  exports io.lanewise.engine.checkpoint;
  exports io.lanewise.engine.data;
  exports io.lanewise.engine.graph;
  exports io.lanewise.engine.init;
  exports io.lanewise.engine.model;
  exports io.lanewise.engine.nodes;
  exports io.lanewise.engine.optim;
  exports io.lanewise.engine.profile;
  exports io.lanewise.engine.random;
  exports io.lanewise.engine.recipe;
  exports io.lanewise.engine.schedule;
  exports io.lanewise.engine.tensor;
  exports io.lanewise.engine.train;

  opens io.lanewise.engine.cli to
      info.picocli;
}
