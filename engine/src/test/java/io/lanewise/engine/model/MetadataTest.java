package io.lanewise.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.lanewise.engine.data.Normalization;
import io.lanewise.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetadataTest {
  private static final Shape IMAGE = Shape.of(8, 8, 3);

  private static Metadata of(Shape image, List<String> classNames, Normalization normalization) {
    return new Metadata("mlp", image, classNames, normalization, Map.of());
  }

  private static String refused(Shape image, List<String> names, Normalization normalization) {
    return assertThrows(IllegalArgumentException.class, () -> of(image, names, normalization))
        .getMessage();
  }

  @Test
  void faultsAreSaid() {
    List<String> names = List.of("a", "b");
    assertEquals(
        "mlp: image is 8x8, needs h x w x c",
        refused(Shape.of(8, 8), names, Normalization.CENTERED));
    assertEquals(
        "mlp: found a normalisation of 3 channels (mean 0.5 0.5 0.5 std 1.0 1.0 1.0), needs 1 for"
            + " images 8x8x1",
        refused(Shape.of(8, 8, 1), names, Normalization.CENTERED));
    assertEquals(
        "mlp: found no class names, needs at least one",
        refused(IMAGE, List.of(), Normalization.CENTERED));
    assertEquals(
        "mlp: found class name \"\", needs one line of text",
        refused(IMAGE, List.of("a", ""), Normalization.CENTERED));
    refused(IMAGE, List.of("a\nb"), Normalization.CENTERED);
  }

  @Test
  void collectionsAreCopies() {
    List<String> names = new ArrayList<>(List.of("a", "b"));
    Map<String, String> settings = new HashMap<>(Map.of("k", "v"));
    Metadata metadata = new Metadata("mlp", IMAGE, names, Normalization.CENTERED, settings);
    names.clear();
    settings.clear();
    assertEquals(List.of("a", "b"), metadata.classNames());
    assertEquals(Map.of("k", "v"), metadata.settings());
    assertThrows(UnsupportedOperationException.class, () -> metadata.settings().clear());
  }

  @Test
  void describesItsNet() {
    Network network = Models.build("mlp", IMAGE, 2, 1);
    Metadata metadata = Metadata.of(network, List.of("a", "b"), Normalization.CENTERED);
    assertEquals("mlp", metadata.model());
    assertEquals(IMAGE, metadata.image());
    metadata.check(network);
    assertThrows(
        IllegalArgumentException.class, () -> metadata.check(Models.build("mlp", IMAGE, 3, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> metadata.check(Models.build("mlp", Shape.of(8, 4, 3), 2, 1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> metadata.check(Models.build("convnetjs-cifar10", IMAGE, 2, 1)));
  }
}
