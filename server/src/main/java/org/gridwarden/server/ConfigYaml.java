package org.gridwarden.server;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads YAML into {@link ConfigNode}s and keeps the places. No Java types are made from tags. */
final class ConfigYaml {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_NODES = 10_000;

  private final String source;
  private int nodes;

  private ConfigYaml(String source) {
    this.source = source;
  }

  /**
   * @param source what the text is called in error lines
   * @throws ConfigException where it is not YAML, or not a mapping
   */
  static ConfigNode.Mapping read(String text, String source) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(1 << 20);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    Node root;
    try {
      root = new Yaml(options).compose(new StringReader(text));
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      String place = mark == null ? source : place(source, mark);
      throw new ConfigException(
          place + ": not YAML: " + e.getProblem() + "; look at the indentation and quotes there",
          e);
    } catch (YAMLException e) {
      throw new ConfigException(source + ": not YAML: " + oneLine(e), e);
    }
    if (root == null) {
      return ConfigNode.Mapping.empty(source);
    }
    ConfigNode node = new ConfigYaml(source).convert(root, 0);
    if (node instanceof ConfigNode.Mapping mapping) {
      return mapping;
    }
    if (node instanceof ConfigNode.Scalar scalar && scalar.text().isEmpty()) {
      return ConfigNode.Mapping.empty(source);
    }
    throw new ConfigException(
        node.place() + ": the configuration is keys and values, as in `console: {port: 8443}`");
  }

  private ConfigNode convert(Node node, int depth) {
    String place = place(source, node.getStartMark());
    if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
      throw new ConfigException(place + ": the configuration is nested too deeply or too long");
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(place, scalar);
      case SequenceNode sequence -> {
        List<ConfigNode> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(convert(item, depth + 1));
        }
        yield new ConfigNode.Sequence(place, items);
      }
      case MappingNode mapping -> mapping(place, mapping, depth);
      default -> throw new ConfigException(place + ": aliases are not used here: write it out");
    };
  }

  private static ConfigNode scalar(String place, ScalarNode scalar) {
    boolean quoted =
        scalar.getScalarStyle() != ScalarStyle.PLAIN || scalar.getTag().equals(Tag.TIMESTAMP);
    boolean nothing = scalar.getTag().equals(Tag.NULL);
    return new ConfigNode.Scalar(place, nothing ? "" : scalar.getValue(), quoted);
  }

  private ConfigNode mapping(String place, MappingNode mapping, int depth) {
    Map<String, ConfigNode> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String keyPlace = place(source, tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new ConfigException(keyPlace + ": a key is one word");
      }
      ConfigNode value = convert(tuple.getValueNode(), depth + 1);
      if (entries.put(key.getValue(), value) != null) {
        throw new ConfigException(
            keyPlace + ": the key " + key.getValue() + " stands here twice: remove one");
      }
    }
    return new ConfigNode.Mapping(place, entries);
  }

  private static String place(String source, Mark mark) {
    return source + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
  }

  private static String oneLine(Throwable e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
