package io.lanewise.jmh.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Loops found in a text as the JVM and objdump write it. */
class HotLoopTest {
  private static final List<String> LINES =
      """
      Compiled method (c1)    6570  697       3       io.lanewise.A::run (4 bytes)
        0x00007f0000000f00: jmp    0x00007f0000000f00
      Compiled method (c2)   13164  873 %     4       io.lanewise.A::run @ 195 (1106 bytes)
        0x00007f0000000f00: vaddps zmm0,zmm1,zmm2
        0x00007f0000000f06: jl     0x00007f0000000f00
      Compiled method (c2)   13264  874       4       io.lanewise.A::run (1106 bytes)
        0x00007f0000001000: push   rbp
        0x00007f0000001001: xor    eax,eax
        0x00007f0000001004: vmovups zmm1,ZMMWORD PTR [rsp+0x40]
        0x00007f0000001010: vfmadd231ps zmm0,zmm1,zmm2
        0x00007f0000001016: mov    QWORD PTR [r15+0x108],r10
        0x00007f000000101a: mov    r10,QWORD PTR [rsp+0x10]
        0x00007f0000001020: jl     0x00007f0000001004
        0x00007f0000001026: jmp    0x00007f0000001001
        0x00007f000000102c: call   0x00007f0000009000
        0x00007f0000001031: ret
      """
          .lines()
          .toList();

  @Test
  void countsWhatAnInnermostLoopDoes() {
    List<HotLoop> loops = HotLoop.find(LINES);
    assertEquals(2, loops.size());
    HotLoop loop = loops.get(0);
    assertEquals("io.lanewise.A::run", loop.method());
    assertEquals(5, loop.instructions().size());
    assertEquals(1, loop.fmas());
    assertEquals(2, loop.vectors());
    assertEquals(1, loop.vectorSpills());
    assertEquals(1, loop.spills());
    assertEquals(1, loop.allocations());
    assertEquals(0, loop.calls());
    assertEquals("io.lanewise.A::run (on-stack replacement)", loops.get(1).method());
  }
}
