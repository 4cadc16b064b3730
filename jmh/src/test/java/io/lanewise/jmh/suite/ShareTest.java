package io.lanewise.jmh.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Numbers and names as reports write them. */
class ShareTest {
  @Test
  void smallSharesKeepTheirDigits() {
    assertEquals("113%", Share.text(1.13));
    assertEquals("57%", Share.text(0.568));
    assertEquals("10%", Share.text(0.0996));
    assertEquals("1.4%", Share.text(0.01449));
    assertEquals("0.0063%", Share.text(0.000063));
  }

  @Test
  void oneIsNotMany() {
    assertEquals("1 row", Plural.of(1, "row"));
    assertEquals("0 rows", Plural.of(0, "row"));
    Row row = new Row("gemm.nn", "m2n2k2", 1);
    assertEquals("gemm.nn m2n2k2", Plural.names(Collections.nCopies(1, row)));
    String many = Plural.names(Collections.nCopies(11, row));
    assertEquals("gemm.nn m2n2k2, gemm.nn m2n2k2 and 3 more", many.substring(6 * 16));
  }
}
