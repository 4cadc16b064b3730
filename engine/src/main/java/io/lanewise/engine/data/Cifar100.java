package io.lanewise.engine.data;

import io.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Reads the binary version of CIFAR-100 (Krizhevsky, "Learning Multiple Layers of Features from
 * Tiny Images", 2009): a record is a coarse label byte, 0 to 19, a fine label byte, 0 to 99, and
 * 3072 pixel bytes, the planes red, green and blue of 32 x 32, row by row.
 *
 * <p>A folder holds {@code train.bin} and {@code test.bin}. Class names come from {@code
 * fine_label_names.txt} and {@code coarse_label_names.txt}; without them classes are called by
 * their numbers. A file may hold any number of records.
 */
public final class Cifar100 {
  private static final Shape IMAGE = Shape.of(32, 32, 3);
  private static final int LABEL_BYTES = 2;
  private static final int RECORD_BYTES = LABEL_BYTES + 3 * 32 * 32;
  private static final String REPAIR =
      "; unpack cifar-100-binary.tar.gz of https://www.cs.toronto.edu/~kriz/cifar.html again";

  /** The two classifications of the same images. */
  public enum Labels {
    /** 20 superclasses of five classes each. */
    COARSE("coarse", 20, 0),
    /** 100 classes. */
    FINE("fine", 100, 1);

    private final String text;
    private final int classes;
    private final int byteAt;

    Labels(String text, int classes, int byteAt) {
      this.text = text;
      this.classes = classes;
      this.byteAt = byteAt;
    }
  }

  private Cifar100() {}

  /**
   * Reads the training images of a folder.
   *
   * @throws IOException if they are not there, or damaged; the message says where
   */
  public static Dataset train(Path folder, Labels labels) throws IOException {
    return read(folder, "train.bin", labels);
  }

  /**
   * Reads the test images of a folder.
   *
   * @throws IOException if they are not there, or damaged; the message says where
   */
  public static Dataset test(Path folder, Labels labels) throws IOException {
    return read(folder, "test.bin", labels);
  }

  private static Dataset read(Path folder, String name, Labels wanted) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isDirectory(folder)) {
      String what = Files.exists(folder) ? " is not a folder" : " does not exist";
      throw new NoSuchFileException(folder + what + ", needs a folder with " + name + REPAIR);
    }
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(folder + " holds no CIFAR-100, needs " + name + REPAIR);
    }
    byte[] bytes = Files.readAllBytes(file);
    int rest = bytes.length % RECORD_BYTES;
    if (bytes.length == 0 || rest != 0) {
      throw new IOException(
          String.format(
              "%s: found %d bytes, needs a multiple of %d (2 labels + 3072 pixels); the record at"
                  + " byte %d is %d bytes short%s",
              file, bytes.length, RECORD_BYTES, bytes.length - rest, RECORD_BYTES - rest, REPAIR));
    }
    int count = bytes.length / RECORD_BYTES;
    byte[][] images = new byte[count][];
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      int at = i * RECORD_BYTES;
      for (Labels kind : Labels.values()) {
        check(file, i, kind, bytes[at + kind.byteAt] & 0xff);
      }
      labels[i] = bytes[at + wanted.byteAt];
      images[i] = Arrays.copyOfRange(bytes, at + LABEL_BYTES, at + RECORD_BYTES);
    }
    return new Dataset(IMAGE, classNames(folder, wanted), images, labels);
  }

  private static void check(Path file, int record, Labels kind, int label) throws IOException {
    if (label >= kind.classes) {
      throw new IOException(
          String.format(
              "%s: byte %d (record %d) is the %s label %d, needs 0 to %d%s",
              file,
              (long) record * RECORD_BYTES + kind.byteAt,
              record,
              kind.text,
              label,
              kind.classes - 1,
              REPAIR));
    }
  }

  private static List<String> classNames(Path folder, Labels labels) throws IOException {
    Path file = folder.resolve(labels.text + "_label_names.txt");
    return Files.exists(file)
        ? ClassNames.read(file, labels.classes, REPAIR)
        : IntStream.range(0, labels.classes).mapToObj(Integer::toString).toList();
  }
}
