package org.gridwarden.channel.coap.mapping;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Content-formats of CoAP as media types, and back (RFC 8075, clause 6). What has no media type of
 * its own here goes as {@code application/coap-payload;cf=N}. Pure functions.
 */
public final class MediaTypes {
  private static final Map<Integer, String> TYPES =
      Map.of(
          0, "text/plain;charset=utf-8",
          16, "application/cose;cose-type=cose-encrypt0",
          40, "application/link-format",
          42, "application/octet-stream",
          50, "application/json",
          60, "application/cbor",
          110, "application/senml+json",
          112, "application/senml+cbor");

  private static final String ANY_FORMAT = "application/coap-payload;cf=";
  private static final int BIGGEST = 0xFFFF;
  private static final int MOST_WANTED = 16;

  private MediaTypes() {}

  /** What a client wants. */
  public sealed interface Wanted {
    /** Whatever there is. */
    record Any() implements Wanted {}

    /** This content-format. */
    record Format(int format) implements Wanted {}

    /** None that CoAP has. */
    record Nothing() implements Wanted {}
  }

  private record Range(String type, double weight) {}

  /** The media type that a content-format is. */
  public static String type(int format) {
    return TYPES.getOrDefault(format, ANY_FORMAT + format);
  }

  /** The content-format that the field Content-Type means; empty where CoAP has none. */
  public static OptionalInt format(String contentType) {
    String type = normal(contentType);
    if (type.equals("text/plain")) {
      return OptionalInt.of(0);
    }
    if (type.startsWith(ANY_FORMAT)) {
      return number(type.substring(ANY_FORMAT.length()));
    }
    return TYPES.entrySet().stream()
        .filter(e -> e.getValue().equals(type))
        .mapToInt(Map.Entry::getKey)
        .findFirst();
  }

  /** What the field Accept means (RFC 9110, clause 12.5.1): CoAP knows one wish only, the best. */
  public static Wanted wanted(String accept) {
    List<Range> ranges =
        Arrays.stream(accept.split(",", MOST_WANTED + 1))
            .limit(MOST_WANTED)
            .map(MediaTypes::range)
            .filter(r -> r.weight > 0)
            .sorted((one, other) -> Double.compare(other.weight, one.weight))
            .toList();
    for (Range range : ranges) {
      if (range.type.endsWith("/*")) {
        return new Wanted.Any();
      }
      OptionalInt format = format(range.type);
      if (format.isPresent()) {
        return new Wanted.Format(format.getAsInt());
      }
    }
    return new Wanted.Nothing();
  }

  private static Range range(String text) {
    double weight = 1;
    StringBuilder type = new StringBuilder();
    for (String part : text.split(";", -1)) {
      String word = part.strip();
      if (word.startsWith("q=") || word.startsWith("Q=")) {
        weight = weight(word.substring(2));
      } else {
        type.append(type.isEmpty() ? "" : ";").append(word);
      }
    }
    return new Range(type.toString(), weight);
  }

  private static double weight(String text) {
    return text.matches("0(\\.[0-9]{0,3})?|1(\\.0{0,3})?") ? Double.parseDouble(text) : 0;
  }

  /** In small letters, without spaces and quotes, its parameters in their order. */
  private static String normal(String contentType) {
    String[] parts = contentType.toLowerCase(Locale.ROOT).replace("\"", "").split(";", -1);
    String parameters =
        Arrays.stream(parts)
            .skip(1)
            .map(String::strip)
            .filter(p -> !p.isEmpty())
            .collect(Collectors.toCollection(TreeSet::new))
            .stream()
            .collect(Collectors.joining(";"));
    String type = parts[0].strip();
    return parameters.isEmpty() ? type : type + ";" + parameters;
  }

  private static OptionalInt number(String text) {
    if (!text.matches("[0-9]{1,5}")) {
      return OptionalInt.empty();
    }
    int number = Integer.parseInt(text);
    return number <= BIGGEST ? OptionalInt.of(number) : OptionalInt.empty();
  }
}
