package org.gridwarden.dlms;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Reads the captured frames under {@code vectors/}, each file of which names its source and
 * licence.
 */
final class LinkVectors {
  private LinkVectors() {}

  static String text(String name) {
    try (InputStream in = LinkVectors.class.getResourceAsStream("/vectors/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no vector " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The frame part of a push file: the lines up to the keys or the empty line before the values.
   */
  static byte[] push(String name) {
    String text = text(name);
    int from = text.indexOf('\n', text.indexOf("frame (as stored")) + 1;
    int keys = text.indexOf("encryption key", from);
    int values = text.indexOf("expected decoded", from);
    return hex(text.substring(from, keys >= 0 && keys < values ? keys : values));
  }

  /** The hex after {@code name = } that follows a heading. */
  static byte[] field(String file, String heading, String name) {
    String text = text(file);
    int at = text.indexOf(name + " = ", text.indexOf(heading)) + name.length() + 3;
    return hex(text.substring(at, text.indexOf('\n', at)));
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replaceAll("[^0-9A-Fa-f]", ""));
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** All events of one whole input. */
  static List<LinkEvent> all(LinkDecoder decoder, byte[] bytes) {
    decoder.feed(ByteBuffer.wrap(bytes));
    List<LinkEvent> out = new ArrayList<>();
    drain(decoder, out);
    decoder.finish();
    drain(decoder, out);
    return out;
  }

  static void drain(LinkDecoder decoder, List<LinkEvent> out) {
    for (Optional<LinkEvent> e = decoder.next(); e.isPresent(); e = decoder.next()) {
      out.add(e.get());
    }
  }

  static byte[] concat(byte[]... parts) {
    ByteBuffer out =
        ByteBuffer.allocate(java.util.Arrays.stream(parts).mapToInt(p -> p.length).sum());
    for (byte[] part : parts) {
      out.put(part);
    }
    return out.array();
  }
}
