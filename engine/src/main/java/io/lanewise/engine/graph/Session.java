package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs a graph on batches.
 *
 * <p>The {@link StepOrder} says how. Depth-first, the batch is cut into chunks and those into
 * slices of a few samples. A task carries a slice through all nodes, forward and, in training, at
 * once backward, so that its activations stay in the cache. Each chunk sums the gradients of its
 * slices in order; when all chunks are done their sums are added in order. Layer by layer, the
 * whole batch is one slice, and the nodes' kernels share out its rows. The cut depends on the batch
 * size alone, so results have the same bits for any number of threads. Slots and sums are made
 * before the first step; a warm step makes only small objects.
 *
 * <p>A session belongs to one thread at a time. Several sessions may share a graph, but training
 * steps write the {@code grad} of its parameters and optimisers their values: while either runs, no
 * other session of the graph may. A session keeps the objective that the graph had when it was
 * made.
 */
public final class Session {
  private final Graph graph;
  private final Plan plan;
  private final boolean training;
  private final boolean frozen;
  private final Parallel parallel;
  private final Workspace workspace;
  private final StepTimes times;
  private final StepTimes.Laps laps;
  private final Prepared[] prepared;
  private final Feeds feeds;
  private final Kept kept;
  private final GradientSums sums;
  private final BatchRunner runner;

  private long seed;
  private boolean preparedOnce;

  private Session(Builder builder) {
    this.graph = builder.graph;
    this.training = builder.training;
    this.frozen = builder.frozen;
    this.parallel = builder.parallel;
    this.workspace = new Workspace(parallel);
    this.plan = new Plan(graph, builder.settings());
    this.times = builder.timed ? new StepTimes(plan, parallel) : null;
    this.laps = newLaps();
    this.prepared = new Prepared[plan.steps().size()];
    for (Plan.Step step : plan.steps()) {
      int size = plan.sliceSize();
      int[] sizes = step.node().preparedSizes(size);
      prepared[step.index()] = new Prepared(sizes, size, training, workspace, parallel);
    }
    Tensor objective = graph.objective();
    this.feeds = new Feeds(plan.steps());
    this.kept = new Kept(objective, builder.batch, builder.keptValues, builder.keptGradients);
    this.sums = new GradientSums(graph.parameters(), training ? plan.mostChunks() : 0, parallel);
    SliceRunner slices = new SliceRunner(plan, objective, feeds, kept, parallel);
    this.runner = new BatchRunner(this, plan, slices, sums);
    for (Plan.Step step : plan.steps()) {
      if (step.node() instanceof InputNode) {
        Feeds.floats(builder.batch, step.output());
      }
    }
  }

  /** Starts describing a session on a graph. */
  public static Builder on(Graph graph) {
    return new Builder(graph);
  }

  /** What a session is for; {@link #training()} or {@link #inference()} makes it. */
  public static final class Builder {
    private final Graph graph;
    private int batch = 1;
    private Parallel parallel = Parallel.serial();
    private boolean training;
    private boolean frozen;
    private boolean fused = true;
    private StepOrder order = StepOrder.AUTO;
    private boolean timed;
    private final List<Tensor> keptValues = new ArrayList<>();
    private final List<Tensor> keptGradients = new ArrayList<>();

    private Builder(Graph graph) {
      this.graph = graph;
    }

    /** Most samples in a batch; 1 if not said. */
    public Builder batch(int samples) {
      if (samples < 1) {
        throw new IllegalArgumentException("batch is " + samples + ", needs at least 1");
      }
      this.batch = samples;
      return this;
    }

    /** Who runs loops; the calling thread if not said. */
    public Builder parallel(Parallel runner) {
      this.parallel = runner;
      return this;
    }

    /**
     * Keeps the values of tensors, for {@link Session#value}. The objective's are always kept.
     *
     * @throws IllegalArgumentException if a tensor is not in the graph
     */
    public Builder keep(Tensor... tensors) {
      return add(keptValues, tensors);
    }

    /**
     * Keeps the gradients of tensors, inputs included, for {@link Session#gradient}.
     *
     * @throws IllegalArgumentException if a tensor is not in the graph
     */
    public Builder keepGradients(Tensor... tensors) {
      return add(keptGradients, tensors);
    }

    private Builder add(List<Tensor> kept, Tensor... tensors) {
      for (Tensor tensor : tensors) {
        kept.add(graph.nodeOf(tensor).output());
      }
      return this;
    }

    /**
     * Says that parameters and buffers will not change any more, so that they are prepared only
     * once. In inference a batch normalisation is then folded into the layer before it, which
     * rounds otherwise than the two apart.
     */
    public Builder frozen() {
      this.frozen = true;
      return this;
    }

    /** In which order nodes and samples are worked through; {@link StepOrder#AUTO} if not said. */
    public Builder order(StepOrder stepOrder) {
      this.order = stepOrder;
      return this;
    }

    /** Runs every node by itself and copies every gradient: the plan that others are held to. */
    Builder unfused() {
      this.fused = false;
      return this;
    }

    private Plan.Settings settings() {
      return new Plan.Settings(batch, order, training, frozen, fused, keptValues, keptGradients);
    }

    /**
     * Says that {@link Session#times} is wanted. They count from the first step on, while Java is
     * still compiling; {@link StepTimes#reset} after some steps, or {@link Session#warmUp}, begins
     * anew.
     */
    public Builder timed() {
      this.timed = true;
      return this;
    }

    /**
     * A session whose {@link Session#step} runs forward and backward.
     *
     * @throws IllegalStateException if the graph has no objective
     */
    public Session training() {
      if (graph.objective() == null) {
        throw new IllegalStateException("the graph has no objective; call graph.minimize(loss)");
      }
      this.training = true;
      return new Session(this);
    }

    /**
     * A session that only runs forward, without dropout.
     *
     * @throws IllegalStateException if gradients are to be kept
     */
    public Session inference() {
      if (!keptGradients.isEmpty()) {
        throw new IllegalStateException(
            "gradients of " + keptGradients + " are to be kept, which needs training()");
      }
      this.training = false;
      return new Session(this);
    }
  }

  /**
   * Hands over a batch for an input. The array is read by the next run and stays the caller's.
   *
   * @param input what {@link Graph#input} returned
   * @param samples {@code [n, shape]}
   * @throws IllegalArgumentException if the tensor is no input of this session's graph
   */
  public void feed(Tensor input, float... samples) {
    graph.requireInput(input);
    feeds.feed(input, samples);
  }

  /**
   * Hands over the class labels of a batch, which loss nodes read.
   *
   * @param classes {@code [n]}, counted from 0
   */
  public void feedLabels(int[] classes) {
    feeds.labels(classes);
  }

  /** Seeds the random nodes of the next step; the same seed drops the same values. */
  public void seed(long stepSeed) {
    this.seed = stepSeed;
  }

  /**
   * Runs forward on n samples.
   *
   * @return the mean of the objective over the samples, or NaN if the graph has none
   * @throws IllegalArgumentException if n is out of range or an input was not fed enough
   */
  public double forward(int samples) {
    begin(samples);
    runner.forward();
    return kept.meanObjective(samples);
  }

  /**
   * Runs forward and backward on n samples; then each parameter's {@code grad} is that of the mean
   * objective.
   *
   * @return the mean of the objective over the samples
   * @throws IllegalArgumentException if n is out of range or an input was not fed enough
   * @throws IllegalStateException if this session is for inference
   */
  public double step(int samples) {
    if (!training) {
      throw new IllegalStateException("this session is for inference; make one with training()");
    }
    begin(samples);
    runner.train();
    if (laps != null) {
      laps.start();
    }
    sums.add(runner.chunks());
    if (laps != null) {
      laps.done(times.wholeStep(), Direction.SUMS);
    }
    return kept.meanObjective(samples);
  }

  /**
   * Runs whole batches of random numbers until they do not get faster any more, so that Java
   * compiles what the session runs before it is needed: steps in training, else forward. Afterwards
   * everything is as before: feeds, seed, parameters, their gradients, and kept values; {@link
   * #times} begin anew.
   *
   * @param limit no run begins after it; a few seconds are enough for most nets
   * @return how long it took
   * @throws IllegalArgumentException if the limit is not above zero
   */
  public Duration warmUp(Duration limit) {
    List<float[]> arrays = visibleArrays();
    List<float[]> saved = arrays.stream().map(float[]::clone).toList();
    Feeds savedFeeds = feeds.copy();
    int savedSamples = runner.n();
    boolean savedPreparedOnce = preparedOnce;
    try {
      feeds.feedRandom(batch());
      return WarmUp.repeat(training ? () -> step(batch()) : () -> forward(batch()), limit);
    } finally {
      for (int i = 0; i < saved.size(); i++) {
        System.arraycopy(saved.get(i), 0, arrays.get(i), 0, saved.get(i).length);
      }
      feeds.takeFrom(savedFeeds);
      runner.begin(savedSamples);
      preparedOnce = savedPreparedOnce;
      if (times != null) {
        times.reset();
      }
    }
  }

  /** What a run writes and others read. */
  private List<float[]> visibleArrays() {
    List<float[]> arrays = kept.arrays();
    if (training) {
      graph.parameters().forEach(parameter -> arrays.add(parameter.grad()));
      graph.buffers().forEach(buffer -> arrays.add(buffer.value()));
    }
    return arrays;
  }

  private void begin(int samples) {
    if (samples < 1 || samples > plan.batch()) {
      throw new IllegalArgumentException(
          "found " + samples + " samples, needs 1 to " + plan.batch() + ", this session's batch");
    }
    feeds.check(samples);
    runner.begin(samples);
    if (!frozen || !preparedOnce) {
      prepare();
      preparedOnce = true;
    }
  }

  private void prepare() {
    if (laps != null) {
      laps.start();
    }
    for (Plan.Step step : plan.steps()) {
      step.node().prepare(prepared[step.index()]);
      if (laps != null) {
        laps.done(step.index(), Direction.PREPARE);
      }
    }
  }

  /**
   * The kept values of a tensor after a run.
   *
   * @return {@code [n, shape]}; the session's own array, overwritten by the next run
   * @throws IllegalArgumentException if the session was not told to keep them
   */
  public float[] value(Tensor tensor) {
    return kept.value(tensor);
  }

  /**
   * The kept gradient of a tensor after a step: of the mean objective, {@code [n, shape]}.
   *
   * @return the session's own array, overwritten by the next step
   * @throws IllegalArgumentException if the session was not told to keep it
   */
  public float[] gradient(Tensor tensor) {
    return kept.gradient(tensor);
  }

  /**
   * Runs the last batch once more and looks for the first node that yields NaN or infinity.
   *
   * @return what was found, for an error message; empty if all is finite
   * @throws IllegalStateException if nothing has been run
   */
  public Optional<String> firstNonFinite() {
    if (runner.n() == 0) {
      throw new IllegalStateException("firstNonFinite: nothing has been run in this session");
    }
    return runner.firstNonFinite();
  }

  /** The graph this session runs. */
  public Graph graph() {
    return graph;
  }

  /** Most samples in a batch. */
  public int batch() {
    return plan.batch();
  }

  boolean training() {
    return training;
  }

  long seed() {
    return seed;
  }

  Workspace workspace() {
    return workspace;
  }

  /** Who runs this session's loops. */
  public Parallel parallel() {
    return parallel;
  }

  /**
   * Where the time of steps goes.
   *
   * @throws IllegalStateException if this session was not told to time them
   */
  public StepTimes times() {
    if (times == null) {
      throw new IllegalStateException("steps are not timed; say so with Session.on(...).timed()");
    }
    return times;
  }

  StepTimes.Laps newLaps() {
    return times == null ? null : times.newLaps();
  }

  Prepared prepared(Plan.Step step) {
    return prepared[step.index()];
  }

  int indexOf(Parameter parameter) {
    return sums.indexOf(parameter);
  }

  Feeds feeds() {
    return feeds;
  }
}
