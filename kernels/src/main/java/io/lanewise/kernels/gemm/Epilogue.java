package io.lanewise.kernels.gemm;

/** What happens to a finished value of C, after the bias, on its way to memory. */
public enum Epilogue {
  /** Nothing. */
  NONE,
  /** The rectifier {@code max(0, c)}. */
  RELU
}
