package io.lanewise.engine.data;

import io.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the binary version of CIFAR-10 (Krizhevsky, "Learning Multiple Layers of Features from Tiny
 * Images", 2009): a record is one label byte, 0 to 9, and 3072 pixel bytes, the planes red, green
 * and blue of 32 x 32, row by row.
 *
 * <p>A folder holds {@code data_batch_1.bin} to {@code data_batch_5.bin} to train on, any of them,
 * and {@code test_batch.bin}. Class names come from {@code batches.meta.txt} if it is there. A file
 * may hold any number of records.
 */
public final class Cifar10 {
  private static final Shape IMAGE = Shape.of(32, 32, 3);
  private static final int CLASSES = 10;
  private static final int RECORD_BYTES = 1 + 3 * 32 * 32;
  private static final String REPAIR = "; scripts/fetch-cifar10 fetches the data";
  private static final List<String> NAMES =
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck");

  private Cifar10() {}

  /**
   * Reads the training batches of a folder, in order.
   *
   * @throws IOException if the folder has none, or one of them is damaged; the message says where
   */
  public static Dataset train(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    for (int i = 1; i <= 5; i++) {
      Path file = folder.resolve("data_batch_" + i + ".bin");
      if (Files.isRegularFile(file)) {
        files.add(file);
      }
    }
    return read(folder, files, "data_batch_1.bin to data_batch_5.bin");
  }

  /**
   * Reads the test batch of a folder.
   *
   * @throws IOException if it is not there, or damaged; the message says where
   */
  public static Dataset test(Path folder) throws IOException {
    Path file = folder.resolve("test_batch.bin");
    return read(folder, Files.isRegularFile(file) ? List.of(file) : List.of(), "test_batch.bin");
  }

  private static Dataset read(Path folder, List<Path> files, String needed) throws IOException {
    if (!Files.isDirectory(folder)) {
      String what = Files.exists(folder) ? " is not a folder" : " does not exist";
      throw new NoSuchFileException(folder + what + ", needs a folder with " + needed + REPAIR);
    }
    if (files.isEmpty()) {
      throw new NoSuchFileException(folder + " holds no " + needed + " of CIFAR-10" + REPAIR);
    }
    List<byte[]> images = new ArrayList<>();
    List<Byte> labels = new ArrayList<>();
    for (Path file : files) {
      readRecords(file, images, labels);
    }
    byte[] labelBytes = new byte[labels.size()];
    for (int i = 0; i < labelBytes.length; i++) {
      labelBytes[i] = labels.get(i);
    }
    return new Dataset(IMAGE, classNames(folder), images.toArray(new byte[0][]), labelBytes);
  }

  private static void readRecords(Path file, List<byte[]> images, List<Byte> labels)
      throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int rest = bytes.length % RECORD_BYTES;
    if (bytes.length == 0 || rest != 0) {
      throw new IOException(
          String.format(
              "%s: found %d bytes, needs a multiple of %d (1 label + 3072 pixels); the record at"
                  + " byte %d is %d bytes short%s",
              file, bytes.length, RECORD_BYTES, bytes.length - rest, RECORD_BYTES - rest, REPAIR));
    }
    for (int at = 0; at < bytes.length; at += RECORD_BYTES) {
      int label = bytes[at] & 0xff;
      if (label >= CLASSES) {
        throw new IOException(
            String.format(
                "%s: byte %d (record %d) is the label %d, needs 0 to %d%s",
                file, at, at / RECORD_BYTES, label, CLASSES - 1, REPAIR));
      }
      labels.add((byte) label);
      images.add(Arrays.copyOfRange(bytes, at + 1, at + RECORD_BYTES));
    }
  }

  private static List<String> classNames(Path folder) throws IOException {
    Path file = folder.resolve("batches.meta.txt");
    if (!Files.exists(file)) {
      return NAMES;
    }
    return ClassNames.read(file, CLASSES, REPAIR);
  }
}
