package io.lanewise.engine.cli;

import static io.lanewise.engine.cli.Cli.DATA;
import static io.lanewise.engine.cli.Cli.lanewise;
import static io.lanewise.engine.cli.Cli.train;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.recipe.Recipe;
import io.lanewise.engine.recipe.Recipes;
import io.lanewise.engine.tensor.Shape;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of other sizes, channels and kinds, through the same commands. */
class OtherImagesTest {
  @TempDir Path folder;

  @Test
  void grayWithAlphaIsTheSamePictureAsRgb() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(0, train(run, "--model", "mlp").exit());
    BufferedImage rgb = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    ColorSpace space = ColorSpace.getInstance(ColorSpace.CS_GRAY);
    ComponentColorModel model =
        new ComponentColorModel(space, true, false, Transparency.TRANSLUCENT, DataBuffer.TYPE_BYTE);
    BufferedImage gray =
        new BufferedImage(model, model.createCompatibleWritableRaster(32, 32), false, null);
    for (int i = 0; i < 32 * 32; i++) {
      int value = i / 4;
      rgb.setRGB(i % 32, i / 32, value << 16 | value << 8 | value);
      gray.getRaster().setPixel(i % 32, i / 32, new int[] {value, 255});
    }
    ImageIO.write(rgb, "png", folder.resolve("rgb.png").toFile());
    ImageIO.write(gray, "png", folder.resolve("gray.png").toFile());
    Cli result =
        lanewise(
            "predict", "" + run, "" + folder.resolve("rgb.png"), "" + folder.resolve("gray.png"));
    assertEquals(0, result.exit(), result.err());
    String[] lines = result.out().strip().split("\n");
    assertEquals(lines[0].split(": ")[1], lines[1].split(": ")[1]);
  }

  @Test
  void netsForOtherImagesAreRefused() throws IOException {
    Network other = Models.mlp(Shape.of(28, 28, 1), 10, 1);
    Metadata metadata =
        Metadata.of(
            other,
            TestData.test(1).classNames(),
            Normalization.of(new float[] {0.5f}, new float[] {1}));
    Checkpoint.save(folder.resolve("model.safetensors"), other, metadata);
    lanewise("eval", "" + folder, "--data", DATA).assertError(1, "takes images of 28x28x1");
    lanewise("predict", "" + folder, "--index", "0", "--data", DATA)
        .assertError(1, "takes images of 28x28x1");
    lanewise("predict", "" + folder, "" + folder).assertError(1, "is a folder");
  }

  /** Random images of a byte each of the labels given, as records of CIFAR-100. */
  private static byte[] cifar100(int images) {
    byte[] bytes = new byte[images * 3074];
    new Random(images).nextBytes(bytes);
    for (int i = 0; i < images; i++) {
      bytes[i * 3074] = (byte) (i % 20);
      bytes[i * 3074 + 1] = (byte) (i % 100);
    }
    return bytes;
  }

  @Test
  void trainsOnCifar100() throws IOException {
    Files.write(folder.resolve("train.bin"), cifar100(120));
    Files.write(folder.resolve("test.bin"), cifar100(40));
    String data = folder.toString();
    Path fine = folder.resolve("fine");
    Path coarse = folder.resolve("coarse");
    for (Path run : List.of(fine, coarse)) {
      List<String> args =
          new ArrayList<>(List.of("train", "--data", data, "--epochs", "1", "--out", "" + run));
      args.addAll(List.of("--batch", "16", "--model", "convnetjs-cifar10"));
      if (run.equals(coarse)) {
        args.addAll(List.of("--format", "cifar100-coarse"));
      }
      Cli trained = lanewise(args.toArray(new String[0]));
      assertEquals(0, trained.exit(), trained.err());
      Cli evaluated = lanewise("eval", "" + run);
      assertEquals(0, evaluated.exit(), evaluated.err());
      assertEquals(trained.lastLine(), evaluated.lastLine());
    }
    assertEquals(100, Checkpoint.load(fine.resolve("model.safetensors")).network().classes());
    assertEquals(20, Checkpoint.load(coarse.resolve("model.safetensors")).network().classes());
    lanewise("eval", "" + fine, "--format", "cifar100-coarse").assertError(1, "knows the classes");
    lanewise("eval", "" + fine, "--format", "idx").assertError(1, "unknown data format idx");
  }

  private void writeIdx(String name, int magic, int... dims) throws IOException {
    int size = Arrays.stream(dims).reduce(1, (a, b) -> a * b);
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * dims.length + size);
    bytes.putInt(magic);
    Arrays.stream(dims).forEach(bytes::putInt);
    for (int i = 0; i < size; i++) {
      bytes.put((byte) (dims.length == 1 ? i % 10 : i * 31 + i / 784 * 7));
    }
    Files.write(folder.resolve(name), bytes.array());
  }

  @Test
  void everyNetTrainsOnGrayImages() throws IOException {
    writeIdx("train-images-idx3-ubyte", 0x803, 40, 28, 28);
    writeIdx("train-labels-idx1-ubyte", 0x801, 40);
    writeIdx("t10k-images-idx3-ubyte", 0x803, 20, 28, 29);
    writeIdx("t10k-labels-idx1-ubyte", 0x801, 20);
    lanewise("train", "--data", "" + folder, "--out", "" + folder.resolve("none"))
        .assertError(1, "found test images of 28x29x1, needs 28x28x1");
    assertFalse(Files.exists(folder.resolve("none")));
    writeIdx("t10k-images-idx3-ubyte", 0x803, 20, 28, 28);
    Path png = folder.resolve("gray.png");
    ImageIO.write(new BufferedImage(28, 28, BufferedImage.TYPE_BYTE_GRAY), "png", png.toFile());
    for (String model : new String[] {"convnetjs-cifar10", "mlp", "vgg-small", "resnet20"}) {
      String run = folder.resolve(model).toString();
      List<String> args = new ArrayList<>(List.of("train", "--data", "" + folder, "--out", run));
      args.addAll(List.of("--model", model, "--epochs", "1", "--batch", "20"));
      args.addAll(List.of("--optimizer", "momentum", "--lr", "0.001"));
      Cli trained = lanewise(args.toArray(new String[0]));
      assertEquals(0, trained.exit(), model + ": " + trained.err());
      Cli evaluated = lanewise("eval", run);
      assertEquals(trained.lastLine(), evaluated.lastLine(), model);
      Cli predicted = lanewise("predict", run, "" + png, "--index", "3");
      assertEquals(0, predicted.exit(), model + ": " + predicted.err());
      assertTrue(predicted.out().contains("test image 3 (3): "), predicted.out());
      Normalization saved =
          Checkpoint.load(Path.of(run, "model.safetensors")).metadata().normalization();
      assertTrue(Math.abs(saved.mean()[0] - 0.5) < 0.01, saved.toString());
    }
  }

  @Test
  void everyRecipeTrainsOnGrayImages() throws IOException {
    writeIdx("train-images-idx3-ubyte", 0x803, 20, 28, 28);
    writeIdx("train-labels-idx1-ubyte", 0x801, 20);
    writeIdx("t10k-images-idx3-ubyte", 0x803, 10, 28, 28);
    writeIdx("t10k-labels-idx1-ubyte", 0x801, 10);
    for (Recipe recipe : Recipes.all()) {
      String run = folder.resolve(recipe.name()).toString();
      List<String> args = new ArrayList<>(List.of("train", "--data", "" + folder, "--out", run));
      args.addAll(List.of("--recipe", recipe.name(), "--epochs", "1"));
      lanewise(args.toArray(new String[0])).assertError(1, "mirrors images", "of mnist");
      assertFalse(Files.exists(Path.of(run)));
      args.addAll(List.of("--format", "fashion-mnist"));
      Cli trained = lanewise(args.toArray(new String[0]));
      assertEquals(0, trained.exit(), recipe.name() + ": " + trained.err());
    }
  }
}
