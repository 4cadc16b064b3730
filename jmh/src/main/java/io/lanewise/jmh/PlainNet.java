package io.lanewise.jmh;

import io.lanewise.engine.graph.Node;
import io.lanewise.engine.model.Network;
import io.lanewise.engine.nodes.AddNode;
import io.lanewise.engine.nodes.AvgPool2dNode;
import io.lanewise.engine.nodes.BatchNormNode;
import io.lanewise.engine.nodes.Conv2dNode;
import io.lanewise.engine.nodes.GlobalAvgPoolNode;
import io.lanewise.engine.nodes.LinearNode;
import io.lanewise.engine.nodes.MaxPool2dNode;
import io.lanewise.engine.nodes.ReluNode;
import io.lanewise.engine.nodes.ShortcutNode;
import io.lanewise.engine.nodes.SoftmaxLossNode;
import io.lanewise.engine.tensor.Parameter;
import io.lanewise.engine.tensor.Tensor;
import io.lanewise.kernels.shape.ConvShape;
import io.lanewise.kernels.shape.PoolShape;
import io.lanewise.kernels.shape.Window;
import java.util.HashMap;
import java.util.Map;

/** A net by its formulas: plain loops in double over one image, with parameters of its own. */
final class PlainNet {
  private final Network net;
  private final Map<Parameter, double[]> parameters = new HashMap<>();

  /** The net with the parameters it has now. */
  PlainNet(Network net) {
    this.net = net;
    for (Parameter parameter : net.graph().parameters()) {
      double[] values = new double[parameter.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = parameter.value()[i];
      }
      parameters.put(parameter, values);
    }
  }

  /** A parameter's values, to read or to change. */
  double[] values(Parameter parameter) {
    return parameters.get(parameter);
  }

  /** All tensors for one image and its label, normalised as in training on this image alone. */
  Map<Tensor, double[]> train(float[] image, int label) {
    return forward(image, label, true);
  }

  /** All tensors for one image. */
  Map<Tensor, double[]> infer(float[] image) {
    return forward(image, 0, false);
  }

  private Map<Tensor, double[]> forward(float[] image, int label, boolean training) {
    Map<Tensor, double[]> values = new HashMap<>();
    for (Node node : net.graph().nodes()) {
      double[] out = new double[node.output().size()];
      if (node.output() == net.image()) {
        for (int i = 0; i < out.length; i++) {
          out[i] = image[i];
        }
      } else {
        forward(node, values, label, training, out);
      }
      values.put(node.output(), out);
    }
    return values;
  }

  private void forward(
      Node node, Map<Tensor, double[]> values, int label, boolean training, double[] out) {
    double[] in = values.get(node.inputs().get(0));
    if (node instanceof Conv2dNode conv) {
      conv(ConvShape.parse(conv.shapeText(1)), in, of(conv.weight()), of(conv.bias()), out);
    } else if (node instanceof LinearNode linear) {
      linear(in, of(linear.weight()), of(linear.bias()), out);
    } else if (node instanceof ReluNode) {
      for (int i = 0; i < out.length; i++) {
        out[i] = Math.max(in[i], 0);
      }
    } else if (node instanceof AddNode) {
      double[] other = values.get(node.inputs().get(1));
      for (int i = 0; i < out.length; i++) {
        out[i] = in[i] + other[i];
      }
    } else if (node instanceof MaxPool2dNode) {
      pool(PoolShape.parse(node.shapeText(1)), true, in, out);
    } else if (node instanceof AvgPool2dNode) {
      pool(PoolShape.parse(node.shapeText(1)), false, in, out);
    } else if (node instanceof BatchNormNode norm) {
      normalize(norm, training, in, out);
    } else if (node instanceof ShortcutNode) {
      shortcut(ConvShape.parse(node.shapeText(1)), in, out);
    } else if (node instanceof GlobalAvgPoolNode) {
      for (int i = 0; i < in.length; i++) {
        out[i % out.length] += in[i] * out.length / in.length;
      }
    } else if (node instanceof SoftmaxLossNode) {
      double sum = 0;
      for (double score : in) {
        sum += Math.exp(score);
      }
      out[0] = Math.log(sum) - in[label];
    } else {
      throw new IllegalStateException(
          "no plain loop for node " + node.name() + ": add one to PlainNet; not timed");
    }
  }

  private double[] of(Parameter parameter) {
    return parameter == null ? null : parameters.get(parameter);
  }

  private static void conv(
      ConvShape shape, double[] in, double[] weight, double[] bias, double[] out) {
    Window window = shape.window();
    int c = shape.c() / shape.groups();
    int perGroup = shape.oc() / shape.groups();
    for (int pixel = 0; pixel < shape.pixels(); pixel++) {
      int outAt = pixel * shape.oc();
      for (int oc = 0; oc < shape.oc(); oc++) {
        out[outAt + oc] = bias == null ? 0 : bias[oc];
      }
      for (int ky = 0; ky < window.kh(); ky++) {
        for (int kx = 0; kx < window.kw(); kx++) {
          int iy =
              pixel / shape.ow() * window.strideH() + ky * window.dilationH() - window.padTop();
          int ix =
              pixel % shape.ow() * window.strideW() + kx * window.dilationW() - window.padLeft();
          if (iy < 0 || iy >= shape.h() || ix < 0 || ix >= shape.w()) {
            continue;
          }
          for (int ic = 0; ic < shape.c(); ic++) {
            double value = in[(iy * shape.w() + ix) * shape.c() + ic];
            int weightAt = ((ky * window.kw() + kx) * c + ic % c) * shape.oc();
            int group = ic / c * perGroup;
            for (int oc = group; oc < group + perGroup; oc++) {
              out[outAt + oc] += value * weight[weightAt + oc];
            }
          }
        }
      }
    }
  }

  private static void linear(double[] in, double[] weight, double[] bias, double[] out) {
    for (int j = 0; j < out.length; j++) {
      out[j] = bias == null ? 0 : bias[j];
      for (int i = 0; i < in.length; i++) {
        out[j] += in[i] * weight[i * out.length + j];
      }
    }
  }

  private void normalize(BatchNormNode norm, boolean training, double[] in, double[] out) {
    double[] scale = of(norm.scale());
    double[] bias = of(norm.bias());
    int c = scale.length;
    for (int channel = 0; channel < c; channel++) {
      double mean = norm.mean().value()[channel];
      double variance = norm.variance().value()[channel];
      if (training) {
        mean = 0;
        variance = 0;
        for (int i = channel; i < in.length; i += c) {
          mean += in[i] * c / in.length;
        }
        for (int i = channel; i < in.length; i += c) {
          variance += (in[i] - mean) * (in[i] - mean) * c / in.length;
        }
      }
      double factor = scale[channel] / Math.sqrt(variance + BatchNormNode.EPS);
      for (int i = channel; i < in.length; i += c) {
        out[i] = factor * (in[i] - mean) + bias[channel];
      }
    }
  }

  private static void shortcut(ConvShape shape, double[] in, double[] out) {
    int before = (shape.oc() - shape.c()) / 2;
    for (int pixel = 0; pixel < shape.pixels(); pixel++) {
      int y = pixel / shape.ow() * shape.window().strideH();
      int x = pixel % shape.ow() * shape.window().strideW();
      int inAt = (y * shape.w() + x) * shape.c();
      System.arraycopy(in, inAt, out, pixel * shape.oc() + before, shape.c());
    }
  }

  private static void pool(PoolShape shape, boolean max, double[] in, double[] out) {
    Window window = shape.window();
    for (int at = 0; at < out.length; at++) {
      int top = at / shape.c() / shape.ow() * window.strideH() - window.padTop();
      int left = at / shape.c() % shape.ow() * window.strideW() - window.padLeft();
      double most = Double.NEGATIVE_INFINITY;
      double sum = 0;
      int count = 0;
      for (int ky = 0; ky < window.kh(); ky++) {
        for (int kx = 0; kx < window.kw(); kx++) {
          int y = top + ky * window.dilationH();
          int x = left + kx * window.dilationW();
          if (y >= 0 && y < shape.h() && x >= 0 && x < shape.w()) {
            double value = in[(y * shape.w() + x) * shape.c() + at % shape.c()];
            most = Math.max(most, value);
            sum += value;
            count++;
          } else if (shape.paddingCounts() && inPadding(shape, y, x)) {
            count++;
          }
        }
      }
      out[at] = max ? most : sum / count;
    }
  }

  private static boolean inPadding(PoolShape shape, int y, int x) {
    return y < shape.h() + shape.window().padBottom() && x < shape.w() + shape.window().padRight();
  }
}
