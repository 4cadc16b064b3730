package io.lanewise.jmh.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.lanewise.jmh.Family;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Groups as the files of shapes have them. */
class GridTest {
  @Test
  void groupsAreChosenByTheirTags() {
    String text =
        "# head\nm2n3k4 @core gemm.nn @smoke gemm.nt gemm.tn # tail\n\nmlp_b4 @core step.train\n";
    assertEquals(
        List.of(new Row("gemm.nn", "m2n3k4", 1), new Row("step.train", "mlp_b4", 3)),
        Grid.parse(Group.CORE, 3, text));
    assertEquals(
        List.of(new Row("gemm.nt", "m2n3k4", 1), new Row("gemm.tn", "m2n3k4", 1)),
        Grid.parse(Group.SMOKE, 3, text));
    assertEquals(
        List.of("gemm.nn", "gemm.nt", "gemm.tn", "step.train", "infer.forward"),
        Grid.parse(Group.FULL, 3, text).stream().map(Row::benchmark).toList());
  }

  @Test
  void errorsNameTheLine() {
    for (String line :
        List.of("m2n3k4 @core conv.forward", "m2n3k4 @core gemm.nnn", "m2n3k4 @cor x")) {
      Exception error =
          assertThrows(
              IllegalArgumentException.class, () -> Grid.parse(Group.CORE, 1, "# x\n" + line));
      assertTrue(error.getMessage().startsWith("text:2: "), error.getMessage());
    }
  }

  @Test
  void aTextThatNoRowHolds() {
    Exception error =
        assertThrows(IllegalArgumentException.class, () -> Grid.rows(Group.CORE, 1, "conv.fwd"));
    String said = error.getMessage();
    assertTrue(said.startsWith("no row of group core holds 'conv.fwd'; of its "), said);
    assertTrue(said.endsWith(" rows the first is 'gemm.nn m256n256k256'"), said);
  }

  /** All groups of the real files can be read; smoke leaves no benchmark out. */
  @Test
  void theFilesHoldGroups() throws IOException {
    List<String> smoke = Grid.rows(Group.SMOKE, 2).stream().map(Row::benchmark).toList();
    for (Family family : Family.values()) {
      for (String name : family.benchmarks()) {
        assertTrue(family == Family.PEAK || smoke.contains(family + "." + name), family + name);
      }
    }
    assertTrue(smoke.containsAll(List.of(Row.FIRST, Row.WARM_UP)));
    assertTrue(Grid.rows(Group.CORE, 2).size() >= 20);
    assertTrue(Grid.rows(Group.FULL, 2).size() > 100);
  }
}
