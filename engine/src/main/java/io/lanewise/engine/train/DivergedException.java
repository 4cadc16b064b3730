package io.lanewise.engine.train;

/** The loss became NaN or infinite; the message names the first node that did. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  DivergedException(String message) {
    super(message);
  }
}
