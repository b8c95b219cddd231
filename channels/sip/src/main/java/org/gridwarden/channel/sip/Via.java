package org.gridwarden.channel.sip;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The uppermost field Via of a message: who sent it last. Immutable.
 *
 * @param sent protocol and host, as they stand
 * @param parameters those behind
 * @param rest the others that stood in the same line
 */
record Via(String sent, Map<String, String> parameters, List<String> rest) {
  Via {
    rest = List.copyOf(rest);
  }

  /**
   * The uppermost of a message.
   *
   * @throws SipException where there is none, or it is none: then nobody can be answered
   */
  static Via top(Fields fields) throws SipException {
    List<String> lines = fields.lines("via");
    if (lines.isEmpty()) {
      throw SipException.malformed("there is no field via");
    }
    List<String> items = Text.split(lines.getFirst(), ',');
    List<String> parts = Text.split(items.getFirst(), ';');
    String sent = parts.getFirst();
    int slash = sent.lastIndexOf('/');
    if (slash < 0
        || !sent.substring(0, slash).replace(" ", "").equalsIgnoreCase("SIP/2.0")
        || sent.substring(slash + 1).strip().indexOf(' ') < 0) {
      throw SipException.malformed("the field via is none");
    }
    return new Via(
        sent, Text.parameters(parts.subList(1, parts.size())), items.subList(1, items.size()));
  }

  /** What names the transaction (clause 17.2.3); empty where the sender gave none. */
  Optional<String> branch() {
    return Optional.ofNullable(parameters.get("branch")).filter(b -> !b.isEmpty());
  }

  /** The line as it goes back, with where it came from (clause 18.2.1, RFC 3581). */
  String answered(InetSocketAddress from) {
    StringBuilder out = new StringBuilder(sent);
    parameters.forEach((name, value) -> {
      if (!name.equals("received") && !name.equals("rport")) {
        out.append(';').append(name);
        if (!value.isEmpty()) {
          out.append('=').append(Text.isToken(value) || isHost(value) ? value : quoted(value));
        }
      }
    });
    InetAddress address = from.getAddress();
    out.append(";received=").append(address.getHostAddress().replaceFirst("%.*", ""));
    if (parameters.containsKey("rport")) {
      out.append(";rport=").append(from.getPort());
    }
    List<String> all = new ArrayList<>(List.of(out.toString()));
    all.addAll(rest);
    return String.join(", ", all);
  }

  private static boolean isHost(String value) {
    return value.startsWith("[") || value.indexOf(':') >= 0;
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
