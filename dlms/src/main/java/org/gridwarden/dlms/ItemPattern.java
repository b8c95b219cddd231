package org.gridwarden.dlms;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.cosem.ObisCode;
import org.gridwarden.cosem.Unit;
import org.jspecify.annotations.Nullable;

/**
 * What repeats in a push, as a layout file writes it: words for single elements, brackets for a
 * structure of exactly these. {@code (obis value (scaler unit))} is a structure of three, {@code
 * obis value} two elements side by side. Immutable.
 *
 * <p>Words: {@code obis}, {@code value} (anything but a list), {@code any}, {@code list}, {@code
 * scaler}, {@code unit}, {@code class}, {@code attribute}, {@code clock}, {@code status}, {@code
 * null}, a type's name such as {@code double-long-unsigned}, {@code 1.0.1.8.0.255} for that OBIS
 * code, {@code "KFM_001"} for that text.
 */
final class ItemPattern {
  private static final int MAX_DEPTH = 8;

  /** One element's pattern. */
  private sealed interface Node {
    record Word(String word) implements Node {}

    record Text(String text) implements Node {}

    record Code(ObisCode obis) implements Node {}

    record Type(int tag) implements Node {}

    record Nested(List<Node> nodes) implements Node {}
  }

  private final String source;
  private final Node[] nodes;

  private ItemPattern(String source, List<Node> nodes) {
    this.source = source;
    this.nodes = nodes.toArray(new Node[0]);
  }

  /**
   * @throws IllegalArgumentException where the text is no pattern; says what is wrong
   */
  static ItemPattern parse(String text) {
    List<String> tokens = tokens(text);
    int[] at = {0};
    List<Node> nodes = nodes(tokens, at, text, 0);
    if (at[0] != tokens.size()) {
      throw new IllegalArgumentException("'" + text + "' has a ) too many");
    }
    if (nodes.isEmpty()) {
      throw new IllegalArgumentException("a pattern is empty");
    }
    return new ItemPattern(text, nodes);
  }

  private static List<String> tokens(String text) {
    List<String> tokens = new ArrayList<>();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (Character.isWhitespace(c)) {
        i++;
      } else if (c == '(' || c == ')') {
        tokens.add(String.valueOf(c));
        i++;
      } else if (c == '"') {
        int close = text.indexOf('"', i + 1);
        if (close < 0) {
          throw new IllegalArgumentException("'" + text + "' lacks a closing quote");
        }
        tokens.add(text.substring(i, close + 1));
        i = close + 1;
      } else {
        int start = i;
        while (i < text.length() && "() \t\n\"".indexOf(text.charAt(i)) < 0) {
          i++;
        }
        tokens.add(text.substring(start, i));
      }
    }
    return tokens;
  }

  private static List<Node> nodes(List<String> tokens, int[] at, String text, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException("'" + text + "' nests deeper than " + MAX_DEPTH);
    }
    List<Node> nodes = new ArrayList<>();
    while (at[0] < tokens.size() && !tokens.get(at[0]).equals(")")) {
      String token = tokens.get(at[0]++);
      if (token.equals("(")) {
        nodes.add(new Node.Nested(nodes(tokens, at, text, depth + 1)));
        if (at[0] >= tokens.size()) {
          throw new IllegalArgumentException("'" + text + "' lacks a )");
        }
        at[0]++;
      } else {
        nodes.add(node(token, text));
      }
    }
    return nodes;
  }

  private static Node node(String token, String text) {
    if (token.startsWith("\"")) {
      return new Node.Text(token.substring(1, token.length() - 1));
    }
    if (Character.isDigit(token.charAt(0))) {
      return new Node.Code(ObisCode.parse(token));
    }
    switch (token) {
      case "obis",
          "value",
          "any",
          "list",
          "scaler",
          "unit",
          "class",
          "attribute",
          "clock",
          "status",
          "null" -> {
        return new Node.Word(token);
      }
      default -> {
        int tag = DataTags.tag(token);
        if (tag < 0) {
          throw new IllegalArgumentException(
              "'" + token + "' in '" + text + "' is neither a pattern's word nor a data type");
        }
        return new Node.Type(tag);
      }
    }
  }

  /** How many elements it takes. */
  int length() {
    return nodes.length;
  }

  /**
   * Whether the elements from an index on match; what they say is left in the match, which is
   * cleared first.
   */
  boolean matches(DlmsData.Composite list, int from, Match match) {
    if (list.size() - from < nodes.length) {
      return false;
    }
    match.clear();
    for (int i = 0; i < nodes.length; i++) {
      if (!matches(nodes[i], list.get(from + i), match)) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(Node node, DlmsData data, Match match) {
    return switch (node) {
      case Node.Nested(List<Node> inner) -> {
        if (!(data instanceof DlmsData.Structure structure) || structure.size() != inner.size()) {
          yield false;
        }
        boolean all = true;
        for (int i = 0; all && i < inner.size(); i++) {
          all = matches(inner.get(i), structure.get(i), match);
        }
        yield all;
      }
      case Node.Text(String text) -> text.equals(text(data));
      case Node.Code(ObisCode obis) -> isObis(data) && match.obis(obis(data)).equals(obis);
      case Node.Type(int tag) -> data.tag() == tag;
      case Node.Word(String word) -> word(word, data, match);
    };
  }

  private static boolean word(String word, DlmsData data, Match match) {
    switch (word) {
      case "obis":
        if (isObis(data)) {
          match.obis(obis(data));
          return true;
        }
        return false;
      case "value":
        match.value = data;
        return !(data instanceof DlmsData.Composite);
      case "list":
        match.value = data;
        return data instanceof DlmsData.Composite;
      case "any":
        match.value = data;
        return true;
      case "scaler":
        if (data instanceof DlmsData.Integer8 scaler) {
          match.scaler = scaler.value();
          return true;
        }
        return false;
      case "unit":
        if (data instanceof DlmsData.Enumerated unit) {
          match.unit = unit.value();
          return true;
        }
        return false;
      case "class":
        return data instanceof DlmsData.LongUnsigned;
      case "attribute":
        if (data instanceof DlmsData.Integer8 attribute) {
          match.attribute = attribute.value();
          return true;
        }
        return false;
      case "clock":
        return clock(data) != null;
      case "status":
        return data instanceof DlmsData.Whole || data instanceof DlmsData.BitString;
      default:
        return data instanceof DlmsData.NullData;
    }
  }

  /** Whether it is six octets that begin with a medium, and so no text. */
  static boolean isObis(DlmsData data) {
    return data instanceof DlmsData.OctetString s && s.length() == 6 && s.at(0) <= 15;
  }

  static ObisCode obis(DlmsData data) {
    DlmsData.OctetString s = (DlmsData.OctetString) data;
    return ObisCode.of(s.buffer(), s.from());
  }

  /** The date-time that a value is; null where it is none. */
  static @Nullable CosemDateTime clock(DlmsData data) {
    if (data instanceof DlmsData.DateTime time) {
      return time.value();
    }
    return data instanceof DlmsData.OctetString s
            && s.length() == 12
            && CosemDateTime.plausible(s.buffer(), s.from())
        ? CosemDateTime.of(s.buffer(), s.from())
        : null;
  }

  private static String text(DlmsData data) {
    return switch (data) {
      case DlmsData.VisibleString s -> s.value();
      case DlmsData.Utf8String s -> s.value();
      case DlmsData.OctetString s ->
          new String(s.buffer(), s.from(), s.length(), StandardCharsets.ISO_8859_1);
      default -> "";
    };
  }

  @Override
  public String toString() {
    return source;
  }

  /** What a matched item said. Mutable, reused. */
  static final class Match {
    private static final int UNSAID = Integer.MIN_VALUE;
    private ObisCode obis = PushValue.NO_OBIS;
    private DlmsData value = DlmsData.NullData.INSTANCE;
    private int scaler = UNSAID;
    private int unit = UNSAID;
    private int attribute = UNSAID;

    void clear() {
      obis = PushValue.NO_OBIS;
      value = Absent.VALUE;
      scaler = UNSAID;
      unit = UNSAID;
      attribute = UNSAID;
    }

    ObisCode obis() {
      return obis;
    }

    private ObisCode obis(ObisCode code) {
      obis = code;
      return code;
    }

    boolean hasValue() {
      return value != Absent.VALUE;
    }

    DlmsData value() {
      return value;
    }

    int attribute() {
      return attribute == UNSAID ? 2 : attribute;
    }

    Scaling scaling() {
      return unit == UNSAID || scaler == UNSAID ? Scaling.NONE : Scaling.of(scaler, Unit.of(unit));
    }

    private static final class Absent {
      static final DlmsData VALUE = new DlmsData.NullData();
    }
  }
}
