package io.lanewise.kernels.conv;

import io.lanewise.kernels.gemm.Epilogue;
import io.lanewise.kernels.gemm.MicroKernel;
import io.lanewise.kernels.lanes.Lanes;
import io.lanewise.kernels.parallel.Parallel;
import io.lanewise.kernels.parallel.Workspace;
import io.lanewise.kernels.parallel.Workspace.Kind;

final class Winograd {
  /** Floats of V and M that one task carries through all phases: what stays in the L2 cache. */
  static int BLOCK_FLOATS = Integer.getInteger("wino.block", 110_000);

  /** Floats of V and M that all threads carry from phase to phase: what stays in the L3 cache. */
  static int PHASE_FLOATS = Integer.getInteger("wino.phase", 5_000_000);

  /** Floats of U from which on phases pay. */
  static int HEAVY_FLOATS = Integer.getInteger("wino.heavy", 400_000);
  static int COLS = Integer.getInteger("wino.cols", 128);

  private Winograd() {}

  static void correlate(
      WinogradShape s,
      Epilogue epilogue,
      float[] input,
      float[] u,
      float[] bias,
      float[] output,
      Workspace workspace,
      Parallel parallel) {
    WinogradProduct product = new WinogradProduct(s, epilogue, input, u, bias, output);
    int panelFloats = s.inputPanelPitch() + s.sumPanelPitch();
    if (s.weightSize() < HEAVY_FLOATS) {
      int panels = Math.min(s.panels(), Math.max(1, BLOCK_FLOATS / panelFloats));
      int blocks = WinogradShape.ceil(s.panels(), panels);
      int size = product.scratchSize();
      parallel.forEach(
          blocks,
          i -> {
            float[] scratch = workspace.borrow(Kind.TASK, size + panels * panelFloats + 28);
            int vAt = size + 12;
            int mAt = vAt + panels * s.inputPanelPitch();
            product.block(i * panels, Math.min(panels, s.panels() - i * panels), scratch, vAt, mAt);
            workspace.giveBack(Kind.TASK, scratch);
          });
      return;
    }
    int panels = Math.min(s.panels(), Math.max(1, PHASE_FLOATS / panelFloats));
    float[] block = workspace.borrow(Kind.BATCH, panels * panelFloats + 12);
    for (int first = 0; first < s.panels(); first += panels) {
      int count = Math.min(panels, s.panels() - first);
      product.phases(first, count, block, 12, 12 + count * s.inputPanelPitch(), workspace, parallel);
    }
    workspace.giveBack(Kind.BATCH, block);
  }
}
