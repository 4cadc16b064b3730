package io.lanewise.engine.graph;

import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.activation.Relu;
import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Slices;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.shape.FlatShape;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

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
  private final Tensor objective;
  private final Plan plan;
  private final boolean training;
  private final boolean frozen;
  private final Parallel parallel;
  private final Workspace workspace;
  private final StepTimes times;
  private final StepTimes.Laps laps;
  private final List<Parameter> parameters;
  private final Map<Parameter, Integer> parameterIndex = new IdentityHashMap<>();
  private final Prepared[] prepared;
  private final float[][][] chunkSums;
  private final ArrayDeque<Slice> idleSlices = new ArrayDeque<>();
  private final Map<Slice, int[]> sliceLabels = new IdentityHashMap<>();
  private final Map<Tensor, float[]> feeds = new HashMap<>();
  private final Map<Tensor, float[]> keptValues = new LinkedHashMap<>();
  private final Map<Tensor, float[]> keptGradients = new LinkedHashMap<>();
  private final IntConsumer forwardChunk = this::forwardChunk;
  private final IntConsumer trainChunk = this::trainChunk;
  private final IntConsumer addChunkSums = this::addChunkSums;

  private int[] labels;
  private int n;
  private Slices chunks;
  private long seed;
  private boolean preparedOnce;

  private Session(Builder builder) {
    this.graph = builder.graph;
    this.objective = graph.objective();
    this.training = builder.training;
    this.frozen = builder.frozen;
    this.parallel = builder.parallel;
    this.workspace = new Workspace(parallel);
    this.plan = new Plan(graph, builder.settings());
    this.times = builder.timed ? new StepTimes(plan, parallel) : null;
    this.laps = newLaps();
    this.parameters = graph.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      parameterIndex.put(parameters.get(i), i);
    }
    this.prepared = new Prepared[plan.steps().size()];
    for (Plan.Step step : plan.steps()) {
      int size = plan.sliceSize();
      int[] sizes = step.node().preparedSizes(size);
      prepared[step.index()] = new Prepared(sizes, size, training, workspace, parallel);
    }
    this.chunkSums = newChunkSums(training ? plan.mostChunks() : 0);
    int atOnce = Math.min(parallel.threads() + 1, plan.mostChunks());
    for (int i = 0; i < atOnce; i++) {
      Slice slice = new Slice(this, plan);
      idleSlices.push(slice);
      sliceLabels.put(slice, new int[plan.sliceSize()]);
    }
    for (Plan.Step step : plan.steps()) {
      if (step.node() instanceof InputNode) {
        floats(builder.batch, step.node().output());
      }
    }
    for (Tensor tensor : builder.keptValues) {
      keptValues.put(tensor, new float[floats(builder.batch, tensor)]);
    }
    if (objective != null) {
      keptValues.putIfAbsent(objective, new float[builder.batch]);
    }
    for (Tensor tensor : builder.keptGradients) {
      keptGradients.put(tensor, new float[floats(builder.batch, tensor)]);
    }
  }

  /** Floats of a batch of a tensor; an array can hold no more than 2^31 - 9. */
  private static int floats(int samples, Tensor tensor) {
    long floats = (long) samples * tensor.size();
    if (floats > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          String.format(
              "%s: a batch of %d needs %d floats, more than the 2^31 - 9 that one array can hold",
              tensor, samples, floats));
    }
    return (int) floats;
  }

  /** Sums of each chunk; if there is one alone, its sums are the gradients themselves. */
  private float[][][] newChunkSums(int count) {
    float[][][] sums = new float[count][parameters.size()][];
    for (float[][] chunk : sums) {
      for (int i = 0; i < chunk.length; i++) {
        Parameter parameter = parameters.get(i);
        chunk[i] = count == 1 ? parameter.grad() : new float[parameter.size()];
      }
    }
    return sums;
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

    /** Says that {@link Session#times} is wanted. */
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
    feeds.put(input, samples);
  }

  /**
   * Hands over the class labels of a batch, which loss nodes read.
   *
   * @param classes {@code [n]}, counted from 0
   */
  public void feedLabels(int[] classes) {
    this.labels = classes;
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
    parallel.forEach(chunks.count(), forwardChunk);
    return meanObjective();
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
    parallel.forEach(chunks.count(), trainChunk);
    if (laps != null) {
      laps.start();
    }
    if (plan.mostChunks() > 1) {
      parallel.forEach(parameters.size(), addChunkSums);
    }
    if (laps != null) {
      laps.done(times.wholeStep(), Direction.SUMS);
    }
    return meanObjective();
  }

  /**
   * Runs whole batches of random numbers until they do not get faster any more, so that Java
   * compiles what the session runs before it is needed: steps in training, else forward. Afterwards
   * everything is as before: feeds, seed, parameters, their gradients, and kept values.
   *
   * @param limit no run begins after it; a few seconds are enough for most nets
   * @return how long it took
   * @throws IllegalArgumentException if the limit is not above zero
   */
  public Duration warmUp(Duration limit) {
    List<float[]> arrays = visibleArrays();
    List<float[]> saved = arrays.stream().map(float[]::clone).toList();
    Map<Tensor, float[]> savedFeeds = Map.copyOf(feeds);
    int[] savedLabels = labels;
    int savedN = n;
    Slices savedChunks = chunks;
    boolean savedPreparedOnce = preparedOnce;
    try {
      feedRandom();
      return WarmUp.repeat(training ? () -> step(batch()) : () -> forward(batch()), limit);
    } finally {
      for (int i = 0; i < saved.size(); i++) {
        System.arraycopy(saved.get(i), 0, arrays.get(i), 0, saved.get(i).length);
      }
      feeds.clear();
      feeds.putAll(savedFeeds);
      labels = savedLabels;
      n = savedN;
      chunks = savedChunks;
      preparedOnce = savedPreparedOnce;
    }
  }

  /** What a run writes and others read. */
  private List<float[]> visibleArrays() {
    List<float[]> arrays = new ArrayList<>(keptValues.values());
    arrays.addAll(keptGradients.values());
    if (training) {
      parameters.forEach(parameter -> arrays.add(parameter.grad()));
      graph.buffers().forEach(buffer -> arrays.add(buffer.value()));
    }
    return arrays;
  }

  private void feedRandom() {
    Seeds random = Seeds.stream(1);
    for (Plan.Step step : plan.steps()) {
      if (step.node() instanceof InputNode) {
        float[] samples = new float[floats(batch(), step.node().output())];
        for (int i = 0; i < samples.length; i++) {
          samples[i] = (float) random.nextGaussian();
        }
        feeds.put(step.node().output(), samples);
      }
    }
    labels = new int[batch()];
  }

  private void begin(int samples) {
    if (samples < 1 || samples > plan.batch()) {
      throw new IllegalArgumentException(
          "found " + samples + " samples, needs 1 to " + plan.batch() + ", this session's batch");
    }
    for (Plan.Step step : plan.steps()) {
      if (step.node() instanceof InputNode) {
        checkFeed(step.node().output(), samples);
      }
    }
    if (labels != null && labels.length < samples) {
      throw new IllegalArgumentException(
          "found " + labels.length + " labels, needs one for each of " + samples + " samples");
    }
    for (Plan.Step step : plan.steps()) {
      checkLabels(step.node(), samples);
    }
    this.n = samples;
    this.chunks = plan.chunks(samples);
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

  private void checkLabels(Node node, int samples) {
    int classes = node.labelClasses();
    if (classes > 0 && labels == null) {
      throw new IllegalArgumentException(
          node.name() + ": found no class labels; call feedLabels before the run");
    }
    for (int i = 0; i < samples && classes > 0; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            String.format(
                "%s: the label of sample %d is %d, needs 0 to %d",
                node.name(), i, labels[i], classes - 1));
      }
    }
  }

  private void checkFeed(Tensor input, int samples) {
    float[] fed = feeds.get(input);
    int need = floats(samples, input);
    if (fed == null || fed.length < need) {
      throw new IllegalArgumentException(
          String.format(
              "input %s: found %s, needs n*shape = %d*%d = %d floats",
              input,
              fed == null ? "nothing fed" : fed.length + " floats",
              samples,
              input.size(),
              need));
    }
  }

  private double meanObjective() {
    if (objective == null) {
      return Double.NaN;
    }
    float[] losses = keptValues.get(objective);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += losses[i];
    }
    return sum / n;
  }

  private void forwardChunk(int chunk) {
    Slice slice = takeSlice();
    try {
      slice.startClock();
      Slices cut = plan.slices(chunks.length(chunk));
      for (int i = 0; i < cut.count(); i++) {
        slice.begin(chunks.start(chunk) + cut.start(i), cut.length(i), null);
        forward(slice);
      }
    } finally {
      giveBack(slice);
    }
  }

  private void trainChunk(int chunk) {
    float[][] sums = chunkSums[chunk];
    Slice slice = takeSlice();
    try {
      slice.startClock();
      parallel.forEach(sums.length, i -> Arrays.fill(sums[i], 0));
      slice.lapOfStep(plan.steps().size(), Direction.SUMS);
      Slices cut = plan.slices(chunks.length(chunk));
      for (int i = 0; i < cut.count(); i++) {
        slice.begin(chunks.start(chunk) + cut.start(i), cut.length(i), sums);
        forward(slice);
        backward(slice);
      }
    } finally {
      giveBack(slice);
    }
  }

  private void forward(Slice slice) {
    for (int i = 0; i < plan.steps().size(); i++) {
      forward(slice, plan.steps().get(i));
    }
  }

  private void forward(Slice slice, Plan.Step step) {
    slice.at(step);
    Tensor output = step.output();
    if (step.node() instanceof InputNode) {
      int size = output.size();
      System.arraycopy(
          feeds.get(output), slice.first() * size, slice.output(), 0, slice.n() * size);
    } else {
      step.node().forward(slice);
    }
    float[] kept = keptValues.get(output);
    if (kept != null) {
      System.arraycopy(slice.output(), 0, kept, slice.first() * output.size(), slice.size());
    }
    slice.done(Direction.FORWARD);
  }

  private void backward(Slice slice) {
    for (int i = plan.steps().size() - 1; i >= 0; i--) {
      Plan.Step step = plan.steps().get(i);
      if (step.runsBackward()) {
        slice.at(step);
        backward(slice, step);
        slice.done(Direction.BACKWARD);
      }
    }
  }

  private void backward(Slice slice, Plan.Step step) {
    Node node = step.node();
    if (node instanceof FanOutNode) {
      ((FanOutNode) node).addGradients(slice, step.branchSlots());
      return;
    }
    float[] gradOutput = slice.unmaskedGradOutput();
    if (step.output() == objective) {
      Arrays.fill(gradOutput, 0, slice.n(), 1f / n);
    }
    float[] kept = keptGradients.get(step.output());
    if (kept != null) {
      int size = step.output().size();
      System.arraycopy(gradOutput, 0, kept, slice.first() * size, slice.size());
    }
    if (step.op().masksGradient()) {
      FlatShape shape = new FlatShape(slice.size());
      Relu.backward(shape, gradOutput, slice.output(), slice.gradOutput(), parallel);
    }
    if (!step.passesGradient()) {
      node.backward(slice);
    }
  }

  private void addChunkSums(int parameter) {
    float[] grad = parameters.get(parameter).grad();
    System.arraycopy(chunkSums[0][parameter], 0, grad, 0, grad.length);
    for (int chunk = 1; chunk < chunks.count(); chunk++) {
      Lanes.ACTIVE.accumulate(chunkSums[chunk][parameter], 0, grad, 0, grad.length);
    }
  }

  private Slice takeSlice() {
    synchronized (idleSlices) {
      return idleSlices.pop();
    }
  }

  private void giveBack(Slice slice) {
    synchronized (idleSlices) {
      idleSlices.push(slice);
    }
  }

  /**
   * The kept values of a tensor after a run.
   *
   * @return {@code [n, shape]}; the session's own array, overwritten by the next run
   * @throws IllegalArgumentException if the session was not told to keep them
   */
  public float[] value(Tensor tensor) {
    return kept(keptValues, tensor, "value", "keep");
  }

  /**
   * The kept gradient of a tensor after a step: of the mean objective, {@code [n, shape]}.
   *
   * @return the session's own array, overwritten by the next step
   * @throws IllegalArgumentException if the session was not told to keep it
   */
  public float[] gradient(Tensor tensor) {
    return kept(keptGradients, tensor, "gradient", "keepGradients");
  }

  private static float[] kept(
      Map<Tensor, float[]> arrays, Tensor tensor, String what, String method) {
    float[] array = arrays.get(tensor);
    if (array == null) {
      throw new IllegalArgumentException(
          "the " + what + " of " + tensor + " was not kept; name it in Session.on(...)." + method);
    }
    return array;
  }

  /**
   * Runs the last batch once more and looks for the first node that yields NaN or infinity.
   *
   * @return what was found, for an error message; empty if all is finite
   * @throws IllegalStateException if nothing has been run
   */
  public Optional<String> firstNonFinite() {
    if (chunks == null) {
      throw new IllegalStateException("firstNonFinite: nothing has been run in this session");
    }
    Slice slice = takeSlice();
    try {
      slice.startClock();
      for (int chunk = 0; chunk < chunks.count(); chunk++) {
        Slices cut = plan.slices(chunks.length(chunk));
        for (int i = 0; i < cut.count(); i++) {
          slice.begin(chunks.start(chunk) + cut.start(i), cut.length(i), null);
          for (Plan.Step step : plan.steps()) {
            forward(slice, step);
            Optional<String> found = NonFinite.in(step.node(), slice);
            if (found.isPresent()) {
              return found;
            }
          }
        }
      }
      return Optional.empty();
    } finally {
      giveBack(slice);
    }
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
    return parameterIndex.get(parameter);
  }

  int[] labels(Slice slice) {
    if (labels == null) {
      throw new IllegalStateException("this graph needs class labels; call feedLabels");
    }
    int[] own = sliceLabels.get(slice);
    System.arraycopy(labels, slice.first(), own, 0, slice.n());
    return own;
  }
}
