package org.gridwarden.mdm.datafile;

import java.io.StringReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A mapping of a file in YAML with its line, for messages. No Java types are made from tags, and
 * numbers are read as they are written. Immutable.
 */
public final class DataNode {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_DEPTH = 12;

  /** No exponents: a few characters would then make a number of a billion digits. */
  private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,18}(\\.[0-9]{1,18})?");

  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,9}");

  private final String file;
  private final int line;
  private final Map<String, Node> entries;

  private DataNode(String file, int line, Map<String, Node> entries) {
    this.file = file;
    this.line = line;
    this.entries = entries;
  }

  /**
   * A file's outermost mapping.
   *
   * @param file what it is called in messages
   * @throws DataFileException where it is no YAML, or no mapping
   */
  public static DataNode parse(String file, String text) throws DataFileException {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setNestingDepthLimit(MAX_DEPTH);
    options.setMaxAliasesForCollections(0);
    try {
      Node root = new Yaml(options).compose(new StringReader(text));
      if (root == null) {
        throw new DataFileException(file, 0, "is empty; write `key: value` lines");
      }
      return map(file, root);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new DataFileException(
          file, line, "not YAML: " + e.getProblem() + "; look at the indentation there");
    } catch (YAMLException e) {
      throw new DataFileException(
          file, 0, "not YAML: " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
    }
  }

  private static DataNode map(String file, Node node) throws DataFileException {
    int line = node.getStartMark().getLine() + 1;
    if (!(node instanceof MappingNode mapping)) {
      throw new DataFileException(file, line, "here stand `key: value` lines");
    }
    Map<String, Node> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int at = tuple.getKeyNode().getStartMark().getLine() + 1;
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw new DataFileException(file, at, "a key is one word");
      }
      if (entries.put(key.getValue(), tuple.getValueNode()) != null) {
        throw new DataFileException(
            file, at, "'" + key.getValue() + "' stands twice; remove one of them");
      }
    }
    return new DataNode(file, line, entries);
  }

  /** The keys, in the order of the file. */
  public Set<String> keys() {
    return entries.keySet();
  }

  /** Whether something is said of a key. */
  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /**
   * Refuses all other keys.
   *
   * @throws DataFileException where there is one, with its line
   */
  public void allow(Set<String> known) throws DataFileException {
    for (Map.Entry<String, Node> entry : entries.entrySet()) {
      if (!known.contains(entry.getKey())) {
        throw new DataFileException(
            file,
            entry.getValue().getStartMark().getLine() + 1,
            "'" + entry.getKey() + "' is not known here; write one of " + new TreeSet<>(known));
      }
    }
  }

  /** A key's mapping; empty where nothing is said of it. */
  public Optional<DataNode> child(String key) throws DataFileException {
    Node node = entries.get(key);
    return node == null ? Optional.empty() : Optional.of(map(file, node));
  }

  /** A key's list of mappings. */
  public Optional<List<DataNode>> children(String key) throws DataFileException {
    Node node = entries.get(key);
    if (node == null) {
      return Optional.empty();
    }
    List<DataNode> out = new ArrayList<>();
    for (Node item : items(key, node)) {
      out.add(map(file, item));
    }
    return Optional.of(out);
  }

  /** A key's single value. */
  public Optional<String> text(String key) throws DataFileException {
    Node node = entries.get(key);
    return node == null ? Optional.empty() : Optional.of(text(key, node));
  }

  /** A key's list of single values. */
  public Optional<List<String>> texts(String key) throws DataFileException {
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

  /** A key's number, for thresholds: money is read by {@link #decimal}. */
  public Optional<Double> number(String key, double least, double most) throws DataFileException {
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

  /**
   * A key's decimal number, to the last digit.
   *
   * @throws DataFileException where it is none, has more than 18 digits before or behind the point,
   *     or is out of range
   */
  public Optional<BigDecimal> decimal(String key, BigDecimal least, BigDecimal most)
      throws DataFileException {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!DECIMAL.matcher(text.get()).matches()) {
      throw error(
          key, "'" + text.get() + "' is no decimal number; write one, as in " + key + ": 0.1234");
    }
    BigDecimal number = new BigDecimal(text.get());
    if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
      throw error(
          key,
          text.get()
              + " is out of range; write "
              + least.toPlainString()
              + " to "
              + most.toPlainString());
    }
    return Optional.of(number);
  }

  /** A key's whole number. */
  public Optional<Integer> whole(String key, int least, int most) throws DataFileException {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!WHOLE.matcher(text.get()).matches()
        || Integer.parseInt(text.get()) < least
        || Integer.parseInt(text.get()) > most) {
      throw error(
          key,
          "'" + text.get() + "' is no whole number of " + least + " to " + most + "; write one");
    }
    return Optional.of(Integer.valueOf(text.get()));
  }

  /** Whether `key: value` lines stand under a key, and no single value. */
  public boolean isMapping(String key) {
    return entries.get(key) instanceof MappingNode;
  }

  /** A key's true or false. */
  public Optional<Boolean> bool(String key) throws DataFileException {
    Optional<String> text = text(key);
    if (text.isPresent() && !text.get().equals("true") && !text.get().equals("false")) {
      throw error(key, "'" + text.get() + "' is neither true nor false");
    }
    return text.map("true"::equals);
  }

  /** What is said of a key that cannot be used. */
  public DataFileException error(String key, String problem) {
    Node node = entries.get(key);
    return new DataFileException(
        file, node == null ? line : node.getStartMark().getLine() + 1, "'" + key + "': " + problem);
  }

  private List<Node> items(String key, Node node) throws DataFileException {
    if (node instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw error(key, "a list is needed, as in [a, b]");
  }

  private String text(String key, Node node) throws DataFileException {
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
