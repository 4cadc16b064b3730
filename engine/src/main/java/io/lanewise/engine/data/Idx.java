package io.lanewise.engine.data;

import io.lanewise.engine.tensor.Shape;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Reads IDX files of bytes, the format of MNIST (LeCun, Cortes and Burges, "The MNIST database of
 * handwritten digits") and Fashion-MNIST (Xiao, Rasul and Vollgraf, 2017).
 *
 * <p>A file starts with two zero bytes, the type, 8 for unsigned bytes, and the number of
 * dimensions; then come the dimensions as big-endian ints, then the bytes: images of one channel
 * row by row, or labels.
 *
 * <p>A folder holds {@code train-images-idx3-ubyte} and {@code train-labels-idx1-ubyte}, and the
 * same of {@code t10k}, each as it is or compressed, with {@code .gz} behind its name.
 */
public final class Idx {
  private static final String REPAIR =
      "; fetch the four files again (Fashion-MNIST: Debian's package dataset-fashion-mnist has them"
          + " in /usr/share/datasets/fashion-mnist)";

  /** Names of the digits of MNIST. */
  public static final List<String> DIGITS =
      List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

  /** Names of the classes of Fashion-MNIST. */
  public static final List<String> FASHION =
      List.of(
          "t-shirt",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "boot");

  private Idx() {}

  /**
   * Reads the training images of a folder.
   *
   * @param classNames a name for each label
   * @throws IOException if they are not there, or damaged; the message says where
   */
  public static Dataset train(Path folder, List<String> classNames) throws IOException {
    return read(folder, "train", classNames);
  }

  /**
   * Reads the test images of a folder.
   *
   * @param classNames a name for each label
   * @throws IOException if they are not there, or damaged; the message says where
   */
  public static Dataset test(Path folder, List<String> classNames) throws IOException {
    return read(folder, "t10k", classNames);
  }

  private static Dataset read(Path folder, String set, List<String> classNames) throws IOException {
    Path imageFile = find(folder, set + "-images-idx3-ubyte");
    Path labelFile = find(folder, set + "-labels-idx1-ubyte");
    Array images = Array.read(imageFile, 3);
    Array labels = Array.read(labelFile, 1);
    int count = images.dims[0];
    if (labels.dims[0] != count) {
      throw new IOException(
          String.format(
              "%s: found %d labels, needs %d, one for each image of %s%s",
              labelFile, labels.dims[0], count, imageFile.getFileName(), REPAIR));
    }
    Shape shape = Shape.of(images.dims[1], images.dims[2], 1);
    byte[][] pixels = new byte[count][];
    for (int i = 0; i < count; i++) {
      int at = images.dataAt + i * shape.size();
      pixels[i] = Arrays.copyOfRange(images.bytes, at, at + shape.size());
      int label = labels.bytes[labels.dataAt + i] & 0xff;
      if (label >= classNames.size()) {
        throw new IOException(
            String.format(
                "%s: byte %d is the label %d of image %d, needs 0 to %d%s",
                labelFile, labels.dataAt + i, label, i, classNames.size() - 1, REPAIR));
      }
    }
    byte[] classes = Arrays.copyOfRange(labels.bytes, labels.dataAt, labels.dataAt + count);
    return new Dataset(shape, classNames, pixels, classes);
  }

  private static Path find(Path folder, String name) throws IOException {
    if (!Files.isDirectory(folder)) {
      String what = Files.exists(folder) ? " is not a folder" : " does not exist";
      throw new NoSuchFileException(folder + what + ", needs a folder with " + name + REPAIR);
    }
    for (String each : new String[] {name, name + ".gz"}) {
      if (Files.isRegularFile(folder.resolve(each))) {
        return folder.resolve(each);
      }
    }
    throw new NoSuchFileException(folder + " lacks " + name + " or " + name + ".gz" + REPAIR);
  }

  /** A file's dimensions, and where in its bytes the data begins. */
  private record Array(byte[] bytes, int[] dims, int dataAt) {
    private static final int UNSIGNED_BYTE = 8;

    static Array read(Path file, int rank) throws IOException {
      byte[] bytes = uncompressed(file);
      int dataAt = 4 + 4 * rank;
      if (bytes.length < dataAt) {
        throw new IOException(
            file + ": found " + bytes.length + " bytes, needs a header of " + dataAt + REPAIR);
      }
      ByteBuffer header = ByteBuffer.wrap(bytes);
      int magic = header.getInt();
      if (magic != (UNSIGNED_BYTE << 8 | rank)) {
        throw new IOException(
            String.format(
                "%s: starts with %08x, needs %08x: unsigned bytes in %d dimensions%s",
                file, magic, UNSIGNED_BYTE << 8 | rank, rank, REPAIR));
      }
      int[] dims = new int[rank];
      long size = 1;
      for (int i = 0; i < rank; i++) {
        dims[i] = header.getInt();
        if (dims[i] < 1) {
          throw new IOException(
              String.format(
                  "%s: byte %d: dimension %d is %d, needs at least 1%s",
                  file, 4 + 4 * i, i, dims[i], REPAIR));
        }
        size = Math.min(Integer.MAX_VALUE, size * dims[i]);
      }
      if (bytes.length - dataAt != size) {
        throw new IOException(
            String.format(
                "%s: found %d bytes after the header, needs %d for dimensions %s%s",
                file, bytes.length - dataAt, size, Arrays.toString(dims), REPAIR));
      }
      return new Array(bytes, dims, dataAt);
    }

    private static byte[] uncompressed(Path file) throws IOException {
      byte[] bytes = Files.readAllBytes(file);
      if (!file.toString().endsWith(".gz")) {
        return bytes;
      }
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        return in.readAllBytes();
      } catch (ZipException | EOFException e) {
        String reason = e.getMessage() == null ? "it ends too early" : e.getMessage();
        throw new IOException(file + ": cannot be uncompressed: " + reason + REPAIR, e);
      }
    }
  }
}
