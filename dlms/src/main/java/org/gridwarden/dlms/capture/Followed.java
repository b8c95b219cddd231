package org.gridwarden.dlms.capture;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.gridwarden.dlms.Apdu;
import org.gridwarden.dlms.AttributeRef;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsDecoder;
import org.gridwarden.dlms.JsonLine;

/**
 * A message of a conversation, with what the conversation says of it. Immutable.
 *
 * @param direction which way it went
 * @param time when, as the capture says it: ISO 8601 from a packet, else as it stands in the log;
 *     empty where nothing says it
 * @param path the transport's addresses, from and to; empty where there is none
 * @param message the message itself; its push holds the values of an answer, too
 * @param accesses the attributes and methods that it is about
 * @param details what else it says
 * @param body the whole value that it carries or completes; empty where it carries none
 * @param captured whether it comes of a capture or a log, not of bytes alone
 */
public record Followed(
    Direction direction,
    String time,
    String path,
    DlmsDecoder.Result.Message message,
    List<Access> accesses,
    List<Detail> details,
    Optional<DlmsData> body,
    boolean captured) {
  public Followed {
    accesses = List.copyOf(accesses);
    details = List.copyOf(details);
  }

  /** What kind of message it is: {@code get-request}. */
  public String service() {
    return message.apdu().name();
  }

  /**
   * Whether it is a push or an event that came as bytes alone, with nothing around it; or may be
   * one, where no key opens it.
   */
  public boolean isBarePush() {
    boolean locked = message.apdu() instanceof Apdu.Ciphered && service().startsWith("general-");
    return !captured && accesses.isEmpty() && (message.push().isPresent() || locked);
  }

  /**
   * As one JSON object on one line: the members that every message has, then {@code direction},
   * {@code time}, {@code path}, {@code service}, {@code objects} and {@code details}. A bare push
   * has the former alone.
   */
  public String json() {
    if (isBarePush()) {
      return message.json();
    }
    JsonLine line = new JsonLine().object();
    message.json(line, body);
    line.name("direction").text(direction.word());
    line.name("time").textOrNull(time);
    line.name("path").textOrNull(path);
    line.name("source").textOrNull(address(message.link().source().toString()));
    line.name("destination").textOrNull(address(message.link().destination().toString()));
    line.name("service").text(service());
    line.name("objects").array();
    accesses.forEach(access -> object(access, line));
    line.endArray().name("details").object();
    Map<String, String> once = new LinkedHashMap<>();
    for (Detail d : details) {
      once.merge(d.name().replace(' ', '_'), d.value(), (one, other) -> one + "; " + other);
    }
    once.forEach((name, value) -> line.name(name).text(value));
    return line.endObject().endObject().toString();
  }

  private static String address(String text) {
    return text.equals("-") ? "" : text;
  }

  private static void object(Access access, JsonLine line) {
    line.object();
    switch (access.target()) {
      case Access.Attribute(AttributeRef ref, var selection) -> {
        line.name("obis").text(ref.instance().toString());
        line.name("class").number(ref.classId()).name("attribute").number(ref.attribute());
        selection.ifPresent(s -> {
          line.name("selector").number(s.selector()).name("selection").data(s.parameters());
        });
      }
      case Access.Method(var ref) -> {
        line.name("obis").text(ref.instance().toString());
        line.name("class").number(ref.classId()).name("method").number(ref.method());
      }
      case Access.ShortName(int name, var selection) -> {
        line.name("obis").nothing().name("short_name").number(name);
        selection.ifPresent(s -> {
          line.name("selector").number(s.selector()).name("selection").data(s.parameters());
        });
      }
      case Access.Unknown _ -> line.name("obis").nothing();
    }
    line.name("name").textOrNull(access.target().name());
    line.name("result").textOrNull(access.result().map(Object::toString).orElse(""));
    if (access.value().isPresent()) {
      line.name("data").data(access.value().get());
    }
    line.endObject();
  }
}
