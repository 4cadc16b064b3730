package io.lanewise.engine.model;

import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.graph.Graph;
import io.lanewise.engine.graph.Session;
import io.lanewise.engine.graph.WarmUp;
import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Buffer;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.image.ImageOps;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.ImageShape;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * A trained classifier. It does not change any more, and any number of threads may ask it at once:
 * each borrows a session of its own, made on demand and kept for the next.
 *
 * <p>The answer for an image has the same bits alone or in any batch, from any thread, for any
 * number of threads.
 *
 * <pre>{@code
 * Model model = Checkpoint.load(Path.of("run/model.safetensors")).model();
 * float[] p = model.predictPixels(planes, 1);
 * System.out.println(model.className(Model.argmax(p)));
 * }</pre>
 */
public final class Model {
  /** Images in a session's batch, if they are small: enough for the chunks of many threads. */
  private static final int MOST_IMAGES = 64;

  /** Floats of a session's batch of images, if they are large: 1 MB. */
  private static final int MOST_FLOATS = 1 << 18;

  private final Network network;
  private final Metadata metadata;
  private final float[] mean;
  private final float[] std;
  private final Parallel parallel;
  private final int batch;
  private final int imageSize;
  private final int classes;
  private final Queue<Borrowed> idle = new ConcurrentLinkedQueue<>();

  /** A session and the images it is fed: what one call needs for itself. */
  private static final class Borrowed {
    final Session session;
    final float[] images;

    Borrowed(Session session, float[] images) {
      this.session = session;
      this.images = images;
    }
  }

  /** Puts images from a caller's array, in whatever form, into {@code [n, h, w, c]}. */
  private interface Loader {
    void load(int first, int n, float[] images);
  }

  private Model(Network network, Metadata metadata, Parallel parallel) {
    Normalization normalization = metadata.normalization();
    this.network = network;
    this.metadata = metadata;
    this.mean = normalization.mean();
    this.std = normalization.std();
    this.parallel = parallel;
    this.imageSize = network.image().size();
    this.classes = network.classes();
    this.batch = Math.max(1, Math.min(MOST_IMAGES, MOST_FLOATS / imageSize));
  }

  /**
   * A classifier with the weights that a net of the zoo has now; the net may be trained on.
   *
   * @throws IllegalArgumentException if the metadata describes another net, or the net is not as
   *     the zoo builds it; for nets of your own see {@link #of(Network, Metadata, Models.Recipe)}
   */
  public static Model of(Network network, Metadata metadata) {
    return of(network, metadata, Models.recipe(network.name()));
  }

  /**
   * A classifier with the weights that a net has now; the net may be trained on.
   *
   * @param network what is copied
   * @param metadata describes it
   * @param recipe what builds the same net once more, to hold the copy
   * @throws IllegalArgumentException if the metadata describes another net, or the recipe builds
   *     another one
   */
  public static Model of(Network network, Metadata metadata, Models.Recipe recipe) {
    metadata.check(network);
    return of(metadata, recipe, copy -> copyWeights(network, copy));
  }

  /**
   * A classifier with weights from elsewhere.
   *
   * @param metadata describes the net
   * @param recipe builds the net, which nobody else may keep
   * @param weights sets the parameters of the net that was built
   * @throws IllegalArgumentException if the recipe builds another net than the metadata describes
   */
  public static Model of(Metadata metadata, Models.Recipe recipe, Consumer<Network> weights) {
    Network own = recipe.build(metadata.image(), metadata.classNames().size(), 0);
    metadata.check(own);
    weights.accept(own);
    return new Model(own, metadata, Parallel.serial());
  }

  private static void copyWeights(Network from, Network to) {
    List<String> found = layers(from.graph());
    List<String> built = layers(to.graph());
    if (!found.equals(built)) {
      throw new IllegalArgumentException(
          String.format(
              "%s: the recipe builds %s, the net is %s; give the recipe that built it",
              from.name(), built, found));
    }
    for (int i = 0; i < from.graph().parameters().size(); i++) {
      Parameter parameter = from.graph().parameters().get(i);
      to.graph().parameters().get(i).set(parameter.value());
    }
    for (int i = 0; i < from.graph().buffers().size(); i++) {
      Buffer buffer = from.graph().buffers().get(i);
      to.graph().buffers().get(i).set(buffer.value());
    }
  }

  private static List<String> layers(Graph graph) {
    return graph.nodes().stream().map(node -> node.name() + " " + node.shapeText(1)).toList();
  }

  /**
   * The same classifier whose large batches, and large layers of single images, run on several
   * threads. Without this, a call runs on the calling thread alone.
   */
  public Model on(Parallel runner) {
    return new Model(network, metadata, runner);
  }

  /**
   * Class probabilities of images that are floats already.
   *
   * @param images {@code [n, h, w, c]}, normalised as {@code metadata().normalization()} says
   * @param n number of images
   * @return {@code [n, classes]}, each row adds up to 1; the caller's own
   * @throws IllegalArgumentException if n is below 1 or there are not that many images
   */
  public float[] predict(float[] images, int n) {
    check("images", images.length, "floats", n);
    return predict(
        n,
        (first, count, to) ->
            System.arraycopy(images, first * imageSize, to, 0, count * imageSize));
  }

  /**
   * Class probabilities of images of bytes in planes, as in the files of CIFAR-10.
   *
   * @param planes {@code [n, c, h, w]}, unsigned: 0 to 255
   * @param n number of images
   * @return {@code [n, classes]}, each row adds up to 1; the caller's own
   * @throws IllegalArgumentException if n is below 1 or there are not that many images
   */
  public float[] predictPixels(byte[] planes, int n) {
    check("planes", planes.length, "bytes", n);
    return predict(
        n,
        (first, count, to) -> {
          int at = first * imageSize;
          byte[] some =
              first == 0 ? planes : Arrays.copyOfRange(planes, at, at + count * imageSize);
          ImageOps.toFloats(imageShape(count), some, mean, std, to, parallel);
        });
  }

  /**
   * Class probabilities of one image of packed pixels, as {@code BufferedImage.getRGB} gives them.
   *
   * @param argb {@code [h, w]}, red in bits 16 to 23, green in 8 to 15, blue in 0 to 7; the alpha
   *     above is not looked at
   * @param width must be the width of this classifier's images: scale before
   * @param height must be their height
   * @return {@code [classes]}, adds up to 1; the caller's own
   * @throws IllegalArgumentException if the image has another size or the classifier wants other
   *     channels than red, green and blue
   */
  public float[] predictRgb(int[] argb, int width, int height) {
    Shape image = imageShape();
    if (!image.equals(Shape.of(height, width, 3))) {
      throw new IllegalArgumentException(
          String.format(
              "%s: found an image of %d x %d pixels (h x w) with 3 channels, needs %s; scale it"
                  + " before",
              metadata.model(), height, width, image));
    }
    int area = height * width;
    if (argb.length < area) {
      throw new IllegalArgumentException(
          metadata.model() + ": found " + argb.length + " pixels, needs h*w = " + area);
    }
    byte[] planes = new byte[3 * area];
    for (int i = 0; i < area; i++) {
      planes[i] = (byte) (argb[i] >> 16);
      planes[area + i] = (byte) (argb[i] >> 8);
      planes[2 * area + i] = (byte) argb[i];
    }
    return predictPixels(planes, 1);
  }

  /**
   * Asks for random images, a batch and then one alone, until answers do not come faster any more,
   * so that Java compiles what predictions run before anybody waits for one. Changes nothing.
   *
   * @param limit no prediction begins after it; a few seconds are enough for most nets
   * @return how long it took
   * @throws IllegalArgumentException if the limit is not above zero
   */
  public Duration warmUp(Duration limit) {
    byte[] planes = new byte[batch * imageSize];
    Seeds random = Seeds.stream(1);
    for (int i = 0; i < planes.length; i++) {
      planes[i] = (byte) random.nextInt(256);
    }
    Duration half = limit.plusNanos(1).dividedBy(2);
    Duration together = WarmUp.repeat(() -> predictPixels(planes, batch), half);
    Duration left = limit.minus(together);
    return left.isNegative() || left.isZero()
        ? together
        : together.plus(WarmUp.repeat(() -> predictPixels(planes, 1), left));
  }

  private void check(String what, int found, String unit, int n) {
    if (n < 1 || (long) n * imageSize > found) {
      throw new IllegalArgumentException(
          String.format(
              "%s: %s hold %d %s, needs at least 1 image and n*h*w*c = %d*%d",
              metadata.model(), what, found, unit, n, imageSize));
    }
  }

  private float[] predict(int n, Loader loader) {
    float[] probabilities = new float[Math.multiplyExact(n, classes)];
    Borrowed borrowed = idle.poll();
    if (borrowed == null) {
      borrowed = newBorrowed();
    }
    for (int first = 0; first < n; first += batch) {
      int count = Math.min(batch, n - first);
      loader.load(first, count, borrowed.images);
      borrowed.session.forward(count);
      float[] scores = borrowed.session.value(network.scores());
      for (int i = 0; i < count; i++) {
        softmax(scores, i * classes, probabilities, (first + i) * classes, classes);
      }
    }
    // Not in a finally block: after an exception the session may be in the middle of a batch.
    idle.add(borrowed);
    return probabilities;
  }

  private Borrowed newBorrowed() {
    Session session =
        Session.on(network.graph())
            .batch(batch)
            .parallel(parallel)
            .keep(network.scores())
            .frozen()
            .inference();
    float[] images = new float[batch * imageSize];
    session.feed(network.image(), images);
    // The loss runs along and wants labels; nobody asks for it.
    session.feedLabels(new int[batch]);
    return new Borrowed(session, images);
  }

  /**
   * Probabilities of one image from its scores: {@code exp(s[j] - max s) / sum}, in double.
   *
   * @param scores {@code [n, classes]}
   * @param probabilities {@code [n, classes]}, overwritten at the image's place; may be the scores
   * @param at where the image's scores begin
   * @param classes number of classes
   */
  public static void softmax(float[] scores, float[] probabilities, int at, int classes) {
    softmax(scores, at, probabilities, at, classes);
  }

  /** The same, in column order. */
  private static void softmax(float[] scores, int at, float[] probabilities, int to, int classes) {
    float max = scores[at];
    for (int j = 1; j < classes; j++) {
      max = Math.max(max, scores[at + j]);
    }
    double sum = 0;
    for (int j = 0; j < classes; j++) {
      sum += StrictMath.exp((double) scores[at + j] - max);
    }
    for (int j = 0; j < classes; j++) {
      probabilities[to + j] = (float) (StrictMath.exp((double) scores[at + j] - max) / sum);
    }
  }

  /** The index of the largest value, the first one if there are several. */
  public static int argmax(float... values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  private ImageShape imageShape(int n) {
    Shape image = imageShape();
    return new ImageShape(n, image.dim(0), image.dim(1), image.dim(2));
  }

  /** The shape of one image, {@code [h, w, c]}. */
  public Shape imageShape() {
    return network.image().shape();
  }

  /** The classes in the order of the probabilities. */
  public List<String> classNames() {
    return metadata.classNames();
  }

  /** The name of a class, counted from 0. */
  public String className(int index) {
    return metadata.classNames().get(index);
  }

  /** What is known about this classifier besides its weights. */
  public Metadata metadata() {
    return metadata;
  }
}
