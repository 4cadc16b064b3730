package io.lanewise.kernels.gemm;

import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;
import io.lanewise.kernels.shape.GemmShape;
import io.lanewise.kernels.shape.Sizes;

/**
 * Matrix products {@code C[m,n] = A[m,k] * B[k,n]}, row-major.
 *
 * <p>The two letters say how A and B are stored: n as they are, t transposed. A product, its
 * gradient with respect to A (nt) and its gradient with respect to B (tn) are the three directions:
 * {@code dA = dC * B^T}, {@code dB = A^T * dC}.
 *
 * <p><b>Split:</b> blocks of C, see {@link BlockedGemm}; bits depend on the operands alone.
 */
public final class Gemm {
  private Gemm() {}

  /**
   * {@code C = A * B}.
   *
   * @param a {@code [m, k]}
   * @param b {@code [k, n]}
   * @param c {@code [m, n]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void nn(
      GemmShape shape, float[] a, float[] b, float[] c, Workspace workspace, Parallel parallel) {
    check(shape, a, "m*k", b, "k*n", c);
    overwriteByRows(shape, new MatrixBlocks(a, 0, shape.k(), false), b, c, workspace, parallel);
  }

  /**
   * {@code C = A * B^T}, B stored transposed.
   *
   * @param a {@code [m, k]}
   * @param b {@code [n, k]}
   * @param c {@code [m, n]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void nt(
      GemmShape shape, float[] a, float[] b, float[] c, Workspace workspace, Parallel parallel) {
    check(shape, a, "m*k", b, "n*k", c);
    float[] packed = workspace.borrow(Kind.CALL, PackedB.size(shape.k(), shape.n()));
    int k = shape.k();
    PackedB.gather(k, shape.n(), PackedB.ofTransposed(b, k), packed, 0, parallel);
    overwrite(
        shape,
        new MatrixBlocks(a, 0, shape.k(), false),
        packed,
        Destination.plain(c, 0, shape.n()),
        workspace,
        parallel);
    workspace.giveBack(Kind.CALL, packed);
  }

  /**
   * {@code C = A^T * B}, A stored transposed.
   *
   * @param a {@code [k, m]}
   * @param b {@code [k, n]}
   * @param c {@code [m, n]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void tn(
      GemmShape shape, float[] a, float[] b, float[] c, Workspace workspace, Parallel parallel) {
    check(shape, a, "k*m", b, "k*n", c);
    overwriteByRows(shape, new MatrixBlocks(a, 0, shape.m(), true), b, c, workspace, parallel);
  }

  /**
   * {@code C += A^T * B}, A stored transposed: a parameter gradient that is added into its sum.
   *
   * @param a {@code [k, m]}
   * @param b {@code [k, n]}
   * @param c {@code [m, n]}, added into
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void addTn(
      GemmShape shape, float[] a, float[] b, float[] c, Workspace workspace, Parallel parallel) {
    check(shape, a, "k*m", b, "k*n", c);
    BlockedGemm.add(
        shape.m(),
        shape.n(),
        shape.k(),
        new MatrixBlocks(a, 0, shape.m(), true),
        PanelSource.stored(b, 0, shape.n()),
        Destination.plain(c, 0, shape.n()),
        true,
        workspace,
        parallel);
  }

  /**
   * {@code C = epilogue(A * B)} or {@code C = epilogue(1 * bias + A * B)}, with B packed before.
   *
   * @param epilogue what happens to a finished value
   * @param a {@code [m, k]}
   * @param packedB k x n as {@link PackedB} packs it
   * @param bias {@code [n]} or null
   * @param c {@code [m, n]}, overwritten
   * @throws IllegalArgumentException if an array is too short for the shape
   */
  public static void packed(
      GemmShape shape,
      Epilogue epilogue,
      float[] a,
      float[] packedB,
      float[] bias,
      float[] c,
      Workspace workspace,
      Parallel parallel) {
    Sizes.check(shape, "a", a, shape.aSize(), "m*k");
    Sizes.check(shape, "packedB", packedB, PackedB.size(shape.k(), shape.n()), "packed k*n");
    Sizes.check(shape, "c", c, shape.cSize(), "m*n");
    if (bias != null) {
      Sizes.check(shape, "bias", bias, shape.n(), "n");
    }
    Destination to = new Destination(c, 0, shape.n(), bias, 0, epilogue);
    overwrite(shape, new MatrixBlocks(a, 0, shape.k(), false), packedB, to, workspace, parallel);
  }

  /** {@code C = A * B}, where rows of B lie as they are. */
  private static void overwriteByRows(
      GemmShape shape,
      BlockSource a,
      float[] b,
      float[] c,
      Workspace workspace,
      Parallel parallel) {
    int m = shape.m();
    int n = shape.n();
    int k = shape.k();
    Destination to = Destination.plain(c, 0, n);
    if (GemmBlocking.hasFewRows(m, n, k)) {
      PanelSource panels = PanelSource.stored(b, 0, n);
      BlockedGemm.overwriteFewRows(m, n, k, a, panels, to, workspace, parallel);
      return;
    }
    float[] packed = workspace.borrow(Kind.CALL, PackedB.size(k, n));
    PackedB.pack(k, n, b, 0, n, packed, 0, parallel);
    overwrite(shape, a, packed, to, workspace, parallel);
    workspace.giveBack(Kind.CALL, packed);
  }

  private static void overwrite(
      GemmShape shape,
      BlockSource a,
      float[] packed,
      Destination to,
      Workspace workspace,
      Parallel parallel) {
    BlockedGemm.overwrite(shape.m(), shape.n(), shape.k(), a, packed, 0, to, workspace, parallel);
  }

  private static void check(
      GemmShape shape, float[] a, String aFormula, float[] b, String bFormula, float[] c) {
    Sizes.check(shape, "a", a, shape.aSize(), aFormula);
    Sizes.check(shape, "b", b, shape.bSize(), bFormula);
    Sizes.check(shape, "c", c, shape.cSize(), "m*n");
  }
}
