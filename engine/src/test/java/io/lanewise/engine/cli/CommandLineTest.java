package io.lanewise.engine.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.engine.TestData;
import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.OptimizerSpec;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.recipe.Recipe;
import io.lanewise.engine.recipe.Recipes;
import io.lanewise.engine.tensor.Shape;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user types them: exit codes, last lines, files and errors. */
class CommandLineTest {
  private static final String DATA = TestData.cifarMini().toString();

  @TempDir Path folder;

  /** What a command came to. */
  private record Result(int exit, String out, String err) {
    String lastLine() {
      String[] lines = out.strip().split("\n");
      return lines[lines.length - 1];
    }

    void assertError(int code, String... parts) {
      assertEquals(code, exit, err);
      for (String part : parts) {
        assertTrue(err.contains(part), "\"" + part + "\" is not in: " + err);
      }
      assertFalse(err.contains("\tat "), err);
    }
  }

  private static Result lanewise(String... args) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
    ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
      int exit = Lanewise.run(args);
      return new Result(
          exit,
          outBytes.toString(StandardCharsets.UTF_8),
          errBytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  private Result train(Path run, String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("train", "--data", DATA, "--limit", "24", "--epochs", "2", "--out", "" + run));
    args.addAll(Arrays.asList(more));
    return lanewise(args.toArray(new String[0]));
  }

  @Test
  void trainsThenEvaluatesAndPredicts() throws IOException {
    Path run = folder.resolve("run");
    Result trained = train(run, "--model", "mlp", "--optimizer", "momentum", "--batch", "8");
    assertEquals(0, trained.exit(), trained.err());
    assertTrue(trained.lastLine().matches("test accuracy [01]\\.[0-9]{4}"), trained.lastLine());
    List<String> csv = Files.readAllLines(run.resolve("metrics.csv"));
    assertEquals(3, csv.size());
    assertEquals(
        "epoch,step,seconds,lr,train_loss,train_accuracy,test_loss,test_accuracy,"
            + "images_per_second",
        csv.get(0));
    assertTrue(csv.get(2).startsWith("2,6,"), csv.get(2));

    Result evaluated = lanewise("eval", "" + run, "--data", DATA, "--limit", "24");
    assertEquals(0, evaluated.exit(), evaluated.err());
    assertEquals(trained.lastLine(), evaluated.lastLine());

    Path png = folder.resolve("gray.png");
    ImageIO.write(new BufferedImage(70, 45, BufferedImage.TYPE_INT_ARGB), "png", png.toFile());
    Result predicted = lanewise("predict", "" + run, "" + png, "--index", "0,99", "--data", DATA);
    assertEquals(0, predicted.exit(), predicted.err());
    String[] lines = predicted.out().strip().split("\n");
    assertEquals(3, lines.length);
    assertTrue(lines[0].matches(".*gray.png: \\w+ 0\\.\\d{3}, \\w+ 0\\.\\d{3}, .*"), lines[0]);
    assertTrue(lines[2].startsWith("test image 99 ("), lines[2]);
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

  private static List<String> withoutTimes(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.csv")).stream()
        .map(line -> line.split(","))
        .map(f -> String.join(",", f[0], f[1], f[3], f[4], f[5], f[6], f[7]))
        .toList();
  }

  @Test
  void summaryCountsTheParametersOfTheDemo() {
    Result summary = lanewise("summary", "--model", "convnetjs-cifar10");
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
    Result timed = lanewise(quick("time", "mlp", "--threads", "1"));
    assertEquals(0, timed.exit(), timed.err());
    assertTrue(timed.lastLine().matches("mlp_b4_train 1 [0-9.]+"), timed.lastLine());
    assertTrue(timed.out().contains("# not warm after 0."), timed.out());
    Result inferred = lanewise(quick("time", "mlp", "--infer", "--threads", "2"));
    assertTrue(inferred.lastLine().matches("mlp_b4_infer 2 [0-9.]+"), inferred.lastLine());
    String latencies =
        "# milliseconds a call: p50 [0-9.]+, p90 [0-9.]+, p99 [0-9.]+, of \\d+ calls";
    assertTrue(inferred.out().lines().anyMatch(line -> line.matches(latencies)), inferred.out());
  }

  @Test
  void profileShowsEveryPartOfAStep() {
    Result training = lanewise(quick("profile", "convnetjs-cifar10"));
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

    Result inference = lanewise(quick("profile", "mlp", "--infer", "--threads", "1"));
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
      Result help = lanewise(command, "--help");
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
    lanewise("train", "--data", "" + folder).assertError(1, "needs test_batch.bin");
  }

  @Test
  void divergenceStopsAndNamesTheNode() throws IOException {
    Path run = folder.resolve("run");
    train(run, "--optimizer", "sgd", "--lr", "1e30").assertError(1, "the loss became", "node conv");
    assertEquals(1, Files.readAllLines(run.resolve("metrics.csv")).size());
    assertEquals(0, train(run, "--model", "mlp").exit());
  }

  /** Parameters that are infinite are not saved over good ones. */
  @Test
  void divergenceLeavesTheLastGoodState() throws IOException {
    Path run = folder.resolve("run");
    train(run, "--optimizer", "sgd", "--lr", "1e30", "--save-every", "1")
        .assertError(1, "the loss became", "node conv");
    Checkpoint saved = Checkpoint.load(run.resolve("checkpoint.safetensors"));
    assertTrue(saved.network().graph().parameterCount() > 0, "it is finite");
  }

  @Test
  void divergenceInTheLastStepIsNoSuccess() {
    Path run = folder.resolve("run");
    lanewise(
            "train",
            "--data",
            DATA,
            "--limit",
            "40",
            "--epochs",
            "1",
            "--batch",
            "40",
            "--optimizer",
            "sgd",
            "--lr",
            "1e30",
            "--out",
            "" + run)
        .assertError(1, "the test loss became", "node conv");
    assertFalse(Files.exists(run.resolve("model.safetensors")));
  }

  @Test
  void everyOptimizerRunsOnItsDefaults() {
    for (String name : OptimizerSpec.names()) {
      Result result = train(folder.resolve(name), "--model", "mlp", "--optimizer", name);
      assertEquals(0, result.exit(), name + ": " + result.err());
    }
  }

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
    Result result =
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

  @Test
  void hugeBatches() {
    Path run = folder.resolve("run");
    assertEquals(0, train(run, "--model", "mlp", "--batch", "2000000000").exit());
    lanewise("time", "mlp", "--batch", "1000000").assertError(1, "--batch is 1000000");
  }

  @Test
  void neverOverwritesARun() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(0, train(run, "--model", "mlp").exit());
    byte[] before = Files.readAllBytes(run.resolve("metrics.csv"));
    train(run, "--model", "mlp").assertError(1, "is there from an earlier run", "--out");
    assertTrue(Arrays.equals(before, Files.readAllBytes(run.resolve("metrics.csv"))));
  }

  @Test
  void oneRunAtATimeWritesAFolder() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(0, train(run, "--model", "mlp").exit());
    byte[] before = Files.readAllBytes(run.resolve("metrics.csv"));
    RunLock lock = RunLock.take(run);
    try {
      train(run, "--model", "mlp").assertError(1, "is being written by another run");
      lanewise("train", "--resume", run.toString(), "--epochs", "9")
          .assertError(1, "is being written by another run");
    } finally {
      lock.close();
    }
    assertTrue(Arrays.equals(before, Files.readAllBytes(run.resolve("metrics.csv"))));
    assertEquals(0, lanewise("train", "--resume", run.toString(), "--epochs", "9").exit());
  }

  @Test
  void outThatCannotBeAFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    train(file).assertError(1, "is a file, needs a folder");
    train(file.resolve("below")).assertError(1, "cannot be written");
    if (Files.isWritable(Path.of("/proc"))) {
      train(Path.of("/proc/lanewise")).assertError(1, "/proc/lanewise cannot be written");
    }
  }

  @Test
  void modelFilesThatAreNone() throws IOException {
    lanewise("eval", "" + folder).assertError(1, "model.safetensors does not exist");
    Path file = Files.writeString(folder.resolve("model.safetensors"), "nonsense, not a model");
    lanewise("eval", "" + file).assertError(1, "model.safetensors");
    lanewise("predict", "" + file).assertError(1, "found no image");
  }

  @Test
  void resumesWithMoreEpochsToTheSameBits() throws IOException {
    Path four = folder.resolve("four");
    Path two = folder.resolve("two");
    assertEquals(0, train(four, "--epochs", "4", "--model", "mlp").exit());
    assertEquals(0, train(two, "--model", "mlp").exit());
    assertFalse(Files.exists(two.resolve("checkpoint.safetensors")));

    Result finished = lanewise("train", "--resume", "" + two);
    assertEquals(0, finished.exit(), finished.err());
    assertTrue(finished.out().contains("is finished, 2 epochs are done"), finished.out());
    assertTrue(finished.lastLine().startsWith("test accuracy "), finished.lastLine());

    Result resumed = lanewise("train", "--resume", "" + two, "--epochs", "4", "--threads", "1");
    assertEquals(0, resumed.exit(), resumed.err());
    assertTrue(resumed.out().contains("after epoch 2"), resumed.out());
    assertEquals(
        -1, Files.mismatch(four.resolve("model.safetensors"), two.resolve("model.safetensors")));
    assertEquals(withoutTimes(four), withoutTimes(two));
    assertEquals(5, Files.readAllLines(two.resolve("times.csv")).size());
    lanewise("train", "--resume", "" + two, "--epochs", "3")
        .assertError(1, "found 3 epochs, but the run has already done 4");
  }

  /** What is done turns out to be enough: the same file as of a run that was planned so. */
  @Test
  void endsWithTheEpochsThatAreDone() throws IOException {
    for (String[] more : new String[][] {{}, {"--ema", "0.9"}}) {
      Path run = folder.resolve("run" + more.length);
      List<String> options = new ArrayList<>(List.of("--model", "mlp"));
      options.addAll(List.of(more));
      assertEquals(0, train(run, options.toArray(new String[0])).exit());
      Path model = run.resolve("model.safetensors");
      Path checkpoint = run.resolve("checkpoint.safetensors");
      byte[] finished = Files.readAllBytes(model);
      String longer =
          new String(finished, ISO_8859_1)
              .replace("\"setting.epochs\":\"2\"", "\"setting.epochs\":\"7\"");
      Files.delete(model);
      Files.writeString(checkpoint, longer, ISO_8859_1);
      Result early = lanewise("eval", "" + run, "--data", DATA, "--limit", "24");
      assertTrue(
          early.out().contains("# not finished: the run's last state, 2 epochs"), early.out());
      Result ended = lanewise("train", "--resume", "" + run, "--epochs", "2");
      assertEquals(0, ended.exit(), ended.err());
      assertTrue(ended.lastLine().matches("test accuracy 0\\.\\d{4}"), ended.out());
      assertTrue(Arrays.equals(finished, Files.readAllBytes(model)));
      assertFalse(Files.exists(checkpoint));
      assertEquals(3, Files.readAllLines(run.resolve("metrics.csv")).size());
    }
  }

  /** The net does not know where its images lay; the run does. */
  @Test
  void sameSeedGivesTheSameFileWhereverTheImagesAre() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("copy"));
    for (String name : new String[] {"data_batch_1.bin", "test_batch.bin"}) {
      Files.copy(TestData.cifarMini().resolve(name), copy.resolve(name));
    }
    Path here = folder.resolve("here");
    Path there = folder.resolve("there");
    assertEquals(0, train(here, "--model", "mlp").exit());
    Result trained = train(there, "--model", "mlp", "--data", "" + copy);
    assertEquals(
        -1, Files.mismatch(here.resolve("model.safetensors"), there.resolve("model.safetensors")));
    Result evaluated = lanewise("eval", "" + there, "--limit", "24");
    assertEquals(trained.lastLine(), evaluated.lastLine(), evaluated.err());

    Path moved = Files.move(copy, folder.resolve("moved"));
    lanewise("eval", "" + there).assertError(1, "copy does not exist");
    String[] resume = {"train", "--resume", "" + there, "--epochs", "3", "--data", "" + moved};
    assertEquals(0, lanewise(resume).exit());
    assertEquals(0, lanewise("eval", "" + there.resolve("model.safetensors")).exit());
  }

  @Test
  void resumeDropsLinesOfEpochsThatWereNotSaved() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(0, train(run, "--model", "mlp").exit());
    Path csv = run.resolve("metrics.csv");
    String before = Files.readString(csv);
    Files.writeString(csv, before + "3,18,9.9,1.0,2.1");
    assertEquals(0, lanewise("train", "--resume", "" + run).exit());
    assertEquals(before, Files.readString(csv));

    Files.writeString(csv, before.substring(0, before.indexOf("\n2,") + 1));
    lanewise("train", "--resume", "" + run, "--epochs", "3")
        .assertError(1, "metrics.csv: line 3 is \"\", needs that of epoch 2");
    Files.writeString(csv, "another table\n");
    lanewise("train", "--resume", "" + run, "--epochs", "3")
        .assertError(1, "metrics.csv: the first line is");
    Files.write(csv, new byte[] {'e', (byte) 0xe9});
    lanewise("train", "--resume", "" + run, "--epochs", "3")
        .assertError(1, "metrics.csv: found bytes that are not UTF-8");
    Files.delete(csv);
    assertEquals(0, lanewise("train", "--resume", "" + run, "--epochs", "3").exit());
    assertEquals(2, Files.readAllLines(csv).size());
    assertEquals(0, lanewise("train", "--resume", "" + run, "--epochs", "4").exit());
    List<String> lines = Files.readAllLines(csv);
    assertTrue(lines.size() == 3 && lines.get(1).startsWith("3,"), lines.toString());
  }

  @Test
  void recipesGoOnWithTheEpochsTheyWereBegunWith() throws IOException {
    Path run = folder.resolve("run");
    String[] args = {"train", "--data", DATA, "--limit", "24", "--recipe", "convnetjs"};
    List<String> begin = new ArrayList<>(List.of(args));
    begin.addAll(List.of("--epochs", "2", "--out", "" + run));
    assertEquals(0, lanewise(begin.toArray(new String[0])).exit());
    Checkpoint saved = Checkpoint.load(run.resolve("model.safetensors"));
    assertEquals("2", saved.metadata().settings().get("epochs"), "as a resumed run writes it");
    lanewise("train", "--resume", "" + run, "--epochs", "2.5")
        .assertError(1, "--epochs is 2.5, needs 2, with which the run was begun", "convnetjs");
    Result finished = lanewise("train", "--resume", "" + run, "--epochs", "2");
    assertTrue(finished.out().contains("is finished, 2 epochs are done"), finished.out());
  }

  @Test
  void resumeThatCannotBe() throws IOException {
    Path run = folder.resolve("run");
    assertEquals(0, train(run, "--model", "mlp").exit());
    Path model = run.resolve("model.safetensors");
    byte[] bytes = Files.readAllBytes(model);
    String path = "" + run;
    lanewise("train", "--resume", path, "--model", "vgg-small", "--lr", "3")
        .assertError(1, "goes on with the settings of the run, found --model, --lr");
    lanewise("train", "--resume", folder.resolve("none").toString())
        .assertError(1, "none does not exist");
    lanewise("train", "--resume", "" + folder)
        .assertError(1, "holds neither checkpoint.safetensors nor model.safetensors");
    lanewise("train", "--resume", "").assertError(1, "--resume is empty");
    lanewise("train", "--resume", path, "--save-every", "0").assertError(1, "--save-every is 0");

    Path otherData = Files.createDirectory(folder.resolve("data"));
    for (String file : new String[] {"data_batch_1.bin", "test_batch.bin"}) {
      Files.copy(TestData.cifarMini().resolve(file), otherData.resolve(file));
    }
    byte[] images = Files.readAllBytes(otherData.resolve("test_batch.bin"));
    images[1000]++;
    Files.write(otherData.resolve("test_batch.bin"), images);
    lanewise("train", "--resume", path, "--epochs", "3", "--data", "" + otherData)
        .assertError(1, "the test images are not those of the run: testSha256", "--data");

    Files.write(model, Arrays.copyOf(bytes, bytes.length - 10));
    lanewise("train", "--resume", path).assertError(1, "model.safetensors: byte", "damaged");
    Network foreign = Models.mlp(Shape.of(32, 32, 3), 10, 1);
    Checkpoint.save(
        model,
        foreign,
        Metadata.of(foreign, TestData.test(1).classNames(), Normalization.CENTERED));
    lanewise("train", "--resume", path).assertError(1, "without an optimiser's state");
    Checkpoint.saveTraining(
        model,
        foreign,
        new Sgd(foreign.graph().parameters(), 0.1),
        Metadata.of(foreign, TestData.test(1).classNames(), Normalization.CENTERED),
        Map.of());
    lanewise("train", "--resume", path).assertError(1, "needs epoch and batch");
    assertEquals(3, Files.readAllLines(run.resolve("metrics.csv")).size());
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
      Result trained = lanewise(args.toArray(new String[0]));
      assertEquals(0, trained.exit(), trained.err());
      Result evaluated = lanewise("eval", "" + run);
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
      Result trained = lanewise(args.toArray(new String[0]));
      assertEquals(0, trained.exit(), model + ": " + trained.err());
      Result evaluated = lanewise("eval", run);
      assertEquals(trained.lastLine(), evaluated.lastLine(), model);
      Result predicted = lanewise("predict", run, "" + png, "--index", "3");
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
      Result trained = lanewise(args.toArray(new String[0]));
      assertEquals(0, trained.exit(), recipe.name() + ": " + trained.err());
    }
  }

  @Test
  void checksTakeARecipe() {
    String plot = folder.resolve("rates.svg").toString();
    List<String> args = new ArrayList<>(List.of("check", "--data", DATA, "--plot", plot));
    args.addAll(List.of("--recipe", "convnetjs", "--limit", "100", "--steps", "5"));
    Result checked = lanewise(args.toArray(new String[0]));
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
    Result good = lanewise(args.toArray(new String[0]));
    assertEquals(0, good.exit(), good.out() + good.err());
    assertEquals("all checks passed", good.lastLine());
    assertTrue(good.out().contains("fc1.weight"), good.out());
    assertTrue(good.out().contains("of 256 dead"), good.out());
    String svg = Files.readString(Path.of(plot));
    assertTrue(svg.startsWith("<svg ") && svg.contains("<polyline"), svg);

    args.addAll(List.of("--lr", "1e-9"));
    Result bad = lanewise(args.toArray(new String[0]));
    assertEquals(1, bad.exit());
    assertTrue(bad.out().contains("by heart") && bad.out().contains("NOT GOOD"), bad.out());
    args.addAll(List.of("--lr", "0"));
    lanewise(args.toArray(new String[0])).assertError(1, "--lr is 0, needs to be above 0");
  }
}
