package org.gridwarden.mdm.proof;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.gridwarden.security.audit.TreeHash;
import tools.jackson.databind.JsonNode;

/**
 * JSON in the one form that is hashed (RFC 8785): no white space, names in the order of their
 * UTF-16 units, strings with the fewest escapes. Numbers are whole and at most 2^53 - 1, as every
 * reader of JSON understands them; what is larger or has a point is a string.
 */
public final class CanonicalJson {
  /** The greatest number that every reader of JSON keeps exactly. */
  public static final long MOST = (1L << 53) - 1;

  private static final String HEX = "0123456789abcdef";

  private CanonicalJson() {}

  /**
   * The bytes.
   *
   * @throws IllegalArgumentException where there is a number that is not whole or too large, or a
   *     string that is no text
   */
  public static byte[] of(JsonNode node) {
    StringBuilder out = new StringBuilder(1_024);
    write(out, node);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A record's leaf in the evidence tree.
   *
   * @throws IllegalArgumentException as {@link #of}
   */
  public static TreeHash leaf(JsonNode record) {
    return TreeHash.leaf(of(record));
  }

  /** SHA-256, in hex. */
  public static String digest(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  private static void write(StringBuilder out, JsonNode node) {
    if (node.isObject()) {
      out.append('{');
      boolean more = false;
      TreeMap<String, JsonNode> sorted = new TreeMap<>();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        sorted.put(entry.getKey(), entry.getValue());
      }
      for (Map.Entry<String, JsonNode> entry : sorted.entrySet()) {
        if (more) {
          out.append(',');
        }
        more = true;
        text(out, entry.getKey());
        out.append(':');
        write(out, entry.getValue());
      }
      out.append('}');
    } else if (node.isArray()) {
      out.append('[');
      for (int i = 0; i < node.size(); i++) {
        if (i > 0) {
          out.append(',');
        }
        write(out, node.get(i));
      }
      out.append(']');
    } else if (node.isString()) {
      text(out, node.stringValue());
    } else if (node.isIntegralNumber()
        && node.canConvertToLong()
        && Math.abs(node.longValue()) <= MOST
        && node.longValue() != Long.MIN_VALUE) {
      out.append(node.longValue());
    } else if (node.isBoolean()) {
      out.append(node.booleanValue());
    } else if (node.isNull()) {
      out.append("null");
    } else {
      throw new IllegalArgumentException(
          "a number that is not whole, or beyond 2^53, has no place in it");
    }
  }

  private static void text(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append("\\u00").append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
          } else if (Character.isSurrogate(c)) {
            boolean pair =
                Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (!pair) {
              throw new IllegalArgumentException("half a character stands in a string");
            }
            out.append(c).append(text.charAt(++i));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
