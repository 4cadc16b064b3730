package io.lanewise.engine.graph;

import io.lanewise.engine.tensor.Buffer;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Shape;
import io.lanewise.engine.tensor.Tensor;
import java.util.List;

/**
 * A gate of the computation graph: {@link #forward} computes its output from its inputs, {@link
 * #backward} multiplies the gradient that arrives at its output by its local gradients.
 *
 * <p>A node of your own is one small class:
 *
 * <pre>{@code
 * final class CubeNode extends Node {
 *   CubeNode(Tensor x) {
 *     super("cube", x.shape(), x);
 *   }
 *
 *   @Override
 *   public void forward(Slice slice) {
 *     float[] x = slice.input(0);
 *     float[] y = slice.output();
 *     for (int i = 0; i < slice.size(); i++) {
 *       y[i] = x[i] * x[i] * x[i];
 *     }
 *   }
 *
 *   @Override
 *   public void backward(Slice slice) {
 *     float[] x = slice.input(0);
 *     float[] gradY = slice.gradOutput();
 *     float[] gradX = slice.gradInput(0);
 *     for (int i = 0; i < slice.size(); i++) {
 *       gradX[i] = 3 * x[i] * x[i] * gradY[i];
 *     }
 *   }
 * }
 *
 * Tensor y = graph.add(new CubeNode(x));
 * }</pre>
 *
 * <p>A node keeps no state of a run in its fields: several sessions, and several slices of a batch
 * at once, run the same node. All state is in the {@link Slice}.
 */
public abstract class Node {
  private final String kind;
  private final List<Tensor> inputs;
  private final Tensor output;

  /**
   * A node.
   *
   * @param kind the op's noun in lower case, the stem of the node's name
   * @param output the shape of one sample of its output
   * @param inputs what it reads
   */
  protected Node(String kind, Shape output, Tensor... inputs) {
    this.kind = kind;
    this.inputs = List.of(inputs);
    this.output = new Tensor(output);
  }

  /**
   * Computes the output of a slice of the batch: overwrites {@link Slice#output()}.
   *
   * @param slice the arrays of this node for these samples
   */
  public abstract void forward(Slice slice);

  /**
   * Chain rule: from {@link Slice#gradOutput()} overwrites each {@link Slice#gradInput} and adds to
   * {@link Slice#grad} of each parameter.
   *
   * @param slice the arrays of this node for these samples
   */
  public abstract void backward(Slice slice);

  /** The parameters this node learns. */
  public List<Parameter> parameters() {
    return List.of();
  }

  /** What this node keeps between steps besides parameters. */
  public List<Buffer> buffers() {
    return List.of();
  }

  /** Whether backward reads {@link Slice#input}; answer false to let the plan reuse its slot. */
  public boolean backwardReadsInputs() {
    return true;
  }

  /** Whether backward reads {@link Slice#output}; answer false to let the plan reuse its slot. */
  public boolean backwardReadsOutput() {
    return true;
  }

  /**
   * Whether backward leaves out an input whose {@link Slice#gradInput} is null because nobody needs
   * it. If not, there always is an array to write.
   */
  public boolean skipsUnneededGradients() {
    return false;
  }

  /** How many classes {@link Slice#labels} may name, or 0 if this node reads no labels. */
  public int labelClasses() {
    return 0;
  }

  /**
   * Whether backward may write {@link Slice#gradInput} 0 into the array of {@link
   * Slice#gradOutput}: if each value is written where it was last read.
   */
  public boolean backwardWorksInPlace() {
    return false;
  }

  /** Whether a training step must give this node the whole batch at once. */
  public boolean needsWholeBatch() {
    return false;
  }

  /** Whether this node is {@code max(0, x)}, which the node before it may do in passing. */
  public boolean isRectifier() {
    return false;
  }

  /** Whether this node adds two inputs, so that both receive the gradient as it comes. */
  public boolean isSum() {
    return false;
  }

  /**
   * Whether forward can end with {@link Slice#epilogue}. Backward then finds in {@link
   * Slice#gradOutput} the gradient before the epilogue.
   */
  public boolean fusesRectifier() {
    return false;
  }

  /**
   * Whether forward can also add {@link Slice#residual} before {@link Slice#epilogue}. Backward
   * then finds the gradient behind the epilogue and writes {@link Slice#gradResidual} too; the
   * output is still there if there is a residual.
   */
  public boolean fusesResidual() {
    return false;
  }

  /**
   * This node and the one that reads it as one, for inference with parameters and buffers that stay
   * as they are.
   *
   * @return a node with the inputs of this one, in no graph; null if the two stay two
   */
  public Node folded(Node next) {
    return null;
  }

  /** Floats that forward leaves in {@link Slice#saved()} for backward, for n samples. */
  public int savedFloats(int n) {
    return 0;
  }

  /** Ints that forward leaves in {@link Slice#savedInts()} for backward, for n samples. */
  public int savedInts(int n) {
    return 0;
  }

  /**
   * Sizes of the arrays that {@link #prepare} fills, in floats, for slices of at most n samples.
   */
  public int[] preparedSizes(int n) {
    return NONE;
  }

  /**
   * Prepares the parameters once for all slices of a step: packs weights.
   *
   * @param prepared the arrays of this node and who runs loops
   */
  public void prepare(Prepared prepared) {}

  /** Floating-point operations of forward for n samples, or 0 where they do not count. */
  public long flops(int n) {
    return 0;
  }

  /** The shape text of this node for n samples: what kernels and benchmarks call it. */
  public String shapeText(int n) {
    return "size" + n + "x" + output.shape();
  }

  /** The op's noun in lower case. */
  public final String kind() {
    return kind;
  }

  /** What it reads. */
  public final List<Tensor> inputs() {
    return inputs;
  }

  /** What it computes. */
  public final Tensor output() {
    return output;
  }

  /** Its name in its graph, for example {@code conv1}. */
  public final String name() {
    return output.name();
  }

  private static final int[] NONE = {};
}
