package org.gridwarden.channel.coap;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Links in the form of RFC 6690, few and short. Pure functions. */
final class Links {
  static final int MOST = 32;
  private static final int LONGEST = 2_048;
  private static final int MOST_ATTRIBUTES = 16;

  /**
   * A link.
   *
   * @param target its URI reference
   * @param attributes as they stand, in their order
   */
  record Link(String target, List<Attribute> attributes) {
    Link {
      attributes = List.copyOf(attributes);
    }

    /** Whether it has an attribute with this value among its words. */
    boolean has(String name, String value) {
      return attributes.stream()
          .filter(a -> a.name().equals(name))
          .anyMatch(a -> List.of(a.plain().split(" ", -1)).contains(value));
    }
  }

  /**
   * @param value as it stands, in its quotes where it has them; of length 0 for none
   */
  record Attribute(String name, String value) {
    String plain() {
      return value.length() > 1 && value.charAt(0) == '"'
          ? value.substring(1, value.length() - 1)
          : value;
    }
  }

  private Links() {}

  /** The links that bytes are; empty where they are none, or too many. */
  static Optional<List<Link>> parse(byte[] bytes) {
    if (bytes.length == 0) {
      return Optional.of(List.of());
    }
    if (bytes.length > LONGEST) {
      return Optional.empty();
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Reading(text).links();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  static String write(List<Link> links) {
    StringBuilder out = new StringBuilder();
    for (Link link : links) {
      out.append(out.isEmpty() ? "" : ",").append('<').append(link.target()).append('>');
      for (Attribute attribute : link.attributes()) {
        out.append(';').append(attribute.name());
        if (!attribute.value().isEmpty()) {
          out.append('=').append(attribute.value());
        }
      }
    }
    return out.toString();
  }

  private static final class Reading {
    private final String text;
    private int at;

    Reading(String text) {
      this.text = text;
    }

    private boolean is(char wanted) {
      return at < text.length() && text.charAt(at) == wanted;
    }

    Optional<List<Link>> links() {
      List<Link> links = new ArrayList<>();
      while (links.size() < MOST) {
        Optional<Link> link = link();
        if (link.isEmpty()) {
          return Optional.empty();
        }
        links.add(link.get());
        if (at == text.length()) {
          return Optional.of(links);
        }
        if (!is(',')) {
          return Optional.empty();
        }
        at++;
      }
      return Optional.empty();
    }

    private Optional<Link> link() {
      int end = text.indexOf('>', at);
      if (!is('<') || end < 0) {
        return Optional.empty();
      }
      String target = text.substring(at + 1, end);
      if (!target.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '<' && c != '"')) {
        return Optional.empty();
      }
      at = end + 1;
      List<Attribute> attributes = new ArrayList<>();
      while (is(';')) {
        at++;
        Optional<Attribute> attribute = attribute();
        if (attribute.isEmpty() || attributes.size() == MOST_ATTRIBUTES) {
          return Optional.empty();
        }
        attributes.add(attribute.get());
      }
      return Optional.of(new Link(target, attributes));
    }

    private Optional<Attribute> attribute() {
      String name = token("=;,");
      if (name.isEmpty() || !name.chars().allMatch(Reading::named)) {
        return Optional.empty();
      }
      if (!is('=')) {
        return Optional.of(new Attribute(name, ""));
      }
      at++;
      if (!is('"')) {
        String value = token(";,");
        return value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '"')
            ? Optional.empty()
            : Optional.of(new Attribute(name, value));
      }
      int end = text.indexOf('"', at + 1);
      // an escaped quote would need more than we ever read
      if (end < 0 || text.substring(at + 1, end).indexOf('\\') >= 0) {
        return Optional.empty();
      }
      String value = text.substring(at, end + 1);
      at = end + 1;
      return value.chars().anyMatch(Character::isISOControl)
          ? Optional.empty()
          : Optional.of(new Attribute(name, value));
    }

    private static boolean named(int c) {
      return c >= '0' && c <= '9'
          || c >= 'a' && c <= 'z'
          || c >= 'A' && c <= 'Z'
          || c == '-'
          || c == '*';
    }

    private String token(String ends) {
      int from = at;
      while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
        at++;
      }
      return text.substring(from, at);
    }
  }
}
