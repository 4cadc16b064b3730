package io.lanewise.kernels.oracle;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OracleFileTest {
  @TempDir Path folder;

  @Test
  void readsCases() throws IOException {
    List<OracleCase> cases =
        read("# comment\ncase relu size2 slope=0.5\ninput 2 1 -2.5\nend\n\ncase tanh size1\nend\n");
    assertEquals(2, cases.size());
    assertEquals("relu size2 slope=0.5", cases.get(0).name());
    assertEquals("relu", cases.get(0).op());
    assertEquals("size2", cases.get(0).shape());
    assertEquals(0.5, cases.get(0).key("slope"));
    assertArrayEquals(new double[] {1, -2.5}, cases.get(0).array("input"));
    assertEquals("tanh", cases.get(1).op());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "# none|line 2: found the end, needs a case",
        "case relu|line 1: found case relu, needs case <op> <shape> [key=value ...]",
        "case a b c|line 1: found c, needs key=value",
        "case a b,x 2 1,end|line 2: found 1 values of x, needs 2",
        "case a b,x 1 1,x 1 1,end|line 3: found x 1 1, needs <array name> <count> <value>",
        "case a b,x 1 y,end|line 2: found For input string: \"y\", needs a number",
        "case a b,x 1 1|line 3: found the end, needs end"
      })
  void refusesBrokenFiles(String lines, String message) {
    IllegalStateException error =
        assertThrows(IllegalStateException.class, () -> read(lines.replace(',', '\n')));
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  private List<OracleCase> read(String text) throws IOException {
    return OracleFile.read(Files.writeString(folder.resolve("oracle.txt"), text));
  }
}
