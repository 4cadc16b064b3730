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

  /** In the place of the epoch, for draws that are the same in all of them. */
  private static final long FIRST_EPOCH = -1;

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
  private final int[] cutTop;
  private final int[] cutLeft;
  private final byte[] other;
  private boolean dropsLast;
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
    augment.requireFits(dataset.imageShape());
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
    this.cutTop = new int[most];
    this.cutLeft = new int[most];
    this.other = new byte[image.size()];
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

  /** Leaves out the last batch of an epoch if it is smaller than the others. */
  public BatchLoader dropLast() {
    this.dropsLast = true;
    return this;
  }

  /** Batches in an epoch; the last one may be smaller, unless that is left out. */
  public int batches() {
    int whole = dataset.size() / batch;
    return dropsLast || whole * batch == dataset.size() ? whole : whole + 1;
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
    if (augment.flip() != Augment.Flip.NONE) {
      ImageOps.flip(loaded, flipped, images, spare, parallel);
      System.arraycopy(spare, 0, images, 0, loaded.size());
    }
    if (augment.shift() > 0) {
      if (augment.border() == Augment.Border.REFLECT) {
        ImageOps.shiftReflected(loaded, dy, dx, images, spare, parallel);
      } else {
        ImageOps.shift(loaded, dy, dx, images, spare, parallel);
      }
      System.arraycopy(spare, 0, images, 0, loaded.size());
    }
    if (augment.cutout() > 0) {
      ImageOps.cutout(loaded, augment.cutout(), cutTop, cutLeft, images, parallel);
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
      Seeds first = Seeds.stream(seed, AUGMENT_STREAM, FIRST_EPOCH, image);
      flipped[i] = augment.drawFlip(random, first, epoch);
      dy[i] = augment.drawShift(random);
      dx[i] = augment.drawShift(random);
      cutTop[i] = augment.drawCutout(random, shape.h());
      cutLeft[i] = augment.drawCutout(random, shape.w());
      if (augment.mixUp() > 0) {
        mixUp(i, random);
      }
    }
  }

  private void mixUp(int i, Seeds random) {
    int partner = random.nextInt(dataset.size());
    double share = MixUp.drawShare(augment.mixUp(), random);
    dataset.copyImage(partner, other, 0);
    MixUp.mix(share, planes, i * other.length, other);
    if (random.nextDouble() >= share) {
      labels[i] = dataset.label(partner);
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
