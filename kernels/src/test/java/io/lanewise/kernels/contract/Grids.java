package io.lanewise.kernels.contract;

import io.lanewise.kernels.shape.ChannelShape;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.FlatShape;
import io.lanewise.kernels.shape.GemmShape;
import io.lanewise.kernels.shape.ImageShape;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.RowShape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The shapes tests share, by intent. Those of a long grid are added where the system property
 * {@code tests.full} is true. Sizes lie around the vector lengths 4, 8 and 16 and their doubles,
 * around the 4, 6 or 12 rows of a micro-kernel, and around the 96 rows, 256 terms and 512 columns
 * of a block.
 */
public final class Grids {
  private static final int[] AROUND_LANES = {1, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33};

  private Grids() {}

  /** Whether long grids run too, {@code -Dtests.full=true}. */
  public static boolean full() {
    return Boolean.getBoolean("tests.full");
  }

  /** All convolutions below. */
  public static List<ConvShape> conv() {
    return joined(
        convBasic(),
        convTail(),
        convStrided(),
        convPadded(),
        convDilated(),
        convGrouped(),
        convDepthwise(),
        convPointwise(),
        convDegenerate(),
        convModels());
  }

  /** For the halves of a direction that is tested as a whole: fewer, of each kind. */
  public static List<ConvShape> convPrepared() {
    return full() ? conv() : joined(convBasic(), convStrided(), convGrouped(), convDepthwise());
  }

  /** Small convolutions with nothing special. */
  public static List<ConvShape> convBasic() {
    return convs(
        "n1h3w3c1_oc1_k3s1p0",
        "n2h5w6c3_oc4_k3s1p1",
        "n1h8w8c8_oc16_k3s1p1",
        "n3h7w5c4_oc6_k5s1p2",
        "n2h6w6c5_oc7_k2s1p0",
        "n2h6w7c3_oc5_k1x3s1p0x1",
        "n1h7w6c2_oc3_k4x2s1p1",
        "n2h9w16c8_oc10_k4x5s1p1x2",
        "n2h7w31c3_oc9_k5s1p2",
        "n3h6w7c10_oc18_k4s1p3");
  }

  /** One more and one less than lanes, rows of a micro-kernel and terms of a block. */
  public static List<ConvShape> convTail() {
    List<ConvShape> all =
        convs(
            "n1h4w4c3_oc3_k3s1p1",
            "n1h4w5c5_oc4_k3s1p1",
            "n1h5w5c4_oc5_k3s1p1",
            "n1h5w5c7_oc15_k3s1p1",
            "n1h5w6c9_oc17_k3s1p1",
            "n1h6w6c15_oc31_k3s1p1",
            "n1h5w7c17_oc33_k3s1p1",
            "n1h1w11c6_oc8_k1s1p0",
            "n1h1w13c6_oc8_k1s1p0",
            "n1h5w5c28_oc9_k3s1p1",
            "n1h4w6c29_oc16_k3s1p1",
            "n1h2w6c255_oc8_k1s1p0",
            "n1h2w6c257_oc17_k1s1p0");
    if (full()) {
      for (int c : AROUND_LANES) {
        for (int oc : AROUND_LANES) {
          all.add(ConvShape.parse("n1h5w6c" + c + "_oc" + oc + "_k3s1p1"));
          all.add(ConvShape.parse("n2h5w7c" + c + "_oc" + oc + "_k3s2p1"));
        }
      }
    }
    return all;
  }

  /** Strides, also such as leave a remainder unread or overhang. */
  public static List<ConvShape> convStrided() {
    return convs(
        "n2h7w7c3_oc8_k3s2p1",
        "n2h8w8c4_oc5_k3s2p1",
        "n1h9w8c3_oc4_k3s3p0",
        "n1h9w7c5_oc6_k5s2x3p2",
        "n1h8w9c4_oc8_k2s3p0",
        "n1h7w7c3_oc4_k3s2x1p0x1",
        "n1h8w8c3_oc4_k3s2p0_ceil",
        "n1h7w7c3_oc4_k2s2p0_ceil",
        "n1h7w7c3_oc4_k3s2p0_exact",
        "n1h9w7c3_oc4_k3s2p3x0x1x2",
        "n2h7w9c4_oc6_k5s3p2_g2",
        "n1h8w7c4_oc4_k3s4p1_g2",
        "n1h11w9c3_oc5_k4s3p1d2",
        "n1h9w10c3_oc4_k3s2p2d3",
        "n1h12w9c2_oc3_k3x2s4x3p1x0d6x2",
        "n1h7w7c4_oc6_k7s2p3",
        "n3h19w21c20_oc70_k3s2p1",
        "n2h17w14c5_oc16_k5s2x3p2");
  }

  /** Paddings that differ by side, and wide ones. */
  public static List<ConvShape> convPadded() {
    return convs(
        "n2h5w5c3_oc4_k3s1p0x0x1x1",
        "n1h5w6c4_oc8_k3s1p2x1x0x1",
        "n1h5w5c3_oc5_k3s2p0x1x1x0",
        "n1h4w5c3_oc4_k3s1p2",
        "n1h3w3c2_oc3_k3s1p4",
        "n1h6w5c2_oc3_k2s1p0x0x1x1",
        "n2h5w6c8_oc8_k4s1p0x1x3x2",
        "n1h4w5c8_oc10_k4s1p5");
  }

  /** Dilations. */
  public static List<ConvShape> convDilated() {
    return convs(
        "n1h7w7c3_oc4_k3s1p2d2",
        "n2h8w9c4_oc5_k3s1p0d2x3",
        "n1h9w9c3_oc8_k3s2p2d2",
        "n1h7w5c5_oc6_k2s1p1x2d3",
        "n2h11w9c8_oc8_k4s1p2d2x1",
        "n1h11w20c10_oc8_k4s1p1d1x2");
  }

  /** Groups. */
  public static List<ConvShape> convGrouped() {
    return convs(
        "n2h5w5c4_oc6_k3s1p1_g2",
        "n1h6w5c9_oc6_k3s1p1_g3",
        "n1h7w7c16_oc32_k3s2p1_g4",
        "n1h5w5c34_oc34_k3s1p1_g2",
        "n2h4w4c8_oc8_k1s1p0_g4",
        "n1h5w5c4_oc8_k3s1p1_g4",
        "n1h6w6c4_oc4_k3s1p2d2_g2");
  }

  /** As many groups as channels. */
  public static List<ConvShape> convDepthwise() {
    return convs(
        "n2h5w5c2_oc2_k3s1p1_g2",
        "n1h6w7c7_oc7_k3s1p1_g7",
        "n2h7w6c16_oc16_k3s2p1_g16",
        "n1h5w5c17_oc17_k5s1p2_g17",
        "n1h6w6c33_oc33_k3s1p0_g33",
        "n1h7w7c9_oc9_k3s1p2d2_g9",
        "n1h5w6c5_oc5_k2x3s1x2p0x1_g5",
        "n1h4w5c8_oc8_k3s1p2x0x1x1_g8",
        "n1h1w1c8_oc8_k3s1p1_g8",
        "n3h9w10c18_oc18_k3s1p0x2x1x0_g18",
        "n1h7w8c16_oc16_k3s1p3_g16",
        "n2h14w14c64_oc64_k3s1p1_g64",
        "n2h40w33c32_oc32_k3s1p1_g32");
  }

  /** One tap, where im2col has nothing to do, or only to drop pixels. */
  public static List<ConvShape> convPointwise() {
    return convs(
        "n1h1w1c1_oc1_k1s1p0",
        "n2h4w5c7_oc9_k1s1p0",
        "n1h6w6c16_oc32_k1s1p0",
        "n2h5w5c8_oc4_k1s2p0",
        "n1h4w4c3_oc5_k1s1p1",
        "n2h7w7c64_oc33_k1s1p0");
  }

  /** Images of one pixel, kernels as large as the padded input, single rows and columns. */
  public static List<ConvShape> convDegenerate() {
    return convs(
        "n1h1w1c5_oc3_k3s1p1",
        "n3h1w1c4_oc8_k3s2p1",
        "n2h4w4c3_oc5_k4s1p0",
        "n1h2w2c3_oc4_k4s1p1",
        "n1h3w5c2_oc17_k5x7s1p1",
        "n1h1w9c3_oc4_k1x3s1p0x1",
        "n1h9w1c3_oc4_k3x1s1p1x0",
        "n1h2w2c2_oc2_k1s3p0",
        "n1h3w3c4_oc4_k3s5p1");
  }

  /** Layers of real models on few images: convnetjs-cifar10 and vgg-small. */
  public static List<ConvShape> convModels() {
    List<ConvShape> all =
        convs(
            "n9h32w32c3_oc16_k5s1p2",
            "n5h32w32c16_oc32_k3s1p1_g2",
            "n3h16w16c16_oc20_k5s1p2",
            "n3h8w8c20_oc20_k5s1p2",
            "n1h32w32c3_oc64_k3s1p1",
            "n2h8w8c64_oc64_k3s1p1",
            "n2h4w4c128_oc128_k3s1p1");
    if (full()) {
      all.addAll(
          convs(
              "n8h32w32c3_oc16_k5s1p2",
              "n2h32w32c64_oc64_k3s1p1",
              "n2h16w16c64_oc128_k3s1p1",
              "n2h16w16c128_oc128_k3s1p1",
              "n2h8w8c128_oc256_k3s1p1",
              "n2h8w8c256_oc256_k3s1p1",
              "n2h56w56c64_oc64_k3s1p1",
              "n1h14w14c256_oc512_k3s2p1"));
    }
    return all;
  }

  /** Poolings: basic, tails, overlapping, padded, ceiling, dilated, uncounted, global. */
  public static List<PoolShape> pool() {
    List<PoolShape> all =
        parsed(
            PoolShape::parse,
            "n1h2w2c1_k2s2p0",
            "n2h4w6c3_k2s2p0",
            "n2h8w8c16_k2s2p0",
            "n1h6w6c4_k3s1p1",
            "n1h7w7c5_k3s2p1",
            "n1h7w7c7_k3s2p0",
            "n1h8w8c15_k3s2p0_ceil",
            "n1h7w7c9_k2s2p0_ceil",
            "n1h8w8c9_k3s2p1_ceil",
            "n1h7w7c4_k3s2p0_exact",
            "n1h5w5c8_k3s2p1_uncounted",
            "n1h8w8c3_k3s2p1_uncounted_ceil",
            "n2h5w6c17_k2x3s1x2p0x1",
            "n1h5w5c31_k3s1p0x0x1x1",
            "n1h7w7c33_k3s1p2d2",
            "n1h6w6c4_k2s3p0",
            "n1h1w1c5_k1s1p0",
            "n1h1w1c4_k3s1p1",
            "n2h5w4c6_k5x4s1p0",
            "n2h32w32c16_k2s2p0",
            "n3h16w16c20_k2s2p0");
    if (full()) {
      for (int c : AROUND_LANES) {
        all.add(PoolShape.parse("n2h9w7c" + c + "_k3s2p1"));
        all.add(PoolShape.parse("n2h9w7c" + c + "_k2s2p0_ceil"));
      }
    }
    return all;
  }

  /** Poolings of whole images. */
  public static List<PoolShape> globalPool() {
    return mutable(
        List.of(
            PoolShape.global(1, 1, 1, 1),
            PoolShape.global(2, 2, 3, 5),
            PoolShape.global(1, 7, 7, 16),
            PoolShape.global(3, 4, 4, 17),
            PoolShape.global(2, 8, 8, 33),
            PoolShape.global(2, 8, 8, 256)));
  }

  /** Matrix products: basic, around micro-kernels and blocks, thin, and layers of models. */
  public static List<GemmShape> gemm() {
    List<GemmShape> all =
        parsed(
            GemmShape::parse,
            "m1n1k1",
            "m2n3k4",
            "m5n7k3",
            "m6n16k8",
            "m7n17k9",
            "m11n15k5",
            "m12n32k16",
            "m13n33k17",
            "m14n31k31",
            "m15n48k12",
            "m28n64k33",
            "m29n65k32",
            "m1n33k257",
            "m33n1k255",
            "m17n1k1",
            "m1n100k1",
            "m5n5k256",
            "m12n16k257",
            "m13n31k513",
            "m64n64k64",
            "m65n63k66",
            "m100n10k320",
            "m256n48k144",
            "m95n15k20",
            "m96n32k256",
            "m97n33k258",
            "m3n1030k20",
            "m9n1100k70",
            "m13n200k512",
            "m50n70k256",
            "m131n130k300",
            "m100n300k70",
            "m300n257k520");
    if (full()) {
      for (int m : new int[] {1, 5, 6, 7, 11, 12, 13, 14, 15}) {
        for (int n : AROUND_LANES) {
          for (int k : new int[] {1, 2, 8, 255, 256, 257}) {
            all.add(new GemmShape(m, n, k));
          }
        }
      }
      all.addAll(
          parsed(GemmShape::parse, "m512n512k512", "m1024n64k576", "m2048n256k27", "m37n4100k700"));
    }
    return all;
  }

  /** Fully connected layers: m is the batch, n the outputs, k the inputs. */
  public static List<GemmShape> linear() {
    return parsed(
        GemmShape::parse,
        "m1n1k1",
        "m2n3k4",
        "m3n10k7",
        "m1n17k33",
        "m7n15k16",
        "m8n16k8",
        "m13n33k31",
        "m5n10k257",
        "m32n10k320",
        "m4n64k1024",
        "m64n10k256");
  }

  /** Flat sizes: around lanes, and more than a slice. */
  public static List<FlatShape> flat() {
    List<FlatShape> all = new ArrayList<>();
    for (int size : new int[] {1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 65, 1000}) {
      all.add(new FlatShape(size));
    }
    all.add(new FlatShape(40_001));
    all.add(new FlatShape(140_003));
    return all;
  }

  /** Rows of values: classes around lanes, few and many rows. */
  public static List<RowShape> rows() {
    return parsed(
        RowShape::parse,
        "rows1cols1",
        "rows1cols10",
        "rows2cols2",
        "rows3cols5",
        "rows5cols10",
        "rows7cols16",
        "rows4cols17",
        "rows3cols33",
        "rows1cols257",
        "rows128cols10",
        "rows3001cols10",
        "rows200cols1000");
  }

  /** Channels in rows. */
  public static List<ChannelShape> channels() {
    return parsed(
        ChannelShape::parse,
        "rows1c1",
        "rows2c3",
        "rows5c4",
        "rows7c8",
        "rows16c16",
        "rows9c17",
        "rows25c31",
        "rows64c33",
        "rows257c5",
        "rows1000c1",
        "rows1c1000",
        "rows2048c64");
  }

  /** Batches of images. */
  public static List<ImageShape> images() {
    return parsed(
        ImageShape::parse,
        "n1h1w1c1",
        "n1h2w3c1",
        "n2h3w2c3",
        "n1h5w7c4",
        "n3h8w8c3",
        "n2h9w5c17",
        "n16h32w32c3");
  }

  private static List<ConvShape> convs(String... texts) {
    return parsed(ConvShape::parse, texts);
  }

  private static <S> List<S> parsed(Function<String, S> parser, String... texts) {
    return mutable(Stream.of(texts).map(parser).toList());
  }

  private static <S> List<S> mutable(List<S> list) {
    return new ArrayList<>(list);
  }

  @SafeVarargs
  private static <S> List<S> joined(List<S>... lists) {
    List<S> all = new ArrayList<>();
    for (List<S> list : lists) {
      all.addAll(list);
    }
    return all;
  }
}
