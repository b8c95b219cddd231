package org.gridwarden.mdm.vee;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** A mapping of a rule file with its line, for messages. No Java types are made from tags. */
final class RuleNode {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 12;

  private final String file;
  private final int line;
  private final Map<String, Node> entries;

  private RuleNode(String file, int line, Map<String, Node> entries) {
    this.file = file;
    this.line = line;
    this.entries = entries;
  }

  static RuleNode parse(String file, String text) throws RuleFileException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    try {
      Node root = new Yaml(options).compose(new StringReader(text));
      if (root == null) {
        throw new RuleFileException(file, 0, "is empty; write `classes:` with what differs");
      }
      return map(file, root);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new RuleFileException(
          file, line, "not YAML: " + e.getProblem() + "; look at the indentation there");
    } catch (YAMLException e) {
      throw new RuleFileException(
          file, 0, "not YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static RuleNode map(String file, Node node) throws RuleFileException {
    int line = node.getStartMark().getLine() + 1;
    if (!(node instanceof MappingNode mapping)) {
      throw new RuleFileException(file, line, "here stand `key: value` lines");
    }
    Map<String, Node> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int at = tuple.getKeyNode().getStartMark().getLine() + 1;
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new RuleFileException(file, at, "a key is one word");
      }
      if (entries.put(key.getValue(), tuple.getValueNode()) != null) {
        throw new RuleFileException(
            file, at, "'" + key.getValue() + "' stands twice; remove one of them");
      }
    }
    return new RuleNode(file, line, entries);
  }

  Set<String> keys() {
    return entries.keySet();
  }

  boolean has(String key) {
    return entries.containsKey(key);
  }

  void allow(Set<String> known) throws RuleFileException {
    for (Map.Entry<String, Node> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw new RuleFileException(
            file,
            entry.getValue().getStartMark().getLine() + 1,
            "'" + entry.getKey() + "' is not known here; write one of " + new TreeSet<>(known));
      }
    }
  }

  Optional<RuleNode> child(String key) throws RuleFileException {
    Node node = entries.get(key);
    return node == null ? Optional.empty() : Optional.of(map(file, node));
  }

  Optional<List<RuleNode>> children(String key) throws RuleFileException {
    Node node = entries.get(key);
    if (node == null) {
      return Optional.empty();
    }
    List<RuleNode> out = new ArrayList<>();
    for (Node item : items(key, node)) {
      out.add(map(file, item));
    }
    return Optional.of(out);
  }

  Optional<String> text(String key) throws RuleFileException {
    Node node = entries.get(key);
    return node == null ? Optional.empty() : Optional.of(text(key, node));
  }

  Optional<List<String>> texts(String key) throws RuleFileException {
    Node node = entries.get(key);
    if (node == null) {
      return Optional.empty();
    }
    List<String> out = new ArrayList<>();
    for (Node item : items(key, node)) {
      out.add(text(key, item));
    }
    return Optional.of(out);
  }

  Optional<Double> number(String key, double least, double most) throws RuleFileException {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    double number;
    try {
      number = Double.parseDouble(text.get());
    } catch (NumberFormatException e) {
      throw error(key, "'" + text.get() + "' is no number; write one, as in " + key + ": 1.5");
    }
    if (!(number >= least && number <= most)) {
      throw error(
          key, text.get() + " is out of range; write " + plain(least) + " to " + plain(most));
    }
    return Optional.of(number);
  }

  Optional<Boolean> bool(String key) throws RuleFileException {
    Optional<String> text = text(key);
    if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
      throw error(key, "'" + text.get() + "' is neither true nor false");
    }
    return text.map("true"::equals);
  }

  RuleFileException error(String key, String problem) {
    Node node = entries.get(key);
    return new RuleFileException(
        file, node == null ? line : node.getStartMark().getLine() + 1, "'" + key + "': " + problem);
  }

  private List<Node> items(String key, Node node) throws RuleFileException {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw error(key, "a list is needed, as in [a, b]");
  }

  private String text(String key, Node node) throws RuleFileException {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw error(key, "a single value is needed");
  }

  private static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? Long.toString((long) number)
        : Double.toString(number);
  }
}
