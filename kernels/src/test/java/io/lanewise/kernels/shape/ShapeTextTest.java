package io.lanewise.kernels.shape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lanewise.kernels.contract.Grids;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ShapeTextTest {
  static Stream<Arguments> texts() {
    return Stream.of(
        arguments("n128h32w32c64_oc64_k3s1p1", ConvShape.class),
        arguments("n1h7w9c6_oc4_k3x5s1x2p1x2_g2", ConvShape.class),
        arguments("n1h7w9c6_oc6_k3s2p0x0x1x1_g6", ConvShape.class),
        arguments("n1h7w9c6_oc4_k3s2p0x1", ConvShape.class),
        arguments("n1h9w9c6_oc4_k3s1p2d2_g2_ceil", ConvShape.class),
        arguments("n1h9w9c6_oc4_k3s1p2d2x3_exact", ConvShape.class),
        arguments("n128h32w32c16_k2s2p0", PoolShape.class),
        arguments("n128h32w32c16_k3s2p1_uncounted_ceil", PoolShape.class),
        arguments("n128h32w32c16_k3s2p1_ceil", PoolShape.class),
        arguments("n1h8w8c3_k8s1p0", PoolShape.class),
        arguments("n128h32w32c3", ImageShape.class),
        arguments("m256n128k64", GemmShape.class),
        arguments("rows131072c64", ChannelShape.class),
        arguments("rows128cols10", RowShape.class),
        arguments("size4096", FlatShape.class),
        arguments("n8rows1024c64_g32", GroupShape.class),
        arguments("rows1024c64x128x32", ConcatShape.class));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void readsEachKindAndWritesItBack(String text, Class<?> kind) {
    Record shape = ShapeText.parse(text);
    assertEquals(kind, shape.getClass());
    assertEquals(text, shape.toString());
  }

  static Stream<Record> shapes() {
    return Stream.of(
            Grids.conv(),
            Grids.pool(),
            Grids.globalPool(),
            Grids.gemm(),
            Grids.linear(),
            Grids.flat(),
            Grids.rows(),
            Grids.channels(),
            Grids.images())
        .flatMap(List::stream);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void readsBackWhatAShapeWrites(Record shape) {
    assertEquals(shape, ShapeText.parse(shape.toString()));
  }

  @Test
  void readsEveryNumber() {
    assertEquals(
        new ConvShape(2, 3, 4, 6, 8, new Window(1, 2, 3, 4, 5, 6, 7, 8, 9, 1, Rounding.CEIL), 2),
        ConvShape.parse("n2h3w4c6_oc8_k1x2s3x4p5x6x7x8d9x1_g2_ceil"));
  }

  static Stream<Arguments> normalForms() {
    return Stream.of(
        arguments("n1h5w5c3_oc4_k3x3s1x1p1x1x1x1d1", "n1h5w5c3_oc4_k3s1p1"),
        arguments("n1h5w5c3oc4k3s1p1g1", "n1h5w5c3_oc4_k3s1p1"),
        arguments("c3w5h5n1_p1_s1_k3_oc4", "n1h5w5c3_oc4_k3s1p1"),
        arguments("n1h5w5c3_ceil_k2s2p0_uncounted", "n1h5w5c3_k2s2p0_uncounted_ceil"),
        arguments("size128x16x16x32", "size1048576"),
        arguments("k3n2m1", "m1n2k3"));
  }

  @ParameterizedTest
  @MethodSource("normalForms")
  void writesInNormalForm(String text, String normal) {
    assertEquals(normal, ShapeText.parse(text).toString());
  }

  static Stream<Arguments> wrongTexts() {
    return Stream.of(
        arguments("", "shape '' is no shape"),
        arguments("k3s1p1", "is no shape: needs oc (convolution), h (pooling or images)"),
        arguments("n1h5w5c3_oc4_k3s1", "shape 'n1h5w5c3_oc4_k3s1' has no p"),
        arguments("h5w5c3_oc4_k3s1p1", "has no n"),
        arguments("n1h5w5c3_oc4_k3s1p1 ", "cannot be read at character 19, ' '"),
        arguments("n1h5w5c3_oc4-k3s1p1", "cannot be read at character 12, '-k3s1p1'"),
        arguments("N1h5w5c3", "cannot be read at character 0"),
        arguments("n1h5w5c", "cannot be read at character 6, 'c'"),
        arguments("n1h5w5c3x", "cannot be read at character 8, 'x'"),
        arguments("n1h-5w5c3", "cannot be read at character 2"),
        arguments("n1h5w5c3_oc4_k3s1p1_ceiling", "has an unknown ending _ceiling"),
        arguments("n1h5w5c3_oc4_k3s1p1_uncounted", "has an unknown ending _uncounted"),
        arguments("n1h5w5c3_oc4_k3s1p1_ceil_exact", "names two roundings"),
        arguments("n1h5w5c3_oc4_k3s1p1_ceil_ceil", "names _ceil twice"),
        arguments("n1h5w5c3_oc4_k3s1p1q2", "has an unknown field q"),
        arguments("n1h5w5c3_k3s1p1_g3", "has an unknown field g"),
        arguments("m1n1k1_ceil", "has an unknown ending _ceil"),
        arguments("rows3cols4c5", "has an unknown field c"),
        arguments("n1n2h5w5c3", "names n twice"),
        arguments("n1h5w5c3_oc4_k3s1p1x2x3", "has 3 paddings, needs 1, 2 or 4"),
        arguments("n1h5w5c3_oc4_k3x3x3s1p1", "has 3 values for k, needs 1 or 2"),
        arguments("n1x2h5w5c3", "has 2 values for n, needs 1"),
        arguments("size9999999999", "has the number 9999999999, which is too large"),
        arguments("size65536x65536", "size65536x65536: array needs more than 2^31 - 9 floats"),
        arguments("", "for example n128h32w32c64_oc64_k3s1p1"),
        arguments("size0", "size0: array has a dimension of 0, needs at least 1"));
  }

  @ParameterizedTest
  @MethodSource("wrongTexts")
  void saysWhereATextIsWrong(String text, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, () -> ShapeText.parse(text));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void saysWhichKindItFound() {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> ConvShape.parse("n1h5w5c3_k2s2p0"));
    assertEquals(
        "n1h5w5c3_k2s2p0 is a pooling like n128h32w32c64_k2s2p0, needs a convolution like"
            + " n128h32w32c64_oc64_k3s1p1",
        e.getMessage());
  }

  @ParameterizedTest
  @MethodSource("texts")
  void namesEveryKindThatItFinds(String text, Class<?> kind) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            kind == FlatShape.class ? () -> GemmShape.parse(text) : () -> FlatShape.parse(text));
    assertTrue(e.getMessage().matches("\\w+ is an? .* like .*, needs an? .*"), e.getMessage());
  }
}
