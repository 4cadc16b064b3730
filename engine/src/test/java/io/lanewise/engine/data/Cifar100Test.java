package io.lanewise.engine.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of two labels a record, and every way they can be damaged. */
class Cifar100Test {
  private static final int RECORD = 3074;

  @TempDir Path folder;

  private void write(String name, int... coarseAndFine) throws IOException {
    byte[] bytes = new byte[coarseAndFine.length / 2 * RECORD];
    for (int i = 0; i < coarseAndFine.length / 2; i++) {
      Arrays.fill(bytes, i * RECORD, (i + 1) * RECORD, (byte) (100 + i));
      bytes[i * RECORD] = (byte) coarseAndFine[2 * i];
      bytes[i * RECORD + 1] = (byte) coarseAndFine[2 * i + 1];
    }
    Files.write(folder.resolve(name), bytes);
  }

  private String trainError() {
    return assertThrows(IOException.class, () -> Cifar100.train(folder, Cifar100.Labels.FINE))
        .getMessage();
  }

  @Test
  void readsEitherLabel() throws IOException {
    write("train.bin", 19, 99, 3, 42);
    write("test.bin", 0, 1);
    Dataset fine = Cifar100.train(folder, Cifar100.Labels.FINE);
    Dataset coarse = Cifar100.train(folder, Cifar100.Labels.COARSE);
    assertEquals(Shape.of(32, 32, 3), fine.imageShape());
    assertEquals(99, fine.label(0));
    assertEquals(42, fine.label(1));
    assertEquals(19, coarse.label(0));
    assertEquals(100, fine.classNames().size());
    assertEquals("42", fine.classNames().get(42));
    assertEquals(20, coarse.classNames().size());
    byte[] planes = new byte[3072];
    fine.copyImage(1, planes, 0);
    assertEquals(101, planes[0]);
    assertEquals(101, planes[3071]);
    assertEquals(1, Cifar100.test(folder, Cifar100.Labels.FINE).size());
  }

  @Test
  void namesOfClasses() throws IOException {
    write("train.bin", 19, 99);
    String names =
        IntStream.range(0, 100).mapToObj(i -> "name" + i).collect(Collectors.joining("\n"));
    Files.writeString(folder.resolve("fine_label_names.txt"), names + "\n\n");
    Files.writeString(folder.resolve("coarse_label_names.txt"), "fish\n");
    assertEquals("name99", Cifar100.train(folder, Cifar100.Labels.FINE).classNames().get(99));
    String message =
        assertThrows(IOException.class, () -> Cifar100.train(folder, Cifar100.Labels.COARSE))
            .getMessage();
    assertTrue(message.contains("found 1 class names, needs 20"), message);
    Files.write(folder.resolve("fine_label_names.txt"), new byte[] {'c', (byte) 0xe9});
    assertTrue(trainError().contains("names.txt: found bytes that are not UTF-8"), trainError());
  }

  @Test
  void missingAndDamaged() throws IOException {
    assertTrue(trainError().contains("holds no CIFAR-100, needs train.bin"), trainError());
    write("train.bin", 0, 100);
    assertTrue(trainError().contains("byte 1 (record 0) is the fine label 100"), trainError());
    write("train.bin", 0, 0, 20, 0);
    assertTrue(trainError().contains("byte 3074 (record 1) is the coarse label 20"), trainError());
    Files.write(folder.resolve("train.bin"), new byte[RECORD + 5]);
    assertTrue(trainError().contains("found 3079 bytes"), trainError());
    assertTrue(trainError().contains("record at byte 3074 is 3069 bytes short"), trainError());
    Files.write(folder.resolve("train.bin"), new byte[0]);
    assertTrue(trainError().contains("found 0 bytes"), trainError());
    String none =
        assertThrows(
                IOException.class,
                () -> Cifar100.test(folder.resolve("none"), Cifar100.Labels.FINE))
            .getMessage();
    assertTrue(none.contains("none does not exist, needs a folder with test.bin"), none);
  }
}
