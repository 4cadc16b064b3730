package io.lanewise.engine.cli;

import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.Dataset;
import io.lanewise.engine.model.Model;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Classifies images. */
@Command(
    name = "predict",
    description = {
      "Classifies image files (PNG, JPEG, GIF, BMP), scaled to the size the net takes, or test"
          + " images by their number.",
      "Prints a line an image: its name, then the likeliest classes with their probabilities."
    })
final class PredictCommand implements Callable<Integer> {
  private static final int SHOWN = 3;

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "a training run's folder or model.safetensors")
  private Path run;

  @Parameters(index = "1..*", paramLabel = "IMAGE", description = "image files")
  private List<Path> files = List.of();

  @Option(
      names = "--index",
      paramLabel = "N",
      split = ",",
      description = "numbers of test images, from 0; the right class is shown too")
  private List<Integer> indices = List.of();

  @Mixin private DataOptions data;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (files.isEmpty() && indices.isEmpty()) {
      throw new IllegalArgumentException("found no image, needs image files or --index");
    }
    Path from = RunFolder.modelFile(run);
    Checkpoint checkpoint = Checkpoint.load(from);
    Model model = checkpoint.model();
    PrintWriter out = spec.commandLine().getOut();
    RunFolder.sayIfUnfinished(from, checkpoint, out);
    boolean all = true;
    for (Path file : files) {
      try {
        out.println(file + ": " + likeliest(model, predictFile(model, file)));
      } catch (IOException e) {
        all = false;
        out.flush();
        spec.commandLine().getErr().println("lanewise: " + e.getMessage());
      }
    }
    if (!indices.isEmpty()) {
      data.fillFrom(run, model.metadata().settings(), false);
      Dataset test = data.test();
      EvalCommand.checkFits(run, model.metadata(), test);
      byte[] planes = new byte[test.imageShape().size()];
      for (int index : indices) {
        if (index < 0 || index >= test.size()) {
          throw new IllegalArgumentException(
              "--index is " + index + ", needs 0 to " + (test.size() - 1));
        }
        test.copyImage(index, planes, 0);
        String right = test.classNames().get(test.label(index));
        String found = likeliest(model, model.predictPixels(planes, 1));
        out.println("test image " + index + " (" + right + "): " + found);
      }
    }
    out.flush();
    return all ? 0 : 1;
  }

  private static float[] predictFile(Model model, Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      String what = Files.exists(file) ? " is a folder" : " does not exist";
      throw new IOException(file + what + ", needs an image file");
    }
    int c = model.imageShape().dim(2);
    if (c != 1 && c != 3) {
      throw new IllegalArgumentException(
          "the net takes images of " + model.imageShape() + ", needs one for 1 or 3 channels");
    }
    int h = model.imageShape().dim(0);
    int w = model.imageShape().dim(1);
    int[] pixels = scale(read(file), w, h).getRGB(0, 0, w, h, null, 0, w);
    return c == 3 ? model.predictRgb(pixels, w, h) : model.predictPixels(gray(pixels), 1);
  }

  /** Brightness by the weights of ITU-R BT.601, in thousandths. */
  private static byte[] gray(int[] rgb) {
    byte[] gray = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      int red = rgb[i] >> 16 & 0xff;
      int green = rgb[i] >> 8 & 0xff;
      int blue = rgb[i] & 0xff;
      gray[i] = (byte) ((299 * red + 587 * green + 114 * blue + 500) / 1000);
    }
    return gray;
  }

  private static BufferedImage read(Path file) throws IOException {
    BufferedImage image;
    try {
      image = ImageIO.read(file.toFile());
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(file + " cannot be read as an image: " + e.getMessage(), e);
    }
    if (image == null) {
      throw new IOException(file + " is no image that can be read, needs PNG, JPEG, GIF or BMP");
    }
    return image.getRaster().getNumBands() == 2 ? fromGrayAlpha(image) : image;
  }

  /**
   * Takes grey values as they are; drawing would brighten them, as their colour space is linear.
   */
  private static BufferedImage fromGrayAlpha(BufferedImage image) {
    Raster raster = image.getRaster();
    int bits = image.getSampleModel().getSampleSize(0);
    BufferedImage color =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int gray = raster.getSample(x, y, 0) * 255 / ((1 << bits) - 1);
        int alpha = raster.getSample(x, y, 1) * 255 / ((1 << bits) - 1);
        color.setRGB(x, y, alpha << 24 | gray << 16 | gray << 8 | gray);
      }
    }
    return color;
  }

  /** Scales in halves, so that every pixel of a large image counts, on white where transparent. */
  private static BufferedImage scale(BufferedImage image, int w, int h) {
    BufferedImage current = image;
    boolean first = true;
    while (first || current.getWidth() != w || current.getHeight() != h) {
      first = false;
      int nextW = Math.max(w, current.getWidth() / 2);
      int nextH = Math.max(h, current.getHeight() / 2);
      BufferedImage next = new BufferedImage(nextW, nextH, BufferedImage.TYPE_INT_RGB);
      Graphics2D graphics = next.createGraphics();
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, nextW, nextH);
      graphics.drawImage(current, 0, 0, nextW, nextH, null);
      graphics.dispose();
      current = next;
    }
    return current;
  }

  private static String likeliest(Model model, float[] probabilities) {
    return IntStream.range(0, probabilities.length)
        .boxed()
        .sorted(Comparator.comparing((Integer i) -> -probabilities[i]))
        .limit(SHOWN)
        .map(i -> String.format(Locale.ROOT, "%s %.3f", model.className(i), probabilities[i]))
        .reduce((a, b) -> a + ", " + b)
        .orElseThrow();
  }
}
