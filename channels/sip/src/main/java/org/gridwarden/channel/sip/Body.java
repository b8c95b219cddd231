package org.gridwarden.channel.sip;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** What a MESSAGE or NOTIFY carries: a secured message, as it is or, for text's sake, in base64. */
final class Body {
  /** Its content type (RFC 9052, clause 10.2). */
  static final String TYPE = "application/cose";

  private Body() {}

  /**
   * The secured message.
   *
   * @throws SipException 415 where it is another type or coding, 400 where there is none
   */
  static byte[] read(Fields fields, byte[] body) throws SipException {
    List<String> type = Text.split(fields.must("content-type"), ';');
    boolean plain = fields.lines("content-encoding").stream().allMatch("identity"::equals);
    if (!type.getFirst().toLowerCase(Locale.ROOT).equals(TYPE) || !plain) {
      throw new SipException(415, "a message is of type " + TYPE);
    }
    String coding =
        fields.one("content-transfer-encoding").orElse("binary").toLowerCase(Locale.ROOT);
    return switch (coding) {
      case "binary" -> body;
      case "base64" -> decoded(body);
      default -> throw new SipException(415, "a message comes as it is, or in base64");
    };
  }

  private static byte[] decoded(byte[] body) throws SipException {
    try {
      return Base64.getMimeDecoder().decode(new String(body, StandardCharsets.ISO_8859_1).strip());
    } catch (IllegalArgumentException e) {
      throw SipException.malformed("a message is no base64");
    }
  }
}
