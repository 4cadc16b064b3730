package io.lanewise.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.tensor.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of MNIST's format, plain and compressed, and every way they can be damaged. */
class IdxTest {
  private static final String IMAGES = "train-images-idx3-ubyte";
  private static final String LABELS = "train-labels-idx1-ubyte";

  @TempDir Path folder;

  private static byte[] idx(int magic, byte[] data, int... dims) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dims.length + data.length).putInt(magic);
    Arrays.stream(dims).forEach(bytes::putInt);
    return bytes.put(data).array();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }

  /** Two images of 2 x 3 pixels, numbered, of the classes 9 and 0. */
  private void writeTwo() throws IOException {
    byte[] pixels = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, (byte) 255};
    Files.write(folder.resolve(IMAGES), idx(0x803, pixels, 2, 2, 3));
    Files.write(folder.resolve(LABELS + ".gz"), gzip(idx(0x801, new byte[] {9, 0}, 2)));
  }

  private String trainError() {
    return assertThrows(IOException.class, () -> Idx.train(folder, Idx.DIGITS)).getMessage();
  }

  @Test
  void readsPlainAndCompressed() throws IOException {
    writeTwo();
    Dataset train = Idx.train(folder, Idx.FASHION);
    assertEquals(2, train.size());
    assertEquals(Shape.of(2, 3, 1), train.imageShape());
    assertEquals("boot", train.classNames().get(train.label(0)));
    assertEquals("t-shirt", train.classNames().get(train.label(1)));
    byte[] planes = new byte[6];
    train.copyImage(1, planes, 0);
    assertEquals(6, planes[0]);
    assertEquals(255, planes[5] & 0xff);
  }

  @Test
  void missing() throws IOException {
    assertTrue(trainError().contains("lacks " + IMAGES + " or"), trainError());
    writeTwo();
    Files.delete(folder.resolve(LABELS + ".gz"));
    assertTrue(trainError().contains("lacks " + LABELS), trainError());
    String test = assertThrows(IOException.class, () -> Idx.test(folder, Idx.DIGITS)).getMessage();
    assertTrue(test.contains("lacks t10k-images-idx3-ubyte"), test);
  }

  @Test
  void damaged() throws IOException {
    writeTwo();
    byte[] whole = Files.readAllBytes(folder.resolve(IMAGES));
    Files.write(folder.resolve(IMAGES), Arrays.copyOf(whole, whole.length - 1));
    assertTrue(trainError().contains("found 11 bytes after the header, needs 12"), trainError());
    Files.write(folder.resolve(IMAGES), Arrays.copyOf(whole, 7));
    assertTrue(trainError().contains("found 7 bytes, needs a header of 16"), trainError());
    Files.write(folder.resolve(IMAGES), idx(0x801, new byte[12], 2, 2, 3));
    assertTrue(trainError().contains("starts with 00000801, needs 00000803"), trainError());
    Files.write(folder.resolve(IMAGES), idx(0x803, new byte[12], 2, -2, 3));
    assertTrue(trainError().contains("byte 8: dimension 1 is -2"), trainError());
    Files.write(folder.resolve(IMAGES), idx(0x803, new byte[12], 1 << 20, 1 << 20, 1 << 20));
    assertTrue(trainError().contains("needs 2147483647"), trainError());
    Files.write(folder.resolve(IMAGES), idx(0x803, new byte[18], 3, 2, 3));
    assertTrue(trainError().contains("found 2 labels, needs 3"), trainError());
    writeTwo();
    byte[] packed = Files.readAllBytes(folder.resolve(LABELS + ".gz"));
    Files.write(folder.resolve(LABELS + ".gz"), Arrays.copyOf(packed, packed.length - 9));
    assertTrue(trainError().contains("cannot be uncompressed"), trainError());
    Files.write(folder.resolve(LABELS + ".gz"), Arrays.copyOf(packed, 5));
    assertTrue(trainError().contains("cannot be uncompressed: it ends too early"), trainError());
    Files.write(folder.resolve(LABELS), idx(0x801, new byte[] {3, 10}, 2));
    assertTrue(trainError().contains("byte 9 is the label 10 of image 1"), trainError());
  }
}
