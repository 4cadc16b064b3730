package io.lanewise.kernels.pool;

import io.lanewise.kernels.contract.Grids;
import io.lanewise.kernels.shape.PoolShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The shapes of pooling, with those in which its loops take another branch. */
final class PoolGrid {
  private PoolGrid() {}

  static List<PoolShape> shapes() {
    List<PoolShape> all = new ArrayList<>(Grids.pool());
    Stream.of(
            "n2h6w5c20_k3s3p1_ceil",
            "n1h7w5c17_k2s2p1",
            "n2h5w5c20_k1s2p0",
            "n1h9w9c16_k3s5p0d2",
            "n1h6w9c3_k2s1p0",
            "n1h6w9c3_k1x2s1p0x1d1x3_uncounted",
            "n1h5w8c33_k4s3p1_uncounted_ceil")
        .map(PoolShape::parse)
        .forEach(all::add);
    return all;
  }
}
