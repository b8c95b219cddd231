package org.gridwarden.dlms;

import java.util.Optional;

/** A decoded message as members of one JSON object. */
final class MessageJson {
  private MessageJson() {}

  static String of(DlmsDecoder.Result.Message message) {
    JsonLine line = new JsonLine().object();
    head(message, line);
    line.name("body");
    body(message.apdu(), line);
    return line.endObject().toString();
  }

  /** All but the body. */
  static void head(DlmsDecoder.Result.Message m, JsonLine line) {
    line.name("link").text(m.link().kind().word());
    line.name("security").textOrNull(m.security());
    line.name("system_title").textOrNull(m.systemTitle());
    line.name("frame_counter");
    if (m.frameCounter() < 0) {
      line.nothing();
    } else {
      line.number(m.frameCounter());
    }
    Optional<CosemDateTime> time =
        switch (m.apdu()) {
          case Apdu.DataNotification push -> push.dateTime();
          case Apdu.DataNotificationConfirm confirm -> confirm.dateTime();
          case Apdu.EventNotification event -> event.time();
          default -> Optional.empty();
        };
    line.name("date_time").textOrNull(time.map(t -> t.text(m.profile().deviation())).orElse(""));
    line.name("values").array();
    if (m.push().isPresent()) {
      m.push().get().values().forEach(value -> value(value, m.profile(), line));
    }
    line.endArray();
  }

  private static void value(PushValue v, MeterProfile profile, JsonLine line) {
    line.object().name("obis").textOrNull(v.hasObis() ? v.obis().toString() : "");
    line.name("raw").content(v.raw());
    line.name("scaler");
    if (v.scaling().known()) {
      line.number(v.scaling().scaler()).name("unit").text(v.scaling().unit().symbol());
    } else {
      line.nothing().name("unit").nothing();
    }
    line.name("value");
    if (v.raw() instanceof DlmsData.NullData) {
      line.nothing();
    } else {
      line.text(v.text(profile.deviation()));
    }
    // only where a profile row has them, so that a plain push stays plain
    if (v.row() >= 0) {
      line.name("at").textOrNull(v.at().isUnspecified() ? "" : v.at().text(profile.deviation()));
      line.name("status");
      if (v.status() < 0) {
        line.nothing();
      } else {
        line.number(v.status());
      }
    }
    line.endObject();
  }

  static void body(Apdu apdu, JsonLine line) {
    switch (apdu) {
      case Apdu.DataNotification push -> line.data(push.body());
      case Apdu.EventNotification event -> line.data(event.value());
      case Apdu.DataNotificationConfirm _ -> line.nothing();
      case Apdu.Ciphered ciphered -> line.opaque(ciphered.name(), ciphered.content());
      case Apdu.GeneralCiphering general -> line.opaque(general.name(), general.content().bytes());
      case GeneralSigning signed -> line.opaque(signed.name(), signed.content().bytes());
      case Apdu.Unknown other -> line.opaque(other.name(), other.bytes());
      case Acse _, Initiate _, Service _, BlockTransfer _ ->
          line.opaque(apdu.name(), Apdus.encode(apdu));
    }
  }
}
