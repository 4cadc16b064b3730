package io.lanewise.engine.data;

import io.lanewise.engine.random.Seeds;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.kernels.image.ImageOps;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.shape.ImageShape;

/**
 * Turns a data set into batches: {@code [n, h, w, c]} floats, normalised, in training shuffled and
 * augmented.
 *
 * <p>Which image comes when depends on (seed, epoch), and how it is changed on (seed, epoch,
 * image): not on the batch size, the threads or what was loaded before.
 */
public final class BatchLoader {
  private static final long ORDER_STREAM = 0x0DE5;
  private static final long AUGMENT_STREAM = 0xA46;

  private final Dataset dataset;
  private final float[] mean;
  private final float[] std;
  private final Augment augment;
  private final boolean shuffle;
  private final long seed;
  private final int batch;
  private final Parallel parallel;
  private final ImageShape shape;
  private final int[] order;
  private final byte[] planes;
  private final float[] images;
  private final float[] spare;
  private final int[] labels;
  private final boolean[] flipped;
  private final int[] dy;
  private final int[] dx;
  private int epoch = -1;

  private BatchLoader(
      Dataset dataset,
      Normalization normalization,
      Augment augment,
      boolean shuffle,
      long seed,
      int batch,
      Parallel parallel) {
    if (batch < 1) {
      throw new IllegalArgumentException("batch is " + batch + ", needs at least 1");
    }
    if (dataset.size() == 0) {
      throw new IllegalArgumentException("the data set is empty, needs at least 1 image");
    }
    Shape image = dataset.imageShape();
    this.dataset = dataset;
    this.mean = normalization.mean();
    this.std = normalization.std();
    this.augment = augment;
    this.shuffle = shuffle;
    this.seed = seed;
    this.batch = Math.min(batch, dataset.size());
    this.parallel = parallel;
    int most = this.batch;
    this.shape = new ImageShape(most, image.dim(0), image.dim(1), image.dim(2));
    this.order = new int[dataset.size()];
    this.planes = new byte[shape.size()];
    this.images = new float[shape.size()];
    this.spare = new float[augment.isNone() ? 0 : shape.size()];
    this.labels = new int[most];
    this.flipped = new boolean[most];
    this.dy = new int[most];
    this.dx = new int[most];
  }

  /** Batches to train on: shuffled anew for each epoch, and augmented. */
  public static BatchLoader training(
      Dataset dataset,
      Normalization normalization,
      Augment augment,
      long seed,
      int batch,
      Parallel parallel) {
    return new BatchLoader(dataset, normalization, augment, true, seed, batch, parallel);
  }

  /** Batches in the order of the data set, not augmented. */
  public static BatchLoader evaluation(
      Dataset dataset, Normalization normalization, int batch, Parallel parallel) {
    return new BatchLoader(dataset, normalization, Augment.NONE, false, 0, batch, parallel);
  }

  /** Batches in an epoch; the last one may be smaller. */
  public int batches() {
    return (dataset.size() + batch - 1) / batch;
  }

  /**
   * Loads a batch into {@link #images()} and {@link #labels()}.
   *
   * @param newEpoch the epoch, from 0
   * @param index the batch in the epoch, from 0
   * @return number of images in the batch
   */
  public int load(int newEpoch, int index) {
    if (newEpoch != epoch) {
      epoch = newEpoch;
      arrangeEpoch();
    }
    int start = index * batch;
    int n = Math.min(batch, dataset.size() - start);
    int size = dataset.imageShape().size();
    for (int i = 0; i < n; i++) {
      int image = order[start + i];
      dataset.copyImage(image, planes, i * size);
      labels[i] = dataset.label(image);
      drawChanges(i, image);
    }
    ImageShape loaded = n == batch ? shape : shape.withBatch(n);
    ImageOps.toFloats(loaded, planes, mean, std, images, parallel);
    if (augment.flip()) {
      ImageOps.flip(loaded, flipped, images, spare, parallel);
      System.arraycopy(spare, 0, images, 0, loaded.size());
    }
    if (augment.shift() > 0) {
      ImageOps.shift(loaded, dy, dx, images, spare, parallel);
      System.arraycopy(spare, 0, images, 0, loaded.size());
    }
    return n;
  }

  private void arrangeEpoch() {
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    if (shuffle) {
      Seeds.stream(seed, ORDER_STREAM, epoch).shuffle(order);
    }
  }

  private void drawChanges(int i, int image) {
    if (!augment.isNone()) {
      Seeds random = Seeds.stream(seed, AUGMENT_STREAM, epoch, image);
      flipped[i] = augment.drawFlip(random);
      dy[i] = augment.drawShift(random);
      dx[i] = augment.drawShift(random);
    }
  }

  /** The loaded images, {@code [n, h, w, c]}, normalised; overwritten by the next load. */
  public float[] images() {
    return images;
  }

  /** The classes of the loaded images, {@code [n]}; overwritten by the next load. */
  public int[] labels() {
    return labels;
  }
}
