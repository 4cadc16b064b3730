package io.lanewise.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays that calls make, counted in this JVM and from histograms as JVMs print them. */
class ArrayCountTest {
  @TempDir Path folder;

  private static final String BEFORE =
      """
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:           900          72000  [B (java.base@17.0.15)
         2:            50           4000  [F (java.base@17.0.15)
         3:             7            560  [I (java.base@17.0.15)
      Total           957          76560
      """;

  private static final String AFTER =
      """
       num     #instances         #bytes  class name (module)
      -------------------------------------------------------
         1:          9900         792000  [B (java.base@17.0.15)
         2:           350          24000  [F (java.base@17.0.15)
         3:            16           1280  [I (java.base@17.0.15)
         4:           100           1600  jdk.incubator.vector.Float512Vector (jdk.incubator.vector@17.0.15)
         5:            90           1440  jdk.incubator.vector.Float512Vector$Float512Mask (jdk.incubator.vector@17.0.15)
         6:            90           1440  [Z (java.base@17.0.15)
         7:            20            320  io.lanewise.Same
         8:            30            480  io.lanewise.Same
      Total         10596          96560
      """;

  /** What {@link #AFTER} shows more of each class, under one name of two loaders together. */
  @Test
  void histogramsAreCompared() {
    Map<String, Long> more = Histogram.difference(BEFORE, AFTER);
    assertEquals(9000, more.get("[B"));
    assertEquals(300, more.get("[F"));
    assertEquals(100, more.get("jdk.incubator.vector.Float512Vector"));
    assertEquals(50, more.get("io.lanewise.Same"));
    assertEquals(-300, Histogram.difference(AFTER, BEFORE).get("[F"));
  }

  /** 100 calls made 300 arrays of floats, of which 100 are lanes of vectors. */
  @Test
  void lanesTextsAndFillersAreNoArraysOfACall() {
    Map<String, Long> more = Histogram.difference(BEFORE, AFTER);
    assertEquals(2, MadeArrays.of(more, 100, MadeArrays.ALL));
    assertEquals(1, MadeArrays.of(more, 101, MadeArrays.ALL));
    assertEquals(0, MadeArrays.of(more, 1000, MadeArrays.ALL));
    Map<String, Long> fillers = Map.of("[I", 9L, "[J", 3L);
    assertEquals(0, MadeArrays.of(fillers, 16, MadeArrays.ALL));
    assertEquals(2, MadeArrays.of(fillers, 4, MadeArrays.ALL));
    assertEquals(0, MadeArrays.of(fillers, 4, MadeArrays.PLAIN));
  }

  @Test
  void vectorsOfAllKindsHoldLanes() {
    String at = "jdk.incubator.vector.";
    Map<String, Long> more =
        Map.of(
            at + "IntMaxVector", 8L, "[I", 8L, at + "Double128Vector$Double128Mask", 4L, "[Z", 12L);
    assertEquals(2, MadeArrays.of(more, 4, MadeArrays.ALL));
    Map<String, Long> species = Map.of(at + "FloatVector$FloatSpecies", 4L, "[F", 4L);
    assertEquals(1, MadeArrays.of(species, 4, MadeArrays.ALL));
  }

  /** What it makes is kept, so that no compiler leaves it out. */
  static final class Maker {
    public volatile Object kept;

    public void nothing() {
      kept = null;
    }

    public void text() {
      kept = new byte[16];
    }

    public void one() {
      kept = new float[16];
    }

    public void three() {
      kept = new float[16];
      kept = new double[3];
      kept = new int[7];
    }

    public void slow() throws InterruptedException {
      Thread.sleep(200);
      kept = new float[16];
      kept = new int[7];
    }

    public void collected() {
      kept = new float[16];
      System.gc();
    }
  }

  private static OptionalInt made(String method) throws ReflectiveOperationException {
    return ArrayCount.of(new BenchmarkCall(new Maker(), "io.lanewise.Maker." + method));
  }

  @Test
  void callsAreCounted() throws ReflectiveOperationException {
    assertEquals(OptionalInt.of(0), made("nothing"));
    assertEquals(OptionalInt.of(0), made("text"));
    assertEquals(OptionalInt.of(1), made("one"));
    assertEquals(OptionalInt.of(3), made("three"));
  }

  /** Few calls cannot be told from what fills buffers of threads. */
  @Test
  void ofSlowCallsArraysOfIntsAreLeftOut() throws ReflectiveOperationException {
    assertEquals(OptionalInt.of(1), made("slow"));
  }

  /** The parent has ended and taken its file away. */
  @Test
  void aFileThatIsGoneIsNotMadeAnew() throws ReflectiveOperationException {
    BenchmarkCall call = new BenchmarkCall(new Maker(), "nothing");
    Path gone = folder.resolve("gone");
    System.setProperty(ArrayCount.FILE, gone.toString());
    try {
      assertThrows(NoSuchFileException.class, () -> ArrayCount.write(call));
    } finally {
      System.clearProperty(ArrayCount.FILE);
    }
    assertFalse(Files.exists(gone));
  }

  /** What a collection took away was not counted. */
  @Test
  void whereGarbageIsCollectedNothingIsKnown() throws ReflectiveOperationException {
    assertEquals(OptionalInt.empty(), made("collected"));
  }
}
