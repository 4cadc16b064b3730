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
import io.lanewise.engine.checkpoint.Checkpoint;
import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.model.Metadata;
import io.lanewise.engine.model.Models;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.optim.Sgd;
import io.lanewise.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder of a run: what stops a run, what it leaves, how it goes on. */
class RunFolderTest {
  @TempDir Path folder;

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
  void resumesWithMoreEpochsToTheSameBits() throws IOException {
    Path four = folder.resolve("four");
    Path two = folder.resolve("two");
    assertEquals(0, train(four, "--epochs", "4", "--model", "mlp").exit());
    assertEquals(0, train(two, "--model", "mlp").exit());
    assertFalse(Files.exists(two.resolve("checkpoint.safetensors")));

    Cli finished = lanewise("train", "--resume", "" + two);
    assertEquals(0, finished.exit(), finished.err());
    assertTrue(finished.out().contains("is finished, 2 epochs are done"), finished.out());
    assertTrue(finished.lastLine().startsWith("test accuracy "), finished.lastLine());

    Cli resumed = lanewise("train", "--resume", "" + two, "--epochs", "4", "--threads", "1");
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
      Cli early = lanewise("eval", "" + run, "--data", DATA, "--limit", "24");
      assertTrue(
          early.out().contains("# not finished: its last state has epoch 2 and 0"), early.out());
      Cli ended = lanewise("train", "--resume", "" + run, "--epochs", "2");
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
    Cli trained = train(there, "--model", "mlp", "--data", "" + copy);
    assertEquals(
        -1, Files.mismatch(here.resolve("model.safetensors"), there.resolve("model.safetensors")));
    Cli evaluated = lanewise("eval", "" + there, "--limit", "24");
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
    Cli finished = lanewise("train", "--resume", "" + run, "--epochs", "2");
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
}
