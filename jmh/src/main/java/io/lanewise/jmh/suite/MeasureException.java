package io.lanewise.jmh.suite;

/** A benchmark that could not be measured; the message says why. */
public final class MeasureException extends Exception {
  private static final long serialVersionUID = 1;

  /** With what led to it, or null. */
  public MeasureException(String message, Throwable cause) {
    super(message, cause);
  }
}
