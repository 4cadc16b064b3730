package io.lanewise.engine.cli;

import static io.lanewise.engine.cli.Cli.DATA;
import static io.lanewise.engine.cli.Cli.lanewise;
import static io.lanewise.engine.cli.Cli.train;
import static io.lanewise.engine.cli.Cli.withoutTimes;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.optim.OptimizerSpec;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user types them: exit codes, last lines, files and errors. */
class CommandLineTest {
  @TempDir Path folder;

  @Test
  void trainsThenEvaluatesAndPredicts() throws IOException {
    Path run = folder.resolve("run");
    Cli trained = train(run, "--model", "mlp", "--optimizer", "momentum", "--batch", "8");
    assertEquals(0, trained.exit(), trained.err());
    assertTrue(trained.lastLine().matches("test accuracy [01]\\.[0-9]{4}"), trained.lastLine());
    List<String> csv = Files.readAllLines(run.resolve("metrics.csv"));
    assertEquals(3, csv.size());
    assertEquals(
        "epoch,step,seconds,lr,train_loss,train_accuracy,test_loss,test_accuracy,"
            + "images_per_second",
        csv.get(0));
    assertTrue(csv.get(2).startsWith("2,6,"), csv.get(2));

    Cli evaluated = lanewise("eval", "" + run, "--data", DATA, "--limit", "24");
    assertEquals(0, evaluated.exit(), evaluated.err());
    assertEquals(trained.lastLine(), evaluated.lastLine());

    Path png = folder.resolve("gray.png");
    ImageIO.write(new BufferedImage(70, 45, BufferedImage.TYPE_INT_ARGB), "png", png.toFile());
    Cli predicted = lanewise("predict", "" + run, "" + png, "--index", "0,99", "--data", DATA);
    assertEquals(0, predicted.exit(), predicted.err());
    String[] lines = predicted.out().strip().split("\n");
    assertEquals(3, lines.length);
    assertTrue(lines[0].matches(".*gray.png: \\w+ 0\\.\\d{3}, \\w+ 0\\.\\d{3}, .*"), lines[0]);
    assertTrue(lines[2].startsWith("test image 99 ("), lines[2]);

    Path text = Files.writeString(folder.resolve("text.png"), "no image");
    Cli some = lanewise("predict", "" + run, "" + text, "" + png);
    some.assertError(1, "text.png is no image that can be read");
    assertTrue(some.lastLine().startsWith(png + ": "), "goes on: " + some.out());

    Cli summary = lanewise("summary", "" + run);
    assertEquals(lanewise("summary", "mlp").out(), summary.out());
  }

  @Test
  void sameSeedGivesTheSameFilesForAnyNumberOfThreads() throws IOException {
    Path one = folder.resolve("one");
    Path two = folder.resolve("two");
    assertEquals(0, train(one, "--threads", "1", "--seed", "9").exit());
    assertEquals(0, train(two, "--threads", "2", "--seed", "9").exit());
    assertEquals(
        -1, Files.mismatch(one.resolve("model.safetensors"), two.resolve("model.safetensors")));
    assertEquals(withoutTimes(one), withoutTimes(two));
  }

  @Test
  void seedAndAugmentationMatter() throws IOException {
    Path plain = folder.resolve("plain");
    Path seeded = folder.resolve("seeded");
    Path still = folder.resolve("still");
    assertEquals(0, train(plain, "--model", "mlp").exit());
    assertEquals(0, train(seeded, "--model", "mlp", "--seed", "2").exit());
    assertEquals(0, train(still, "--model", "mlp", "--no-augment").exit());
    assertFalse(withoutTimes(plain).equals(withoutTimes(seeded)));
    assertFalse(withoutTimes(plain).equals(withoutTimes(still)));
    String settings = Files.readString(still.resolve("model.safetensors"), ISO_8859_1);
    assertTrue(settings.contains("\"setting.augment\":\"none\""), settings.substring(0, 900));
  }

  @Test
  void summaryCountsTheParametersOfTheDemo() {
    Cli summary = lanewise("summary", "--model", "convnetjs-cifar10");
    assertEquals(0, summary.exit());
    assertTrue(summary.out().contains("n1h32w32c3_oc16_k5s1p2"), summary.out());
    assertTrue(summary.lastLine().contains("22,466"), summary.lastLine());
    assertEquals(summary.out(), lanewise("summary", "convnetjs-cifar10").out());
    assertEquals(summary.out(), lanewise("summary").out());
  }

  @Test
  void settingsThatDoNotExist() {
    try {
      System.setProperty("lanewise.order", "sideways");
      lanewise("summary")
          .assertError(1, "lanewise.order=sideways is unknown, needs auto, depth-first or layer");
    } finally {
      System.clearProperty("lanewise.order");
    }
  }

  /** A command on small batches for a short time. */
  private static String[] quick(String... command) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--batch", "4", "--seconds", "0.2", "--warm-up", "0.1"));
    return args.toArray(new String[0]);
  }

  @Test
  void timeEndsWithItsLine() {
    Cli timed = lanewise(quick("time", "mlp", "--threads", "1"));
    assertEquals(0, timed.exit(), timed.err());
    assertTrue(timed.lastLine().matches("mlp_b4_train 1 [0-9.]+"), timed.lastLine());
    assertTrue(timed.out().contains("# not warm after 0."), timed.out());
    Cli inferred = lanewise(quick("time", "mlp", "--infer", "--threads", "2"));
    assertTrue(inferred.lastLine().matches("mlp_b4_infer 2 [0-9.]+"), inferred.lastLine());
    String latencies =
        "# milliseconds a call: p50 [0-9.]+, p90 [0-9.]+, p99 [0-9.]+, of \\d+ calls";
    assertTrue(inferred.out().lines().anyMatch(line -> line.matches(latencies)), inferred.out());
  }

  @Test
  void profileShowsEveryPartOfAStep() {
    Cli training = lanewise(quick("profile", "convnetjs-cifar10"));
    assertEquals(0, training.exit(), training.err());
    String sum = "step +by the clock +[0-9.]+ +100\\.0";
    assertTrue(training.out().lines().anyMatch(line -> line.matches(sum)), training.out());
    String row =
        "conv2 +n4h16w16c16_oc20_k5s1p2 +%s +[0-9.]+ +[0-9.]+ +[0-9.]+ +[0-9.]+ +>?\\d+%% (fma|mem)";
    for (String direction : new String[] {"forward", "backwardInput", "backwardWeight"}) {
      String wanted = String.format(row, direction);
      assertTrue(training.out().lines().anyMatch(line -> line.matches(wanted)), training.out());
    }
    training.out().lines().skip(2).forEach(line -> assertTrue(line.length() <= 100, line));

    Cli inference = lanewise(quick("profile", "mlp", "--infer", "--threads", "1"));
    assertEquals(0, inference.exit(), inference.err());
    assertTrue(inference.out().contains("m4n256k3072"), inference.out());
    assertFalse(inference.out().contains("backward"), inference.out());
    lanewise("profile", "mlp", "--seconds", "0").assertError(1, "--seconds is 0");
    lanewise("profile", "mlp", "--warm-up", "0").assertError(1, "--warm-up is 0");
    lanewise("profile", "nonsense").assertError(1, "unknown model nonsense");
  }

  @Test
  void helpEverywhere() {
    for (String command :
        new String[] {"train", "check", "eval", "predict", "summary", "time", "profile"}) {
      Cli help = lanewise(command, "--help");
      assertEquals(0, help.exit(), command);
      assertTrue(help.out().contains("Usage: lanewise " + command), help.out());
    }
    assertEquals(2, lanewise().exit());
  }

  @Test
  void wrongUsage() {
    lanewise("train", "--no-such-option").assertError(2, "--no-such-option");
    lanewise("frobnicate")
        .assertError(
            2, "unknown command frobnicate; known are train, check, eval, predict, summary");
    lanewise("trian").assertError(2, "unknown command trian", "; did you mean train?");
    lanewise("time", "mlp", "--sceonds", "1")
        .assertError(2, "unknown option --sceonds; did you mean --seconds?");
    lanewise("summary", "vgg-smal").assertError(1, "unknown model", "did you mean vgg-small?");
    lanewise("summary", "mlp", "--model", "vgg-small").assertError(1, "found two nets");
    train(folder, "--epochs", "many").assertError(2, "--epochs is many, needs a number");
    train(folder, "--batch", "3.5").assertError(2, "--batch is 3.5, needs a whole number");
  }

  @Test
  void wrongSettings() {
    train(folder, "--model", "resnet9000")
        .assertError(1, "unknown model resnet9000", "convnetjs-cifar10, mlp, vgg-small");
    train(folder, "--optimizer", "magic").assertError(1, "unknown optimizer magic", "adadelta");
    train(folder, "--momentum", "0.9").assertError(1, "adadelta takes no momentum");
    train(folder, "--batch", "0").assertError(1, "--batch is 0");
    train(folder, "--cutout", "32")
        .assertError(1, "cutout is 32 pixels, needs to be smaller than images of 32x32");
    train(folder, "--clip-norm", "-1").assertError(1, "clipping: the norm is -1.0, needs");
    train(folder, "--lr", "Infinity").assertError(1, "needs a finite number of at least 0");
    train(folder, "--epochs", "-1").assertError(1, "--epochs is -1");
    train(folder, "--lr", "NaN").assertError(1, "learning rate is NaN");
    train(folder, "--l2", "-1").assertError(1, "l2");
    train(folder, "--threads", "0").assertError(1, "--threads is 0");
    train(folder, "--limit", "0").assertError(1, "--limit is 0");
    assertFalse(Files.exists(folder.resolve("metrics.csv")));
  }

  @Test
  void missingAndDamagedData() throws IOException {
    String nowhere = folder.resolve("nowhere").toString();
    lanewise("train", "--data", nowhere)
        .assertError(1, "nowhere does not exist", "scripts/fetch-cifar10");
    Files.write(folder.resolve("data_batch_1.bin"), new byte[3072]);
    lanewise("train", "--data", "" + folder)
        .assertError(1, "data_batch_1.bin", "found 3072 bytes", "3073");
    Files.copy(TestData.cifarMini().resolve("data_batch_1.bin"), folder.resolve("copy"));
    Files.move(
        folder.resolve("copy"),
        folder.resolve("data_batch_1.bin"),
        StandardCopyOption.REPLACE_EXISTING);
    Files.createDirectory(folder.resolve("test_batch.bin"));
    lanewise("train", "--data", "" + folder).assertError(1, "holds no test_batch.bin");
  }

  @Test
  void everyOptimizerRunsOnItsDefaults() {
    for (String name : OptimizerSpec.names()) {
      Cli result = train(folder.resolve(name), "--model", "mlp", "--optimizer", name);
      assertEquals(0, result.exit(), name + ": " + result.err());
    }
  }

  @Test
  void hugeBatches() {
    Path run = folder.resolve("run");
    assertEquals(0, train(run, "--model", "mlp", "--batch", "2000000000").exit());
    lanewise("time", "mlp", "--batch", "1000000").assertError(1, "--batch is 1000000");
  }

  @Test
  void modelFilesThatAreNone() throws IOException {
    lanewise("eval", "" + folder).assertError(1, "model.safetensors does not exist");
    Path file = Files.writeString(folder.resolve("model.safetensors"), "nonsense, not a model");
    lanewise("eval", "" + file).assertError(1, "model.safetensors");
    lanewise("predict", "" + file).assertError(1, "found no image");
  }

  @Test
  void checksTakeARecipe() {
    String plot = folder.resolve("rates.svg").toString();
    List<String> args = new ArrayList<>(List.of("check", "--data", DATA, "--plot", plot));
    args.addAll(List.of("--recipe", "convnetjs", "--limit", "100", "--steps", "5"));
    Cli checked = lanewise(args.toArray(new String[0]));
    assertEquals("all checks passed", checked.lastLine(), checked.out() + checked.err());
    assertTrue(Files.exists(Path.of(plot)));
    args.addAll(List.of("--batch", "8"));
    lanewise(args.toArray(new String[0])).assertError(1, "--recipe convnetjs decides --batch");
  }

  @Test
  void checksFindWhatIsWrong() throws IOException {
    String plot = folder.resolve("rates.svg").toString();
    List<String> args = new ArrayList<>(List.of("check", "--data", DATA, "--plot", plot));
    args.addAll(List.of("--model", "mlp", "--optimizer", "momentum", "--lr", "0.005"));
    args.addAll(List.of("--batch", "16", "--steps", "5", "--limit", "200"));
    Cli good = lanewise(args.toArray(new String[0]));
    assertEquals(0, good.exit(), good.out() + good.err());
    assertEquals("all checks passed", good.lastLine());
    assertTrue(good.out().contains("fc1.weight"), good.out());
    assertTrue(good.out().contains("of 256 dead"), good.out());
    String svg = Files.readString(Path.of(plot));
    assertTrue(svg.startsWith("<svg ") && svg.contains("<polyline"), svg);

    args.addAll(List.of("--lr", "1e-9"));
    Cli bad = lanewise(args.toArray(new String[0]));
    assertEquals(1, bad.exit());
    assertTrue(bad.out().contains("by heart") && bad.out().contains("NOT GOOD"), bad.out());
    args.addAll(List.of("--lr", "0"));
    lanewise(args.toArray(new String[0])).assertError(1, "--lr is 0, needs to be above 0");
  }
}
